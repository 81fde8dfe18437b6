using System;
using System.Buffers;
using PinAccounting.Annotations;

namespace PinAccounting.Memory;

/// <summary>One rent of a block: a view that ends for good when it is returned, whoever has the block afterwards.</summary>
internal sealed class LockedMemoryLease(LockedMemoryPool pool, [TransfersObligation] LockedMemory block) : MemoryManager<byte>
{
    private PinGate _gate;

    public override Span<byte> GetSpan()
    {
        if (_gate.IsClosed) throw Returned();
        return block.GetSpan();
    }

    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)block.Length, nameof(elementIndex));
        if (!_gate.TryPin()) throw Returned();
        return new MemoryHandle(block.Start + elementIndex, default, this);
    }

    public override void Unpin()
    {
        if (!_gate.TryUnpin(out bool free))
            throw new InvalidOperationException("This lease of locked memory is not pinned: unpinned twice?");
        if (free)
            pool.TakeBack(block);
    }

    private ObjectDisposedException Returned() => new(nameof(LockedMemoryLease), $"This lease of {block.Length} bytes of locked memory of account '{pool.Account.Name}' was returned.");

    protected override void Dispose(bool disposing)
    {
        if (_gate.Close())
            pool.TakeBack(block);
    }
}
