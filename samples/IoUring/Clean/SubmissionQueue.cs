using System;
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

    /// <summary>The index that counts: the one in the ring is only ever written.</summary>
    [PrivateCopy(nameof(_tail))]
    private uint _localTail;

    [PrivateCopy(nameof(_tail))]
    private uint _published;

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

    /// <summary>Published or about to be, and not yet taken by the kernel.</summary>
    public uint Unconsumed => unchecked(_localTail - Volatile.Read(ref *_head));

    public bool IsIdle => Volatile.Read(ref *_head) == _localTail;

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

    /// <summary>Shows the kernel what was pushed; true when its thread sleeps and must be woken.</summary>
    public bool Publish()
    {
        Volatile.Write(ref *_tail, _localTail);
        _published = _localTail;
        if (!_isPolled) return false;
        Interlocked.MemoryBarrier();
        return (Volatile.Read(ref *_flags) & RingFlags.NeedWakeUp) != 0;
    }

    /// <summary>Pushes and publishes one operation.</summary>
    public bool PushNow(Sqe sqe) => TryPush(sqe) && (Publish() || true);

    /// <summary>Takes back what was pushed and is not published.</summary>
    public void Forget() => _localTail = _published;

    public string Describe(uint index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _entries);
        Sqe* slot = &_slots[index];
        return $"descriptor {Volatile.Read(ref slot->Descriptor)}, {Volatile.Read(ref slot->Length)} bytes at {Volatile.Read(ref slot->Offset)}";
    }
}
