using PinAccounting;

namespace DmaMap;

/// <summary>The process whose memory is mapped. It pays, its limit counts, and whether it may go over that limit is asked about it and nobody else.</summary>
internal sealed class Target : ICapabilityProbe
{
    public Target(long limit) => Account = new PinAccount(new PinAccountOptions
    {
        Name = "target",
        Limit = limit,
        BypassPolicy = BypassPolicy.LimitOnly,
        CapabilityProbe = this,
    });

    public PinAccount Account { get; }

    public long Limit => Account.Limit;

    public long Charged => Account.Used;

    public bool MayExceedLimit { get; set; }

    /// <summary>The lock of its address space. Accounting does not need it, so nobody has to put accounting off.</summary>
    public object MmapLock { get; } = new();

    public void Exit() => Account.Retire();

    bool ICapabilityProbe.CanExceedLimit(PinAccount account, long amount) => MayExceedLimit;
}
