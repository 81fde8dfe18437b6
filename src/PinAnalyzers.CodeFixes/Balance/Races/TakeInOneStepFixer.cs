using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance.Races;

/// <summary>A check and the update that follows it become one compare-and-exchange loop.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TakeInOneStepFixer)), Shared]
public sealed class TakeInOneStepFixer : BalanceCodeFix
{
    public const string Key_Loop = "PinAnalyzers.TakeInOneStep";

    public TakeInOneStepFixer()
        : base("Check and take in a compare-and-exchange loop", Key_Loop)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1011");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.At is not ExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax block } statement } update || target.Sites.Path.IsEmpty || statement.ContainsDirectives) return null;
        if (Step.Of(update) is not { } step || target.Model.GetTypeInfo(step.Field, target.Cancellation).Type is not { } type || !Parts.IsPure(step.Delta) || !Parts.IsPure(step.Field)) return null;
        int index = block.Statements.IndexOf(statement);
        if (index > 0 && block.Statements[index - 1] is IfStatementSyntax { Else: null } guard && guard.Condition.Span.Contains(target.Sites.Path[0].Span))
            return Leaves(guard.Statement) ? AfterGuard(target, block, index, guard, step, type) : null;
        return index == 0 && block.Parent is IfStatementSyntax { Else: null, Parent: BlockSyntax } branch && branch.Condition.Span.Contains(target.Sites.Path[0].Span) && !block.DescendantNodes().Any(IsJump)
            ? InBranch(target, block, branch, step, type)
            : null;
    }

    /// <summary><c>if (no room) return; take;</c></summary>
    private static SyntaxNode? AfterGuard(BalanceTarget target, BlockSyntax block, int index, IfStatementSyntax guard, Step step, ITypeSymbol type)
    {
        Names names = Names.For(target, block);
        if (Replace(guard.Condition, step, names.Current) is not { } condition || guard.ContainsDirectives) return null;
        StatementSyntax loop = Statement($"while (true)\n{{\n}}");
        List<StatementSyntax> body = [guard.WithCondition(condition).WithoutLeadingTrivia(), .. Exchange(step, type, names, target, block.Statements[index]), Statement($"if ({names.Seen} == {names.Current})\n    break;"), Statement($"{names.Current} = {names.Seen};")];
        loop = ((WhileStatementSyntax)loop).WithStatement(Edits.BlockOf([.. body]));
        return target.Root.ReplaceNode(block, block.WithStatements(SyntaxFactory.List(block.Statements.Take(index - 1)
            .Concat([Read(step, type, names, target, guard.SpanStart).WithLeadingTrivia(guard.GetLeadingTrivia()), loop.WithTrailingTrivia(Edits.EndOfLine(block))])
            .Concat(block.Statements.Skip(index + 1)))));
    }

    /// <summary><c>if (room) { take; return; }</c></summary>
    private static SyntaxNode? InBranch(BalanceTarget target, BlockSyntax block, IfStatementSyntax branch, Step step, ITypeSymbol type)
    {
        BlockSyntax outer = (BlockSyntax)branch.Parent!;
        Names names = Names.For(target, outer);
        if (Replace(branch.Condition, step, names.Current) is not { } condition || branch.ContainsDirectives) return null;
        BlockSyntax taken = Edits.BlockOf(Leaves(block) ? [.. block.Statements.Skip(1)] : [.. block.Statements.Skip(1), Statement("break;")]);
        List<StatementSyntax> body = [.. Exchange(step, type, names, target, block.Statements[0]), ((IfStatementSyntax)Statement($"if ({names.Seen} == {names.Current}) {{ }}")).WithStatement(taken), Statement($"{names.Current} = {names.Seen};")];
        StatementSyntax loop = SyntaxFactory.WhileStatement(condition.WithoutTrivia(), Edits.BlockOf([.. body])).WithAdditionalAnnotations(Formatter.Annotation).WithTrailingTrivia(branch.GetTrailingTrivia());
        int index = outer.Statements.IndexOf(branch);
        return target.Root.ReplaceNode(outer, outer.WithStatements(SyntaxFactory.List(outer.Statements.Take(index)
            .Concat([Read(step, type, names, target, branch.SpanStart).WithLeadingTrivia(branch.GetLeadingTrivia()), loop])
            .Concat(outer.Statements.Skip(index + 1)))));
    }

    private static StatementSyntax Read(Step step, ITypeSymbol type, Names names, BalanceTarget target, int position) =>
        Statement($"{type.ToMinimalDisplayString(target.Model, position)} {names.Current} = {Parts.Call(target, "Volatile", "Read", step.Field)};");

    private static IEnumerable<StatementSyntax> Exchange(Step step, ITypeSymbol type, Names names, BalanceTarget target, StatementSyntax update)
    {
        ExpressionSyntax current = SyntaxFactory.IdentifierName(names.Current);
        ExpressionSyntax next = SyntaxFactory.ParseExpression($"{names.Current} {(step.IsDown ? "-" : "+")} {Parts.Operand(step.Delta)}");
        StatementSyntax exchange = Statement($"{type.ToMinimalDisplayString(target.Model, update.SpanStart)} {names.Seen} = {Parts.Call(target, "Interlocked", "CompareExchange", step.Field, next, current)};");

        // What is said of the update is said of what does it now.
        if (Edits.HasComment(update.GetLeadingTrivia())) exchange = exchange.WithLeadingTrivia(update.GetLeadingTrivia());
        yield return Edits.HasComment(update.GetTrailingTrivia()) ? exchange.WithTrailingTrivia(update.GetTrailingTrivia()) : exchange;
    }

    /// <summary>The condition on the value that was read; null where it asks the field in another way, or does more than ask.</summary>
    private static ExpressionSyntax? Replace(ExpressionSyntax condition, Step step, string current)
    {
        if (!Parts.IsPure(condition)) return null;
        List<SyntaxNode> reads = [.. condition.DescendantNodesAndSelf().Where(node => SyntaxFactory.AreEquivalent(node, step.Field) || IsRead(node, step.Field))];
        reads = [.. reads.Where(node => !reads.Any(outer => outer != node && outer.Span.Contains(node.Span)))];
        return reads.Count == 0 ? null : condition.ReplaceNodes(reads, (node, _) => SyntaxFactory.IdentifierName(current).WithTriviaFrom(node));
    }

    private static bool IsRead(SyntaxNode node, ExpressionSyntax field) =>
        node is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments, Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Read" } } && SyntaxFactory.AreEquivalent(arguments[0].Expression, field);

    private static StatementSyntax Statement(string text) => SyntaxFactory.ParseStatement(text).WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithTrailingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);

    /// <summary>Would end the new loop instead of what it ends now.</summary>
    private static bool IsJump(SyntaxNode node) => node is BreakStatementSyntax or ContinueStatementSyntax;

    private static bool Leaves(StatementSyntax statement) => statement switch
    {
        BlockSyntax { Statements: { Count: > 0 } statements } => Leaves(statements.Last()) && !statement.DescendantNodes().Any(IsJump),
        ReturnStatementSyntax or ThrowStatementSyntax => true,
        _ => false,
    };

    private sealed record Names(string Current, string Seen)
    {
        public static Names For(BalanceTarget target, SyntaxNode scope) =>
            new(NewNames.For("current", target.Model, scope.SpanStart, scope), NewNames.For("seen", target.Model, scope.SpanStart, scope));
    }

    /// <summary>What an update adds to which field.</summary>
    private sealed record Step(ExpressionSyntax Field, ExpressionSyntax Delta, bool IsDown)
    {
        private static ExpressionSyntax One => SyntaxFactory.LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(1));

        public static Step? Of(ExpressionSyntax update)
        {
            switch (update)
            {
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments: { Count: > 0 } arguments }:
                    ExpressionSyntax field = arguments[0].Expression;
                    return access.Name.Identifier.ValueText switch
                    {
                        "Increment" => new Step(field, One, false),
                        "Decrement" => new Step(field, One, true),
                        "Add" when arguments.Count == 2 && arguments[1].Expression is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus => new Step(field, Parts.Bare(minus.Operand), true),
                        "Add" when arguments.Count == 2 => new Step(field, arguments[1].Expression, false),
                        _ => null,
                    };
                case AssignmentExpressionSyntax assignment when assignment.Kind() is SyntaxKind.AddAssignmentExpression or SyntaxKind.SubtractAssignmentExpression:
                    return new Step(assignment.Left, assignment.Right, assignment.IsKind(SyntaxKind.SubtractAssignmentExpression));
                case PostfixUnaryExpressionSyntax postfix:
                    return new Step(postfix.Operand, One, postfix.IsKind(SyntaxKind.PostDecrementExpression));
                case PrefixUnaryExpressionSyntax prefix:
                    return new Step(prefix.Operand, One, prefix.IsKind(SyntaxKind.PreDecrementExpression));
                default:
                    return null;
            }
        }
    }
}
