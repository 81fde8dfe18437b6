using System;
using System.Runtime.InteropServices;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>
/// An index of a ring that this side alone writes: the authoritative value is private, and the shared cell is only where it is announced.
/// </summary>
/// <remarks>
/// <para>
/// Nothing is ever read back from the cell, so a peer that overwrites it misleads only itself. Indexes run freely over all 32 bits and
/// wrap; differences are taken by subtraction.
/// </para>
/// <para>
/// Not thread-safe: one thread at a time is the owner. The object is padded so that the owners of two indexes do not share a cache line.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// entries[tail.Advance() &amp; mask] = item;
/// if (tail.PublishAndTest(flags, NeedWakeup)) WakePeer();
/// </code>
/// </example>
[StructLayout(LayoutKind.Explicit, Size = 192)]
public sealed class OwnedIndex
{
    [FieldOffset(64), SharedIndex(RingSide.Local)]
    private readonly SharedUInt32 _cell;

    [FieldOffset(72), PrivateCopy(of: nameof(_cell))]
    private uint _value;

    [FieldOffset(76), PrivateCopy(of: nameof(_cell))]
    private uint _published;

    /// <summary>Takes ownership of the index in <paramref name="cell"/>.</summary>
    /// <param name="cell">Where the index is published. It is not written before the first <see cref="Publish"/>.</param>
    /// <param name="initial">The value that the peer already knows.</param>
    /// <exception cref="ArgumentException"><paramref name="cell"/> is the default value, which is no cell.</exception>
    public OwnedIndex(SharedUInt32 cell, uint initial = 0)
    {
        CellAddress.ThrowIfNone(cell);
        _cell = cell;
        _value = initial;
        _published = initial;
    }

    /// <summary>Where this side is, published or not.</summary>
    public uint Value => _value;

    /// <summary>What was published last, by this side's own record.</summary>
    public uint Published => _published;

    /// <summary>How many entries this side has gone ahead of what it published.</summary>
    public uint Unpublished => unchecked(_value - _published);

    /// <summary>Goes ahead, without the peer seeing it.</summary>
    /// <param name="count">By how many entries.</param>
    /// <returns>The index before: that of the first entry passed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The unpublished entries would exceed <see cref="uint.MaxValue"/>; nothing has changed.</exception>
    /// <remarks>Undone by <see cref="Rewind"/>, until <see cref="Publish"/>. No memory ordering.</remarks>
    [Effect("the private index", ReversedBy = nameof(Rewind))]
    public uint Advance(uint count = 1)
    {
        if (count > uint.MaxValue - Unpublished)
            ThrowTooMany(nameof(count), count);
        uint before = _value;
        _value = unchecked(before + count);
        return before;
    }

    /// <summary>Goes back over entries that were not published yet.</summary>
    /// <param name="count">By how many entries.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Unpublished"/>: the peer may have seen them already. Nothing has changed.</exception>
    /// <remarks>Undoes <see cref="Advance"/>. No memory ordering.</remarks>
    public void Rewind(uint count = 1)
    {
        if (count > Unpublished)
            ThrowTooMany(nameof(count), count);
        _value = unchecked(_value - count);
    }

    /// <summary>Lets the peer see where this side is.</summary>
    /// <remarks>
    /// A release store, so entries written (or read) before it are written (or read) when the peer sees the index. It does not order later
    /// loads: to test a flag that the peer sets before it sleeps, use <see cref="PublishAndTest"/>.
    /// </remarks>
    public void Publish()
    {
        _cell.StoreRelease(_value);
        _published = _value;
    }

    /// <summary>Publishes, then tests flags that the peer writes before it goes to sleep.</summary>
    /// <param name="flags">The cell with the peer's flags.</param>
    /// <param name="mask">The bits that ask for a wake-up.</param>
    /// <returns>Whether any of the bits is set, so that the peer has to be woken.</returns>
    /// <exception cref="ArgumentException"><paramref name="flags"/> is the default value, which is no cell; nothing was published.</exception>
    /// <remarks>
    /// A release store of the index, a full fence, then an acquire load of the flags. Without the fence the load may be done before the
    /// store is visible, on x86 too; then this side sees no flag, the sleeping peer sees no entry, and nobody ever wakes. The peer does the
    /// same the other way round: set the flag, full fence, look at the index once more.
    /// </remarks>
    public bool PublishAndTest(SharedUInt32 flags, uint mask)
    {
        // First: once the index is out, a peer that sleeps has to be woken.
        CellAddress.ThrowIfNone(flags);
        Publish();
        Interlocked.MemoryBarrier();
        return (flags.LoadAcquire() & mask) != 0;
    }

    private void ThrowTooMany(string parameter, uint count)
        => throw new ArgumentOutOfRangeException(parameter, count, $"{Unpublished} entries are not published yet.");
}
