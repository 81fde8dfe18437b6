using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;

namespace PinAnalyzers.Authority;

/// <summary>PIN2001: the caller's privilege, asked at release time, decides whether something is released.</summary>
internal static class DecidedReleases
{
    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, CapabilityFlow flow, ControlFlowGraph graph, ISymbol owner)
    {
        if (!flow.HasAnswers || !context.ReleasePaths.IsReleasePath(owner, graph)) yield break;
        ImmutableArray<AccountingEvent> own = context.Events.In(graph, owner);
        Origins origins = new(graph);
        ImmutableArray<AccountingEvent> all = own.AddRange(context.Events.ThroughHelpers(graph));
        foreach (AccountingEvent release in all)
        {
            // What the body also charges is its own affair: a lock around the work, or a decision that holds for both ends.
            if (!release.IsRelease || all.Any(other => !other.IsRelease && other.IsOfSameAccount(release))) continue;
            if (flow.DecidersOf(release.Block).Concat(flow.AmountDecidersOf(release, origins)).FirstOrDefault(decider => !Denial.Follows(decider.Edge, decider.Condition, graph, flow, release.Block)) is not { Condition: { } condition } decision) continue;
            if (IsReleasedEitherWay(all, release, decision.Edge, flow) || IsEmptiedOtherwise(release, decision.Edge, graph, flow) || FixedAnswers.IsAskedByCharge(context, condition, release, owner)) continue;
            if (release.Counter is not null && !context.Types.IsCounter(release, owner)) continue;
            IOperation at = LeavesEarly(decision.Edge.Block.BranchValue!, release.Operation) ? condition.Check : release.Operation;
            yield return new AuthorityFinding(
                Descriptors.PIN2001_CapabilityMustNotDecideRelease,
                at,
                ImmutableArray.Create(condition.Check, decision.Edge.Block.BranchValue!, release.Operation),
                condition.Member.Name,
                release.Display)
            {
                Sites = AccountSites.Of(context, graph, owner, release),
            };
        }

        foreach (AuthorityFinding finding in ByArgument(context, flow, graph, owner)) yield return finding;
    }

    /// <summary>The answer is handed to a helper, which releases or not.</summary>
    private static IEnumerable<AuthorityFinding> ByArgument(AuthorityContext context, CapabilityFlow flow, ControlFlowGraph graph, ISymbol owner)
    {
        foreach ((IOperation operation, BasicBlock _) in AccountingEvents.OperationsOf(graph))
        {
            if (operation is not IInvocationOperation call || call.Arguments.All(argument => argument.Parameter is null || flow.ValueOf(argument.Value) is null)) continue;
            Dictionary<ISymbol, CapabilityValue> handed = new(SymbolEqualityComparer.Default);
            foreach (IArgumentOperation argument in call.Arguments)
            {
                if (argument.Parameter is { Type.SpecialType: SpecialType.System_Boolean } parameter && flow.ValueOf(argument.Value) is { } answer) handed[parameter.OriginalDefinition] = answer;
            }

            if (handed.Count == 0 || context.GraphOf(call.TargetMethod, graph) is not { } callee) continue;
            CapabilityFlow inner = context.FlowOf(callee, call.Syntax.SyntaxTree, handed);
            ImmutableArray<AccountingEvent> own = context.Events.In(callee, call.TargetMethod.OriginalDefinition);
            foreach (AccountingEvent release in own)
            {
                if (!release.IsRelease || own.Any(other => !other.IsRelease && other.IsOfSameAccount(release))) continue;
                (BranchEdge edge, CapabilityValue? condition) = inner.DecidersOf(release.Block).FirstOrDefault(decider => handed.Values.Any(answer => answer.Check == decider.Condition.Check));
                if (condition is null || IsReleasedEitherWay(own, release, edge, inner) || release.Counter is not null && !context.Types.IsCounter(release, owner)) continue;
                bool leaves = LeavesEarly(edge.Block.BranchValue!, release.Operation);
                yield return new AuthorityFinding(
                    Descriptors.PIN2001_CapabilityMustNotDecideRelease,
                    leaves ? condition.Check : call,
                    ImmutableArray.Create(condition.Check, edge.Block.BranchValue!, release.Operation),
                    condition.Member.Name,
                    release.Display);
            }
        }
    }

    /// <summary>The other way out of the test releases the same account too, or comes to this release by another test: the check does not decide whether.</summary>
    private static bool IsReleasedEitherWay(ImmutableArray<AccountingEvent> all, AccountingEvent release, BranchEdge edge, CapabilityFlow flow) => all.Any(other =>
        other.IsRelease && other.IsOfSameAccount(release) && (other != release || flow.IsIndirect(edge, release.Block)) && flow.Dependence.DecidersOf(other.Block).Contains(new BranchEdge(edge.Block, !edge.IsConditional)));

    /// <summary>The other way out of the test sets the counter to zero: nothing is left that would have to be released.</summary>
    private static bool IsEmptiedOtherwise(AccountingEvent release, BranchEdge edge, ControlFlowGraph graph, CapabilityFlow flow) => release.Counter is { } counter && AccountingEvents.OperationsOf(graph).Any(other =>
        other.Operation is ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member: { } set }, Value.ConstantValue: { HasValue: true, Value: 0 or 0L or 0u or 0UL } }
        && SymbolEqualityComparer.Default.Equals(set.OriginalDefinition, counter) && flow.Dependence.DecidersOf(other.Block).Contains(new BranchEdge(edge.Block, !edge.IsConditional)));

    /// <summary>The test returns or throws before the release, rather than stand around it.</summary>
    private static bool LeavesEarly(IOperation test, IOperation release)
    {
        if (test.Syntax.FirstAncestorOrSelf<StatementSyntax>(static node => node is IfStatementSyntax or SwitchStatementSyntax) is SwitchStatementSyntax choice && !choice.FullSpan.Contains(release.Syntax.Span)) return choice.Sections.Any(static section => section.Statements.LastOrDefault() is ReturnStatementSyntax or ThrowStatementSyntax);
        if (test.Syntax.FirstAncestorOrSelf<IfStatementSyntax>(static branch => true) is not { } statement) return false;
        if (!statement.Condition.FullSpan.Contains(test.Syntax.Span) || statement.FullSpan.Contains(release.Syntax.Span)) return false;
        return statement.DescendantNodes().Any(static node => node is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or YieldStatementSyntax);
    }
}
