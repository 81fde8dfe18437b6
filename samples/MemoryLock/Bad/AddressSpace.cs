using PinAccounting;
using PinAccounting.Annotations;

namespace MemoryLock;

/// <summary>An address space as the patch of 2008 had it: a total, whether new mappings are locked, and a number that is called as if it were a yes or no.</summary>
internal sealed class AddressSpace
{
    [Inherited(Inheritance.Zero)]
    private long _lockedPages;

    [Inherited(Inheritance.Copy)]
    private int _isInherited;

    private bool _locksFuture;
    private long _mappedPages;
    private long _limit;

    public long LockedPages => _lockedPages;

    public MemoryLockFlags Policy => (MemoryLockFlags)_isInherited | (_locksFuture ? MemoryLockFlags.Future : MemoryLockFlags.None);

    public static AddressSpace Create(string name, long limit) => new() { _limit = limit };

    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int Map(int pages)
    {
        if (_locksFuture && pages > _limit - _lockedPages) return -Errno.NoMemory;
        _mappedPages += pages;
        if (_locksFuture) _lockedPages += pages;
        return 0;
    }

    /// <summary>Inherit alone unlocks everything and is inherited. What is not asked for any more stays.</summary>
    [return: Errno(ErrnoConvention.NegativeErrno)]
    public int LockAll([ValidMask(15, RequireAnyOf = 3)] MemoryLockFlags flags)
    {
        _locksFuture = (flags & MemoryLockFlags.Future) != 0;
        if ((flags & MemoryLockFlags.Inherit) != 0) _isInherited = (int)(flags & (MemoryLockFlags.Inherit | MemoryLockFlags.Recursive));
        if (flags == MemoryLockFlags.Future) return 0;
        bool locksCurrent = (flags & MemoryLockFlags.Current) != 0;
        if (locksCurrent && _mappedPages > _limit) return -Errno.NoMemory;
        _lockedPages = locksCurrent ? _mappedPages : 0;
        return 0;
    }

    /// <summary>The child gets the total along with the locks, and nobody asks whether its limit allows that.</summary>
    public AddressSpace? Fork(string name, long limit)
    {
        var child = new AddressSpace();
        child._limit = limit;
        child._mappedPages = _mappedPages;
        if (_isInherited != 0)
        {
            child._lockedPages = _lockedPages;
            child._locksFuture = _locksFuture;
            if ((child._isInherited & (int)MemoryLockFlags.Recursive) != 0) child._isInherited = _isInherited;
        }

        return child;
    }

    /// <summary>What was locked is taken off the total of whoever is there by then.</summary>
    public AddressSpace Exec(string name, long limit, int pages)
    {
        AddressSpace image = Create(name, limit);
        if (_isInherited != 0) image._locksFuture = _locksFuture;
        if ((_isInherited & (int)MemoryLockFlags.Recursive) != 0) image._isInherited = _isInherited;
        image.Map(pages);
        image._lockedPages -= _lockedPages;
        return image;
    }

    public void Exit() => _lockedPages = _mappedPages = 0;
}
