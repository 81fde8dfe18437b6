using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>A ring of entries between one producer and one consumer, in memory that two processes share.</summary>
/// <typeparam name="T">
/// The entry, made of integers: every bit pattern has to be a value, since the peer may write any. The two processes have to agree on its layout.
/// </typeparam>
/// <remarks>
/// <para>
/// Safe against a peer that writes anything anywhere in the region at any time. Capacity and places are kept privately and taken from the
/// region only once, checked, when attaching; the peer's index is believed only as far as an honest peer can have got
/// (<see cref="PeerIndex"/>); an entry is copied out once, by value. So the worst a peer can do is to send wrong entries, or to
/// have its indexes refused, which <see cref="Refusals"/> counts. No operation waits or loops on what the peer does.
/// For a peer that could also shrink the file see <see cref="SharedRegion"/>.
/// </para>
/// <para>
/// Thread-safety: one thread at a time writes and one, the same or another, reads. Two on one side at once lose or repeat entries, and may keep <see cref="Dispose"/> waiting; batches, waiting and operations that
/// test for a wake-up notice it when they can, and throw <see cref="InvalidOperationException"/>. <see cref="Dispose"/> may come from any thread at any time.
/// </para>
/// <para>
/// Memory ordering: an entry is written before its index is published (release), and read after the index is seen (acquire); a slot is
/// handed back by a release store after it was read.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using var region = SharedRegion.CreateSealed("jobs", SpscRing&lt;long&gt;.RequiredLength(1024));
/// using var ring = SpscRing&lt;long&gt;.Create(region, 1024);   // the peer: SpscRing&lt;long&gt;.Attach(its own mapping)
/// ring.TryWrite(42);
/// </code>
/// </example>
public sealed unsafe partial class SpscRing<T> : IDisposable where T : unmanaged
{
    private RingSideState _producer;
    private RingSideState _consumer;
    [SharedMemory]
    private readonly byte* _entries;
    private readonly uint _mask;
    private readonly SharedRegion _region;
    private readonly SharedRegion.LastingHold _hold;
    private int _disposed;

    private SpscRing(SharedRegion region, uint capacity, uint head, uint tail, SharedRegion.Hold hold)
    {
        _region = region;
        _mask = capacity - 1;
        _entries = region.AddressOf(RingLayout.EntriesOffset, capacity * (long)Stride);
        RingCells cells = new(region);
        _producer = RingSideState.Producer(cells, capacity, head, tail);
        _consumer = RingSideState.Consumer(cells, capacity, head);
        // Last: when something fails, whoever makes the ring lets go.
        _hold = new SharedRegion.LastingHold(hold);
    }

    /// <summary>The number of entries that fit.</summary>
    public uint Capacity => _mask + 1;

    /// <summary>
    /// How often an index of the peer was refused, because no honest peer can have published it; may be read by any thread, also after <see cref="Dispose"/>.
    /// </summary>
    public long Refusals => _producer.Refusals + _consumer.Refusals;

    private static int Stride
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(T) is 1 or 2 or 4 ? sizeof(T) : (sizeof(T) + 7) & ~7;
    }

    /// <summary>Writes an entry and publishes it.</summary>
    /// <param name="item">The entry.</param>
    /// <returns><see langword="false"/> when there is no room, or the peer's index was refused; nothing has changed then.</returns>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <remarks>
    /// The entry, then its index as a release store. Never waits. Does not look whether the consumer sleeps: where it may, use <see cref="Write(in T, out bool)"/>.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(in T item) => Write(item) == RingStatus.Done;

    /// <summary>Takes the next entry and hands its slot back.</summary>
    /// <param name="item">The entry: a private copy.</param>
    /// <returns><see langword="false"/> when there is none, or the peer's index was refused; nothing has changed then.</returns>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <remarks>
    /// The index by an acquire load, the entry once, then the slot back by a release store. Never waits. Does not look whether the producer sleeps: where it may,
    /// use <see cref="Read(out T, out bool)"/>.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out T item) => Read(out item) == RingStatus.Done;

    /// <summary>Writes an entry and publishes it.</summary>
    /// <param name="item">The entry.</param>
    /// <returns><see cref="RingStatus.Done"/>, <see cref="RingStatus.Full"/> or <see cref="RingStatus.PeerRefused"/>.</returns>
    /// <inheritdoc cref="TryWrite" path="/exception|/remarks"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RingStatus Write(in T item)
    {
        if (!_producer.TryTakeOne(out uint index, out uint gain))
            return _producer.Withdraw(_region, gain, RingStatus.Full);
        Store(index, item);
        _producer.PublishOne(index);
        return RingStatus.Done;
    }

    /// <summary>Writes an entry, publishes it, and says whether the consumer sleeps.</summary>
    /// <param name="item">The entry.</param>
    /// <param name="wakePeer">Whether the consumer has asked to be woken; by what means is between the two.</param>
    /// <returns><see cref="RingStatus.Done"/>, <see cref="RingStatus.Full"/> or <see cref="RingStatus.PeerRefused"/>.</returns>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is writing.</exception>
    /// <remarks>As <see cref="OwnedIndex.PublishAndTest"/>: release store, full fence, acquire load.</remarks>
    public RingStatus Write(in T item, out bool wakePeer)
    {
        wakePeer = false;
        ref RingSideState side = ref Enter(ref _producer);
        if (!side.TryHave(1, out uint available))
            return Leave(ref side, RingStatus.PeerRefused);
        if (available == 0)
            return Leave(ref side, RingStatus.Full);
        Store(side.Take(1), item);
        wakePeer = side.PublishAndTest();
        return Leave(ref side, RingStatus.Done);
    }

    /// <summary>Takes the next entry and hands its slot back.</summary>
    /// <param name="item">The entry: a private copy; <see langword="default"/> when there is none.</param>
    /// <returns><see cref="RingStatus.Done"/>, <see cref="RingStatus.Empty"/> or <see cref="RingStatus.PeerRefused"/>.</returns>
    /// <inheritdoc cref="TryRead" path="/exception|/remarks"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RingStatus Read(out T item)
    {
        if (!_consumer.TryTakeOne(out uint index, out uint gain))
        {
            item = default;
            return _consumer.Withdraw(_region, gain, RingStatus.Empty);
        }
        item = Load(index);
        _consumer.PublishOne(index);
        return RingStatus.Done;
    }

    /// <summary>Takes the next entry, hands its slot back, and says whether the producer sleeps.</summary>
    /// <param name="item">The entry: a private copy; <see langword="default"/> when there is none.</param>
    /// <param name="wakePeer">Whether the producer has asked to be woken.</param>
    /// <returns><see cref="RingStatus.Done"/>, <see cref="RingStatus.Empty"/> or <see cref="RingStatus.PeerRefused"/>.</returns>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is reading.</exception>
    /// <remarks>As <see cref="OwnedIndex.PublishAndTest"/>: release store, full fence, acquire load.</remarks>
    public RingStatus Read(out T item, out bool wakePeer)
    {
        wakePeer = false;
        ref RingSideState side = ref Enter(ref _consumer);
        item = default;
        if (!side.TryHave(1, out uint available))
            return Leave(ref side, RingStatus.PeerRefused);
        if (available == 0)
            return Leave(ref side, RingStatus.Empty);
        item = Load(side.Take(1));
        wakePeer = side.PublishAndTest();
        return Leave(ref side, RingStatus.Done);
    }

    /// <summary>Writes as many entries as there is room for, and publishes them together.</summary>
    /// <param name="items">The entries.</param>
    /// <param name="status"><see cref="RingStatus.Done"/> when all were written, else why not.</param>
    /// <returns>How many were written, from the first on.</returns>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is writing.</exception>
    /// <remarks>
    /// The entries, then their index as one release store. Never waits. Does not look whether the consumer sleeps: where it may, write the last entry by
    /// <see cref="Write(in T, out bool)"/>.
    /// </remarks>
    public int Write(ReadOnlySpan<T> items, out RingStatus status)
    {
        ref RingSideState side = ref Enter(ref _producer);
        bool honest = side.TryHave((uint)items.Length, out uint available);
        int count = (int)Math.Min(available, (uint)items.Length);
        uint first = side.Take((uint)count);
        for (int i = 0; i < count; i++)
            Store(unchecked(first + (uint)i), items[i]);
        if (count != 0)
            side.Publish();
        status = Leave(ref side, count == items.Length ? RingStatus.Done : honest ? RingStatus.Full : RingStatus.PeerRefused);
        return count;
    }

    /// <summary>Takes as many entries as there are and fit, and hands their slots back together.</summary>
    /// <param name="items">Where to put them.</param>
    /// <param name="status"><see cref="RingStatus.Done"/> when <paramref name="items"/> was filled, else why not.</param>
    /// <returns>How many were taken.</returns>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is reading.</exception>
    /// <remarks>
    /// The index by an acquire load, each entry once, then the slots back by one release store. Never waits. Does not look whether the producer sleeps: where it may,
    /// take the last entry by <see cref="Read(out T, out bool)"/>.
    /// </remarks>
    public int Read(Span<T> items, out RingStatus status)
    {
        ref RingSideState side = ref Enter(ref _consumer);
        bool honest = side.TryHave((uint)items.Length, out uint available);
        int count = (int)Math.Min(available, (uint)items.Length);
        uint first = side.Take((uint)count);
        for (int i = 0; i < count; i++)
            items[i] = Load(unchecked(first + (uint)i));
        if (count != 0)
            side.Publish();
        status = Leave(ref side, count == items.Length ? RingStatus.Done : honest ? RingStatus.Empty : RingStatus.PeerRefused);
        return count;
    }

    /// <summary>Ends the use of the ring in this process; the peer notices nothing. Idempotent; waits only for operations under way here.</summary>
    /// <remarks>
    /// If an operation does not end within ten seconds (as it looks for ever after two threads were on one side at once), the region stays mapped until the ring is garbage-collected,
    /// as it is for a ring that is never disposed.
    /// </remarks>
    public void Dispose() => Close(patience: 10_000);

    internal void Close(int patience)
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        // Both are closed in any case.
        if (_producer.Close(patience) & _consumer.Close(patience))
            _hold.Dispose();
    }

    private ref RingSideState Enter(ref RingSideState side)
    {
        side.Enter(_region);
        return ref side;
    }

    private static RingStatus Leave(ref RingSideState side, RingStatus status)
    {
        side.Exit();
        return status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(uint index, in T item) => Unsafe.WriteUnaligned(_entries + (nuint)(index & _mask) * (nuint)Stride, item);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Load(uint index)
    {
        byte* slot = _entries + (nuint)(index & _mask) * (nuint)Stride;
        // Slots of these sizes are aligned to them, which Snapshot would have to find out each time.
        if (sizeof(T) == sizeof(ulong))
            return Unsafe.BitCast<ulong, T>(Volatile.Read(ref *(ulong*)slot));
        if (sizeof(T) == sizeof(uint))
            return Unsafe.BitCast<uint, T>(Volatile.Read(ref *(uint*)slot));
        return Snapshot.TakeAt<T>(slot);
    }
}
