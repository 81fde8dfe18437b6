using System.Threading;
using PinAccounting.Annotations;

namespace PinnedCopy;

/// <summary>How many pages one stage of the copy may hold at a time. Knows only what it is told, which is the point: a lost charge stays lost.</summary>
internal sealed class PageAccount(string name, long limit)
{
    private long _used;

    public string Name { get; } = name;

    /// <summary>Pages charged now. Below zero when more was given back than was taken.</summary>
    public long Used => Volatile.Read(ref _used);

    [Charge("pages", ReleasedBy = nameof(Uncharge))]
    public bool TryCharge([ChargeAmount(Unit = "pages")] long pages)
    {
        long used = Volatile.Read(ref _used);
        while (pages <= limit - used)
        {
            long seen = Interlocked.CompareExchange(ref _used, used + pages, used);
            if (seen == used) return true;
            used = seen;
        }

        return false;
    }

    [Release("pages")]
    public void Uncharge([ChargeAmount(Unit = "pages")] long pages) => Interlocked.Add(ref _used, -pages);
}
