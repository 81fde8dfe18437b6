using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance.Races;

/// <summary><c>used + n &gt; limit</c> becomes <c>n &gt; limit - used</c>, which cannot overflow while what is used is within the limit.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SubtractFromLimitFixer)), Shared]
public sealed class SubtractFromLimitFixer : BalanceCodeFix
{
    public const string Key_Subtract = "PinAnalyzers.SubtractFromLimit";

    public SubtractFromLimitFixer()
        : base("Compare with what is left of the limit", Key_Subtract)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1012");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.At is not BinaryExpressionSyntax test || target.Sites.Path.IsEmpty || test.ContainsDirectives || !Parts.IsPure(test)) return null;
        bool isLeft = Parts.Bare(test.Left) is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } left && left.Span.Contains(target.Sites.Path[0].Span);
        if (Parts.Bare(isLeft ? test.Left : test.Right) is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum) return null;
        ExpressionSyntax bound = isLeft ? test.Right : test.Left;
        bool isCounterLeft = sum.Left.Span.Contains(target.Sites.Path[0].Span);
        (ExpressionSyntax counter, ExpressionSyntax amount) = isCounterLeft ? (sum.Left, sum.Right) : (sum.Right, sum.Left);

        // What is left of an unsigned limit wraps when the limit can sink below what is used.
        if (IsUnsigned(target.Model.GetTypeInfo(sum, target.Cancellation).Type) && !IsFixed(bound, target)) return null;
        BinaryExpressionSyntax rest = SyntaxFactory.BinaryExpression(SyntaxKind.SubtractExpression, IsSum(bound) ? Parts.Bare(bound).WithoutTrivia() : Parts.Operand(bound), Parts.Operand(counter))
            .WithOperatorToken(Spaced(SyntaxKind.MinusToken));
        return target.Root.ReplaceNode(test, isLeft
            ? test.WithLeft(Part(amount).WithTriviaFrom(test.Left)).WithRight(rest.WithTriviaFrom(test.Right))
            : test.WithLeft(rest.WithTriviaFrom(test.Left)).WithRight(Part(amount).WithTriviaFrom(test.Right)));
    }

    private static SyntaxToken Spaced(SyntaxKind kind) => SyntaxFactory.Token(kind).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space);

    /// <summary>Arithmetic binds tighter than comparing.</summary>
    private static ExpressionSyntax Part(ExpressionSyntax amount) => Parts.Bare(amount) is BinaryExpressionSyntax arithmetic && IsArithmetic(arithmetic) || Parts.Bare(amount) is CastExpressionSyntax ? Parts.Bare(amount).WithoutTrivia() : Parts.Operand(amount);

    private static bool IsSum(ExpressionSyntax bound) => Parts.Bare(bound) is BinaryExpressionSyntax arithmetic && IsArithmetic(arithmetic);

    private static bool IsArithmetic(BinaryExpressionSyntax value) =>
        value.Kind() is SyntaxKind.AddExpression or SyntaxKind.SubtractExpression or SyntaxKind.MultiplyExpression or SyntaxKind.DivideExpression or SyntaxKind.ModuloExpression;

    private static bool IsUnsigned(ITypeSymbol? type) => type?.SpecialType is not (SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr);

    private static bool IsFixed(ExpressionSyntax bound, BalanceTarget target) =>
        target.Model.GetConstantValue(bound, target.Cancellation).HasValue || target.Model.GetSymbolInfo(Parts.Bare(bound), target.Cancellation).Symbol is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null, IsVirtual: false };
}
