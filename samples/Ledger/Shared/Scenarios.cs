using System.Collections.Generic;
using System.Linq;

namespace Ledger;

internal static class Scenarios
{
    public static IEnumerable<Scenario> All()
    {
        yield return new("24 files of 2500 bytes, read by 4 workers", static stage =>
        {
            string[] files = [.. Enumerable.Range(0, 24).Select(n => stage.Files.Make($"{n}.txt", 2500))];
            return Granted(Reading.Read(stage.Alice, files, new Statistics(stage.Journal)) == files.Length);
        });
        yield return new("a copy for bob", static stage =>
        {
            Reader.Copy(stage.Alice, stage.Bob, stage.Files.Make("a", 6000), stage.Files.Root);
            return Outcome.Ok;
        });
        yield return new("6000 bytes announced", static stage => Announced(stage, stage.Files.Make("a", 6000)));
        yield return new("20000 bytes announced", static stage => Announced(stage, stage.Files.Make("a", 20_000)));
        yield return new("a missing file announced", static stage => Announced(stage, stage.Files.PathTo("a")));
        yield return new("8000 bytes kept, and 8000 at the same time", static stage =>
        {
            (string first, string second) = (stage.Files.Make("a", 8000), stage.Files.Make("b", 8000));
            bool isSecondKept = false;
            stage.Journal.Meanwhile(() => isSecondKept = stage.Catalogue.Add(stage.Folder, second));
            bool isFirstKept = stage.Catalogue.Add(stage.Folder, first);
            return Granted(isFirstKept && isSecondKept);
        })
        {
            End = static stage => stage.Catalogue.Sweep(),
        };
        yield return new("8000 bytes kept, evicted at the same time", static stage =>
        {
            string path = stage.Files.Make("a", 8000);
            stage.Journal.Meanwhile(() => stage.Catalogue.Evict(path));
            return Granted(stage.Catalogue.Add(stage.Folder, path));
        })
        {
            End = static stage => stage.Catalogue.Sweep(),
        };
        yield return new("6000 bytes kept, the folder given to bob", static stage => Granted(stage.Catalogue.Add(stage.Folder, stage.Files.Make("a", 6000))))
        {
            End = static stage =>
            {
                stage.Folder.Owner = stage.Bob;
                stage.Catalogue.Sweep();
            },
        };
        yield return new("6000 bytes kept, then not to be kept", static stage =>
        {
            stage.Folder.Configure(FolderOptions.Keep);
            return Granted(stage.Catalogue.Add(stage.Folder, stage.Files.Make("a", 6000)));
        })
        {
            End = static stage =>
            {
                stage.Folder.Configure(FolderOptions.Compress);
                stage.Catalogue.Sweep();
            },
        };
        yield return new("an upload of alice's, closed by bob", static stage =>
        {
            Session.Tenant = stage.Alice;
            return Granted(stage.Own(new Upload(6000)).Begin());
        })
        {
            End = static stage => Session.Tenant = stage.Bob,
        };
        yield return new("3 private and 3 public files of 1000 bytes", static stage =>
        {
            var meter = new Meter(stage.Alice, isOn: true);
            string[] files = [.. Enumerable.Range(0, 6).Select(n => stage.Files.Make(n % 2 == 0 ? $"{n}.txt" : $"{n}.public", 1000))];
            foreach (string file in files) meter.Opened(file);
            foreach (string file in files) meter.Closed(file);
            return Outcome.Ok;
        });
        yield return new("an index of 120 lines", static stage =>
        {
            stage.Own(new LineIndex(stage.Alice, stage.Files.Make("a", 6000))).Build();
            return Outcome.Ok;
        });
    }

    private static Outcome Announced(Stage stage, string path) => stage.Own(new Announcement(stage.Alice, path)).Begin() ? Outcome.Ok : Outcome.Missing;

    private static Outcome Granted(bool granted) => granted ? Outcome.Ok : Outcome.OverBudget;
}
