using System.Threading;
using PinAccounting.Annotations;

namespace IoUring;

/// <summary>What this process asks of the kernel. One thread pushes and publishes.</summary>
internal sealed unsafe class SubmissionQueue
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

    public uint Unconsumed => unchecked(_localTail - *_head);

    public bool IsIdle
    {
        get
        {
            uint head = Volatile.Read(ref *_head);
            return head >= _localTail;
        }
    }

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

    public bool Publish()
    {
        if (!_isPolled)
        {
            *_tail = _localTail;
            return false;
        }

        Volatile.Write(ref *_tail, _localTail);
        return (Volatile.Read(ref *_flags) & RingFlags.NeedWakeUp) != 0;
    }

    public bool PushNow(Sqe sqe)
    {
        if (Room == 0) return false;
        uint tail = _localTail;
        _localTail = unchecked(tail + 1);
        _slots[tail & _mask] = sqe;
        Volatile.Write(ref *_tail, _localTail);
        Volatile.Write(ref _array[tail & _mask], tail & _mask);
        return true;
    }

    public void Forget() => Volatile.Write(ref *_head, _localTail);

    public string Describe(uint index)
    {
        Sqe sqe = _slots[index];
        return $"descriptor {sqe.Descriptor}, {sqe.Length} bytes at {sqe.Offset}";
    }
}
