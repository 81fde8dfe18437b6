using System.Collections.Generic;
using System.Linq;

namespace DmaMap;

internal static class Scenarios
{
    public static IEnumerable<Scenario> All()
    {
        yield return new("40 pages", static stage => stage.Container.MapDma(0, Pages(stage, 40)));
        yield return new("a hole in the second batch", static stage =>
        {
            stage.Memory.PunchHole(24);
            return stage.Container.MapDma(0, Pages(stage, 40));
        });
        yield return new("100 pages with a limit of 64", static stage => stage.Container.MapDma(0, Pages(stage, 100)));
        if (ReservedPages.First(2) is { } reserved)
            yield return new("8 pages and 2 reserved ones", stage => stage.Container.MapDma(0, Pages(stage, 8), reserved));
        yield return new("8 pages, one pinned by a device as well", static stage =>
        {
            int status = stage.Container.PinExternal(stage.Memory.All[3]);
            return status < 0 ? status : stage.Container.MapDma(0, Pages(stage, 8));
        });
        yield return new("40 pages, the target's limit is 32", static stage => stage.Container.MapDma(0, Pages(stage, 40))) { Limit = 32 };
        yield return new("80 pages, the target may, then may not", static stage =>
        {
            stage.Target.MayExceedLimit = true;
            return stage.Container.MapDma(0, Pages(stage, 80));
        })
        {
            Unmap = static stage =>
            {
                stage.Target.MayExceedLimit = false;
                stage.Container.UnmapDma(0);
            },
        };
        yield return new("16 pages, the target has exited", static stage =>
        {
            stage.Target.Exit();
            return stage.Container.MapDma(0, Pages(stage, 16));
        });
        yield return new("8 x 16 pages while the target is busy", static stage =>
        {
            using var busy = new Contention(stage.Target.MmapLock);
            return Enumerable.Range(0, 8).Select(n => stage.Container.MapDma((ulong)n, new PageRange(stage.Memory.All[16 * n], 16))).Min();
        })
        {
            Unmap = static stage =>
            {
                for (ulong n = 0; n < 8; n++) stage.Container.UnmapDma(n);
            },
        };
        yield return new("64 pages, unmap, again, while it is busy", static stage =>
        {
            int status = stage.Container.MapDma(0, Pages(stage, 64));
            if (status < 0) return status;
            using var busy = new Contention(stage.Target.MmapLock);
            status = stage.Container.UnmapDma(0);
            return status < 0 ? status : stage.Container.MapDma(0, Pages(stage, 64));
        });
    }

    private static PageRange Pages(Stage stage, int count) => stage.Memory.All with { Pages = count };
}
