using System.Threading;

namespace PinAccounting.Benchmarks;

/// <summary>What one would write by hand: a limit, a counter, and a compare-and-swap loop each way.</summary>
internal sealed class CasPair(long limit)
{
    private long _used;

    internal bool TryCharge(long amount)
    {
        long used = Volatile.Read(ref _used);
        while (amount <= limit - used)
        {
            long seen = Interlocked.CompareExchange(ref _used, used + amount, used);
            if (seen == used) return true;
            used = seen;
        }

        return false;
    }

    internal bool Uncharge(long amount)
    {
        long used = Volatile.Read(ref _used);
        while (amount <= used)
        {
            long seen = Interlocked.CompareExchange(ref _used, used - amount, used);
            if (seen == used) return true;
            used = seen;
        }

        return false;
    }
}
