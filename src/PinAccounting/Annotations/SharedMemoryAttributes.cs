using System;

namespace PinAccounting.Annotations;

/// <summary>Marks memory that another process or the kernel writes too.</summary>
/// <remarks>
/// Every read may give another value and every write is seen by somebody else, so the analyzers want
/// <see cref="System.Threading.Volatile"/> or <see cref="System.Threading.Interlocked"/> accesses (PIN3001 to PIN3003), one fetch
/// per decision (PIN3004) and a check before a value is used as an index or a length (PIN3005). On a pointer or a
/// <see langword="ref"/> it speaks of what is pointed to; on a struct, of every place where the struct lies behind a pointer.
/// </remarks>
/// <example>
/// <code>
/// [SharedMemory]
/// [StructLayout(LayoutKind.Explicit, Size = 128)]
/// struct RingHeader
/// {
///     [FieldOffset(0)]  [SharedIndex(RingSide.Local, Payload = nameof(_entries))] public uint Head;
///     [FieldOffset(64)] [SharedIndex(RingSide.Peer)] public uint Tail;
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.ReturnValue | AttributeTargets.Struct)]
public sealed class SharedMemoryAttribute : Attribute
{
    /// <summary>
    /// Whether the other side is trusted to follow the protocol. Default <see langword="false"/>: it may write anything at any time.
    /// </summary>
    public bool PeerTrusted { get; set; }

    /// <summary>Whether this side has mapped the memory for reading only, so that even a compare-exchange used as a read would fault (PIN3010).</summary>
    public bool ReadOnlyMapping { get; set; }

    /// <summary>Whether the memory is written once, before it is shared, and never after; plain reads are then right.</summary>
    public bool Stable { get; set; }
}

/// <summary>The sides of a ring in shared memory.</summary>
public enum RingSide
{
    /// <summary>This process.</summary>
    Local,

    /// <summary>The other process, or the kernel.</summary>
    Peer,

    /// <summary>Both sides; every update is an interlocked one.</summary>
    Both,
}

/// <summary>Marks the field that holds an index of a ring in shared memory, and says who writes it.</summary>
/// <remarks>
/// An index written here is published by a release store after its payload (PIN3007) and is never read back (PIN3012); one written
/// by the peer is read by an acquire load and checked before use (PIN3005).
/// </remarks>
/// <example><code>[SharedIndex(RingSide.Local, Payload = nameof(_entries))] private uint* _tail;</code></example>
[AttributeUsage(AttributeTargets.Field)]
public sealed class SharedIndexAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="writer">The side that writes the index.</param>
    public SharedIndexAttribute(RingSide writer)
    {
        Writer = writer;
    }

    /// <summary>The side that writes the index.</summary>
    public RingSide Writer { get; }

    /// <summary>The name of the member that holds the entries this index publishes; <see langword="null"/> when it is not said.</summary>
    public string? Payload { get; set; }
}

/// <summary>Marks the field that holds this side's own, authoritative copy of a shared index.</summary>
/// <remarks>
/// Whatever the peer writes into the shared one, this copy says where we are; the analyzers take it as a private bound and want it
/// to be a value, not a pointer or reference to the shared one (PIN3009).
/// </remarks>
/// <example><code>[PrivateCopy(of: nameof(_tail))] private uint _localTail;</code></example>
[AttributeUsage(AttributeTargets.Field)]
public sealed class PrivateCopyAttribute : Attribute
{
    /// <summary>Annotates the declaration.</summary>
    /// <param name="of">The name of the member that holds the shared index.</param>
    public PrivateCopyAttribute(string of)
    {
        Of = of;
    }

    /// <summary>The name of the member that holds the shared index.</summary>
    public string Of { get; }
}
