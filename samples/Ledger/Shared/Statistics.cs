using System.Threading;

namespace Ledger;

/// <summary>What the workers did since the last report.</summary>
internal sealed partial class Statistics(Journal journal)
{
    private long _bytes;
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
