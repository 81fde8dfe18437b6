using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>Every analyzer that ships, on code that no one would write and on code that is being written.</summary>
public sealed class ShippedAnalyzersTests
{
    // 5,000 levels: Roslyn's own operation trees overflow the stack at about 700, and nothing can catch that.
    private const int Depth = 5_000;

    private const int PrefixesPerFile = 12;

    private const int PrefixFiles = 24;

    // Code that pins, locks and shares: what the rules look at most closely.
    private static readonly string[] s_files =
    [
        .. RepositoryFiles.Sources("tests", "Corpus.Valid"),
        .. RepositoryFiles.Sources("samples"),
        .. RepositoryFiles.Sources("src", "PinAccounting"),
    ];

    [Fact]
    public async Task IncompleteSource_ThrowsNothing()
    {
        var step = Math.Max(1, s_files.Length / PrefixFiles);
        foreach (var file in s_files.Where((_, index) => index % step == 0))
            await RobustnessChecks.SurvivesPrefixesAsync(await File.ReadAllTextAsync(file), PrefixesPerFile, Shipped.Analyzers);
    }

    [Theory]
    [InlineData(nameof(DeepSources.LeftNestedBinary))]
    [InlineData(nameof(DeepSources.RightNestedBinary))]
    [InlineData(nameof(DeepSources.Blocks))]
    [InlineData(nameof(DeepSources.ElseIfs))]
    [InlineData(nameof(DeepSources.Calls))]
    public async Task DeepNesting_DoesNotOverflowTheStack(string shape)
    {
        var source = (string)typeof(DeepSources).GetMethod(shape)!.Invoke(null, [Depth])!;
        await AnalyzerRun.RunAsync(await AnalyzerRun.CompileAsync(AnalyzerRun.Parse(source)), Shipped.Analyzers);
    }

    [Fact]
    public async Task ShuffledConcurrentRuns_ReportTheSame()
    {
        SyntaxTree[] trees = [.. s_files.Select(file => AnalyzerRun.Parse(File.ReadAllText(file), file))];
        await RobustnessChecks.IsDeterministicAsync(trees, 20, Shipped.Analyzers);
    }
}
