using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>Passes <c>CancellationToken.None</c> to what stands in front of a release.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UncancellableReleaseFixer)), Shared]
public sealed class UncancellableReleaseFixer : BalanceCodeFix
{
    public const string Key_None = "PinAnalyzers.UncancellableRelease";

    public UncancellableReleaseFixer()
        : base("Pass CancellationToken.None", Key_None)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1015");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.Releases.Length != 1 || target.Sites.Releases[0] is not ExpressionSyntax token) return null;
        string none = ReleaseCall.Shorten("global::System.Threading.CancellationToken.None()", target, token.SpanStart);
        return target.Root.ReplaceNode(token, SyntaxFactory.ParseExpression(none.Substring(0, none.Length - 2)).WithTriviaFrom(token));
    }
}
