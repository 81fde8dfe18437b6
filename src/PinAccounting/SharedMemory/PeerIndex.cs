using System;
using System.Runtime.InteropServices;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>What the other side of a ring does.</summary>
public enum PeerRole
{
    /// <summary>The peer writes entries; its index is the tail, and runs ahead of ours by at most the capacity.</summary>
    Producer,

    /// <summary>The peer takes entries; its index is the head, and follows ours.</summary>
    Consumer,
}

/// <summary>An index of a ring that the peer writes, believed only as far as an honest peer can have published it.</summary>
/// <remarks>
/// <para>
/// An honest peer only moves forward, a producer at most the capacity ahead of what we handed back, a consumer at most up to what we
/// published. Everything else is refused and counted, and changes nothing here.
/// </para>
/// <para>
/// Not thread-safe, except for <see cref="Refusals"/>: used by the owner of the <see cref="OwnedIndex"/> on this side. Padded like that one.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 192)]
public sealed class PeerIndex
{
    [FieldOffset(64), SharedIndex(RingSide.Peer)]
    private readonly SharedUInt32 _cell;

    [FieldOffset(72), PrivateCopy(of: nameof(_cell))]
    private uint _accepted;

    [FieldOffset(76)]
    private readonly uint _capacity;

    [FieldOffset(80)]
    private readonly PeerRole _role;

    [FieldOffset(84)]
    private uint _lastRefused;

    [FieldOffset(88)]
    private long _refusals;

    /// <summary>Watches the peer's index in <paramref name="cell"/>.</summary>
    /// <param name="cell">Where the peer publishes.</param>
    /// <param name="capacity">
    /// The number of entries in the ring, as this side knows it; at least 1. Indexes wrap at 2³², so only those of a power of two lead to the slots in turn also there.
    /// </param>
    /// <param name="role">What the peer does.</param>
    /// <param name="initial">A value known to be right: that of our own index for a ring that is empty.</param>
    /// <exception cref="ArgumentException"><paramref name="cell"/> is the default value, which is no cell.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is 0 or over 2³¹, or <paramref name="role"/> is unknown.</exception>
    public PeerIndex(SharedUInt32 cell, uint capacity, PeerRole role, uint initial = 0)
    {
        CellAddress.ThrowIfNone(cell);
        ArgumentOutOfRangeException.ThrowIfZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1u << 31);
        if (role is not (PeerRole.Producer or PeerRole.Consumer))
            throw new ArgumentOutOfRangeException(nameof(role), role, "A peer is a producer or a consumer.");
        _cell = cell;
        _capacity = capacity;
        _role = role;
        _accepted = initial;
    }

    /// <summary>The number of entries in the ring.</summary>
    public uint Capacity => _capacity;

    /// <summary>The last value that was accepted.</summary>
    public uint Accepted => _accepted;

    /// <summary>How often a value was refused; may be read by any thread.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>The value that was refused last; meaningful when <see cref="Refusals"/> is not 0.</summary>
    public uint LastRefused => _lastRefused;

    /// <summary>Reads the peer's index once and says how many entries this side may use.</summary>
    /// <param name="owned">This side's own index.</param>
    /// <param name="available">
    /// In entries, never more than the capacity. Peer a producer: how many there are to read. Peer a consumer: how many may be written. 0 when refused.
    /// </param>
    /// <returns><see langword="false"/> when no honest peer can have published what is there; it is counted, and the last accepted value stays.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="owned"/> is null.</exception>
    /// <remarks>
    /// One acquire load: entries up to the accepted index may be read (or overwritten) after it. What those entries hold is the
    /// peer's word all the same.
    /// </remarks>
    public bool TryGetAvailable(OwnedIndex owned, out uint available)
    {
        ArgumentNullException.ThrowIfNull(owned);
        bool honest = TryLook(owned.Published, out uint usable);
        uint unpublished = owned.Unpublished;
        available = usable > unpublished ? usable - unpublished : 0;
        return honest;
    }

    // Counted from what we published: the peer has seen at most that, so that, not our private value, bounds how far it may be.
    private bool TryLook(uint published, out uint usable)
    {
        uint seen = _cell.LoadAcquire();
        bool honest;
        unchecked
        {
            if (_role == PeerRole.Producer)
            {
                uint ahead = seen - published;
                honest = ahead <= _capacity && ahead >= _accepted - published;
                usable = ahead;
            }
            else
            {
                uint behind = published - seen;
                honest = behind <= published - _accepted;
                usable = behind <= _capacity ? _capacity - behind : 0;
            }
        }
        if (!honest)
        {
            usable = 0;
            Refuse(seen);
            return false;
        }
        _accepted = seen;
        return true;
    }

    private void Refuse(uint seen)
    {
        _lastRefused = seen;
        Volatile.Write(ref _refusals, _refusals + 1);
    }
}
