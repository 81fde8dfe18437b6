using System.Collections.Generic;
using static PinAnalyzers.Pairs.BuiltIn.KnownMember;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>Memory that the collector does not own, pooled memory, and what the collector is told about both.</summary>
internal static class MemoryPairs
{
    private const string NativeMemoryType = "System.Runtime.InteropServices.NativeMemory";
    private const string MarshalType = "System.Runtime.InteropServices.Marshal";

    private static readonly Pair NativeMemory = Allocator("NativeMemory", PairFamily.NativeMemory, "NativeMemory.Free");
    private static readonly Pair AlignedNativeMemory = Allocator("aligned NativeMemory", PairFamily.NativeMemory, "NativeMemory.AlignedFree");
    private static readonly Pair HGlobal = Allocator("HGlobal", PairFamily.Marshal, "Marshal.FreeHGlobal");
    private static readonly Pair CoTaskMem = Allocator("CoTaskMem", PairFamily.Marshal, "Marshal.FreeCoTaskMem");
    private static readonly Pair Bstr = Allocator("BSTR", PairFamily.Marshal, "Marshal.FreeBSTR");
    private static readonly Pair SecureHGlobal = Allocator("secure string in HGlobal", PairFamily.Marshal, "Marshal.ZeroFreeGlobalAlloc*");
    private static readonly Pair SecureCoTaskMem = Allocator("secure string in CoTaskMem", PairFamily.Marshal, "Marshal.ZeroFreeCoTaskMem*");
    private static readonly Pair SecureBstr = Allocator("secure string in BSTR", PairFamily.Marshal, "Marshal.ZeroFreeBSTR");

    private static readonly Pair PooledArray = new("pooled array", PairFamily.ArrayPool)
    {
        IsBuiltIn = true,
        Loss = LossKind.Performance,
        ReleaseDisplay = "ArrayPool<T>.Return",
        ReleaseTemplate = "{1}.Return({0})",
    };

    private static readonly Pair PooledMemory = new("pooled memory", PairFamily.ArrayPool)
    {
        IsBuiltIn = true,
        Loss = LossKind.Performance,
        ReleaseDisplay = "IMemoryOwner<T>.Dispose",
        ReleaseTemplate = "{0}.Dispose()",
    };

    private static readonly Pair MemoryPressure = new("memory pressure", PairFamily.MemoryPressure)
    {
        IsBuiltIn = true,
        HasToken = false,
        HasAmount = true,
        ReleaseDisplay = "GC.RemoveMemoryPressure",
    };

    private static readonly Pair NoGCRegion = new("no-GC region", PairFamily.MemoryPressure)
    {
        IsBuiltIn = true,
        HasToken = false,
        Stacking = Stacking.Once,
        ReleaseDisplay = "GC.EndNoGCRegion",
        // The collector may end the region by itself, which GCSettings.LatencyMode tells.
        HeldTest = "System.Runtime.GCSettings.LatencyMode",
        HeldValue = NoGCRegionMode,
    };

    /// <summary><c>GCLatencyMode.NoGCRegion</c>.</summary>
    private const long NoGCRegionMode = 4;

    public static IEnumerable<KnownMember> All()
    {
        foreach (var name in new[] { "Alloc", "AllocZeroed" })
            yield return Charges(NativeMemoryType, name, new ChargeSpec(NativeMemory));
        yield return Moves(NativeMemoryType, "Realloc", NativeMemory, ValueSource.Argument(0));
        yield return Releases(NativeMemoryType, "Free", new ReleaseSpec(NativeMemory));
        yield return Charges(NativeMemoryType, "AlignedAlloc", new ChargeSpec(AlignedNativeMemory));
        yield return Moves(NativeMemoryType, "AlignedRealloc", AlignedNativeMemory, ValueSource.Argument(0));
        yield return Releases(NativeMemoryType, "AlignedFree", new ReleaseSpec(AlignedNativeMemory));

        foreach (var name in new[] { "AllocHGlobal", "StringToHGlobalAnsi", "StringToHGlobalAuto", "StringToHGlobalUni" })
            yield return Charges(MarshalType, name, new ChargeSpec(HGlobal));
        yield return Moves(MarshalType, "ReAllocHGlobal", HGlobal, ValueSource.Argument(0));
        yield return Releases(MarshalType, "FreeHGlobal", new ReleaseSpec(HGlobal));

        foreach (var name in new[] { "AllocCoTaskMem", "StringToCoTaskMemAnsi", "StringToCoTaskMemAuto", "StringToCoTaskMemUni", "StringToCoTaskMemUTF8" })
            yield return Charges(MarshalType, name, new ChargeSpec(CoTaskMem));
        yield return Moves(MarshalType, "ReAllocCoTaskMem", CoTaskMem, ValueSource.Argument(0));
        yield return Releases(MarshalType, "FreeCoTaskMem", new ReleaseSpec(CoTaskMem));

        yield return Charges(MarshalType, "StringToBSTR", new ChargeSpec(Bstr));
        yield return Releases(MarshalType, "FreeBSTR", new ReleaseSpec(Bstr));

        foreach (var member in SecureStrings())
            yield return member;

        yield return Charges("System.Buffers.ArrayPool`1", "Rent", new ChargeSpec(PooledArray) { Owner = ValueSource.Receiver });
        yield return Releases("System.Buffers.ArrayPool`1", "Return", new ReleaseSpec(PooledArray) { Owner = ValueSource.Receiver, AcceptsNull = false });
        yield return Charges("System.Buffers.MemoryPool`1", "Rent", new ChargeSpec(PooledMemory) { Owner = ValueSource.Receiver });
        yield return Releases("System.IDisposable", "Dispose", new ReleaseSpec(PooledMemory) { Identity = ValueSource.Receiver, Idempotent = true })
            with { Receiver = "System.Buffers.IMemoryOwner`1" };

        yield return Charges("System.GC", "AddMemoryPressure", new ChargeSpec(MemoryPressure) { Identity = ValueSource.None, Amount = ValueSource.Argument(0) });
        yield return Releases("System.GC", "RemoveMemoryPressure", new ReleaseSpec(MemoryPressure) { Identity = ValueSource.None, Amount = ValueSource.Argument(0) });
        yield return Charges("System.GC", "TryStartNoGCRegion", new ChargeSpec(NoGCRegion) { Identity = ValueSource.None });
        yield return Releases("System.GC", "EndNoGCRegion", new ReleaseSpec(NoGCRegion) { Identity = ValueSource.None });
    }

    /// <summary>
    /// The zeroing frees also free what the plain allocators made, and the plain frees also free a secure string (and leave its text behind, which
    /// is no leak): each free ends both pairs of its allocator.
    /// </summary>
    private static IEnumerable<KnownMember> SecureStrings()
    {
        foreach (var suffix in new[] { "Ansi", "Unicode" })
        {
            yield return Charges(MarshalType, "SecureStringToGlobalAlloc" + suffix, new ChargeSpec(SecureHGlobal));
            yield return Releases(MarshalType, "ZeroFreeGlobalAlloc" + suffix, new ReleaseSpec(SecureHGlobal));
            yield return Releases(MarshalType, "ZeroFreeGlobalAlloc" + suffix, new ReleaseSpec(HGlobal));
            yield return Charges(MarshalType, "SecureStringToCoTaskMem" + suffix, new ChargeSpec(SecureCoTaskMem));
        }
        foreach (var suffix in new[] { "Ansi", "Unicode", "UTF8" })
        {
            yield return Releases(MarshalType, "ZeroFreeCoTaskMem" + suffix, new ReleaseSpec(SecureCoTaskMem));
            yield return Releases(MarshalType, "ZeroFreeCoTaskMem" + suffix, new ReleaseSpec(CoTaskMem));
        }
        yield return Charges(MarshalType, "SecureStringToBSTR", new ChargeSpec(SecureBstr));
        yield return Releases(MarshalType, "ZeroFreeBSTR", new ReleaseSpec(SecureBstr));
        yield return Releases(MarshalType, "ZeroFreeBSTR", new ReleaseSpec(Bstr));
        yield return Releases(MarshalType, "FreeHGlobal", new ReleaseSpec(SecureHGlobal));
        yield return Releases(MarshalType, "FreeCoTaskMem", new ReleaseSpec(SecureCoTaskMem));
        yield return Releases(MarshalType, "FreeBSTR", new ReleaseSpec(SecureBstr));
    }

    private static Pair Allocator(string key, PairFamily family, string release) => new(key, family)
    {
        IsBuiltIn = true,
        ReleaseDisplay = release,
        ReleaseTemplate = release.EndsWith("*", System.StringComparison.Ordinal) ? null : "global::System.Runtime.InteropServices." + release + "({0})",
        ConfusionGroup = "native allocators",
    };
}
