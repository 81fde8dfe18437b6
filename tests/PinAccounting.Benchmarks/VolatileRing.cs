using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace PinAccounting.Benchmarks;

/// <summary>What one would write by hand: two indexes, each on a cache line of its own, and nothing that could be called a check.</summary>
internal sealed unsafe class VolatileRing : IDisposable
{
    private readonly byte* _memory;
    private readonly uint* _tail;
    private readonly uint* _head;
    private readonly long* _entries;
    private readonly uint _mask;

    internal VolatileRing(uint capacity)
    {
        _memory = (byte*)NativeMemory.AlignedAlloc(256 + capacity * sizeof(long), 128);
        _tail = (uint*)_memory;
        _head = (uint*)(_memory + 128);
        _entries = (long*)(_memory + 256);
        *_tail = *_head = 0;
        _mask = capacity - 1;
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    internal bool TryWrite(long item)
    {
        uint tail = *_tail;
        if (tail - Volatile.Read(ref *_head) > _mask) return false;
        _entries[tail & _mask] = item;
        Volatile.Write(ref *_tail, tail + 1);
        return true;
    }

    internal bool TryRead(out long item)
    {
        uint head = *_head;
        if (head == Volatile.Read(ref *_tail))
        {
            item = 0;
            return false;
        }

        item = _entries[head & _mask];
        Volatile.Write(ref *_head, head + 1);
        return true;
    }
}
