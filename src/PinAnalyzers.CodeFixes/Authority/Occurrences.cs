using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>Where else an owner is named in the same words.</summary>
internal static class Occurrences
{
    /// <summary>The outermost expressions that say the same, with the <c>!</c> behind them.</summary>
    public static IEnumerable<ExpressionSyntax> Of(ExpressionSyntax owner, SyntaxNode node)
    {
        ExpressionSyntax bare = Bare(owner);
        foreach (ExpressionSyntax candidate in node.DescendantNodesAndSelf().OfType<ExpressionSyntax>())
        {
            if (!SyntaxFactory.AreEquivalent(candidate, bare) || IsNameOfMember(candidate)) continue;
            ExpressionSyntax whole = candidate;
            while (whole.Parent is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } or ParenthesizedExpressionSyntax) whole = (ExpressionSyntax)whole.Parent;
            yield return whole;
        }
    }

    public static ExpressionSyntax Bare(ExpressionSyntax expression)
    {
        while (true)
        {
            switch (expression)
            {
                case ParenthesizedExpressionSyntax parenthesized:
                    expression = parenthesized.Expression;
                    break;
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed:
                    expression = suppressed.Operand;
                    break;
                default:
                    return expression.WithoutTrivia();
            }
        }
    }

    /// <summary><c>other._user</c> is not <c>_user</c>.</summary>
    private static bool IsNameOfMember(ExpressionSyntax candidate) => candidate.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name == candidate,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => true,
        _ => false,
    };
}
