using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Balance;
using PinAnalyzers.Balance.Races;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;
using PinAnalyzers.Tests.Pairs;

namespace PinAnalyzers.Tests.Balance.Plain;

/// <summary>Which members the flow is asked to follow.</summary>
internal static class FollowedBodies
{
    public static async Task<string[]> InAsync(CSharpSource source)
    {
        var compilation = PairProbe.Compile("Followed", [source.Text]);
        var errors = compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        Xunit.Assert.Empty(errors);
        var driver = compilation.WithAnalyzers([new Analyzer()], new AnalyzerOptions([]));
        var found = await driver.GetAnalyzerDiagnosticsAsync(CancellationToken.None);
        Xunit.Assert.All(found, static diagnostic => Xunit.Assert.Equal("FOLLOWED", diagnostic.Id));
        return [.. found.Select(static diagnostic => diagnostic.GetMessage(null)).Order()];
    }

    /// <summary>A whole file.</summary>
    public sealed record CSharpSource(string Text);

#pragma warning disable RS1036, RS1038, RS2008 // An instrument of these tests, and not part of any package.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Analyzer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor s_rule = new("FOLLOWED", "Followed", "{0}", "Tests", DiagnosticSeverity.Warning, isEnabledByDefault: true);
        private readonly NameScans _scans = new();

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [s_rule];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterCompilationStartAction(start =>
            {
                var catalog = PairCatalog.Create(start.Compilation, start.Options, start.CancellationToken);
                ScanGroups scans = new(_scans, (tree, provider) => start.TryGetValue(tree, provider, out var found) ? found : ScanResult.None);
                var check = BalanceCheck.Create(new CompilationStart(start.Compilation, start.Options, scans, static _ => Steps.None, start.CancellationToken), catalog);
                start.RegisterCodeBlockAction(block =>
                {
                    if (check.IsCandidate(block.CodeBlock) && check.Confirms(block.CodeBlock, block.SemanticModel, block.CancellationToken))
                        block.ReportDiagnostic(Diagnostic.Create(s_rule, block.OwningSymbol.Locations[0], block.OwningSymbol.Name));
                });
            });
        }
    }
#pragma warning restore RS1036, RS1038, RS2008
}
