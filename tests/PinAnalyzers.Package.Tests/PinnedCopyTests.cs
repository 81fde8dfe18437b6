using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Package.Tests;

/// <summary>The sample's README is kept honest: its warnings are those of the build, its figures those of the run.</summary>
public sealed class PinnedCopyTests
{
    private static readonly Sample PinnedCopy = new("PinnedCopy");
    private static readonly Regex Figures = new(
        @"^(?<when>before|after)\s+VmLck\s+(?<locked>\d+) kB\s+pinned objects\s+(?<pinned>\d+)\s+memory pressure\s+(?<pressure>\d+) B\s+account run\s+(?<run>-?\d+) pages\s+account verify\s+(?<verify>-?\d+) pages",
        RegexOptions.Multiline | RegexOptions.CultureInvariant);

    [Fact]
    [Trait("Needs", "PIN1001-PIN1005")]
    public async Task Leaky_BuildsWithTheWarningsItsReadmeLists()
    {
        Assert.NotEmpty(PinnedCopy.ListedWarnings);
        Assert.Equal(PinnedCopy.ListedWarnings, await PinnedCopy.WarningsOfAsync("Leaky"));
    }

    [Fact]
    public async Task Fixed_BuildsWithoutWarnings() => Assert.Empty(await PinnedCopy.WarningsOfAsync("Fixed"));

    [Fact]
    public async Task Leaky_LosesWhatItsReadmeSays()
    {
        string run = await PinnedCopy.RunAsync("Leaky", "--demo", "1000"), readme = PinnedCopy.Readme;
        Assert.Equal(Lost(readme[readme.IndexOf("\nLeaky:", StringComparison.Ordinal)..readme.IndexOf("\nFixed:", StringComparison.Ordinal)]), Lost(run));
    }

    [Fact]
    public async Task Fixed_HoldsNothingAfterAThousandFiles()
    {
        AssertNothingHeld(await PinnedCopy.RunAsync("Fixed", "--demo", "1000"));
    }

    [Fact]
    public async Task Fixed_CopiesARealTree()
    {
        using var target = new TemporaryDirectory();
        string source = PinnedCopy.PathTo("Shared");
        AssertNothingHeld(await PinnedCopy.RunAsync("Fixed", source, target.FullPath));
        Assert.All(Directory.GetFiles(source), file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(target.PathTo(Path.GetFileName(file)))));
    }

    private static void AssertNothingHeld(string output)
    {
        Assert.All(Lost(output).Values, figure => Assert.Equal(0, figure));
    }

    /// <summary>What the process holds more after the run than before: the runtime may pin an object or two of its own.</summary>
    private static SortedDictionary<string, long> Lost(string output)
    {
        Match before = Figures.Matches(output).Single(m => m.Groups["when"].Value == "before");
        Match after = Figures.Matches(output).Single(m => m.Groups["when"].Value == "after");
        string[] figures = ["locked", "pinned", "pressure", "run", "verify"];
        return new(figures.ToDictionary(name => name, name => long.Parse(after.Groups[name].Value, null) - long.Parse(before.Groups[name].Value, null)));
    }
}
