using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>Which way a loop runs.</summary>
internal enum LoopDirection
{
    /// <summary>Over the items, without an index.</summary>
    Each,

    /// <summary>From zero, tested before each round.</summary>
    Up,

    /// <summary><c>for (int i = limit - 1; i >= 0; i--)</c>: from the last one.</summary>
    Down,

    /// <summary><c>for (int i = limit; i-- > 0;)</c>: from one behind the last.</summary>
    DownBeforeUse,
}

/// <summary>How far a loop runs: over as many items as the limit says.</summary>
/// <param name="Limit">How many.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Index">The variable that counts; null where none does.</param>
/// <param name="IsInclusive">One more than the limit.</param>
/// <param name="Decides">The expression that says where the loop stops, or for one that runs down, starts.</param>
internal sealed record LoopBound(ExpressionSyntax Limit, LoopDirection Direction, string? Index, bool IsInclusive, ExpressionSyntax? Decides)
{
    public static LoopBound? Of(StatementSyntax loop) => loop switch
    {
        ForEachStatementSyntax each => new LoopBound(each.Expression, LoopDirection.Each, null, false, null),
        ForStatementSyntax { Condition: BinaryExpressionSyntax condition } counted => Up(counted, condition) ?? Down(counted, condition),
        WhileStatementSyntax { Condition: BinaryExpressionSyntax condition } counted => Up(counted, condition) ?? Down(counted, condition),
        _ => null,
    };

    /// <summary>As many items, one after the other or by index; and not as many as the index says.</summary>
    public bool IsSame(LoopBound other) =>
        IsInclusive == other.IsInclusive && (Index is null) == (other.Index is null) && Index != Limit.ToString() && SyntaxFactory.AreEquivalent(Limit, other.Limit);

    /// <summary>What has to stand for <see cref="Decides"/> so that the loop covers the items before another's index, and perhaps that one, too.</summary>
    public string? Until(string index, bool includesIt) => Direction switch
    {
        LoopDirection.Up => $"{Index} {(includesIt ? "<=" : "<")} {index}",
        LoopDirection.Down => includesIt ? index : index + " - 1",
        LoopDirection.DownBeforeUse => includesIt ? index + " + 1" : index,
        _ => null,
    };

    private static LoopBound? Up(StatementSyntax loop, BinaryExpressionSyntax condition) =>
        condition is { RawKind: (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.LessThanOrEqualExpression, Left: IdentifierNameSyntax { Identifier.ValueText: var index } } && StartsAtZero(loop, index)
            ? new LoopBound(condition.Right, LoopDirection.Up, index, condition.IsKind(SyntaxKind.LessThanOrEqualExpression), condition)
            : null;

    private static bool StartsAtZero(StatementSyntax loop, string index) =>
        loop is ForStatementSyntax { Declaration: null, Initializers.Count: 0 } || StartOf(loop, index) is LiteralExpressionSyntax { Token.ValueText: "0" } && (loop is ForStatementSyntax || StepsUp(loop, index));

    /// <summary>One item a round.</summary>
    private static bool StepsUp(StatementSyntax loop, string index) => loop.DescendantNodes().Any(node => node switch
    {
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression, Operand: IdentifierNameSyntax name } => name.Identifier.ValueText == index,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression, Operand: IdentifierNameSyntax name } => name.Identifier.ValueText == index,
        _ => false,
    });

    private static LoopBound? Down(StatementSyntax loop, BinaryExpressionSyntax condition)
    {
        bool isToZero = condition.IsKind(SyntaxKind.GreaterThanOrEqualExpression) && condition.Right is LiteralExpressionSyntax { Token.ValueText: "0" }
            || condition.IsKind(SyntaxKind.GreaterThanExpression) && condition.Right.ToString() == "-1";
        bool isAboveZero = condition.IsKind(SyntaxKind.GreaterThanExpression) && condition.Right is LiteralExpressionSyntax { Token.ValueText: "0" };
        switch (condition.Left)
        {
            // Counted down after each round: the first item is the one that it starts at.
            case IdentifierNameSyntax { Identifier.ValueText: var index } when isToZero && loop is ForStatementSyntax { Incrementors.Count: > 0 } && StartOf(loop, index) is { } start:
                return start is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.SubtractExpression, Right: LiteralExpressionSyntax { Token.ValueText: "1" }, Left: var limit }
                    ? new LoopBound(limit, LoopDirection.Down, index, IsInclusive: false, start)
                    : new LoopBound(start, LoopDirection.Down, index, IsInclusive: true, start);
            // Counted down by the test: the first item is the one before.
            case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostDecrementExpression, Operand: IdentifierNameSyntax { Identifier.ValueText: var index } } when isAboveZero && StartOf(loop, index) is { } start:
                return new LoopBound(start, LoopDirection.DownBeforeUse, index, IsInclusive: false, start);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreDecrementExpression, Operand: IdentifierNameSyntax { Identifier.ValueText: var index } } when isToZero && StartOf(loop, index) is { } start:
                return new LoopBound(start, LoopDirection.DownBeforeUse, index, IsInclusive: false, start);
            default:
                return null;
        }
    }

    /// <summary>What the index is when the loop begins: said in its own head, or for a <c>while</c> by the statement before it.</summary>
    private static ExpressionSyntax? StartOf(StatementSyntax loop, string index)
    {
        if (loop is ForStatementSyntax counted && (counted.Declaration is not null || counted.Initializers.Count > 0))
            return counted.Declaration?.Variables.FirstOrDefault(v => v.Identifier.ValueText == index)?.Initializer?.Value ?? counted.Initializers.Select(i => Assigned(i, index)).FirstOrDefault(static v => v is not null);
        if (loop.Parent is not BlockSyntax block || block.Statements.IndexOf(loop) is not (> 0 and var at)) return null;
        return block.Statements[at - 1] switch
        {
            LocalDeclarationStatementSyntax declaration => declaration.Declaration.Variables.FirstOrDefault(v => v.Identifier.ValueText == index)?.Initializer?.Value,
            ExpressionStatementSyntax assignment => Assigned(assignment.Expression, index),
            _ => null,
        };
    }

    private static ExpressionSyntax? Assigned(ExpressionSyntax expression, string index) =>
        expression is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax name } assignment && name.Identifier.ValueText == index ? assignment.Right : null;
}
