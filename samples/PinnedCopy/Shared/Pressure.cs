using System;
using System.Threading;
using PinAccounting.Annotations;

namespace PinnedCopy;

/// <summary>Memory pressure with a figure to read back, which <see cref="GC"/> does not offer.</summary>
internal static class Pressure
{
    private static long s_reported;

    /// <summary>Bytes reported to the collector and not yet taken back.</summary>
    public static long Reported => Volatile.Read(ref s_reported);

    [Charge("pressure", ReleasedBy = nameof(Remove))]
    public static void Add([ChargeAmount(Unit = "bytes")] long bytes)
    {
        GC.AddMemoryPressure(bytes);
        Interlocked.Add(ref s_reported, bytes);
    }

    [Release("pressure")]
    public static void Remove([ChargeAmount(Unit = "bytes")] long bytes)
    {
        Interlocked.Add(ref s_reported, -bytes);
        GC.RemoveMemoryPressure(bytes);
    }
}
