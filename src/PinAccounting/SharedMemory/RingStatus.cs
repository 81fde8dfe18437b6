namespace PinAccounting.SharedMemory;

/// <summary>What came of an operation on a ring.</summary>
public enum RingStatus
{
    /// <summary>It was done; for waiting: entries or room are there, so there is nothing to wait for.</summary>
    Done,

    /// <summary>There was no room; nothing has changed, but for the entries of a batch that there was room for.</summary>
    Full,

    /// <summary>There was no entry; nothing has changed, but for the entries that a batch has taken before.</summary>
    Empty,

    /// <summary>
    /// The peer published an index that no honest peer can publish. Nothing has changed, but for the entries of a batch that an earlier look had granted;
    /// <see cref="SpscRing{T}.Refusals"/> has counted it, and the next call looks again.
    /// </summary>
    PeerRefused,
}
