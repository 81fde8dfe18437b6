using System.Threading;

namespace IoUring;

internal sealed unsafe partial class RingMonitor
{
    /// <summary>How many operations were ever completed.</summary>
    public uint Completed => Volatile.Read(ref *_tail);
}
