using System.Collections.Generic;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>One row of the native table: an imported function, known by its entry point.</summary>
internal sealed record NativeMember(string EntryPoint, int Parameters, ChargeSpec? Charge, ReleaseSpec? Release);

/// <summary>
/// Memory that is locked, mapped or shared by calling the operating system. A lock is known by its address and does not count: one unlock ends
/// any number of locks, and so does unmapping the pages.
/// </summary>
internal static class NativePairs
{
    private const long MapFixed = 0x10;
    private const long MemRelease = 0x8000;

    /// <summary><c>MEM_PRESERVE_PLACEHOLDER | MEM_COALESCE_PLACEHOLDERS</c>: with these, a reserved region is split or joined and stays reserved.</summary>
    private const long MemPlaceholders = 0x3;

    private static readonly Pair Mlock = AddressLock("mlock", "munlock");
    private static readonly Pair MlockAll = AddressLock("mlockall", "munlockall");
    private static readonly Pair VirtualLock = AddressLock("VirtualLock", "VirtualUnlock");
    private static readonly Pair Mmap = Mapping("mmap", "munmap");
    private static readonly Pair SharedSegment = Mapping("shmat", "shmdt");
    private static readonly Pair VirtualAlloc = Mapping("VirtualAlloc", "VirtualFree");
    private static readonly Pair View = Mapping("MapViewOfFile", "UnmapViewOfFile");

    public static IEnumerable<NativeMember> All()
    {
        foreach (var (name, count) in new[] { ("mlock", 2), ("mlock2", 3) })
            yield return new(name, count, new ChargeSpec(Mlock) { Identity = ValueSource.Argument(0), Amount = ValueSource.Argument(1), Success = SuccessSignal.Zero }, null);
        yield return new("munlock", 2, null, new ReleaseSpec(Mlock) { Amount = ValueSource.Argument(1), Idempotent = true });
        yield return new("mlockall", 1, new ChargeSpec(MlockAll) { Identity = ValueSource.None, Success = SuccessSignal.Zero }, null);
        yield return new("munlockall", 0, null, new ReleaseSpec(MlockAll) { Identity = ValueSource.None, Idempotent = true });
        yield return new("munlockall", 0, null, new ReleaseSpec(Mlock) { Identity = ValueSource.None, Idempotent = true, Implied = true });

        yield return new("VirtualLock", 2, new ChargeSpec(VirtualLock) { Identity = ValueSource.Argument(0), Amount = ValueSource.Argument(1), Success = SuccessSignal.NonZero }, null);
        yield return new("VirtualUnlock", 2, null, new ReleaseSpec(VirtualLock) { Amount = ValueSource.Argument(1), Idempotent = true });

        foreach (var name in new[] { "mmap", "mmap64" })
        {
            // A fixed mapping replaces what is there already: the address, and the duty to unmap it, were the caller's before.
            yield return new(name, 6, new ChargeSpec(Mmap)
            {
                Amount = ValueSource.Argument(1),
                Success = SuccessSignal.NotMinusOne,
                Condition = new ArgumentCondition(3, MapFixed, 0),
            }, null);
        }
        yield return new("munmap", 2, null, new ReleaseSpec(Mmap) { Amount = ValueSource.Argument(1) });
        yield return new("munmap", 2, null, new ReleaseSpec(Mlock) { Implied = true });
        foreach (var count in new[] { 4, 5 })
        {
            yield return new("mremap", count,
                new ChargeSpec(Mmap) { Amount = ValueSource.Argument(2), Success = SuccessSignal.NotMinusOne, IsMove = true },
                new ReleaseSpec(Mmap) { IsMove = true });
        }
        yield return new("shmat", 3, new ChargeSpec(SharedSegment) { Success = SuccessSignal.NotMinusOne }, null);
        yield return new("shmdt", 1, null, new ReleaseSpec(SharedSegment));
        yield return new("shmdt", 1, null, new ReleaseSpec(Mlock) { Implied = true });

        foreach (var member in Windows())
            yield return member;
    }

    private static IEnumerable<NativeMember> Windows()
    {
        // With an address VirtualAlloc commits pages of a region that somebody reserved before; only without one does it make a region.
        foreach (var (suffix, first) in new[] { ("", 0), ("Ex", 1) })
        {
            var process = first == 0 ? ValueSource.None : ValueSource.Argument(0);
            yield return new("VirtualAlloc" + suffix, 4 + first, new ChargeSpec(VirtualAlloc)
            {
                Owner = process,
                Success = SuccessSignal.NotNull,
                Condition = new ArgumentCondition(first, -1, 0),
            }, null);
            yield return new("VirtualFree" + suffix, 3 + first, null, new ReleaseSpec(VirtualAlloc)
            {
                Identity = ValueSource.Argument(first),
                Owner = process,
                Condition = new ArgumentCondition(first + 2, MemRelease | MemPlaceholders, MemRelease),
            });
        }
        yield return new("VirtualFree", 3, null, new ReleaseSpec(VirtualLock) { Implied = true });

        foreach (var (name, count) in new[] { ("MapViewOfFile", 5), ("MapViewOfFileEx", 6), ("MapViewOfFileFromApp", 4) })
            yield return new(name, count, new ChargeSpec(View) { Success = SuccessSignal.NotNull }, null);
        foreach (var (name, count) in new[] { ("UnmapViewOfFile", 1), ("UnmapViewOfFileEx", 2) })
        {
            yield return new(name, count, null, new ReleaseSpec(View));
            yield return new(name, count, null, new ReleaseSpec(VirtualLock) { Implied = true });
        }
    }

    private static Pair AddressLock(string key, string release) => new(key, PairFamily.MemoryLock)
    {
        IsBuiltIn = true,
        HasToken = false,
        HasAmount = true,
        Stacking = Stacking.Idempotent,
        ReleaseDisplay = release,
    };

    private static Pair Mapping(string key, string release) => new(key, PairFamily.MemoryLock)
    {
        IsBuiltIn = true,
        ReleaseDisplay = release,
        ConfusionGroup = "native mappings",
    };
}
