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
    private static readonly Dictionary<string, string> NoEnvironment = [];
    private static readonly Regex Listed = new(@"^(?<file>\w+\.cs)\((?<line>\d+)\): (?<id>PIN\d{4})", RegexOptions.Multiline | RegexOptions.CultureInvariant);
    private static readonly Regex Figures = new(
        @"^(?<when>before|after)\s+VmLck\s+(?<locked>\d+) kB\s+pinned objects\s+(?<pinned>\d+)\s+memory pressure\s+(?<pressure>\d+) B\s+account run\s+(?<run>-?\d+) pages\s+account verify\s+(?<verify>-?\d+) pages",
        RegexOptions.Multiline | RegexOptions.CultureInvariant);

    [Fact]
    [Trait("Needs", "PIN1001-PIN1005")]
    public async Task Leaky_BuildsWithTheWarningsItsReadmeLists()
    {
        DotNetResult build = (await BuildAsync("Leaky")).ShouldSucceed();
        string[] listed = [.. Listed.Matches(Readme()).Select(m => m.Value).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(listed);
        Assert.Equal(listed, BuildDiagnostic.ParseOutput(build.Output).Select(d => d.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Fixed_BuildsWithoutWarnings()
    {
        DotNetResult build = (await BuildAsync("Fixed")).ShouldSucceed();
        Assert.Empty(BuildDiagnostic.ParseOutput(build.Output));
    }

    [Fact]
    public async Task Leaky_LosesWhatItsReadmeSays()
    {
        DotNetResult run = (await RunAsync("Leaky", "--demo", "1000")).ShouldSucceed();
        string readme = Readme();
        Assert.Equal(Lost(readme[readme.IndexOf("\nLeaky:", StringComparison.Ordinal)..readme.IndexOf("\nFixed:", StringComparison.Ordinal)]), Lost(run.Output));
    }

    [Fact]
    public async Task Fixed_HoldsNothingAfterAThousandFiles()
    {
        DotNetResult run = (await RunAsync("Fixed", "--demo", "1000")).ShouldSucceed();
        AssertNothingHeld(run.Output);
    }

    [Fact]
    public async Task Fixed_CopiesARealTree()
    {
        using var target = new TemporaryDirectory();
        string source = Repository.PathTo("samples", "PinnedCopy", "Shared");
        DotNetResult run = (await RunAsync("Fixed", source, target.FullPath)).ShouldSucceed();
        AssertNothingHeld(run.Output);
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

    private static string Readme() => File.ReadAllText(Repository.PathTo("samples", "PinnedCopy", "README.md"));

    /// <summary>Only compiles, and into a place of its own: an up-to-date build prints nothing, and other builds may be using the usual place.</summary>
    private static async Task<DotNetResult> BuildAsync(string twin)
    {
        using var intermediate = new TemporaryDirectory();
        return await DotNet.RunAsync(
            Repository.PathTo("samples", "PinnedCopy", twin), NoEnvironment, "build", "-t:Compile", "--nologo", "--no-restore", "-c", Repository.Configuration,
            "-p:BuildProjectReferences=false", "-p:UseSharedCompilation=false", $"-p:SampleIntermediateOutputPath={intermediate.FullPath}/");
    }

    private static Task<DotNetResult> RunAsync(string twin, params string[] arguments) =>
        DotNet.RunAsync(
            Repository.Root, NoEnvironment,
            ["exec", Repository.PathTo("samples", "PinnedCopy", twin, "bin", Repository.Configuration, "net10.0", $"PinnedCopy.{twin}.dll"), .. arguments]);
}
