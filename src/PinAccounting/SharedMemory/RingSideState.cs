using System;
using System.Runtime.CompilerServices;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>What one side of a ring in this process keeps to itself: its place, how far it may go, and whether it is at work.</summary>
/// <remarks>
/// Closing waits for a side that is at work, so that the mapping does not vanish under it. The side says so by a plain store on every operation
/// and would need a full fence before looking whether the ring is closed; instead the one that closes, which is rare, issues the fence
/// for every thread of the process.
/// </remarks>
internal sealed class RingSideState
{
    private readonly PeerIndex _peer;
    private readonly OwnedIndex _own;
    private readonly SharedUInt32 _peerFlags;
    private readonly SharedUInt32 _ownFlags;
    private uint _available;
    private int _atWork;
    private int _closed;

    public RingSideState(OwnedIndex own, PeerIndex peer, SharedUInt32 ownFlags, SharedUInt32 peerFlags)
    {
        _own = own;
        _peer = peer;
        _ownFlags = ownFlags;
        _peerFlags = peerFlags;
    }

    public long Refusals => _peer.Refusals;

    /// <summary>Begins an operation; false when the ring is closed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter()
    {
        if (_atWork != 0)
            ThrowTwoAtOnce();
        Volatile.Write(ref _atWork, 1);
        if (Volatile.Read(ref _closed) == 0)
            return true;
        Exit();
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit() => Volatile.Write(ref _atWork, 0);

    /// <summary>Makes later operations fail, and returns when none is under way. They never wait for the peer, so neither does this.</summary>
    public void Close()
    {
        Volatile.Write(ref _closed, 1);
        Interlocked.MemoryBarrierProcessWide();
        SpinWait wait = default;
        while (Volatile.Read(ref _atWork) != 0)
            wait.SpinOnce();
    }

    /// <summary>Makes sure that <paramref name="wanted"/> entries may be used, or says how many may.</summary>
    /// <returns>False when the peer's index was refused.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryHave(uint wanted, out uint available)
    {
        available = _available;
        return available >= wanted || TryLook(out available);
    }

    /// <summary>Passes entries that <see cref="TryHave"/> granted; returns the index of the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Take(uint count)
    {
        _available -= count;
        return _own.Advance(count);
    }

    /// <summary>The index of the entry that <see cref="Take"/> will pass next.</summary>
    public uint Next => _own.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish() => _own.Publish();

    public bool PublishAndTest() => _own.PublishAndTest(_peerFlags, RingLayout.NeedsWakeup);

    /// <summary>Asks for a wake-up, then looks once more: the mirror image of <see cref="PublishAndTest"/>.</summary>
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

    public void StopWaiting() => _ownFlags.StoreRelease(0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryLook(out uint available)
    {
        bool honest = _peer.TryGetAvailable(_own, out available);
        if (honest)
            _available = available;
        else
            available = _available;
        return honest;
    }

    private static void ThrowTwoAtOnce()
        => throw new InvalidOperationException("Two threads use the same side of a single-producer, single-consumer ring at once.");
}
