using System.Collections.Generic;
using static PinAnalyzers.Pairs.BuiltIn.KnownMember;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>Handles that keep an object, a buffer or an operating-system handle where it is.</summary>
internal static class HandlePairs
{
    private const string Interop = "System.Runtime.InteropServices.";
    private const string MemoryHandleType = "System.Buffers.MemoryHandle";

    private static readonly Pair GCHandle = new("GCHandle", PairFamily.GCHandle)
    {
        IsBuiltIn = true,
        LiveProperty = "IsAllocated",
        ReleaseDisplay = "GCHandle.Free",
        ReleaseTemplate = "{0}.Free()",
    };

    private static readonly Pair MemoryHandle = new("MemoryHandle", PairFamily.GCHandle)
    {
        IsBuiltIn = true,
        ReleaseDisplay = "MemoryHandle.Dispose",
        ReleaseTemplate = "{0}.Dispose()",
    };

    private static readonly Pair SafeHandleReference = new("SafeHandle reference", PairFamily.SafeHandle)
    {
        IsBuiltIn = true,
        HasToken = false,
        ReleaseDisplay = "DangerousRelease",
    };

    private static readonly Pair SafeBufferPointer = new("SafeBuffer pointer", PairFamily.SafeHandle)
    {
        IsBuiltIn = true,
        HasToken = false,
        ReleaseDisplay = "ReleasePointer",
    };

    public static IEnumerable<KnownMember> All()
    {
        yield return Charges(Interop + "GCHandle", "Alloc", new ChargeSpec(GCHandle));
        // Free throws on a handle that is default or already free; Free clears only the variable it is called on.
        yield return Releases(Interop + "GCHandle", "Free", new ReleaseSpec(GCHandle) { Identity = ValueSource.Receiver, AcceptsNull = false });

        foreach (var name in new[] { "GCHandle", "PinnedGCHandle", "WeakGCHandle" })
        {
            var pair = new Pair(name + "<T>", PairFamily.GCHandle)
            {
                IsBuiltIn = true,
                LiveProperty = "IsAllocated",
                ReleaseDisplay = name + "<T>.Dispose",
                ReleaseTemplate = "{0}.Dispose()",
            };
            yield return Charges(Interop + name + "`1", Constructor, new ChargeSpec(pair)) with { Parameters = 1 };
            yield return Charges(Interop + name + "`1", Constructor, new ChargeSpec(pair)) with { Parameters = 2 };
            yield return Releases(Interop + name + "`1", "Dispose", new ReleaseSpec(pair) { Identity = ValueSource.Receiver, ClearsInPlace = true });
        }

        foreach (var type in new[] { "System.Memory`1", "System.ReadOnlyMemory`1", "System.Buffers.MemoryManager`1", "System.Buffers.IPinnable" })
            yield return Charges(type, "Pin", new ChargeSpec(MemoryHandle));
        yield return Releases(MemoryHandleType, "Dispose", new ReleaseSpec(MemoryHandle) { Identity = ValueSource.Receiver, ClearsInPlace = true });

        yield return Charges(Interop + "SafeHandle", "DangerousAddRef", new ChargeSpec(SafeHandleReference)
        {
            Identity = ValueSource.Receiver,
            Success = SuccessSignal.Taken,
            TakenOrdinal = 0,
            AlwaysTakenOnReturn = true,
        }) with { Exact = true };
        yield return Releases(Interop + "SafeHandle", "DangerousRelease", new ReleaseSpec(SafeHandleReference) { Identity = ValueSource.Receiver, AcceptsNull = false });

        // The runtime will not close it any more, however many references there are: whoever says so has seen to it that somebody else does.
        yield return Releases(Interop + "SafeHandle", "SetHandleAsInvalid", new ReleaseSpec(SafeHandleReference) { Identity = ValueSource.Receiver, AcceptsNull = false, IsMove = true });

        yield return Charges(Interop + "SafeBuffer", "AcquirePointer", new ChargeSpec(SafeBufferPointer)
        {
            Identity = ValueSource.Receiver,
            Success = SuccessSignal.TakenPointer,
            TakenOrdinal = 0,
            AlwaysTakenOnReturn = true,
        }) with { Exact = true };
        yield return Releases(Interop + "SafeBuffer", "ReleasePointer", new ReleaseSpec(SafeBufferPointer) { Identity = ValueSource.Receiver, AcceptsNull = false });
    }
}
