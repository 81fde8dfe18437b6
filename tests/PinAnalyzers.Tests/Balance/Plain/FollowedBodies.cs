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
        var found = await RunAsync(source, new Analyzer(followsAll: false));
        return [.. found.Where(static diagnostic => diagnostic.Id == "FOLLOWED").Select(static diagnostic => diagnostic.GetMessage(null)).Order()];
    }

    /// <summary>What following finds in every body that may charge, whether or not its shape says that it need not be followed.</summary>
    public static async Task<Answers> CompareAsync(CSharpSource source)
    {
        var found = await RunAsync(source, new Analyzer(followsAll: true));
        var missed = found.Where(static diagnostic => diagnostic.Id == "MISSED").Select(static diagnostic => diagnostic.GetMessage(null).Split(": ", 2));
        return new Answers(found.Count(static diagnostic => diagnostic.Id == "PLAIN"), found.Count(static diagnostic => diagnostic.Id == "FOUND"), [.. missed.Select(static parts => (parts[0], parts[1])).Order()]);
    }

    private static async Task<ImmutableArray<Diagnostic>> RunAsync(CSharpSource source, DiagnosticAnalyzer analyzer)
    {
        var compilation = PairProbe.Compile("Followed", [source.Text]);
        var errors = compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        Xunit.Assert.Empty(errors);
        var found = await compilation.WithAnalyzers([analyzer], new AnalyzerOptions([])).GetAnalyzerDiagnosticsAsync(CancellationToken.None);
        Xunit.Assert.DoesNotContain(found, static diagnostic => diagnostic.Id.StartsWith("AD", System.StringComparison.Ordinal));
        return found;
    }

    /// <summary>How many bodies need not be followed, how many findings there are in the others, and which are in those.</summary>
    public sealed record Answers(int NotFollowed, int Found, ImmutableArray<(string Member, string Finding)> Missed);

    /// <summary>A whole file.</summary>
    public sealed record CSharpSource(string Text);

#pragma warning disable RS1036, RS1038, RS2008 // An instrument of these tests, and not part of any package.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Analyzer(bool followsAll) : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor s_followed = Rule("FOLLOWED"), s_plain = Rule("PLAIN"), s_found = Rule("FOUND"), s_missed = Rule("MISSED");
        private readonly NameScans _scans = new();

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [s_followed, s_plain, s_found, s_missed];

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
                    if (!check.IsCandidate(block.CodeBlock)) return;
                    bool follows = check.Confirms(block.CodeBlock, block.SemanticModel, block.CancellationToken);
                    Report(follows ? s_followed : s_plain, block.OwningSymbol.Name);
                    if (!followsAll) return;
                    var rule = follows ? s_found : s_missed;
                    check.Check(new MemberCode(block.CodeBlock, block.OwningSymbol, block.SemanticModel, found => Report(rule, $"{block.OwningSymbol.Name}: {found.Id} {found.GetMessage(null)}"), block.CancellationToken));

                    void Report(DiagnosticDescriptor rule, string text) => block.ReportDiagnostic(Diagnostic.Create(rule, block.OwningSymbol.Locations[0], text));
                });
            });
        }

        private static DiagnosticDescriptor Rule(string id) => new(id, id, "{0}", "Tests", DiagnosticSeverity.Warning, isEnabledByDefault: true);
    }
#pragma warning restore RS1036, RS1038, RS2008
}
