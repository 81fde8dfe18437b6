using System.Diagnostics;

namespace PinAccounting;

/// <summary>What notices that a charge was lost.</summary>
/// <remarks>
/// <para>Allocating an object with a finalizer costs several times what a charge may cost, so the finalizer is not on <see cref="PinCharge"/> but here,
/// and sentinels are recycled. Only the charge refers to its sentinel: when the charge becomes garbage, so does the sentinel. A charge lets go of its
/// sentinel exactly once, so a recycled one cannot be reached through a stale charge.</para>
/// <para>The sentinel mirrors the charge's state and does not refer back to it: a reference from an old object to a new one would cost the collector, and every charge, more than a number does.</para>
/// </remarks>
internal sealed class LeakSentinel(PinAccount account)
{
    internal readonly PinAccount Account = account;

    /// <summary>The state of the guarded charge, see <see cref="PinCharge"/>; that of a released one while there is none.</summary>
    internal long State = PinCharge.ReleasedBit;

    internal StackTrace? Stack;
    internal LeakSentinel? Next;
    internal SentinelHome? Home;

    internal bool IsLeaked { get; private set; }

    internal bool IsGuarding => State >= 0 && Amount > 0;

    internal long Amount => State & PinCharge.MaxAmount;

    internal bool ExceededLimit => (State & PinCharge.ExceededBit) != 0;

    internal bool Inheritable => (State & PinCharge.InheritableBit) != 0;

    ~LeakSentinel()
    {
        if (!IsGuarding) return;
        IsLeaked = true;
        Account.OnLeaked(this);
    }
}
