using System;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>The checks find what they look for: they are run on analyzers that are broken on purpose.</summary>
public sealed class RobustnessChecksTests
{
    [Fact]
    public async Task ThrowsOnIncompleteCode_IsFound()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => RobustnessChecks.SurvivesPrefixesAsync("class A { void M() { F(1, 2); } }", 100, [new ThrowsOnMissingArgumentAnalyzer()]));
        Assert.Contains("F(1,", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReportsByFileOrder_IsFound()
    {
        SyntaxTree[] trees = [.. Enumerable.Range(0, 4).Select(i => AnalyzerRun.Parse($"class A{i} {{ }}", $"/0/Test{i}.cs"))];
        await Assert.ThrowsAsync<InvalidOperationException>(() => RobustnessChecks.IsDeterministicAsync(trees, 20, [new FirstFileAnalyzer()]));
    }

    /// <summary>Roslyn itself survives these sources, so an overflow in <see cref="ShippedAnalyzersTests"/> is ours.</summary>
    [Theory]
    [InlineData(nameof(DeepSources.LeftNestedBinary), 5_000)]
    [InlineData(nameof(DeepSources.RightNestedBinary), 500)]
    [InlineData(nameof(DeepSources.Blocks), 5_000)]
    [InlineData(nameof(DeepSources.ElseIfs), 1_000)]
    [InlineData(nameof(DeepSources.Calls), 5_000)]
    [InlineData(nameof(DeepSources.CallsAroundALocalFunction), 1_000)]
    [InlineData(nameof(DeepSources.CallsWithFollowedNames), 1_000)]
    public async Task DeepNesting_WithoutRules_IsSurvived(string shape, int depth)
    {
        var compilation = await AnalyzerRun.CompileAsync(AnalyzerRun.Parse(DeepSources.Create(shape, depth)));
        Assert.Empty(await AnalyzerRun.RunAsync(compilation, [new ThrowsOnMissingArgumentAnalyzer()]));
    }

    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class ThrowsOnMissingArgumentAnalyzer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor s_rule = new("TEST01", "t", "m", "c", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [s_rule];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSyntaxNodeAction(
                node =>
                {
                    if (((ArgumentSyntax)node.Node).Expression.IsMissing)
                        throw new InvalidOperationException("subject");
                },
                SyntaxKind.Argument);
        }
    }

    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class FirstFileAnalyzer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor s_rule = new("TEST02", "t", "m", "c", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [s_rule];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSyntaxNodeAction(
                node =>
                {
                    if (node.Compilation.SyntaxTrees.First() == node.Node.SyntaxTree)
                        node.ReportDiagnostic(Diagnostic.Create(s_rule, node.Node.GetLocation()));
                },
                SyntaxKind.ClassDeclaration);
        }
    }
}
