using System.Threading;

namespace Ledger;

internal sealed partial class Statistics
{
    public void Opened(Access access)
    {
        // Read is no bit: everything has it.
        if (access.HasFlag(Access.Read)) Interlocked.Increment(ref _reads);
    }

    public long Report()
    {
        long bytes = Volatile.Read(ref _bytes);
        journal.Write($"{bytes} bytes since the last report");
        // What was added while the line was written is in neither report.
        _bytes = 0;
        return bytes;
    }
}
