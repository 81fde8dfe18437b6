using System;
using System.Runtime.InteropServices;
using PinAccounting.Memory.Os;

namespace PinAccounting.Memory;

/// <summary>Pages that are mapped and locked: the resource itself, which knows nothing of accounts.</summary>
/// <remarks>Not thread-safe: <see cref="LockedMemory"/> sees to it that one thread releases.</remarks>
internal sealed unsafe class LockedPages(IPageSystem system, long length)
{
    private nint _address;
    private bool _mayHoldData;

    public byte* Start => (byte*)_address;

    /// <summary>In bytes; whole pages.</summary>
    public long Length => length;

    public bool IsMapped { get; private set; }

    /// <summary>Whether some of the pages may be locked.</summary>
    public bool IsLocked { get; private set; }

    /// <summary>What the last failing call of <see cref="TryRelease"/> answered.</summary>
    public OsOutcome LastFailure { get; private set; }

    /// <summary>Maps the pages and locks them, once. Allocates nothing, so that nothing but the system can make it fail.</summary>
    /// <returns>
    /// What the call that decided answered. After a failure nothing is mapped, unless the system refused even to take back what it had given:
    /// <see cref="IsMapped"/> tells.
    /// </returns>
    public OsOutcome Acquire()
    {
        OsOutcome mapped = system.Map((nuint)length, out _address);
        if (!mapped.Succeeded)
            return mapped;
        IsMapped = true;
        OsOutcome locked = system.Lock(_address, (nuint)length);
        // A lock that failed half way has marked and counted pages all the same, so the release unlocks even then.
        IsLocked = true;
        _mayHoldData = locked.Succeeded;
        if (!locked.Succeeded)
            TryRelease();
        return locked;
    }

    /// <summary>Clears, unlocks and unmaps. Can be tried again after a failure.</summary>
    /// <returns>Whether nothing is mapped any more.</returns>
    public bool TryRelease()
    {
        if (!IsMapped)
            return true;
        if (IsLocked)
        {
            // Cleared first: from the unlock on, the content could reach a swap device. Never touched pages stay so.
            if (_mayHoldData)
                NativeMemory.Clear((void*)_address, (nuint)length);
            _mayHoldData = false;
            OsOutcome unlocked = system.Unlock(_address, (nuint)length);
            IsLocked = !unlocked.Succeeded;
            if (IsLocked)
                LastFailure = unlocked;
        }
        OsOutcome unmapped = system.Unmap(_address, (nuint)length);
        if (!unmapped.Succeeded)
        {
            LastFailure = unmapped;
            return false;
        }
        // Unmapping ends the locks too.
        IsMapped = false;
        IsLocked = false;
        return true;
    }

    /// <summary>How many whole pages hold <paramref name="length"/> bytes, in bytes.</summary>
    public static long RoundUp(IPageSystem system, int length) => (length + (system.PageSize - 1L)) & -(long)system.PageSize;
}
