using System;
using PinAccounting.Annotations;

namespace IoUring;

/// <summary>Looks at a completion ring through a mapping that cannot be written.</summary>
internal sealed unsafe partial class RingMonitor : IDisposable
{
    private readonly MappedRegion _region;

    [SharedMemory(ReadOnlyMapping = true)]
    private readonly uint* _tail;

    public RingMonitor(MappedRegion region, uint tail)
    {
        _region = region;
        _tail = (uint*)(region.Address + tail);
    }

    public void Dispose() => _region.Dispose();
}
