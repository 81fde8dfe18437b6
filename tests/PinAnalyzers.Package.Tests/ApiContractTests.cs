using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Package.Tests;

/// <summary>The sample's README is kept honest: its warnings are those of the build, its tables those of the run, its specification that of the code.</summary>
public sealed class ApiContractTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];
    private static readonly Regex Listed = new(@"^(?<file>\w+\.cs)\((?<line>\d+)\): (?<id>PIN\d{4})", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    [Fact]
    public async Task Bad_BuildsWithTheWarningsItsReadmeLists()
    {
        DotNetResult build = (await BuildAsync("Bad")).ShouldSucceed();
        string[] listed = [.. Listed.Matches(Readme()).Select(m => m.Value).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(listed);
        Assert.Equal(listed, BuildDiagnostic.ParseOutput(build.Output).Select(d => d.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Good_BuildsWithoutWarnings()
    {
        DotNetResult build = (await BuildAsync("Good")).ShouldSucceed();
        Assert.Empty(BuildDiagnostic.ParseOutput(build.Output));
    }

    [Theory]
    [InlineData("Bad")]
    [InlineData("Good")]
    public async Task Run_PrintsTheTableOfItsReadme(string twin)
    {
        DotNetResult run = (await RunAsync(twin)).ShouldSucceed();
        Assert.Contains(Lines(run.Output).Trim(), Lines(Readme()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--markdown", "specification.md")]
    [InlineData("--json", "specification.json")]
    public async Task Specification_IsWhatTheProgramPrints(string option, string file)
    {
        DotNetResult run = (await RunAsync("Good", option)).ShouldSucceed();
        Assert.Equal(Lines(File.ReadAllText(Repository.PathTo("samples", "ApiContract", file))).Trim(), Lines(run.Output).Trim());
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n");

    private static string Readme() => File.ReadAllText(Repository.PathTo("samples", "ApiContract", "README.md"));

    /// <summary>Only compiles, and into a place of its own: an up-to-date build prints nothing, and other builds may be using the usual place.</summary>
    private static async Task<DotNetResult> BuildAsync(string twin)
    {
        using var intermediate = new TemporaryDirectory();
        return await DotNet.RunAsync(
            Repository.PathTo("samples", "ApiContract", twin), NoEnvironment, "build", "-t:Compile", "--nologo", "--no-restore", "-c", Repository.Configuration,
            "-p:BuildProjectReferences=false", "-p:UseSharedCompilation=false", $"-p:SampleIntermediateOutputPath={intermediate.FullPath}/");
    }

    private static Task<DotNetResult> RunAsync(string twin, params string[] arguments) =>
        DotNet.RunAsync(
            Repository.Root, NoEnvironment,
            ["exec", Repository.PathTo("samples", "ApiContract", twin, "bin", Repository.Configuration, "net10.0", $"ApiContract.{twin}.dll"), .. arguments]);
}
