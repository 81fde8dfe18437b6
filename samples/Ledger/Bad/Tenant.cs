using System;
using System.Threading;
using PinAccounting.Annotations;

namespace Ledger;

/// <summary>Pays for what is held in memory of his files: a budget in bytes, kept by hand.</summary>
internal sealed class Tenant(string name, long budget, Journal journal)
{
    [Counter(Limit = nameof(Budget))]
    private long _used;

    private int _references = 1;

    public string Name { get; } = name;

    public long Budget { get; } = budget;

    public long Used => Volatile.Read(ref _used);

    /// <summary>What was still charged when the last one let go of this tenant.</summary>
    public long? LastBill { get; private set; }

    [Charge("budget", ReleasedBy = nameof(Uncharge))]
    public bool TryCharge([ChargeAmount] long bytes)
    {
        if (bytes > Budget - Volatile.Read(ref _used)) return false;
        journal.Write($"{Name} takes {bytes}");
        // Whoever was asked in between got the same answer.
        Interlocked.Add(ref _used, bytes);
        return true;
    }

    [Charge("budget", ReleasedBy = nameof(Uncharge))]
    public void Charge([ChargeAmount] long bytes)
    {
        // The machine has memory enough; it is the budget that has not.
        if (!TryCharge(bytes)) throw new OutOfMemoryException($"No memory for {Name}.");
    }

    [Release("budget")]
    public void Uncharge([ChargeAmount] long bytes) => Interlocked.Add(ref _used, -bytes);

    [Charge("tenant", ReleasedBy = nameof(Put))]
    public void Get() => Interlocked.Increment(ref _references);

    [Release("tenant")]
    public void Put()
    {
        if (Interlocked.Decrement(ref _references) == 0) LastBill = Used;
    }
}
