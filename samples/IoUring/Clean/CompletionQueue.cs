using System;
using System.IO;
using System.Threading;
using PinAccounting.Annotations;

namespace IoUring;

/// <summary>What the kernel has done. One thread pops.</summary>
internal sealed unsafe class CompletionQueue
{
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
    private uint _lost;

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
    }

    public bool HasMore => Volatile.Read(ref *_tail) != _localHead;

    /// <summary>How often each request was answered.</summary>
    public ReadOnlySpan<int> Answers => _answers;

    public bool TryPop(out Cqe completion)
    {
        uint head = _localHead;
        completion = default;
        if (head == Volatile.Read(ref *_tail)) return false;
        Cqe taken = _entries[head & _mask];
        if (taken.UserData >= (ulong)_answers.Length) throw new InvalidDataException($"The kernel answers request {taken.UserData}, which nobody made.");
        _answers[taken.UserData]++;
        _localHead = unchecked(head + 1);
        Volatile.Write(ref *_head, _localHead);
        completion = taken;
        return true;
    }

    /// <summary>Drops completions unseen.</summary>
    public void Skip(uint count)
    {
        _localHead = unchecked(_localHead + Math.Min(count, unchecked(Volatile.Read(ref *_tail) - _localHead)));
        Volatile.Write(ref *_head, _localHead);
    }

    /// <summary>Completions that the kernel lost since this was last asked.</summary>
    public uint TakeLost()
    {
        uint lost = Volatile.Read(ref *_overflow);
        uint since = unchecked(lost - _lost);
        _lost = lost;
        return since;
    }

    /// <summary>Logs the next completion, later.</summary>
    public void Trace(Action<string> log)
    {
        if (!HasMore) return;
        Cqe next = _entries[_localHead & _mask];
        ThreadPool.QueueUserWorkItem(_ => log($"request {next.UserData}"));
    }
}
