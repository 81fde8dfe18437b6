using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace PinAnalyzers.Package.Tests;

/// <summary>Every sample with a bad and a good twin: its README lists the warnings of the bad one to the letter, and shows what both print.</summary>
public sealed class SampleTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (string folder in Directory.GetDirectories(Repository.PathTo("samples")).Where(static folder => Directory.Exists(Path.Combine(folder, "Bad"))).Order(StringComparer.Ordinal))
            names.Add(Path.GetFileName(folder));
        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bad_BuildsWithTheWarningsItsReadmeLists(string name)
    {
        var sample = new Sample(name);
        Assert.NotEmpty(sample.ListedWarnings);
        Assert.Equal(sample.ListedWarnings, await sample.WarningsOfAsync("Bad"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Good_BuildsWithoutWarnings(string name) => Assert.Empty(await new Sample(name).WarningsOfAsync("Good"));

    /// <summary>A program that cannot show what it is about on this machine says why, and is not compared.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Twins_PrintTheTablesOfTheirReadme(string name)
    {
        var sample = new Sample(name);
        string[] tables = [.. sample.BlocksUnder("What they print")];
        Assert.Equal(2, tables.Length);
        foreach ((string twin, string table) in new[] { ("Bad", tables[0]), ("Good", tables[1]) })
        {
            string printed = await sample.RunAsync(twin);
            if (printed.StartsWith("skipped: ", StringComparison.Ordinal)) output.WriteLine($"{name}.{twin} {printed}");
            else Assert.Contains(table.TrimEnd(), printed, StringComparison.Ordinal);
        }
    }
}
