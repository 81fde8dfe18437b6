using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>
/// What a success signal leaves open, the code that asks knows: a result that is zero on success is compared with 0, with -1 or for its sign, and each of them
/// is right for its callee. What is left over by such a test, say a positive result after <c>&lt; 0</c>, then does not occur.
/// </summary>
internal readonly record struct ResultConvention(Fact Taken, Fact Denied)
{
    private enum Asked
    {
        Nothing,
        Null,
        MinusOne,
        Negative,
        Positive,
    }

    public static ResultConvention Stated(SuccessSignal signal) => new(Signals.FactFor(signal, succeeded: true), Signals.FactFor(signal, succeeded: false));

    public static ResultConvention Of(SuccessSignal signal, IOperation charge)
    {
        ResultConvention stated = Stated(signal);
        if (signal is not (SuccessSignal.Zero or SuccessSignal.NonNegative or SuccessSignal.NotMinusOne)) return stated;
        bool isAddress = charge.Type is IPointerTypeSymbol or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };
        return (signal, WhatIsAsked(charge.Syntax)) switch
        {
            (SuccessSignal.Zero, Asked.Negative) => stated with { Denied = Fact.Negative },
            (SuccessSignal.Zero, Asked.Positive) => stated with { Denied = Fact.Range(1, long.MaxValue) },
            (SuccessSignal.Zero or SuccessSignal.NonNegative, Asked.MinusOne) => stated with { Denied = Fact.Constant(-1) },
            (SuccessSignal.NotMinusOne, Asked.Negative) => stated with { Taken = Fact.NonNegative },

            // An address compared with null instead: that it should have been -1 is another rule's to say (PIN4012), and all there is to say.
            (SuccessSignal.NotMinusOne, Asked.Null) when isAddress => new(Fact.NonZero, Fact.Zero),
            _ => stated,
        };
    }

    /// <summary>By the first test of the result, or of the variable that holds it.</summary>
    private static Asked WhatIsAsked(SyntaxNode charge)
    {
        SyntaxNode result = Outermost(charge);
        string? variable = result.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } => declarator.Identifier.ValueText,
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment when assignment.Right == result => name.Identifier.ValueText,
            _ => null,
        };
        if (variable is null) return InTest(result);
        if (result.Parent is AssignmentExpressionSyntax assigned && InTest(Outermost(assigned)) is var direct and not Asked.Nothing) return direct;
        SyntaxNode member = charge.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? charge.SyntaxTree.GetRoot();
        return member.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.SpanStart > charge.Span.End && name.Identifier.ValueText == variable)
            .Select(static name => InTest(Outermost(name)))
            .FirstOrDefault(static asked => asked != Asked.Nothing);
    }

    private static SyntaxNode Outermost(SyntaxNode expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or AwaitExpressionSyntax) expression = expression.Parent;
        return expression;
    }

    private static Asked InTest(SyntaxNode value) => value.Parent switch
    {
        BinaryExpressionSyntax test when test.Left == value => For(test.Kind(), test.Right),
        BinaryExpressionSyntax test when test.Right == value => For(Mirrored(test.Kind()), test.Left),
        IsPatternExpressionSyntax { Pattern: var pattern } => ForPattern(pattern),
        _ => Asked.Nothing,
    };

    private static Asked ForPattern(PatternSyntax pattern) => pattern switch
    {
        UnaryPatternSyntax negated => ForPattern(negated.Pattern),
        ParenthesizedPatternSyntax inner => ForPattern(inner.Pattern),
        ConstantPatternSyntax constant => For(SyntaxKind.EqualsExpression, constant.Expression),
        RelationalPatternSyntax relational => For(relational.OperatorToken.Kind() switch
        {
            SyntaxKind.LessThanToken => SyntaxKind.LessThanExpression,
            SyntaxKind.LessThanEqualsToken => SyntaxKind.LessThanOrEqualExpression,
            SyntaxKind.GreaterThanToken => SyntaxKind.GreaterThanExpression,
            _ => SyntaxKind.GreaterThanOrEqualExpression,
        }, relational.Expression),
        _ => Asked.Nothing,
    };

    private static Asked For(SyntaxKind comparison, ExpressionSyntax bound) => (comparison, bound.ToString()) switch
    {
        (SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression, "-1") => Asked.MinusOne,
        (SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression, "0" or "null" or "IntPtr.Zero" or "nint.Zero") => Asked.Null,
        (SyntaxKind.LessThanExpression or SyntaxKind.GreaterThanOrEqualExpression, "0") => Asked.Negative,
        (SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanExpression, "-1") => Asked.Negative,
        (SyntaxKind.GreaterThanExpression or SyntaxKind.LessThanOrEqualExpression, "0") => Asked.Positive,
        _ => Asked.Nothing,
    };

    private static SyntaxKind Mirrored(SyntaxKind comparison) => comparison switch
    {
        SyntaxKind.LessThanExpression => SyntaxKind.GreaterThanExpression,
        SyntaxKind.GreaterThanExpression => SyntaxKind.LessThanExpression,
        SyntaxKind.LessThanOrEqualExpression => SyntaxKind.GreaterThanOrEqualExpression,
        SyntaxKind.GreaterThanOrEqualExpression => SyntaxKind.LessThanOrEqualExpression,
        _ => comparison,
    };
}
