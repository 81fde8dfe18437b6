using System;
using PinAccounting;
using PinAccounting.Annotations;

namespace MemoryLock;

/// <summary>A process as the second version of the patch had it: a total, and flags in a field whose name reads like a boolean.</summary>
internal sealed class Process : IDisposable
{
    private const int EINVAL = 22;

    private readonly PinAccount _account;
    private readonly LockState _state;

    internal Process(PinAccount account) : this(account, new LockState())
    {
    }

    private Process(PinAccount account, LockState state)
    {
        _account = account;
        _state = state;
    }

    internal string Name => _account.Name;

    internal long Limit => _account.Limit;

    /// <summary>A total, which nobody holds to the limit.</summary>
    internal long Locked { get; private set; }

    internal string Policy => (_state.LocksFuture ? "f" : "-") + (_state.Inherit != 0 ? "i" : "-") + ((_state.Inherit & MemoryLockFlags.Recursive) != 0 ? "r" : "-");

    /// <summary>Sets what is to be inherited, but never clears it.</summary>
    internal int LockAll([ValidMask(15, RequireAnyOf = 3)] MemoryLockFlags flags)
    {
        if ((flags & ~(MemoryLockFlags)15) != 0) return -EINVAL;
        _state.LocksFuture = (flags & MemoryLockFlags.Future) != 0;
        if ((flags & MemoryLockFlags.Inherit) != 0) _state.Inherit = flags & (MemoryLockFlags.Inherit | MemoryLockFlags.Recursive);
        return 0;
    }

    /// <summary>"Inherit" alone, as if it meant "lock and inherit".</summary>
    internal int InheritOnly() => LockAll(MemoryLockFlags.Inherit);

    internal void Lock(long pages) => Locked += pages;

    internal void LockForDevice(long pages) => Locked += pages;

    internal void Unlock() => Locked = 0;

    /// <summary>The child takes over the total, the device's pages included, and is asked itself whether it may have the policy: it has none yet.</summary>
    internal Process Fork(PinAccount child, out int answer)
    {
        var state = new LockState { LocksFuture = _state.Inherit != 0 && _state.LocksFuture };
        if ((state.Inherit & MemoryLockFlags.Recursive) != 0) state.Inherit = _state.Inherit;
        answer = 0;
        return new Process(child, state) { Locked = _state.Inherit != 0 ? Locked : 0 };
    }

    internal Process Exec(PinAccount successor, out int answer)
    {
        var state = new LockState { LocksFuture = _state.Inherit != 0 && _state.LocksFuture };
        if ((state.Inherit & MemoryLockFlags.Recursive) != 0) state.Inherit = _state.Inherit;
        answer = 0;
        return new Process(successor, state) { Locked = Locked };
    }

    public void Dispose() => Unlock();

    private sealed class LockState
    {
        [Inherited(Inheritance.Copy)]
        internal bool LocksFuture { get; set; }

        [Inherited(Inheritance.Copy)]
        internal MemoryLockFlags Inherit { get; set; }
    }
}
