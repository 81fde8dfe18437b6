using System;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>A 32-bit cell in memory that another process or the kernel writes too.</summary>
/// <remarks>
/// <para>
/// A value type that holds only the address. The address is checked for alignment once, because only an aligned access is atomic;
/// whoever makes the cell answers for the memory staying mapped while it is used (cells of a <see cref="SharedRegion"/>: until the
/// region is disposed).
/// The default value is no cell: using it throws <see cref="NullReferenceException"/>.
/// </para>
/// <para>
/// Thread-safe, in so far as each access is atomic. There is no plain access and no <c>++</c> on purpose: a cell has either one writer, who
/// keeps an <see cref="OwnedIndex"/> and publishes it, or several, who use <see cref="Increment"/>.
/// </para>
/// </remarks>
public readonly unsafe struct SharedUInt32 : IEquatable<SharedUInt32>
{
    [SharedMemory]
    private readonly uint* _cell;

    /// <summary>Makes a cell of the four bytes at <paramref name="address"/>.</summary>
    /// <param name="address">The address of the cell; a multiple of four.</param>
    /// <exception cref="ArgumentNullException"><paramref name="address"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="address"/> is not a multiple of four.</exception>
    public SharedUInt32(void* address)
    {
        CellAddress.ThrowIfUnusable(address, sizeof(uint));
        _cell = (uint*)address;
    }

    /// <summary>Reads the cell.</summary>
    /// <returns>What somebody has written there last: with an untrusted peer, any value at all.</returns>
    /// <remarks>An acquire load: what follows in program order is not read before it.</remarks>
    public uint LoadAcquire() => Volatile.Read(ref *_cell);

    /// <summary>Writes the cell.</summary>
    /// <param name="value">The value.</param>
    /// <remarks>
    /// A release store: whoever reads the value with an acquire load sees all that was written before it. It does not order later
    /// loads; for those see <see cref="OwnedIndex.PublishAndTest"/>.
    /// </remarks>
    public void StoreRelease(uint value) => Volatile.Write(ref *_cell, value);

    /// <summary>Adds one to the cell, atomically with regard to every other writer.</summary>
    /// <returns>The value after the addition; it wraps from <see cref="uint.MaxValue"/> to 0.</returns>
    /// <remarks>An interlocked operation: a full fence. It needs a mapping that this process may write.</remarks>
    public uint Increment() => Interlocked.Increment(ref *_cell);

    /// <inheritdoc/>
    public bool Equals(SharedUInt32 other) => _cell == other._cell;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SharedUInt32 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((nuint)_cell).GetHashCode();

    /// <summary>Whether two cells lie at the same address of this process.</summary>
    public static bool operator ==(SharedUInt32 left, SharedUInt32 right) => left.Equals(right);

    /// <summary>Whether two cells lie at different addresses of this process.</summary>
    public static bool operator !=(SharedUInt32 left, SharedUInt32 right) => !left.Equals(right);
}
