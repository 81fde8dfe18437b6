using System.Collections.Immutable;
using System.Composition;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>Releases to whom was charged: the account or pool of the charge, or the release that belongs to the allocator.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReleaseToOwnerFixer)), Shared]
public sealed class ReleaseToOwnerFixer : BalanceCodeFix
{
    public const string Key_ToOwner = "PinAnalyzers.ReleaseToOwner";

    public ReleaseToOwnerFixer()
        : base("Release where it was charged", Key_ToOwner)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1007");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.At is not InvocationExpressionSyntax release) return null;
        return target.Sites.Releases.Length switch
        {
            2 when target.Sites.Releases[0] is ExpressionSyntax charged && target.Sites.Releases[1] is ExpressionSyntax released && release.Span.Contains(released.Span)
                => StableText.Is(charged, released.SpanStart, target) ? target.Root.ReplaceNode(released, charged.WithTriviaFrom(released)) : null,
            1 when target.Properties.Template is { } template && !template.Contains("{1}") && target.Sites.Releases[0] is ExpressionSyntax identity
                => target.Root.ReplaceNode(release, SyntaxFactory.ParseExpression(string.Format(CultureInfo.InvariantCulture, ReleaseCall.Shorten(template, target, release.SpanStart), Bare(identity)))
                    .WithTriviaFrom(release)),
            _ => null,
        };
    }

    /// <summary>Casts were for the other allocator's sake.</summary>
    private static string Bare(ExpressionSyntax identity) => identity switch
    {
        CastExpressionSyntax cast => Bare(cast.Expression),
        ParenthesizedExpressionSyntax parenthesized => Bare(parenthesized.Expression),
        _ => identity.WithoutTrivia().ToString(),
    };
}
