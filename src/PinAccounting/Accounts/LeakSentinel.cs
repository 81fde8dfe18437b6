using System.Diagnostics;

namespace PinAccounting;

/// <summary>What notices that a charge was lost.</summary>
/// <remarks>
/// Allocating an object with a finalizer costs several times what a charge may cost, so the finalizer is not on <see cref="PinCharge"/> but here,
/// and sentinels are recycled. Only the charge refers to its sentinel: when the charge becomes garbage, so does the sentinel. A charge lets go of its
/// sentinel exactly once, so a recycled one cannot be reached through a stale charge.
/// </remarks>
internal sealed class LeakSentinel(PinAccount account)
{
    internal readonly PinAccount Account = account;
    internal PinCharge? Charge;
    internal StackTrace? Stack;
    internal LeakSentinel? Next;
    internal SentinelHome? Home;

    internal bool IsLeaked { get; private set; }

    ~LeakSentinel()
    {
        // Null: it is in the pool, and the pool is garbage together with its account.
        if (Charge is not { IsReleased: false, Amount: > 0 } charge) return;
        IsLeaked = true;
        Account.OnLeaked(this, charge);
    }
}
