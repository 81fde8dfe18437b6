using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Balance.Plain;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1001 to PIN1007 and PIN1017: charges followed through one body. Solves once, then turns findings into diagnostics.</summary>
internal sealed class BalanceCheck(BalanceContext context, AnalyzerConfigOptionsProvider options) : IMemberCheck
{
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN1001_ChargeMustBeReleasedOnEveryPath,
        Descriptors.PIN1002_ChargeMustBeReleasedOnExceptions,
        Descriptors.PIN1003_ChargeMustBeReleasedOnce,
        Descriptors.PIN1004_OnlyTakenChargeMayBeReleased,
        Descriptors.PIN1005_ChargeResultMustBeUsed,
        Descriptors.PIN1006_AmountReleasedMustBeAmountCharged,
        Descriptors.PIN1007_ChargeMustGoBackWhereItCameFrom,
        Descriptors.PIN1017_AmountMustNotBeNegative);

    /// <summary>What other rules of the room know of the compilation, too.</summary>
    public BalanceContext Context => context;

    public static BalanceCheck Create(CompilationStart start, IPairCatalog catalog)
    {
        NameHits charges = start.ScanFor(catalog.ChargeNames), releases = start.ScanFor(catalog.ReleaseNames);
        WrapperNames wrappers = WrapperNames.Find(start.Compilation, catalog.ChargeNames, charges, releases, start.ScanFor, start.Cancellation);
        ConfirmedCalls calls = new(start.Compilation, catalog, charges, releases, start.Cancellation);
        BalanceContext context = new(start.Compilation, catalog, calls, wrappers, start.ScanFor(wrappers.All), start.Cancellation);
        return new BalanceCheck(context, start.Options.AnalyzerConfigOptionsProvider);
    }

    public bool IsCandidate(SyntaxNode member) => context.MayCharge(member) || context.Calls.MayReleaseWrongly(member);

    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation) =>
        (context.Charges(member) || context.Calls.ReleasesTwiceOrDoubtfully(member)) && context.Plain.Of(member, model) == PlainVerdict.Unknown;

    public void Check(MemberCode member)
    {
        foreach (MemberBody body in member.Bodies) Check(body);
    }

    private void Check(MemberBody body)
    {
        MemberCode member = body.Member;
        ValueTable values = new();
        LocationTable locations = new();
        BalanceFlow flow = new(context, body.Graph, body.Owner, values, SummaryScope.ForBody());
        FlowBudget budget = FlowBudget.Default with { MaxStates = MaxStates(member.Syntax.SyntaxTree) };
        FlowSolver<BalanceState> solver = new(body.Exceptional, flow, values, locations, budget, member.Cancellation);
        if (!solver.Solve(new Frame<BalanceState>(values, locations, BalanceState.Empty)))
        {
            body.NotAnalysed("it has too many paths");
            return;
        }

        IEnumerable<BalanceFinding> findings = ShortCounts.Find(context, flow.Sites, member.Cancellation);
        if (flow.NeedsReport)
        {
            solver.Report();
            flow.Conclude();
            findings = flow.Findings.Concat(findings);
        }

        HashSet<(BalanceRule Rule, TextSpan Span)> seen = [];
        foreach (BalanceFinding finding in findings)
        {
            if (seen.Add((finding.Rule, finding.At.Syntax.Span)) && !ExpectedFailures.Contains(finding, member.Model)) member.Report(BalanceDiagnostics.Create(finding));
        }
    }

    private int MaxStates(SyntaxTree tree) =>
        options.GetOptions(tree).TryGetValue("pin.max_states", out string? text) && int.TryParse(text, out int states) && states > 0 ? states : FlowBudget.Default.MaxStates;
}
