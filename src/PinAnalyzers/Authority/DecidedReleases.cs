using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Flow.Graphs;

namespace PinAnalyzers.Authority;

/// <summary>PIN2001: the caller's privilege, asked at release time, decides whether something is released.</summary>
internal static class DecidedReleases
{
    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, CapabilityFlow flow, ControlFlowGraph graph, ISymbol owner)
    {
        if (!graph.Blocks.Any(block => flow.ConditionOf(block) is not null) || !context.ReleasePaths.IsReleasePath(owner, graph)) yield break;
        ImmutableArray<AccountingEvent> own = context.Events.In(graph);
        foreach (AccountingEvent release in own.Concat(context.Events.ThroughHelpers(graph)))
        {
            // What the body also charges is its own affair: a lock around the work, or a decision that holds for both ends.
            if (!release.IsRelease || own.Any(other => !other.IsRelease && other.IsOfSameAccount(release))) continue;
            if (flow.DecidersOf(release.Block).FirstOrDefault(decider => !Denial.Follows(decider.Edge, decider.Condition, graph)) is not { Condition: { } condition } decision) continue;
            if (IsReleasedEitherWay(own, release, decision.Edge, flow)) continue;
            if (release.Counter is not null && !context.Types.IsCounter(release, owner)) continue;
            IOperation at = LeavesEarly(decision.Edge.Block.BranchValue!, release.Operation) ? condition.Check : release.Operation;
            yield return new AuthorityFinding(
                Descriptors.PIN2001_CapabilityMustNotDecideRelease,
                at,
                ImmutableArray.Create(condition.Check, decision.Edge.Block.BranchValue!, release.Operation),
                condition.Member.Name,
                release.Display);
        }
    }

    /// <summary>The other way out of the test releases the same account too: the check decides how, not whether.</summary>
    private static bool IsReleasedEitherWay(ImmutableArray<AccountingEvent> own, AccountingEvent release, BranchEdge edge, CapabilityFlow flow) => own.Any(other =>
        other.IsRelease && other != release && other.IsOfSameAccount(release)
        && flow.Dependence.DecidersOf(other.Block).Contains(new BranchEdge(edge.Block, !edge.IsConditional)));

    /// <summary>The test returns or throws before the release, rather than stand around it.</summary>
    private static bool LeavesEarly(IOperation test, IOperation release)
    {
        if (test.Syntax.FirstAncestorOrSelf<IfStatementSyntax>(static branch => true) is not { } statement) return false;
        if (!statement.Condition.FullSpan.Contains(test.Syntax.Span) || statement.FullSpan.Contains(release.Syntax.Span)) return false;
        return statement.DescendantNodes().Any(static node => node is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or YieldStatementSyntax);
    }
}
