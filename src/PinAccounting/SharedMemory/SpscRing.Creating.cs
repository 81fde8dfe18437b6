using System;
using System.IO;

namespace PinAccounting.SharedMemory;

public sealed unsafe partial class SpscRing<T>
{
    /// <summary>How long a region has to be for a ring.</summary>
    /// <param name="capacity">The number of entries: a power of two, at most 2³⁰.</param>
    /// <returns>The length in bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not a power of two up to 2³⁰.</exception>
    public static long RequiredLength(uint capacity)
    {
        ThrowIfNoCapacity(capacity);
        return RingLayout.RequiredLength(capacity, sizeof(T));
    }

    /// <summary>Makes an empty ring in a region; whatever was in it before is lost.</summary>
    /// <param name="region">The region. The ring keeps it mapped until it is disposed itself.</param>
    /// <param name="capacity">The number of entries: a power of two, at most 2³⁰.</param>
    /// <returns>The ring; in this process usually one of its two sides is used.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="region"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not a power of two up to 2³⁰.</exception>
    /// <exception cref="ArgumentException">The region is too short; see <see cref="RequiredLength"/>.</exception>
    /// <exception cref="InvalidDataException">The file was shortened since it was mapped; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The region is disposed.</exception>
    public static SpscRing<T> Create(SharedRegion region, uint capacity)
    {
        ArgumentNullException.ThrowIfNull(region);
        long required = RequiredLength(capacity);
        if (required > region.Length)
            throw new ArgumentException($"A ring of {capacity} entries needs {required} bytes, and '{region.Name}' has {region.Length}.", nameof(region));
        SharedRegion.Hold hold = region.Use();
        try
        {
            RingLayout.Initialize(region.AddressOf(0, required), capacity, sizeof(T));
            return new SpscRing<T>(region, capacity, head: 0, tail: 0, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    /// <summary>Uses the ring that the peer has made in a region, going on where its indexes are.</summary>
    /// <param name="region">This process's mapping of the region. The ring keeps it mapped until it is disposed itself.</param>
    /// <returns>The ring; in this process usually one of its two sides is used.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="region"/> is null.</exception>
    /// <exception cref="InvalidDataException">
    /// The file was shortened since it was mapped, or there is no ring in it, or one of another layout, or its capacity does not fit into the region, or its indexes are further apart than its
    /// capacity. The message says which and in which region.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The region is disposed.</exception>
    public static SpscRing<T> Attach(SharedRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        SharedRegion.Hold hold = region.Use();
        try
        {
            if (region.Length < RingLayout.EntriesOffset)
                throw RingLayout.Refuse(region, $"it has {region.Length} bytes, less than the header alone");
            uint capacity = RingLayout.Check(region.AddressOf(0, RingLayout.EntriesOffset), region, sizeof(T));
            // In either order: between the two looks only the peer's index can move, and an honest one stays within the capacity of ours, which rests.
            uint head = region.UInt32At(RingLayout.HeadOffset).LoadAcquire();
            uint tail = region.UInt32At(RingLayout.TailOffset).LoadAcquire();
            if (unchecked(tail - head) > capacity)
                throw RingLayout.Refuse(region, $"its head {head} and tail {tail} are further apart than its {capacity} entries");
            return new SpscRing<T>(region, capacity, head, tail, hold);
        }
        catch
        {
            hold.Dispose();
            throw;
        }
    }

    private static void ThrowIfNoCapacity(uint capacity)
    {
        if (!RingLayout.IsCapacity(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, $"A ring has a power of two of entries, at most {RingLayout.MaxCapacity}.");
    }
}
