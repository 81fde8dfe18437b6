namespace PinAnalyzers.Benchmarks.Triage;

/// <summary>The names of one family of pairs. Where a name alone says little, a word of the receiver's text must agree.</summary>
internal sealed record CensusFamily(string Name, string[] Charges, string[] Releases, string[] Receivers)
{
    public static IReadOnlyList<CensusFamily> All { get; } =
    [
        new("gchandle", ["Alloc"], ["Free"], ["handle", "pin", "gch"]),
        new("native_memory", ["Alloc", "AllocZeroed", "AlignedAlloc"], ["Free", "AlignedFree"], ["NativeMemory"]),
        new(
            "marshal",
            ["AllocHGlobal", "AllocCoTaskMem", "StringToHGlobalAnsi", "StringToHGlobalUni", "StringToCoTaskMemUTF8", "StringToCoTaskMemAnsi", "StringToCoTaskMemUni", "StringToBSTR"],
            ["FreeHGlobal", "FreeCoTaskMem", "FreeBSTR", "ZeroFreeCoTaskMemUTF8", "ZeroFreeGlobalAllocUnicode"],
            []),
        new("safe_handle", ["DangerousAddRef"], ["DangerousRelease"], []),
        new("memory_lock", ["mlock", "MLock", "VirtualLock", "mmap", "VirtualAlloc"], ["munlock", "MUnlock", "VirtualUnlock", "munmap", "VirtualFree"], []),
        new(
            "locks",
            ["Enter", "TryEnter", "EnterReadLock", "EnterWriteLock", "EnterUpgradeableReadLock", "TryEnterReadLock", "TryEnterWriteLock", "EnterScope"],
            ["Exit", "ExitReadLock", "ExitWriteLock", "ExitUpgradeableReadLock"],
            []),
        new("semaphores", ["Wait", "WaitAsync"], ["Release"], ["sem", "gate", "lock", "mutex", "slot", "throttl"]),
        new("counters", ["Increment"], ["Decrement"], ["Interlocked"]),
        new("memory_pressure", ["AddMemoryPressure"], ["RemoveMemoryPressure"], []),
        new("array_pool", ["Rent"], ["Return"], ["pool"]),
    ];

    /// <summary>Null when the call is no business of this family.</summary>
    public bool? IsCharge(string receiver, string name)
    {
        if (Receivers.Length > 0 && !Receivers.Any(word => receiver.Contains(word, StringComparison.OrdinalIgnoreCase))) return null;
        return Charges.Contains(name) ? true : Releases.Contains(name) ? false : null;
    }
}
