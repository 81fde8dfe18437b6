using System;
using System.Threading;
using PinAccounting.Annotations;

namespace IoUring;

internal sealed unsafe partial class SubmissionQueue
{
    [PrivateCopy(nameof(_tail))]
    private uint _published;

    /// <summary>Published or about to be, and not yet taken by the kernel.</summary>
    public uint Unconsumed => unchecked(_localTail - Volatile.Read(ref *_head));

    public bool IsIdle => Volatile.Read(ref *_head) == _localTail;

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
