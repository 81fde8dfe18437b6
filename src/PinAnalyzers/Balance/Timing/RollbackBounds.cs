using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1019: a batch that failed half-way is undone as if it had come to its end.</summary>
internal static class RollbackBounds
{
    /// <param name="member">The member, by its syntax alone.</param>
    /// <param name="releases">The calls in it that go by the name of a release.</param>
    public static bool MayBeIn(SyntaxNode member, IReadOnlyCollection<ExpressionSyntax> releases) => BodyShapes.Has(member, BodyShape.SeveralLoops) && releases.Any(static release => LoopOf(release) is not null);

    public static IEnumerable<Diagnostic> Find(TimingContext context, IOperation root)
    {
        List<AccountEvent> events = context.Events.In(root).ToList();
        foreach (AccountEvent release in events.Where(static e => e.IsRelease))
        {
            if (LoopOf(release.Operation.Syntax) is not { } rollback || LoopBound.Of(rollback) is not { } undone || IsGuarded(release.Operation.Syntax, rollback)) continue;
            foreach (AccountEvent charge in events.Where(c => !c.IsRelease && ReferenceEquals(c.Pair, release.Pair) && (c.Operation.Syntax.SpanStart < rollback.SpanStart || IsInOneLoop(c, rollback))))
            {
                if (LoopOf(charge.Operation.Syntax) is not { } batch || batch == rollback || LoopBound.Of(batch) is not { } asked || !asked.IsSame(undone)) continue;
                if (!IsAfterFailure(rollback, batch) || SkipsWhatIsEmpty(release, batch)) continue;
                yield return BalanceDiagnostics.CreateEdit(
                    Descriptors.PIN1019_RollbackShouldCoverWhatWasDone, null, release.Pair, rollback, [charge.Operation.Syntax], undone.Decides is null ? [] : [undone.Decides],
                    Completed(asked, undone, rollback, batch, events, charge), BalanceDiagnostics.TextOf(undone.Limit), BalanceDiagnostics.LineOf(charge.Operation.Syntax));
                break;
            }
        }
    }

    /// <summary>The rollback comes first in the text, and after the charges of earlier rounds.</summary>
    private static bool IsInOneLoop(AccountEvent charge, StatementSyntax rollback) => LoopOf(charge.Operation.Syntax) is { } batch && batch.Span.Contains(rollback.Span) && !rollback.Span.Contains(charge.Operation.Syntax.Span);

    /// <summary>The condition that stops at what was done: up to the item that failed, or with it where the failure came after its charge. Null where no index tells.</summary>
    private static string? Completed(LoopBound asked, LoopBound undone, StatementSyntax rollback, StatementSyntax batch, List<AccountEvent> events, AccountEvent charge)
    {
        if (asked is not { Direction: LoopDirection.Up, Index: { } failed } || !batch.Span.Contains(rollback.Span)) return null;
        SyntaxNode? decision = DecisionBefore(rollback, batch);
        bool failedItself = charge.Operation.Syntax.SpanStart > rollback.SpanStart || decision is not null && events.Any(e => !e.IsRelease && ReferenceEquals(e.Pair, charge.Pair) && decision.Span.Contains(e.Operation.Syntax.Span));
        return decision is null ? null : undone.Until(failed, includesIt: !failedItself);
    }

    /// <summary>The test whose outcome leads to the rollback: of an if around it, or of one before it that goes on with the next item.</summary>
    private static SyntaxNode? DecisionBefore(StatementSyntax rollback, StatementSyntax batch)
    {
        for (SyntaxNode node = rollback; node != batch && node.Parent is { } parent; node = parent)
        {
            if (parent is IfStatementSyntax test) return test.Condition;
            if (parent is not BlockSyntax block || node is not StatementSyntax statement) continue;
            for (int i = block.Statements.IndexOf(statement) - 1; i >= 0; i--)
            {
                if (block.Statements[i] is IfStatementSyntax { Else: null } before && Ends(before.Statement)) return before.Condition;
            }
        }

        return null;

        static bool Ends(StatementSyntax statement) => statement is ContinueStatementSyntax || statement is BlockSyntax { Statements: { Count: > 0 } inner } && inner[inner.Count - 1] is ContinueStatementSyntax;
    }

    private static StatementSyntax? LoopOf(SyntaxNode node) => node.Ancestors().TakeWhile(static a => a is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax))
        .OfType<StatementSyntax>().FirstOrDefault(static s => s is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax);

    /// <summary>The rollback looks at each item whether there is anything to undo, or stops early.</summary>
    private static bool IsGuarded(SyntaxNode release, StatementSyntax rollback) => release.Ancestors().TakeWhile(a => a != rollback).Any(static a => a is IfStatementSyntax or ConditionalAccessExpressionSyntax or ConditionalExpressionSyntax or SwitchStatementSyntax)
        || rollback.DescendantNodes().Any(static n => n is BreakStatementSyntax or ContinueStatementSyntax or ConditionalAccessExpressionSyntax);

    /// <summary>Behind a label that the batch jumps to, and that the way on from its end does not come to.</summary>
    private static bool IsJumpedTo(StatementSyntax rollback, StatementSyntax batch)
    {
        HashSet<string> jumps = [.. batch.DescendantNodes().OfType<GotoStatementSyntax>().Select(static g => g.Expression).OfType<IdentifierNameSyntax>().Select(static n => n.Identifier.ValueText)];
        if (jumps.Count == 0 || rollback.Ancestors().OfType<BlockSyntax>().FirstOrDefault(b => b.Span.Contains(batch.Span)) is not { } shared) return false;
        bool isBehind = false;
        foreach (StatementSyntax statement in shared.Statements.Where(s => s.SpanStart > batch.Span.End))
        {
            // A label of its own follows another, and what is behind that.
            if (statement is LabeledStatementSyntax label) isBehind |= jumps.Contains(label.Identifier.ValueText) && Leaves(shared, label);
            if (statement.Span.Contains(rollback.Span)) return isBehind;
            if (statement is ReturnStatementSyntax or ThrowStatementSyntax or GotoStatementSyntax) isBehind = false;
        }

        return false;

        static bool Leaves(BlockSyntax block, StatementSyntax label) => block.Statements.IndexOf(label) is > 0 and var at
            && block.Statements[at - 1] is ReturnStatementSyntax or ThrowStatementSyntax or GotoStatementSyntax or LabeledStatementSyntax { Statement: ReturnStatementSyntax or ThrowStatementSyntax or GotoStatementSyntax };
    }

    /// <summary>On the way out of the batch's failing branch, in the catch around the batch, or behind a test of what the batch left when it broke off.</summary>
    private static bool IsAfterFailure(StatementSyntax rollback, StatementSyntax batch)
    {
        if (batch.Span.Contains(rollback.Span))
            return rollback.Ancestors().TakeWhile(a => a != batch).OfType<BlockSyntax>().Any(static b => b.Statements.LastOrDefault() is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or GotoStatementSyntax);
        if (rollback.Ancestors().OfType<CatchClauseSyntax>().Any(c => c.Parent is TryStatementSyntax around && around.Block.Span.Contains(batch.Span)) || IsJumpedTo(rollback, batch)) return true;
        HashSet<string> left = [.. batch.DescendantNodes().OfType<AssignmentExpressionSyntax>().Select(static a => a.Left).OfType<IdentifierNameSyntax>().Select(static n => n.Identifier.ValueText)];
        if (LoopBound.Of(batch) is { Index: { } index }) left.Add(index);
        return batch.DescendantNodes().Any(static n => n is BreakStatementSyntax)
            && rollback.Ancestors().OfType<IfStatementSyntax>().Any(test => test.Condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(n => left.Contains(n.Identifier.ValueText)));
    }

    /// <summary>Slots that the batch has not filled hold nothing, and releasing nothing does no harm.</summary>
    private static bool SkipsWhatIsEmpty(AccountEvent release, StatementSyntax batch)
    {
        if (release.Release is not { AcceptsNull: true } || release.Identity?.Syntax.DescendantNodesAndSelf().OfType<ElementAccessExpressionSyntax>().FirstOrDefault() is not { } slot) return false;
        return batch.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(a => a.Left is ElementAccessExpressionSyntax filled && SyntaxFactory.AreEquivalent(filled.Expression, slot.Expression));
    }
}
