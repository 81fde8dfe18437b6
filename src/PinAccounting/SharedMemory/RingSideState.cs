using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace PinAccounting.SharedMemory;

/// <summary>What one side of a ring in this process keeps to itself: its place, how far it may go, and whether it is at work.</summary>
/// <remarks>
/// Closing waits for a side that is at work, so that the mapping does not vanish under it. The side shows that it is by stores that it makes anyway (it has
/// advanced and not published yet), or by <see cref="Enter"/>. Before touching the mapping it would need a full fence between that store and its look at
/// <see cref="_closed"/>; instead the one that closes, which is rare, issues the fence for every thread of the process.
/// </remarks>
internal sealed class RingSideState(OwnedIndex own, PeerIndex peer, SharedUInt32 ownFlags, SharedUInt32 peerFlags)
{
    private readonly OwnedIndex _own = own;
    // The index at which what the last look has found is used up.
    private uint _limit = own.Value;
    private int _closed;
    private int _atWork;

    public long Refusals => peer.Refusals;

    /// <summary>Passes one entry; to be followed by <see cref="Publish"/>.</summary>
    /// <returns><see cref="RingStatus.Done"/>, <paramref name="nothing"/> or <see cref="RingStatus.PeerRefused"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RingStatus TakeOne(SharedRegion region, RingStatus nothing, out uint index)
    {
        OwnedIndex own = _own;
        index = own.AdvanceVisibly();
        if (Volatile.Read(ref _closed) != 0)
            WithdrawFromClosed(region);
        return index != _limit ? RingStatus.Done : Look(index, nothing);
    }

    /// <summary>Lets the peer see the entry that <see cref="TakeOne"/> has passed, which ends the work of this side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PublishOne(uint index) => _own.PublishUpTo(unchecked(index + 1));

    /// <summary>Lets the peer see what <see cref="Take"/> has passed.</summary>
    public void Publish() => _own.Publish();

    /// <summary>Begins an operation of more than one access; <see cref="Exit"/> ends it.</summary>
    public void Enter(SharedRegion region)
    {
        if (_atWork != 0 || _own.Unpublished != 0)
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
        available = unchecked(_limit - _own.Value);
        return available >= wanted || TryLook(out available);
    }

    /// <summary>Passes entries that <see cref="TryHave"/> granted; returns the index of the first. Between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public uint Take(uint count) => _own.Advance(count);

    /// <summary>As <see cref="OwnedIndex.PublishAndTest"/>. Between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public bool PublishAndTest() => _own.PublishAndTest(peerFlags, RingLayout.NeedsWakeup);

    /// <summary>Asks for a wake-up, then looks once more: the mirror image of <see cref="PublishAndTest"/>. Between <see cref="Enter"/> and <see cref="Exit"/>.</summary>
    public RingStatus PrepareToWait(RingStatus nothing)
    {
        ownFlags.StoreRelease(RingLayout.NeedsWakeup);
        Interlocked.MemoryBarrier();
        bool honest = TryLook(out uint available);
        if (honest && available == 0)
            return nothing;
        ownFlags.StoreRelease(0);
        return honest ? RingStatus.Done : RingStatus.PeerRefused;
    }

    public void StopWaiting() => ownFlags.StoreRelease(0);

    /// <summary>Makes later operations fail, and returns when none is under way. They never wait for the peer, so neither does this.</summary>
    public void Close()
    {
        Volatile.Write(ref _closed, 1);
        Interlocked.MemoryBarrierProcessWide();
        SpinWait wait = default;
        while (Volatile.Read(ref _atWork) != 0 || _own.IsAtWork)
            wait.SpinOnce();
    }

    /// <summary>Looks at the peer's index while <see cref="TakeOne"/> is at work, and ends that when there is nothing to take.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private RingStatus Look(uint published, RingStatus nothing)
    {
        bool honest = peer.TryLook(published, out uint usable);
        _limit = unchecked(published + usable);
        if (usable != 0)
            return RingStatus.Done;
        _own.RewindVisibly();
        return honest ? nothing : RingStatus.PeerRefused;
    }

    private bool TryLook(out uint available)
    {
        uint published = _own.Published;
        bool honest = peer.TryLook(published, out uint usable);
        if (honest)
            _limit = unchecked(published + usable);
        available = unchecked(_limit - published);
        return honest;
    }

    private void WithdrawFromClosed(SharedRegion region)
    {
        _own.RewindVisibly();
        ThrowDisposed(region);
    }

    private static void ThrowDisposed(SharedRegion region)
        => throw new ObjectDisposedException(nameof(SpscRing<byte>), $"The ring in '{region.Name}' is disposed.");

    private static void ThrowTwoAtOnce(SharedRegion region)
        => throw new InvalidOperationException($"Two threads use the same side of the single-producer, single-consumer ring in '{region.Name}' at once.");
}
