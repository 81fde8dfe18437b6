using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace PinAnalyzers.Package.Tests;

/// <summary>A sample: twins in folders of their own, and a README that lists the warnings of the bad one and shows what they print.</summary>
internal sealed class Sample(string name)
{
    private static readonly Dictionary<string, string> NoEnvironment = [];
    private static readonly Regex Listed = new(@"^(?<file>[\w.]+\.cs)\((?<line>\d+)\): (?<id>PIN\d{4})", RegexOptions.Multiline | RegexOptions.CultureInvariant);
    private static readonly Regex Block = new(@"^```\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant);

    public string Readme => File.ReadAllText(PathTo("README.md")).ReplaceLineEndings("\n");

    /// <summary>The warnings that the README lists, sorted.</summary>
    public IEnumerable<string> ListedWarnings => Listed.Matches(Readme).Select(static match => match.Value).Order(StringComparer.Ordinal);

    public string PathTo(params string[] parts) => Repository.PathTo(["samples", name, .. parts]);

    /// <summary>The code blocks of a section of the README, without the fences.</summary>
    public IEnumerable<string> BlocksUnder(string heading)
    {
        string readme = Readme;
        int start = readme.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        if (start < 0) throw new InvalidOperationException($"The README of {name} has no section '{heading}'.");
        int end = readme.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return Block.Matches(end < 0 ? readme[start..] : readme[start..end]).Select(static match => match.Groups["text"].Value);
    }

    /// <summary>The warnings of a build, sorted. Only compiles, and into a place of its own: an up-to-date build prints nothing, and other builds may be using the usual place.</summary>
    public async Task<IEnumerable<string>> WarningsOfAsync(string twin)
    {
        using var intermediate = new TemporaryDirectory();
        DotNetResult build = await DotNet.RunAsync(
            PathTo(twin), NoEnvironment, "build", "-t:Compile", "--nologo", "--no-restore", "-c", Repository.Configuration,
            "-p:BuildProjectReferences=false", "-p:UseSharedCompilation=false", $"-p:SampleIntermediateOutputPath={intermediate.FullPath}/");
        return BuildDiagnostic.ParseOutput(build.ShouldSucceed().Output).Select(static diagnostic => diagnostic.ToString()).Order(StringComparer.Ordinal);
    }

    /// <summary>What a twin prints; it has to end well.</summary>
    public async Task<string> RunAsync(string twin, params string[] arguments)
    {
        DotNetResult run = await DotNet.RunAsync(
            Repository.Root, NoEnvironment, ["exec", PathTo(twin, "bin", Repository.Configuration, "net10.0", $"{name}.{twin}.dll"), .. arguments]);
        return run.ShouldSucceed().Output.ReplaceLineEndings("\n");
    }
}
