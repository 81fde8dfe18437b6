using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1001 to PIN1007: charges followed through one body. Solves once, then turns findings into diagnostics.</summary>
internal sealed class BalanceCheck(BalanceContext context, AnalyzerConfigOptionsProvider options) : IMemberCheck
{
    public BalanceContext Context => context;

    public static BalanceCheck Create(CompilationStart start, IPairCatalog catalog)
    {
        ImmutableHashSet<string> wrappers = WrapperNames.Find(start.Compilation, catalog, start.Cancellation);
        NameHits hits = new(start.ScanFor(catalog.ChargeNames.Union(wrappers)), start.ScanFor(catalog.ReleaseNames));
        return new BalanceCheck(new BalanceContext(start.Compilation, catalog, hits, start.Cancellation), start.Options.AnalyzerConfigOptionsProvider);
    }

    public bool IsCandidate(SyntaxNode member) => context.Hits.MayCharge(member) || context.Hits.CountReleases(member) > 1;

    public void Check(MemberBody body)
    {
        ValueTable values = new();
        LocationTable locations = new();
        BalanceFlow flow = new(context, body.Graph, body.Owner, values, SummaryScope.ForBody());
        FlowBudget budget = FlowBudget.Default with { MaxStates = MaxStates(body.Syntax.SyntaxTree) };
        FlowSolver<BalanceState> solver = new(body.Exceptional, flow, values, locations, budget, body.Cancellation);
        if (!solver.Solve(new Frame<BalanceState>(values, locations, BalanceState.Empty)))
        {
            body.Report(Diagnostic.Create(
                Descriptors.PIN0001_MemberNotAnalysed, body.Owner.Locations.FirstOrDefault() ?? body.Syntax.GetLocation(), body.Owner.Name, "it has too many paths"));
            return;
        }

        if (!flow.NeedsReport) return;
        solver.Report();
        flow.Conclude();
        HashSet<(BalanceRule Rule, TextSpan Span)> seen = [];
        foreach (BalanceFinding finding in flow.Findings)
        {
            if (seen.Add((finding.Rule, finding.At.Syntax.Span))) body.Report(BalanceDiagnostics.Create(finding));
        }
    }

    private int MaxStates(SyntaxTree tree) =>
        options.GetOptions(tree).TryGetValue("pin.max_states", out string? text) && int.TryParse(text, out int states) && states > 0 ? states : FlowBudget.Default.MaxStates;
}
