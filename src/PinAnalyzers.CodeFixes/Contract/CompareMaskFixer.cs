using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace PinAnalyzers.CodeFixes.Contract;

/// <summary>PIN4006: <c>flags == Flag</c> becomes <c>(flags &amp; Flag) == Flag</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CompareMaskFixer))]
[Shared]
public sealed class CompareMaskFixer() : ContractCodeFix("PIN4006", "Test the flag through a mask", Key_CompareMask)
{
    public const string Key_CompareMask = "PIN4006.CompareMask";

    private protected override SyntaxNode? Apply(SyntaxNode root, SyntaxNode at, string fix, Diagnostic diagnostic, SemanticModel model)
    {
        if (at.FirstAncestorOrSelf<ExpressionSyntax>(node => node.Span == diagnostic.Location.SourceSpan) is not { ContainsDirectives: false } test) return null;
        (ExpressionSyntax? tested, ExpressionSyntax? flag) = test switch
        {
            BinaryExpressionSyntax comparison when diagnostic.AdditionalLocations.Count > 0 && comparison.Right.Span.Contains(diagnostic.AdditionalLocations[0].SourceSpan) => (comparison.Right, comparison.Left),
            BinaryExpressionSyntax comparison => (comparison.Left, comparison.Right),
            IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax constant } pattern => (pattern.Expression, constant.Expression),
            IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax constant } } pattern => (pattern.Expression, constant.Expression),
            // `x is A.B` is parsed as a test for a type until it is bound.
            _ => (null, null),
        };
        if (test is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression } isExpression) (tested, flag) = (isExpression.Left, isExpression.Right);
        if (tested is null || flag is null) return null;
        ExpressionSyntax masked = SyntaxFactory.ParenthesizedExpression(SyntaxFactory.ParseExpression($"{Operand(tested)} & {flag.WithoutTrivia()}"));
        ExpressionSyntax result = SyntaxFactory.ParseExpression($"{masked} {fix} {flag.WithoutTrivia()}");
        if (test.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression }) result = SyntaxFactory.ParenthesizedExpression(result);
        return root.ReplaceNode(test, result.WithTriviaFrom(test).WithAdditionalAnnotations(Simplifier.Annotation));
    }

    /// <summary>In parentheses when it would fall apart beside <c>&amp;</c>.</summary>
    private static string Operand(ExpressionSyntax tested)
    {
        string text = tested.WithoutTrivia().ToFullString();
        return tested is SimpleNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax or ThisExpressionSyntax or CastExpressionSyntax or AwaitExpressionSyntax ? text : $"({text})";
    }
}
