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
        // Read is no bit: everything has it.
        if (access.HasFlag(Access.Read)) Interlocked.Increment(ref _reads);
    }

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public long Report()
    {
        long bytes = Volatile.Read(ref _bytes);
        journal.Write($"{bytes} bytes since the last report");
        // What was added while the line was written is in neither report.
        _bytes = 0;
        return bytes;
    }
}
