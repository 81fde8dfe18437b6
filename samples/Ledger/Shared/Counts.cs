using System;
using System.Collections.Generic;
using System.IO;

namespace Ledger;

internal static class Counts
{
    public static IEnumerable<Count> All()
    {
        yield return new("arrays still pinned after 20 files were kept and evicted", static stage =>
        {
            long before = PinnedObjects();
            for (int i = 0; i < 20; i++) stage.Catalogue.Add(stage.Folder, stage.Files.Make($"{i}", 100));
            stage.Catalogue.Sweep();
            return PinnedObjects() - before;
        });
        yield return new("desks free when 3 of 4 are given back", static stage =>
        {
            var desks = new Desks(4, stage.Journal);
            foreach (string reader in (string[])["carol", "dave", "eve"]) desks.Seat(reader);
            foreach (string reader in (string[])["carol", "dave", "eve"]) desks.Unseat(reader);
            return desks.Free;
        });
        yield return new("bytes in the cache: 4000 trimmed while 8000 come", static stage =>
        {
            var cache = new BufferCache(stage.Journal);
            cache.Keep(new byte[4000]);
            stage.Journal.Meanwhile(() => cache.Keep(new byte[8000]));
            cache.Trim();
            return cache.Bytes;
        });
        yield return new("bytes reported of 6000, 2000 of them during a report", static stage =>
        {
            var statistics = new Statistics(stage.Journal);
            statistics.Add(4000);
            stage.Journal.Meanwhile(() => statistics.Add(2000));
            return statistics.Report() + statistics.Report();
        });
        yield return new("files opened to read: 3 of 5", static stage =>
        {
            var statistics = new Statistics(stage.Journal);
            foreach (Access access in (Access[])[Access.Read, Access.Write, Access.Read, Access.Append, Access.Read]) statistics.Opened(access);
            return statistics.Reads;
        });
        yield return new("names looked up among the operators, for 8 small files", static stage =>
        {
            var operators = new Operators(stage.Files.Make("operators", 500));
            var admission = new Admission(operators, largest: 4096);
            for (int i = 0; i < 8; i++)
            {
                if (!admission.Allows("alice", 100)) throw new InvalidOperationException("A small file is for everybody.");
            }

            return operators.Asked;
        });
        yield return new("the bill of a tenant who left before his last file", static stage =>
        {
            using (var mapping = new Mapping(stage.Alice, stage.Files.Make("a", 6000))) stage.Alice.Put();
            return stage.Alice.LastBill ?? throw new InvalidDataException("There is no bill.");
        });
    }

    private static long PinnedObjects()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetGCMemoryInfo(GCKind.FullBlocking).PinnedObjectsCount;
    }
}
