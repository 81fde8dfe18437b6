using System;
using System.Collections.Generic;
using PinAccounting;

namespace MemoryLock;

/// <summary>A process whose locks are charges of an account: what it passes on is decided by each charge and the policy as a whole.</summary>
internal sealed class Process(PinAccount account) : IDisposable
{
    private const int EINVAL = 22;

    private readonly List<PinCharge> _locks = [];

    internal string Name => account.Name;

    internal long Locked => account.Used;

    internal long Limit => account.Limit;

    internal string Policy
    {
        get
        {
            InheritPolicy policy = account.LockPolicy;
            return (policy.LocksFuture ? "f" : "-") + (policy.Inherits ? "i" : "-") + (policy.IsRecursive ? "r" : "-");
        }
    }

    /// <summary>Replaces the policy; what is not named is cleared.</summary>
    /// <returns>0 or a negative error number, and then the policy is as before.</returns>
    internal int LockAll(MemoryLockFlags flags)
    {
        try
        {
            account.SetLockPolicy(flags);
            return 0;
        }
        catch (ArgumentException)
        {
            return -EINVAL;
        }
    }

    /// <summary>"Inherit" says nothing about what to lock, so it needs something that does.</summary>
    internal int InheritOnly() => LockAll(MemoryLockFlags.Current | MemoryLockFlags.Inherit);

    internal void Lock(long pages) => Take(pages, inheritable: true);

    /// <summary>Pages that a device writes into: a child's copies of them would be other pages, so it does not inherit the lock.</summary>
    internal void LockForDevice(long pages) => Take(pages, inheritable: false);

    /// <summary>Releases all locks of this process, and nobody else's.</summary>
    internal void Unlock()
    {
        foreach (PinCharge charge in _locks) charge.Dispose();
        _locks.Clear();
    }

    internal Process Fork(PinAccount child, out int answer)
    {
        ChargeResult result = account.Fork(child, out IReadOnlyList<PinCharge> inherited);
        answer = -result.ToErrno(ErrnoProfile.Mlock);
        var process = new Process(child);
        process._locks.AddRange(inherited);
        return process;
    }

    /// <summary>The same process with another program: it starts with nothing locked, and what was locked is released from the old account.</summary>
    internal Process Exec(PinAccount successor, out int answer)
    {
        answer = -account.Exec(successor).ToErrno(ErrnoProfile.Mlock);
        return new Process(successor);
    }

    public void Dispose() => Unlock();

    private void Take(long pages, bool inheritable)
    {
        PinCharge charge = account.Charge(pages);
        charge.Inheritable = inheritable;
        _locks.Add(charge);
    }
}
