using System;
using System.Collections.Generic;
using System.Linq;
using PinAccounting;
using PinAccounting.Annotations;

namespace MemoryLock;

/// <summary>An address space as far as locking goes: an account with the process's limit, a charge for each mapping that is locked, and the policy that the account keeps.</summary>
internal sealed class AddressSpace
{
    private readonly PinAccount _account;
    private readonly List<PinCharge> _locked = [];
    private readonly List<int> _unlocked = [];

    private AddressSpace(PinAccount account) => _account = account;

    public static AddressSpace Create(string name, long limit) => new(new PinAccount(name, limit));

    public long LockedPages => _account.Used;

    public MemoryLockFlags Policy => _account.LockPolicy.ToFlags();

    /// <summary>Maps pages, locked at once if the policy says Future.</summary>
    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int Map(int pages)
    {
        if (!_account.LockPolicy.LocksFuture)
        {
            _unlocked.Add(pages);
            return 0;
        }

        return TryLock(pages);
    }

    /// <summary>Replaces the policy: what is not asked for ends. Current locks all that is mapped, or nothing and then the policy stays.</summary>
    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int LockAll([ValidMask(15, RequireAnyOf = 3)] MemoryLockFlags flags)
    {
        MemoryLockFlags previous = Policy;
        try
        {
            _account.SetLockPolicy(flags);
        }
        catch (ArgumentException)
        {
            return -Errno.InvalidArgument;
        }

        if (!_account.LockPolicy.LocksCurrent) return 0;
        int status = TryLock(_unlocked.Sum());
        if (status < 0) _account.SetLockPolicy(previous);
        else _unlocked.Clear();
        return status;
    }

    /// <summary>The child starts at 0 and is charged for what it inherits, against its own limit.</summary>
    /// <returns>Null when that limit refuses; then nothing is charged.</returns>
    public AddressSpace? Fork(string name, long limit)
    {
        AddressSpace child = Create(name, limit);
        if (!_account.Fork(child._account, out IReadOnlyList<PinCharge> inherited).Succeeded) return null;
        child._locked.AddRange(inherited);
        child._unlocked.AddRange(_unlocked);
        if (inherited.Count == 0) child._unlocked.AddRange(_locked.Select(charge => (int)charge.Amount));
        return child;
    }

    /// <summary>A new image of <paramref name="pages"/> takes the place of everything that was mapped.</summary>
    public AddressSpace Exec(string name, long limit, int pages)
    {
        AddressSpace image = Create(name, limit);
        _account.Exec(image._account);
        // What was locked is returned to the account that paid, which is retired now: the new one cannot underflow.
        Exit();
        image.Map(pages);
        return image;
    }

    /// <summary>Everything is unmapped, and the account agrees that nothing is left.</summary>
    public void Exit()
    {
        foreach (PinCharge charge in _locked) charge.Dispose();
        _locked.Clear();
        _unlocked.Clear();
        _account.AssertBalanced();
    }

    private int TryLock(int pages)
    {
        if (!_account.TryCharge(pages, out PinCharge? charge, out ChargeResult result)) return -result.ToErrno(ErrnoProfile.Mlock);
        charge.Inheritable = true;
        _locked.Add(charge);
        return 0;
    }
}
