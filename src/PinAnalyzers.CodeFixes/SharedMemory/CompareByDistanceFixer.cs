using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3013: <c>a &lt; b</c> becomes the sign of the distance, which stays right when one of them has wrapped around.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CompareByDistanceFixer)), Shared]
public sealed class CompareByDistanceFixer : SharedMemoryCodeFix
{
    public const string Key_CompareByDistance = "PinAnalyzers.CompareByDistance";

    public CompareByDistanceFixer()
        : base(("Compare the distance", Key_CompareByDistance))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3013");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not BinaryExpressionSyntax comparison) return null;
        string? signed = target.Model.GetTypeInfo(comparison.Left, target.Cancellation).Type?.SpecialType switch
        {
            SpecialType.System_UInt32 => "int",
            SpecialType.System_UInt64 => "long",
            SpecialType.System_UIntPtr => "nint",
            _ => null,
        };
        if (signed is null) return null;
        string left = comparison.Left.WithoutTrivia().ToFullString(), right = comparison.Right.WithoutTrivia().ToFullString();
        if (comparison.Right is BinaryExpressionSyntax) right = $"({right})";
        ExpressionSyntax distance = SyntaxFactory.ParseExpression($"unchecked(({signed})({left} - {right})) {comparison.OperatorToken.Text} 0");
        return target.Root.ReplaceNode(comparison, distance.WithTriviaFrom(comparison));
    }
}
