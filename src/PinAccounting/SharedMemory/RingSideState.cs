using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>What one side of a ring in this process keeps to itself: its place, how far it may go, and whether it is at work.</summary>
/// <remarks>
/// <para>
/// An <see cref="OwnedIndex"/> and a <see cref="PeerIndex"/> in one: everything that the passage of an entry touches lies in one private cache line, and the peer's cell is
/// looked at only when what the last look has granted is used up. Both roles share one rule. The limit is the peer's index, for the producer plus the capacity; it may only
/// rise, and never lie further than the capacity ahead of what this side has published, because no honest peer gets further.
/// </para>
/// <para>
/// Closing waits for a side that is at work, so that the mapping does not vanish under it. The side shows that it is by stores that it makes anyway (it has
/// advanced and not published yet), or by <see cref="Enter"/>. Before touching the mapping it would need a full fence between that store and its look at
/// <see cref="_closed"/>; instead the one that closes, which is rare, issues the fence for every thread of the process.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct RingSideState
{
    // Read by anybody, written when a peer misbehaves: not on the line below.
    [FieldOffset(40)]
    private long _refusals;

    [FieldOffset(48)]
    private readonly SharedUInt32 _ownFlags;

    [FieldOffset(56)]
    private readonly SharedUInt32 _peerFlags;

    [FieldOffset(64), SharedIndex(RingSide.Local)]
    private readonly SharedUInt32 _ownCell;

    [FieldOffset(72), SharedIndex(RingSide.Peer)]
    private readonly SharedUInt32 _peerCell;

    [FieldOffset(80), PrivateCopy(of: nameof(_ownCell))]
    private uint _next;

    [FieldOffset(84), PrivateCopy(of: nameof(_ownCell))]
    private uint _published;

    // The index at which what the last look has granted is used up.
    [FieldOffset(88), PrivateCopy(of: nameof(_peerCell))]
    private uint _limit;

    [FieldOffset(92)]
    private readonly uint _capacity;

    // What the peer's index grants beyond itself: a slot that was read may be written again one round later.
    [FieldOffset(96)]
    private readonly uint _ahead;

    [FieldOffset(100)]
    private int _closed;

    [FieldOffset(104)]
    private int _atWork;

    private RingSideState(uint capacity, SharedUInt32 ownCell, uint own, SharedUInt32 peerCell, uint limit, uint ahead, SharedUInt32 ownFlags, SharedUInt32 peerFlags)
    {
        _capacity = capacity;
        _ownCell = ownCell;
        _next = _published = own;
        _peerCell = peerCell;
        _limit = limit;
        _ahead = ahead;
        _ownFlags = ownFlags;
        _peerFlags = peerFlags;
    }

    public readonly long Refusals => Volatile.Read(in _refusals);

    /// <summary>The side that writes entries: at <paramref name="tail"/>, with the consumer known to be at <paramref name="head"/>.</summary>
    public static RingSideState Producer(in RingCells cells, uint capacity, uint head, uint tail)
        => new(capacity, cells.Tail, tail, cells.Head, unchecked(head + capacity), capacity, cells.ProducerFlags, cells.ConsumerFlags);

    /// <summary>The side that reads entries: at <paramref name="head"/>, and yet to look whether there are any.</summary>
    public static RingSideState Consumer(in RingCells cells, uint capacity, uint head)
        => new(capacity, cells.Head, head, cells.Tail, head, ahead: 0, cells.ConsumerFlags, cells.ProducerFlags);

    /// <summary>Passes one entry; to be followed by <see cref="PublishOne"/>.</summary>
    /// <param name="index">The index of the entry.</param>
    /// <param name="gain">What the peer's index would grant; for <see cref="Withdraw"/>.</param>
    /// <returns>False when there is nothing to pass, for whatever reason; then <see cref="Withdraw"/> has to follow.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTakeOne(out uint index, out uint gain)
    {
        gain = 0;
        index = _next;
        Volatile.Write(ref _next, unchecked(index + 1));
        if (Volatile.Read(ref _closed) != 0)
            return false;
        if (index != _limit)
            return true;
        // All that was granted is published, so an honest peer may have gone ahead by 1 to capacity.
        gain = unchecked(_peerCell.LoadAcquire() + _ahead - index);
        if (unchecked(gain - 1) >= _capacity)
            return false;
        _limit = unchecked(index + gain);
        return true;
    }

    /// <summary>Ends a <see cref="TryTakeOne"/> that passed nothing. Apart from it, so that the passage of an entry keeps everything in registers.</summary>
    /// <returns><paramref name="nothing"/> when the peer has not gone on, or <see cref="RingStatus.PeerRefused"/> when it cannot have gone where it says.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public RingStatus Withdraw(SharedRegion region, uint gain, RingStatus nothing)
    {
        Volatile.Write(ref _next, unchecked(_next - 1));
        if (Volatile.Read(ref _closed) != 0)
            ThrowDisposed(region);
        if (gain == 0)
            return nothing;
        CountRefusal();
        return RingStatus.PeerRefused;
    }

    /// <summary>Lets the peer see the entry that <see cref="TryTakeOne"/> has passed, which ends the work of this side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PublishOne(uint index)
    {
        _ownCell.StoreRelease(unchecked(index + 1));
        Volatile.Write(ref _published, unchecked(index + 1));
    }

    /// <summary>Lets the peer see what <see cref="Take"/> has passed.</summary>
    public void Publish()
    {
        _ownCell.StoreRelease(_next);
        Volatile.Write(ref _published, _next);
    }

    /// <summary>Begins an operation of more than one access; <see cref="Exit"/> ends it.</summary>
    public void Enter(SharedRegion region)
    {
        if (_atWork != 0 || _next != _published)
            ThrowTwoAtOnce(region);
        Volatile.Write(ref _atWork, 1);
        if (Volatile.Read(ref _closed) == 0)
            return;
        Exit();
        ThrowDisposed(region);
    }

    public void Exit() => Volatile.Write(ref _atWork, 0);

    /// <summary>Makes sure that <paramref name="wanted"/> entries may be used, or says how many may. Between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    /// <returns>False when the peer's index was refused.</returns>
    public bool TryHave(uint wanted, out uint available)
    {
        available = unchecked(_limit - _next);
        return available >= wanted || TryLook(out available);
    }

    /// <summary>Passes entries that <see cref="TryHave"/> granted; returns the index of the first. Between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public uint Take(uint count)
    {
        uint first = _next;
        _next = unchecked(first + count);
        return first;
    }

    /// <summary>As <see cref="OwnedIndex.PublishAndTest"/>. Between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public bool PublishAndTest()
    {
        Publish();
        Interlocked.MemoryBarrier();
        return (_peerFlags.LoadAcquire() & RingLayout.NeedsWakeup) != 0;
    }

    /// <summary>Asks for a wake-up, then looks once more: the mirror image of <see cref="PublishAndTest"/>. Between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public RingStatus PrepareToWait(RingStatus nothing)
    {
        _ownFlags.StoreRelease(RingLayout.NeedsWakeup);
        Interlocked.MemoryBarrier();
        bool honest = TryLook(out uint available);
        if (honest && available == 0)
            return nothing;
        _ownFlags.StoreRelease(0);
        return honest ? RingStatus.Done : RingStatus.PeerRefused;
    }

    public readonly void StopWaiting() => _ownFlags.StoreRelease(0);

    /// <summary>Makes later operations fail, and waits until none is under way. They never wait for the peer, so neither does this.</summary>
    /// <param name="patience">For how many milliseconds at most. Two threads that wrote, or read, at once may have left marks of work that nobody is doing.</param>
    /// <returns>Whether none is under way for certain, so that the mapping may go.</returns>
    public bool Close(int patience)
    {
        Volatile.Write(ref _closed, 1);
        Interlocked.MemoryBarrierProcessWide();
        SpinWait wait = default;
        for (long began = Environment.TickCount64; IsAtWork(); wait.SpinOnce())
            if (Environment.TickCount64 - began >= patience)
                return false;
        return true;
    }

    // What was published is read first, so that "no" is certain.
    private bool IsAtWork()
    {
        uint published = Volatile.Read(ref _published);
        return Volatile.Read(ref _next) != published || Volatile.Read(ref _atWork) != 0;
    }

    private bool TryLook(out uint available)
    {
        uint granted = unchecked(_limit - _published);
        uint gain = unchecked(_peerCell.LoadAcquire() + _ahead - _limit);
        bool honest = gain <= _capacity - granted;
        if (honest)
            _limit = unchecked(_limit + gain);
        else
            CountRefusal();
        available = unchecked(_limit - _next);
        return honest;
    }

    private void CountRefusal() => Volatile.Write(ref _refusals, _refusals + 1);

    private static void ThrowDisposed(SharedRegion region)
        => throw new ObjectDisposedException(nameof(SpscRing<byte>), $"The ring in '{region.Name}' is disposed.");

    private static void ThrowTwoAtOnce(SharedRegion region)
        => throw new InvalidOperationException($"Two threads use the same side of the single-producer, single-consumer ring in '{region.Name}' at once.");
}
