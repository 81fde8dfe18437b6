using System;

namespace PinAccounting.SharedMemory;

public sealed unsafe partial class SpscRing<T>
{
    /// <summary>Asks the producer for a wake-up, unless there are entries already.</summary>
    /// <returns>
    /// <see cref="RingStatus.Empty"/>: sleep now, the producer will see the request. <see cref="RingStatus.Done"/>: there are entries, do not
    /// sleep. <see cref="RingStatus.PeerRefused"/>: the producer's index makes no sense, so do not rely on it to wake anybody.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is reading.</exception>
    /// <remarks>Undone by <see cref="StopWaitingForEntries"/>, except after a result other than <see cref="RingStatus.Empty"/>. Request, full fence, acquire load of the index.
    /// Sleep with a time limit: a peer need not keep its word.</remarks>
    public RingStatus PrepareToWaitForEntries()
    {
        ref RingSideState side = ref Enter(ref _consumer);
        return Leave(ref side, side.PrepareToWait(RingStatus.Empty));
    }

    /// <summary>Takes the request of <see cref="PrepareToWaitForEntries"/> back, after waking.</summary>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is reading.</exception>
    public void StopWaitingForEntries()
    {
        ref RingSideState side = ref Enter(ref _consumer);
        side.StopWaiting();
        side.Exit();
    }

    /// <summary>Asks the consumer for a wake-up, unless there is room already.</summary>
    /// <returns>
    /// <see cref="RingStatus.Full"/>: sleep now, the consumer will see the request. <see cref="RingStatus.Done"/>: there is room, do not
    /// sleep. <see cref="RingStatus.PeerRefused"/>: the consumer's index makes no sense, so do not rely on it to wake anybody.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is writing.</exception>
    /// <remarks>Undone by <see cref="StopWaitingForRoom"/>, except after a result other than <see cref="RingStatus.Full"/>. Request, full fence, acquire load of the index.
    /// Sleep with a time limit: a peer need not keep its word.</remarks>
    public RingStatus PrepareToWaitForRoom()
    {
        ref RingSideState side = ref Enter(ref _producer);
        return Leave(ref side, side.PrepareToWait(RingStatus.Full));
    }

    /// <summary>Takes the request of <see cref="PrepareToWaitForRoom"/> back, after waking.</summary>
    /// <exception cref="ObjectDisposedException">The ring is disposed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is writing.</exception>
    public void StopWaitingForRoom()
    {
        ref RingSideState side = ref Enter(ref _producer);
        side.StopWaiting();
        side.Exit();
    }
}
