using System.Threading;

namespace Ledger;

/// <summary>What the workers did since the last report.</summary>
internal sealed class Statistics(Journal journal)
{
    private long _bytes;
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public void Opened(Access access)
    {
        if (access.HasFlag(Access.Read)) Interlocked.Increment(ref _reads);
    }

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public long Report()
    {
        long bytes = Interlocked.Exchange(ref _bytes, 0);
        journal.Write($"{bytes} bytes since the last report");
        return bytes;
    }
}
