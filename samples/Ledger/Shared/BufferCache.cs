using System;
using System.Collections.Generic;
using System.Threading;

namespace Ledger;

/// <summary>Buffers that are kept for the next file, wiped.</summary>
internal sealed partial class BufferCache(Journal journal)
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

    private byte[]? Next()
    {
        lock (_gate) return _buffers.TryPop(out byte[]? buffer) ? buffer : null;
    }

    private int Wipe(byte[] buffer)
    {
        Array.Clear(buffer);
        journal.Write($"{buffer.Length} bytes wiped");
        return buffer.Length;
    }
}
