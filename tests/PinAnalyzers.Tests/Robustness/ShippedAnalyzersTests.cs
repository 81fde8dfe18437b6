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

    // Roslyn's own operation trees overflow the stack at about 700 levels, and nothing can catch that. Its binder follows parentheses
    // without a guard too, so that shape is kept where the compiler itself survives; chains of else are slow to bind for everybody.
    [Theory]
    [InlineData(nameof(DeepSources.LeftNestedBinary), 5_000)]
    [InlineData(nameof(DeepSources.RightNestedBinary), 500)]
    [InlineData(nameof(DeepSources.Blocks), 5_000)]
    [InlineData(nameof(DeepSources.ElseIfs), 1_000)]
    [InlineData(nameof(DeepSources.Calls), 5_000)]
    [InlineData(nameof(DeepSources.CallsAroundALocalFunction), 1_000)]
    [InlineData(nameof(DeepSources.CallsWithFollowedNames), 1_000)]
    public async Task DeepNesting_DoesNotOverflowTheStack(string shape, int depth)
    {
        await AnalyzerRun.RunAsync(await AnalyzerRun.CompileAsync(AnalyzerRun.Parse(DeepSources.Create(shape, depth))), Shipped.Analyzers);
    }

    [Fact]
    public async Task ShuffledConcurrentRuns_ReportTheSame()
    {
        SyntaxTree[] trees = [.. s_files.Select(file => AnalyzerRun.Parse(File.ReadAllText(file), file))];
        await RobustnessChecks.IsDeterministicAsync(trees, 20, Shipped.Analyzers);
    }
}
