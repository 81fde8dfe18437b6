using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.CodeFixes;

namespace PinAnalyzers.Balance;

/// <summary>Asks the flow about what an edit has made: the charge must be in balance there, and no release be one too many.</summary>
internal static class FlowProof
{
    // One for all: what it has scanned of the other files it keeps.
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_flow = ImmutableArray.Create<DiagnosticAnalyzer>(new PinFlowAnalyzer(followsChargesAlone: true));

    /// <summary>The rules that follow a charge through one body: what they say of a member does not depend on others.</summary>
    private static readonly ImmutableHashSet<string> s_rules = ImmutableHashSet.Create("PIN1001", "PIN1002", "PIN1003", "PIN1004", "PIN1005", "PIN1006", "PIN1007");

    private static readonly ImmutableArray<string> s_excesses = ImmutableArray.Create("PIN1003", "PIN1004");

    /// <summary>
    /// One diagnostic of the rule is gone, and no release is reported that was not before. Where another fix has been made since it was reported, it may be gone by that.
    /// </summary>
    public static async Task<bool> HoldsAsync(Document before, Document after, string id, bool isReported, CancellationToken cancellation)
    {
        if (!s_rules.Contains(id)) return true;
        SyntaxNode? old = await before.GetSyntaxRootAsync(cancellation).ConfigureAwait(false), now = await after.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        if (old is null || now is null) return false;
        (TextSpan removed, TextSpan added) = CheckedEdits.ChangedMembers(old, now);
        ILookup<string, Diagnostic> left = await ReportedAsync(after, added, cancellation).ConfigureAwait(false);
        if (isReported && !left.Contains(id) && !s_excesses.Any(left.Contains)) return true;
        ILookup<string, Diagnostic> known = await ReportedAsync(before, removed, cancellation).ConfigureAwait(false);
        return left[id].Count() < known[id].Count() && s_excesses.All(rule => left[rule].Count() <= known[rule].Count());
    }

    /// <summary>An edit of another category has left every charge as it was: nothing is lost on a way out that it makes.</summary>
    public static async Task<bool> IsUntouchedAsync(Document before, Document after, CancellationToken cancellation)
    {
        SyntaxNode? old = await before.GetSyntaxRootAsync(cancellation).ConfigureAwait(false), now = await after.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        if (old is null || now is null) return false;
        (TextSpan removed, TextSpan added) = CheckedEdits.ChangedMembers(old, now);
        ILookup<string, Diagnostic> left = await ReportedAsync(after, added, cancellation).ConfigureAwait(false);
        if (!s_rules.Any(left.Contains)) return true;
        ILookup<string, Diagnostic> known = await ReportedAsync(before, removed, cancellation).ConfigureAwait(false);
        return s_rules.All(rule => left[rule].Count() <= known[rule].Count());
    }

    private static async Task<ILookup<string, Diagnostic>> ReportedAsync(Document document, TextSpan members, CancellationToken cancellation)
    {
        ImmutableArray<Diagnostic> reported = ImmutableArray<Diagnostic>.Empty;
        if (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is { } model)
        {
            CompilationWithAnalyzersOptions options = new(document.Project.AnalyzerOptions, onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
            reported = await new CompilationWithAnalyzers(model.Compilation, s_flow, options).GetAnalyzerSemanticDiagnosticsAsync(model, members, cancellation).ConfigureAwait(false);
        }

        return reported.Where(d => members.Contains(d.Location.SourceSpan)).ToLookup(static d => d.Id);
    }
}
