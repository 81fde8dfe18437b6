using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>An update of a cell: the cell, the operator and the operand, however it is written.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Operator">As in a compound assignment, without the equals sign.</param>
/// <param name="Operand">What is added, or'ed and so on; null for one.</param>
/// <param name="IsPostfix">The value of the expression is the one from before.</param>
internal sealed record UpdateForm(ExpressionSyntax Cell, string Operator, ExpressionSyntax? Operand, bool IsPostfix)
{
    /// <summary>What the new value is converted to, from the outside in.</summary>
    public ImmutableArray<CastExpressionSyntax> Casts { get; init; } = ImmutableArray<CastExpressionSyntax>.Empty;

    public static UpdateForm? Of(ExpressionSyntax update)
    {
        switch (update)
        {
            case PrefixUnaryExpressionSyntax prefix:
                return new UpdateForm(prefix.Operand, prefix.IsKind(SyntaxKind.PreIncrementExpression) ? "+" : "-", null, false);
            case PostfixUnaryExpressionSyntax postfix:
                return new UpdateForm(postfix.Operand, postfix.IsKind(SyntaxKind.PostIncrementExpression) ? "+" : "-", null, true);
            case AssignmentExpressionSyntax assignment when assignment.IsKind(SyntaxKind.SimpleAssignmentExpression):
                return OfValue(assignment.Left, assignment.Right);
            case AssignmentExpressionSyntax compound:
                return new UpdateForm(compound.Left, compound.OperatorToken.Text.TrimEnd('='), compound.Right, false);
            case InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 2 } arguments }:
                return OfValue(arguments[0].Expression, arguments[1].Expression);
            default:
                return null;
        }
    }

    /// <summary><c>cell = cell op operand</c>, however often in parentheses, casts and volatile reads.</summary>
    private static UpdateForm? OfValue(ExpressionSyntax cell, ExpressionSyntax value)
    {
        ImmutableArray<CastExpressionSyntax> casts = ImmutableArray<CastExpressionSyntax>.Empty;
        while (true)
        {
            switch (value)
            {
                case ParenthesizedExpressionSyntax parenthesized:
                    value = parenthesized.Expression;
                    continue;
                case CheckedExpressionSyntax unchecked1 when unchecked1.IsKind(SyntaxKind.UncheckedExpression):
                    value = unchecked1.Expression;
                    continue;
                case CastExpressionSyntax cast:
                    casts = casts.Add(cast);
                    value = cast.Expression;
                    continue;
                case BinaryExpressionSyntax binary when IsRead(binary.Left, cell):
                    return new UpdateForm(cell, binary.OperatorToken.Text, binary.Right, false) { Casts = casts };
                case BinaryExpressionSyntax binary when IsRead(binary.Right, cell) && binary.OperatorToken.Text != "-":
                    return new UpdateForm(cell, binary.OperatorToken.Text, binary.Left, false) { Casts = casts };
                default:
                    return null;
            }
        }
    }

    private static bool IsRead(ExpressionSyntax value, ExpressionSyntax cell)
    {
        value = VolatileForms.Bare(value);
        if (value is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 1 } arguments }) value = arguments[0].Expression;
        return SyntaxFactory.AreEquivalent(VolatileForms.Bare(value), VolatileForms.Bare(cell));
    }
}
