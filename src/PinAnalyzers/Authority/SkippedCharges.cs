using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Pairs;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>PIN2002: privilege skips the charge and not only the limit.</summary>
internal static class SkippedCharges
{
    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, CapabilityFlow flow, ControlFlowGraph graph, ISymbol owner)
    {
        if (!flow.HasAnswers) yield break;
        ImmutableArray<AccountingEvent> own = context.Events.In(graph, owner);
        Origins origins = new(graph);
        ImmutableArray<AccountingEvent> all = own.AddRange(context.Events.ThroughHelpers(graph));
        foreach (AccountingEvent charge in all)
        {
            // A count of who takes part has no limit that privilege could bypass.
            if (charge.IsRelease || !charge.IsAccount || charge.Pair is { Family: PairFamily.Counters } || own.Any(other => other.IsRelease && other.IsOfSameAccount(charge))) continue;
            (BranchEdge edge, CapabilityValue? condition) = flow.DecidersOf(charge.Block).Concat(flow.AmountDecidersOf(charge, origins)).FirstOrDefault(static decider => CapabilityFlow.OnEdge(decider.Edge, decider.Condition) == Polarity.Unprivileged);
            BranchEdge skipped = new(edge.Block, !edge.IsConditional);
            if (condition is null || Denial.ReturnsError(skipped, graph) || IsChargedEitherWay(all, charge, skipped, flow)) continue;
            if (ReleaseOf(context, charge, owner) is not { } severity) continue;
            yield return new AuthorityFinding(
                Descriptors.PIN2002_CapabilityMustNotSkipCharge, condition.Check, ImmutableArray.Create(edge.Block.BranchValue!, charge.Operation), condition.Member.Name, charge.Display)
            {
                Severity = severity,
                Sites = AccountSites.Of(context, graph, owner, charge),
            };
        }
    }

    /// <summary>The other way out of the test charges the same account too, or comes to this charge by another test.</summary>
    private static bool IsChargedEitherWay(ImmutableArray<AccountingEvent> all, AccountingEvent charge, BranchEdge other, CapabilityFlow flow) =>
        all.Any(twin => !twin.IsRelease && twin.IsOfSameAccount(charge) && (twin != charge || flow.IsIndirect(new BranchEdge(other.Block, !other.IsConditional), charge.Block)) && flow.Dependence.DecidersOf(twin.Block).Contains(other));

    /// <summary>
    /// A warning where a release of the type does not ask at all; a hint where it asks for privilege again, or is elsewhere. Null where it tests something
    /// that the type recorded, or where a counter is never given back and so is no account.
    /// </summary>
    private static DiagnosticSeverity? ReleaseOf(AuthorityContext context, AccountingEvent charge, ISymbol owner)
    {
        bool isReleased = false, asks = false;
        foreach ((AccountingEvent release, ControlFlowGraph graph, IMethodSymbol member) in context.Types.Others(owner, charge))
        {
            if (!release.IsRelease || charge.Pair is null && !context.ReleasePaths.IsReleaseMember(member)) continue;
            isReleased = true;
            CapabilityFlow flow = context.FlowOf(graph, release.Operation.Syntax.SyntaxTree);
            ImmutableArray<BranchEdge> deciders = flow.Dependence.DecidersOf(release.Block);
            if (RecordedArguments.WrittenBeside(charge.Operation, release.Operation) || HandedOverAmounts.Contain(context, charge, owner, release, member) || HandedOverAmounts.AreGivenBack(charge, owner, release)) return null;
            if (deciders.IsEmpty) continue;
            if (!deciders.Any(edge => flow.ConditionOf(edge.Block) is { } condition && !FixedAnswers.IsFixed(condition.Check, context.Compilation))) return null;
            asks = true;
        }

        if (!isReleased) return charge.Pair is null ? null : DiagnosticSeverity.Info;
        return asks ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning;
    }
}
