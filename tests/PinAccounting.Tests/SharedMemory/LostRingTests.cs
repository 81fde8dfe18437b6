using System;
using System.IO;
using System.Runtime.CompilerServices;
using PinAccounting.SharedMemory;
using Xunit;

namespace PinAccounting.Tests.SharedMemory;

/// <summary>Rings that nobody disposes. A lost charge stays charged, because what it paid for is still pinned; a mapping that nobody can use any more only takes room.</summary>
[Collection(nameof(ProcessWideDiagnostics))]
public sealed class LostRingTests
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [LinuxFact]
    public void RingThatIsLost_IsUnmapped() => LoseAndCollect(static (_, _) => { });

    [LinuxFact]
    public void RingThatIsLost_AfterItsRegionWasDisposed_IsUnmapped() => LoseAndCollect(static (region, _) => region.Dispose());

    /// <summary>Disposal has waited in vain for work that will never end; that nobody is at it is certain only once nobody refers to the ring.</summary>
    [LinuxFact]
    public void RingThatLooksAtWorkForEver_IsUnmappedWhenItIsLost() => LoseAndCollect(static (region, ring) =>
    {
        Assert.Throws<NullReferenceException>(() => ring.TryWrite(in Unsafe.NullRef<int>()));
        ring.Close(patience: 1);
        Assert.Throws<ObjectDisposedException>(() => ring.TryWrite(1));
        region.Dispose();
    });

    private void LoseAndCollect(Action<SharedRegion, SpscRing<int>> use)
    {
        Lose(use);
        for (int i = 0; i < 20 && IsMapped(); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(IsMapped());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Lose(Action<SharedRegion, SpscRing<int>> use)
    {
        SharedRegion region = SharedRegion.CreateFile(_path, 4096);
        File.Delete(_path);
        SpscRing<int> ring = SpscRing<int>.Create(region, 4);
        Assert.True(ring.TryWrite(1));
        use(region, ring);
        Assert.True(IsMapped());
    }

    private bool IsMapped() => File.ReadAllText("/proc/self/maps").Contains(_path, StringComparison.Ordinal);
}
