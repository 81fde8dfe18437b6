using System;
using System.Threading;
using PinAccounting.Annotations;

namespace IoUring;

/// <summary>Looks at a completion ring through a mapping that cannot be written.</summary>
internal sealed unsafe class RingMonitor : IDisposable
{
    private readonly MappedRegion _region;

    [SharedMemory(ReadOnlyMapping = true)]
    private readonly uint* _tail;

    public RingMonitor(MappedRegion region, uint tail)
    {
        _region = region;
        _tail = (uint*)(region.Address + tail);
    }

    /// <summary>How many operations were ever completed.</summary>
    public uint Completed => (uint)Interlocked.CompareExchange(ref *(int*)_tail, 0, 0);

    public void Dispose() => _region.Dispose();
}
