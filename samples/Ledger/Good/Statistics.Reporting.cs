using System.Threading;

namespace Ledger;

internal sealed partial class Statistics
{
    public void Opened(Access access)
    {
        if (access.HasFlag(Access.Read)) Interlocked.Increment(ref _reads);
    }

    public long Report()
    {
        long bytes = Interlocked.Exchange(ref _bytes, 0);
        journal.Write($"{bytes} bytes since the last report");
        return bytes;
    }
}
