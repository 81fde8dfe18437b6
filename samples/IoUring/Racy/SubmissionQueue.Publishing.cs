using System.Threading;

namespace IoUring;

internal sealed unsafe partial class SubmissionQueue
{
    public uint Unconsumed => unchecked(_localTail - *_head);

    public bool IsIdle
    {
        get
        {
            uint head = Volatile.Read(ref *_head);
            return head >= _localTail;
        }
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
