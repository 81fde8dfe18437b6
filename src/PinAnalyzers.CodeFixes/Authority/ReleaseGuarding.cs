using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>Makes a release ask the record, and nobody else, whether there is something to release and whose it is.</summary>
internal sealed class ReleaseGuarding(TypePart part, AccountSite site, RecordField field, ImmutableArray<CheckSite> checks, IDictionary<IfStatementSyntax, string> locals)
{
    /// <summary>False where a release would be skipped that the record promised, or run twice; the whole fix is off then.</summary>
    public bool TryApply()
    {
        if (site.Operation.Ancestors().TakeWhile(static a => a is not MemberDeclarationSyntax).Any(static a => a is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax)) return false;
        SyntaxNode? member = site.Operation.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        List<CheckSite> own = checks.Where(check => check.Document == site.Document && check.Check.FirstAncestorOrSelf<MemberDeclarationSyntax>() == member).ToList();
        foreach (CheckSite check in own)
        {
            if (char.IsLower(check.Says)) continue;
            if (InAmount(check.Check)) return OutOfAmount(check.Check);
            if (CapabilityTest.Find(check, part.Model) is { } test && GuardedBy(test)) return Rewrite(test);
        }

        return own.All(static check => char.IsLower(check.Says)) && Guard();
    }

    private StatementSyntax? Statement => site.Operation.FirstAncestorOrSelf<SyntaxNode>(static n => n is StatementSyntax or AnonymousFunctionExpressionSyntax or ArrowExpressionClauseSyntax) as StatementSyntax;

    private bool GuardedBy(CapabilityTest test)
    {
        if (Statement is not { } release) return false;
        if (!test.IsPrivilegedWhenTrue) return test.If.Statement.Span.Contains(release.Span) && IsSure(release, test.If.Statement);
        if (test.If.Else is { } other) return other.Statement.Span.Contains(release.Span) && IsSure(release, other.Statement);
        return CapabilityTest.Leaves(test.If.Statement) && test.If.Parent is BlockSyntax block && block.Span.Contains(release.Span) && release.SpanStart > test.If.Span.End && IsSure(release, block, test.If);
    }

    /// <summary>Whoever passes the test reaches the release: nothing on the way branches or leaves.</summary>
    private static bool IsSure(StatementSyntax release, StatementSyntax region, StatementSyntax? after = null)
    {
        for (SyntaxNode node = release; node != region; node = node.Parent!)
        {
            if (node.Parent is BlockSyntax block)
            {
                IEnumerable<StatementSyntax> before = block.Statements.TakeWhile(s => s != node);
                if (block == region && after is not null) before = before.SkipWhile(s => s != after).Skip(1);
                if (before.Any(MayLeave)) return false;
            }
            else if (node.Parent is not (LockStatementSyntax or TryStatementSyntax or UsingStatementSyntax or UnsafeStatementSyntax or FixedStatementSyntax or CheckedStatementSyntax or FinallyClauseSyntax))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MayLeave(StatementSyntax statement) => statement.DescendantNodesAndSelf(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(static n => n is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or YieldStatementSyntax or GotoStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax);

    private bool Rewrite(CapabilityTest test)
    {
        if (!locals.TryGetValue(test.If, out string? local))
        {
            locals[test.If] = local = UnusedName.For("charged", part.Model, test.If.SpanStart);
            string asked = test.IsPrivilegedWhenTrue ? field.IsNotCharged(local) : field.IsCharged(local);
            string condition = test.Rest is null ? asked : $"{test.Rest} {(test.IsPrivilegedWhenTrue ? "||" : "&&")} {asked}";
            part.Editor.ReplaceNode(test.If.Condition, SyntaxFactory.ParseExpression(condition));
            if (test.Local is { } declaration) part.Editor.RemoveNode(declaration, declaration.GetLeadingTrivia().Any(static t => t.IsKind(SyntaxKind.SingleLineCommentTrivia)) ? SyntaxRemoveOptions.KeepLeadingTrivia : SyntaxRemoveOptions.KeepNoTrivia);
            List<StatementSyntax> clearing = ClearingIn(test.If.Parent!);
            if (field.Clear is not { } clear) clearing.ForEach(part.Editor.RemoveNode);
            else if (clearing.Count == 0) part.InsertBefore(Outermost(Statement!), clear);
        }

        UseRecord(Outermost(Statement!), local);
        return true;
    }

    /// <summary>Where a field that was there before has been emptied by hand.</summary>
    private List<StatementSyntax> ClearingIn(SyntaxNode region) => !field.Exists ? [] : region.DescendantNodes().OfType<ExpressionStatementSyntax>()
        .Where(s => s.Parent is BlockSyntax && s.Expression is AssignmentExpressionSyntax { Left: var left, Right.RawKind: (int)SyntaxKind.NullLiteralExpression } && left.ToString().Replace("this.", string.Empty) == field.Name)
        .ToList<StatementSyntax>();

    /// <summary>The statement that names the owner first: a lock of the owner's goes with the release.</summary>
    private StatementSyntax Outermost(StatementSyntax release)
    {
        StatementSyntax outer = release;
        if (site.Owner is null) return outer;
        while (outer.Parent?.FirstAncestorOrSelf<StatementSyntax>(static s => s is not BlockSyntax) is LockStatementSyntax guard && Occurrences.Of(site.Owner, guard.Expression).Any()) outer = guard;
        return outer;
    }

    private void UseRecord(StatementSyntax statement, string local)
    {
        foreach (ExpressionSyntax occurrence in OwnersIn(statement))
        {
            if (field.OwnerOf(local) is not { } owner) continue;
            if (occurrence.Parent is ConditionalAccessExpressionSyntax access && access.Expression == occurrence) part.Editor.ReplaceNode(access, SyntaxFactory.ParseExpression($"{owner}{access.WhenNotNull}").WithTriviaFrom(access));
            else part.Editor.ReplaceNode(occurrence, owner.WithTriviaFrom(occurrence));
        }

        if (field.AmountOf(local) is { } amount && site.Amount is { } old) part.Editor.ReplaceNode(old, Signed(amount).WithTriviaFrom(old));
    }

    private IEnumerable<ExpressionSyntax> OwnersIn(SyntaxNode node) =>
        site.Owner is null ? [] : Occurrences.Of(site.Owner, node).Where(o => field.AmountOf("x") is null || site.Amount is null || !site.Amount.Span.Contains(o.Span)).ToList();

    /// <summary><c>Interlocked.Add</c> subtracts by adding what is negative.</summary>
    private ExpressionSyntax Signed(ExpressionSyntax amount) => site.Operation is InvocationExpressionSyntax { Expression: var called } && called.ToString().EndsWith("Interlocked.Add", System.StringComparison.Ordinal)
        ? SyntaxFactory.PrefixUnaryExpression(SyntaxKind.UnaryMinusExpression, amount)
        : amount;

    private bool InAmount(ExpressionSyntax check) => site.Amount is not null && site.Operation.Span.Contains(check.Span) && check.FirstAncestorOrSelf<ConditionalExpressionSyntax>() is not null;

    /// <summary><c>used -= IsPrivileged ? 0 : n</c>.</summary>
    private bool OutOfAmount(ExpressionSyntax check)
    {
        if (check.FirstAncestorOrSelf<ConditionalExpressionSyntax>() is not { } choice || !choice.Condition.Span.Contains(check.Span) || field.AmountOf("x") is not null || Statement is not ExpressionStatementSyntax) return false;
        if (choice.Condition.DescendantNodesAndSelf().Any(static n => n is BinaryExpressionSyntax)) return false;
        ExpressionSyntax amount = choice.WhenTrue is LiteralExpressionSyntax { Token.Value: 0 or 0L } ? choice.WhenFalse : choice.WhenFalse is LiteralExpressionSyntax { Token.Value: 0 or 0L } ? choice.WhenTrue : choice;
        if (amount == choice) return false;
        part.Editor.ReplaceNode(choice, amount.WithTriviaFrom(choice));
        return Wrap(Statement);
    }

    /// <summary>A release that nothing guards yet.</summary>
    private bool Guard()
    {
        if (Statement is { } statement)
        {
            if (statement is not ExpressionStatementSyntax expression || expression.Expression != site.Operation && expression.Expression is not ConditionalAccessExpressionSyntax) return false;
            if (statement == Outermost(statement) && CallThrough(expression.Expression) is { } call)
            {
                part.Editor.ReplaceNode(expression.Expression, call.WithTriviaFrom(expression.Expression));
                return true;
            }

            return Wrap(Outermost(statement));
        }

        if (site.Operation.Parent is AnonymousFunctionExpressionSyntax && CallThrough(site.Operation) is { } inLambda)
        {
            part.Editor.ReplaceNode(site.Operation, inLambda.WithTriviaFrom(site.Operation));
            return true;
        }

        if (site.Operation.Parent is not ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } } or DestructorDeclarationSyntax } arrow) return false;
        if (CallThrough(site.Operation) is { } inArrow)
        {
            part.Editor.ReplaceNode(site.Operation, inArrow.WithTriviaFrom(site.Operation));
            return true;
        }

        string local = UnusedName.For("charged", part.Model, site.Operation.SpanStart);
        string released = site.Operation.ReplaceNodes(
            OwnersIn(site.Operation).Concat(field.AmountOf(local) is not null && site.Amount is not null ? [site.Amount] : []),
            (old, _) => old == site.Amount ? Signed(field.AmountOf(local)!) : field.OwnerOf(local)?.WithTriviaFrom(old) ?? old).ToString();
        return part.ReplaceBody(arrow, field.Clear is { } clear ? $"if ({field.IsCharged(local)}) {{ {clear} {released}; }}" : $"if ({field.IsCharged(local)}) {released};");
    }

    /// <summary>The owner comes out of the exchange and is called at once, if it is there.</summary>
    private ExpressionSyntax? CallThrough(ExpressionSyntax release)
    {
        if (field.Receiver is not { } receiver || site.Owner is null || OwnersIn(release).Take(2).Count() != 1) return null;
        string? call = release switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList: { } arguments } when IsOwner(access.Expression) => $"{receiver}?.{access.Name}{arguments}",
            ConditionalAccessExpressionSyntax access when IsOwner(access.Expression) => $"{receiver}?{access.WhenNotNull}",
            _ => null,
        };
        return call is null ? null : SyntaxFactory.ParseExpression(call);
    }

    private bool IsOwner(ExpressionSyntax expression) => SyntaxFactory.AreEquivalent(Occurrences.Bare(expression), Occurrences.Bare(site.Owner!));

    private bool Wrap(StatementSyntax statement)
    {
        string local = UnusedName.For("charged", part.Model, statement.SpanStart);
        UseRecord(statement, local);
        part.Editor.ReplaceNode(statement, (current, _) =>
        {
            StatementSyntax inner = ((StatementSyntax)current).WithoutTrivia().WithAdditionalAnnotations(Formatter.Annotation);
            IEnumerable<StatementSyntax> body = field.Clear is { } clear ? [SyntaxFactory.ParseStatement(clear), inner] : [inner];
            return SyntaxFactory.IfStatement(SyntaxFactory.ParseExpression(field.IsCharged(local)), SyntaxFactory.Block(body)).WithTriviaFrom(current).WithAdditionalAnnotations(Formatter.Annotation);
        });
        return true;
    }
}
