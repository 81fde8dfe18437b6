using System.Threading;
using PinAccounting.Annotations;

namespace DmaMap;

/// <summary>The process whose memory is mapped, with a count of its locked pages that everybody changes as he likes.</summary>
internal sealed class Target(long limit)
{
    [Counter(Limit = nameof(Limit))]
    public long LockedPages;

    public long Limit => limit;

    public long Charged => Volatile.Read(ref LockedPages);

    [CapabilityCheck]
    public bool MayExceedLimit { get; set; }

    public bool HasExited { get; private set; }

    /// <summary>The lock of its address space, which guards the count as well.</summary>
    public object MmapLock { get; } = new();

    public void Exit() => HasExited = true;

    [Charge("locked pages", ReleasedBy = nameof(Unaccount))]
    public void Account([ChargeAmount] long pages) => Interlocked.Add(ref LockedPages, pages);

    [Release("locked pages")]
    public void Unaccount([ChargeAmount] long pages) => Interlocked.Add(ref LockedPages, -pages);
}
