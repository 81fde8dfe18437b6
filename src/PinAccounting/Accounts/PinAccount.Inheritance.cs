using System;
using System.Collections.Generic;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting;

public sealed partial class PinAccount
{
    private const MemoryLockFlags KnownFlags = MemoryLockFlags.Current | MemoryLockFlags.Future | MemoryLockFlags.Inherit | MemoryLockFlags.Recursive;

    [Inherited(Inheritance.Copy)]
    private int _lockPolicy;

    /// <summary>What this account passes on; nothing unless <see cref="SetLockPolicy"/> was called or it was inherited. A snapshot.</summary>
    public InheritPolicy LockPolicy => new(PolicyFlags);

    private MemoryLockFlags PolicyFlags
    {
        get => (MemoryLockFlags)Volatile.Read(ref _lockPolicy);
        set => Volatile.Write(ref _lockPolicy, (int)value);
    }

    /// <summary>Replaces the policy: flags that are not given are cleared. <see cref="MemoryLockFlags.None"/> clears it.</summary>
    /// <param name="flags">Needs <see cref="MemoryLockFlags.Current"/> or <see cref="MemoryLockFlags.Future"/>; <see cref="MemoryLockFlags.Recursive"/> needs <see cref="MemoryLockFlags.Inherit"/>.</param>
    /// <exception cref="ArgumentException">Unknown flags, or a combination that means nothing; the policy is as before.</exception>
    /// <remarks>Thread-safe. Charges nothing and releases nothing.</remarks>
    public void SetLockPolicy([ValidMask(15)] MemoryLockFlags flags)
    {
        if ((flags & ~KnownFlags) != 0)
            throw new ArgumentException($"Unknown lock flags {(int)(flags & ~KnownFlags):x} for account '{Name}'.", nameof(flags));
        // Inherit alone would otherwise slip through as "unlock all".
        if (flags != MemoryLockFlags.None && (flags & (MemoryLockFlags.Current | MemoryLockFlags.Future)) == 0)
            throw new ArgumentException($"A lock policy for account '{Name}' needs Current or Future: {flags}.", nameof(flags));
        if ((flags & (MemoryLockFlags.Inherit | MemoryLockFlags.Recursive)) == MemoryLockFlags.Recursive)
            throw new ArgumentException($"A recursive lock policy for account '{Name}' needs Inherit: {flags}.", nameof(flags));
        PolicyFlags = flags;
    }

    /// <summary>Gives a child account what this one's policy passes on. The child starts at 0: totals are never copied, charges are made again.</summary>
    /// <param name="child">A fresh account: nothing charged, not retired, counting in the same unit.</param>
    /// <param name="inherited">The child's charges, for the caller to see to: one for each of this account's charges marked <see cref="PinCharge.Inheritable"/>, if the policy inherits. Empty on failure.</param>
    /// <returns>
    /// The last charge's result, or the one that was denied, by the child's limit and the child's capability; then nothing is charged and the child's policy is as before.
    /// <see cref="ChargeStatus.InvalidArgument"/> when the child is not fresh, <see cref="ChargeStatus.OwnerGone"/> when this account or the child is retired.
    /// </returns>
    /// <remarks>
    /// Without Inherit the child gets no policy. With it, the child locks what this account's policy locks, and the policy is used up in that generation:
    /// only with Recursive does the child pass it on in turn. This account's own policy stays. Charges made or released meanwhile on other threads are inherited or not.
    /// Raw pairs are never inherited, because nothing says what they paid for. Disposing the charges and the child reverses it.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="child"/> is null.</exception>
    public ChargeResult Fork(PinAccount child, out IReadOnlyList<PinCharge> inherited)
    {
        ArgumentNullException.ThrowIfNull(child);
        inherited = [];
        ChargeResult fresh = CheckFresh(child);
        if (!fresh.Succeeded) return fresh;
        // One reading decides: the policy may be replaced while we work.
        InheritPolicy policy = LockPolicy;
        if (!policy.Inherits)
        {
            child.PolicyFlags = MemoryLockFlags.None;
            return fresh;
        }

        var charges = new List<PinCharge>();
        ChargeResult result = fresh;
        try
        {
            foreach (GuardedCharge ours in LiveCharges(out _))
            {
                if (!ours.Inheritable) continue;
                if (!child.TryCharge(ours.Amount, out PinCharge? charge, out result)) break;
                charges.Add(charge);
                charge.Inheritable = true;
            }
        }
        catch
        {
            Undo(charges);
            throw;
        }

        if (!result.Succeeded)
        {
            Undo(charges);
            return result;
        }

        child.PolicyFlags = policy.IsRecursive ? policy.ToFlags() : policy.ToFlags() & (MemoryLockFlags.Current | MemoryLockFlags.Future);
        inherited = charges;
        return result;
    }

    /// <summary>Replaces this account by a fresh one, as exec(2) replaces an address space. This account is retired; its charges stay bound to it.</summary>
    /// <param name="successor">A fresh account: nothing charged, not retired, counting in the same unit, and not below this one.</param>
    /// <returns><see cref="ChargeStatus.Charged"/>, or as for <see cref="Fork"/> why the successor will not do; then nothing changes.</returns>
    /// <remarks>
    /// The successor starts at 0. Releasing an old charge returns it to this, retired account and its parents, so it cannot make the successor underflow.
    /// Future survives if the policy inherits; the policy itself survives only if it is recursive. Not reversible.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="successor"/> is null.</exception>
    public ChargeResult Exec(PinAccount successor)
    {
        ArgumentNullException.ThrowIfNull(successor);
        ChargeResult fresh = CheckFresh(successor);
        if (!fresh.Succeeded) return fresh;
        // Below this account, which is about to be retired, it could never charge anything.
        for (PinAccount? above = successor.Parent; above is not null; above = above.Parent)
            if (above == this) return successor.Refuse(ChargeStatus.InvalidArgument, 0);
        // Read before the holder is torn down.
        InheritPolicy policy = LockPolicy;
        MemoryLockFlags survives = policy.IsRecursive ? policy.ToFlags()
            : policy.Inherits ? policy.ToFlags() & MemoryLockFlags.Future
            : MemoryLockFlags.None;
        // Of two that race only one goes on; the other finds the account gone, as if it had come later.
        if (!TryRetire()) return Refuse(ChargeStatus.OwnerGone, 0);
        successor.PolicyFlags = survives;
        return fresh;
    }

    private ChargeResult CheckFresh(PinAccount next)
    {
        if (IsRetired) return Refuse(ChargeStatus.OwnerGone, 0);
        if (next.IsRetired) return next.Refuse(ChargeStatus.OwnerGone, 0);
        if (next == this || next.Used != 0 || next.Unit != Unit) return next.Refuse(ChargeStatus.InvalidArgument, 0);
        return new ChargeResult(ChargeStatus.Charged, 0, 0, next.Limit, next);
    }

    private static void Undo(List<PinCharge> charges)
    {
        for (int i = charges.Count - 1; i >= 0; i--) charges[i].Dispose();
        charges.Clear();
    }
}
