using System;
using System.Collections.Generic;
using System.Threading;

namespace Ledger;

/// <summary>Buffers that are kept for the next file, wiped.</summary>
internal sealed class BufferCache(Journal journal)
{
    private readonly Lock _gate = new();
    private readonly Stack<byte[]> _buffers = new();
    private long _bytes;

    public long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    public void Keep(byte[] buffer)
    {
        lock (_gate)
        {
            _buffers.Push(buffer);
            _bytes += buffer.Length;
        }
    }

    public void Trim()
    {
        byte[]? buffer;
        lock (_gate)
        {
            if (!_buffers.TryPop(out buffer)) return;
        }

        // Wiping takes long, so not under the lock. But the sum is read before and written after it.
        _bytes -= Wipe(buffer);
    }

    private int Wipe(byte[] buffer)
    {
        Array.Clear(buffer);
        journal.Write($"{buffer.Length} bytes wiped");
        return buffer.Length;
    }
}
