using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Package.Tests;

/// <summary>The way into old code, as docs/adopting.md tells it: every step is taken, every command is run as it is printed.</summary>
[Collection(LocalFeedCollection.Name)]
public sealed class AdoptingTests(LocalFeed feed)
{
    private static readonly BuildDiagnostic Own = BuildDiagnostic.ParseExpectations("Own.cs", ConsumerSources.InternalAnnotations).Single();
    private static readonly BuildDiagnostic BuiltIn = BuildDiagnostic.ParseExpectations("BuiltIn.cs", ConsumerSources.PinnedLeak).Single();
    private static readonly BuildDiagnostic Suggested = BuildDiagnostic.ParseExpectations("Suggested.cs", ConsumerSources.PinnedAcrossACall).Single();

    [Fact]
    public async Task Modes_AddFindingsStepByStep()
    {
        using Consumer old = OldCode();
        foreach ((string mode, BuildDiagnostic[] expected) in new[] { ("Annotated", (BuildDiagnostic[])[Own]), ("Recommended", [BuiltIn, Own]), ("Strict", [BuiltIn, Own, Suggested]) })
        {
            old.Properties = $"<PinAnalyzersMode>{mode}</PinAnalyzersMode>";
            DotNetResult build = (await old.BuildAsync()).ShouldSucceed();
            Assert.Equal(expected, BuildDiagnostic.ParseOutput(build.Output));
        }
    }

    // The commands of the page are for a POSIX shell.
    [Fact]
    public async Task Baseline_SilencesWhatIsThereAndNothingNew()
    {
        if (OperatingSystem.IsWindows()) return;
        using Consumer old = OldCode();
        (await old.ShellAsync(CommandUnder("A baseline"))).ShouldSucceed();
        DotNetResult build = (await old.RunAsync("build", "--nologo", "--no-incremental")).ShouldSucceed();
        Assert.Empty(BuildDiagnostic.ParseOutput(build.Output));

        old.Write("New.cs", ConsumerSources.PinnedLeak.Replace("Checksum", "NewChecksum", StringComparison.Ordinal));
        build = (await old.BuildAsync()).ShouldSucceed();
        Assert.Equal([BuiltIn with { File = "New.cs" }], BuildDiagnostic.ParseOutput(build.Output));
    }

    [Fact]
    public async Task Families_HaveSeveritiesAndSuppressionsHoldForAMember()
    {
        using Consumer old = OldCode();
        old.Write(".editorconfig", "root = true\n[BuiltIn.cs]\ndotnet_analyzer_diagnostic.category-Pin.Balance.severity = none\n");
        old.Write("Suppressed.cs",
            """
            using System.Diagnostics.CodeAnalysis;

            [assembly: SuppressMessage("Pin.Balance", "PIN1001", Justification = "baseline", Scope = "member", Target = "~M:Mapping.Map(Account,System.Int32,System.Boolean)~System.Boolean")]
            """);
        DotNetResult build = (await old.BuildAsync()).ShouldSucceed();
        Assert.Empty(BuildDiagnostic.ParseOutput(build.Output));
    }

    private Consumer OldCode()
    {
        var old = new Consumer(feed, "// Everything else is in the other files.\n");
        old.Write("Own.cs", ConsumerSources.InternalAnnotations);
        old.Write("BuiltIn.cs", ConsumerSources.PinnedLeak);
        old.Write("Suggested.cs", ConsumerSources.PinnedAcrossACall);
        return old;
    }

    /// <summary>The first indented block of a section.</summary>
    private static string CommandUnder(string heading) => string.Join('\n',
        File.ReadAllLines(Repository.PathTo("docs", "adopting.md"))
            .SkipWhile(line => line != $"## {heading}")
            .SkipWhile(line => !line.StartsWith("    ", StringComparison.Ordinal))
            .TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => line[4..]));
}
