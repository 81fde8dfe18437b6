using System.Diagnostics.CodeAnalysis;
using System.Threading;
using PinAccounting;
using PinAccounting.Annotations;

namespace Ledger;

/// <summary>Pays for what is held in memory of his files: an account in bytes, which checks and takes in one step.</summary>
internal sealed class Tenant(string name, long budget, Journal journal)
{
    private readonly PinAccount _account = new(new PinAccountOptions { Name = name, Limit = budget, Unit = PinUnit.Bytes });
    private int _references = 1;

    public string Name => _account.Name;

    public long Used => _account.Used;

    /// <summary>What was still charged when the last one let go of this tenant.</summary>
    public long? LastBill { get; private set; }

    public bool TryCharge(long bytes, [NotNullWhen(true)] out PinCharge? charge)
    {
        bool isCharged = _account.TryCharge(bytes, out charge, out ChargeResult result);
        journal.Write($"{result}");
        return isCharged;
    }

    /// <exception cref="PinLimitExceededException">It is more than the budget allows.</exception>
    public PinCharge Charge(long bytes) => _account.Charge(bytes);

    [Charge("tenant", ReleasedBy = nameof(Put))]
    public void Get() => Interlocked.Increment(ref _references);

    [Release("tenant")]
    public void Put()
    {
        if (Interlocked.Decrement(ref _references) == 0) LastBill = Used;
    }
}
