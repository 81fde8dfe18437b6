using System.Threading;
using PinAccounting.Annotations;

namespace IoUring;

/// <summary>What this process asks of the kernel. One thread pushes and publishes.</summary>
internal sealed unsafe partial class SubmissionQueue
{
    [SharedIndex(RingSide.Peer)]
    private readonly uint* _head;

    [SharedIndex(RingSide.Local, Payload = nameof(_array))]
    private readonly uint* _tail;

    [SharedMemory]
    private readonly uint* _flags;

    [SharedMemory]
    private readonly uint* _array;

    private readonly Sqe* _slots;
    private readonly uint _entries;
    private readonly uint _mask;
    private readonly bool _isPolled;

    /// <summary>The index that counts: the one in the ring is only ever written.</summary>
    [PrivateCopy(nameof(_tail))]
    private uint _localTail;

    public SubmissionQueue(byte* ring, SubmissionOffsets offsets, Sqe* slots, bool isPolled)
    {
        _head = (uint*)(ring + offsets.Head);
        _tail = (uint*)(ring + offsets.Tail);
        _flags = (uint*)(ring + offsets.Flags);
        _array = (uint*)(ring + offsets.Array);
        _entries = *(uint*)(ring + offsets.Entries);
        _mask = *(uint*)(ring + offsets.Mask);
        _slots = slots;
        _isPolled = isPolled;
    }

    public uint Room => _entries - Unconsumed;

    /// <summary>The kernel keeps completions for which the other ring has no room.</summary>
    public bool HasOverflow => (Volatile.Read(ref *_flags) & RingFlags.CompletionOverflow) != 0;

    public bool TryPush(Sqe sqe)
    {
        if (Room == 0) return false;
        uint tail = _localTail;
        _slots[tail & _mask] = sqe;
        Volatile.Write(ref _array[tail & _mask], tail & _mask);
        _localTail = unchecked(tail + 1);
        return true;
    }
}
