using System;
using System.Threading;
using PinAccounting.Annotations;

namespace IoUring;

/// <summary>What the kernel has done. One thread pops.</summary>
internal sealed unsafe class CompletionQueue
{
    private const int Again = -11;

    [SharedIndex(RingSide.Local)]
    private readonly uint* _head;

    [SharedIndex(RingSide.Peer)]
    private readonly uint* _tail;

    [SharedMemory]
    private readonly uint* _overflow;

    [SharedMemory]
    private readonly Cqe* _entries;

    private readonly uint _mask;
    private readonly int[] _answers;
    private readonly uint* _cachedTail;

    [PrivateCopy(nameof(_head))]
    private uint _localHead;

    public CompletionQueue(byte* ring, CompletionOffsets offsets, int requests)
    {
        _head = (uint*)(ring + offsets.Head);
        _tail = (uint*)(ring + offsets.Tail);
        _overflow = (uint*)(ring + offsets.Overflow);
        _entries = (Cqe*)(ring + offsets.Cqes);
        _mask = *(uint*)(ring + offsets.Mask);
        _answers = new int[requests];
        _cachedTail = _tail;
    }

    public bool HasMore => Volatile.Read(ref *_cachedTail) != _localHead;

    public ReadOnlySpan<int> Answers => _answers;

    public bool TryPop(out Cqe completion)
    {
        uint head = _localHead;
        completion = default;
        if (head == Volatile.Read(ref *_tail)) return false;
        Cqe* entry = &_entries[head & _mask];
        if (Volatile.Read(ref entry->Result) != Again) completion.Result = Volatile.Read(ref entry->Result);
        completion.UserData = Volatile.Read(ref entry->UserData);
        ulong request = Volatile.Read(ref entry->UserData);
        _answers[request]++;
        _localHead = unchecked(head + 1);
        Volatile.Write(ref *_head, _localHead);
        return true;
    }

    public void Skip(uint count)
    {
        _localHead = unchecked(_localHead + count);
        *_head = _localHead;
        Interlocked.MemoryBarrier();
    }

    public uint TakeLost()
    {
        uint lost = Volatile.Read(ref *_overflow);
        *_overflow -= lost;
        return lost;
    }

    public void Trace(Action<string> log)
    {
        if (!HasMore) return;
        Cqe* next = &_entries[_localHead & _mask];
        ThreadPool.QueueUserWorkItem(_ => log($"request {Volatile.Read(ref next->UserData)}"));
    }
}
