using System;
using System.Diagnostics;
using System.Threading;

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

    /// <summary>Refers to this as long as its finalizer has not been called for.</summary>
    internal WeakReference<LeakSentinel>? Self;

    /// <summary>
    /// A charge that is released by the finalizer of what holds it was garbage together with it: its sentinel waits for its own finalizer, or has had it. Used again, it
    /// would call a charge lost that is not, or never notice one that is.
    /// </summary>
    internal bool IsSpent => !Self!.TryGetTarget(out _);

    private bool _isSuspect;

    internal bool IsLeaked { get; set; }

    /// <summary>What it guards now. One look: between two, it may have been handed to another charge.</summary>
    /// <returns>False when there is no charge, or one that holds nothing.</returns>
    internal bool TryLook(out GuardedCharge charge)
    {
        long state = Volatile.Read(ref State);
        charge = new GuardedCharge(state & PinCharge.MaxAmount, (state & PinCharge.ExceededBit) != 0, (state & PinCharge.InheritableBit) != 0, IsLeaked, Stack);
        return state >= 0 && charge.Amount > 0;
    }

    ~LeakSentinel()
    {
        if (!TryLook(out GuardedCharge lost)) return;
        // Who holds the charge may be garbage as well, and release it in a finalizer whose turn has not come: what is still held at the next collection is lost.
        if (!_isSuspect)
        {
            _isSuspect = true;
            GC.ReRegisterForFinalize(this);
            return;
        }

        Account.OnLeaked(this, lost);
    }
}

/// <summary>A charge as its sentinel sees it at one moment.</summary>
internal readonly record struct GuardedCharge(long Amount, bool ExceededLimit, bool Inheritable, bool IsLeaked, StackTrace? Stack);
