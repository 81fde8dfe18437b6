using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Ledger;

/// <summary>Reads every file below a directory, by four workers. The folder at the top says whose it is, and who pays.</summary>
internal static class Reading
{
    private const int Workers = 4;

    /// <summary>In bytes, for each tenant.</summary>
    private const long Budget = 1 << 20;

    public static void Run(string directory, TextWriter output, TextWriter lines)
    {
        var journal = new Journal(lines);
        output.WriteLine("tenant                files  read      bytes  still charged");
        foreach (IGrouping<string, string> files in Directory.GetFiles(directory, "*", SearchOption.AllDirectories).GroupBy(file => OwnerOf(directory, file)).OrderBy(static files => files.Key, StringComparer.Ordinal))
        {
            var tenant = new Tenant(files.Key, Budget, journal);
            var statistics = new Statistics(journal);
            int read = Read(tenant, [.. files], statistics);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tenant.Name,-20} {files.Count(),6} {read,5} {statistics.Report(),10} {tenant.Used,14}"));
        }
    }

    /// <returns>How many of them the budget allowed to read.</returns>
    public static int Read(Tenant tenant, IReadOnlyCollection<string> files, Statistics statistics)
    {
        int read = 0;
        Parallel.ForEach(files, new ParallelOptions { MaxDegreeOfParallelism = Workers }, file =>
        {
            if (Reader.Digest(tenant, file) is null) return;
            Interlocked.Increment(ref read);
            statistics.Opened(Access.Read);
            statistics.Add(new FileInfo(file).Length);
        });
        return read;
    }

    private static string OwnerOf(string directory, string file)
    {
        string relative = Path.GetRelativePath(directory, file);
        int end = relative.IndexOf(Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return end < 0 ? "." : relative[..end];
    }
}
