using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>A token that disposes itself is declared with <c>using</c>; where the release came earlier than the block's end, a <c>using</c> statement keeps it there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(WrapChargeInUsingFixer)), Shared]
public sealed class WrapChargeInUsingFixer : BalanceCodeFix
{
    public const string Key_Using = "PinAnalyzers.WrapChargeInUsing";

    public WrapChargeInUsingFixer()
        : base("Declare with 'using'", Key_Using)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1001", "PIN1002");

    private protected override SyntaxNode? Apply(BalanceTarget target) => TryApply(target);

    internal static SyntaxNode? TryApply(BalanceTarget target)
    {
        if (!target.Allows(LanguageVersion.CSharp8) || ReleaseRegion.Create(target) is not { Charge: { Token: { } token, Statement: LocalDeclarationStatementSyntax declaration } charge } region) return null;
        if (charge.Value is CastExpressionSyntax || declaration.ContainsDirectives || !Disposables.Is(token.Type, target.Model.Compilation)) return null;
        if (!target.Sites.Releases.All(r => IsDisposeOf(r, token.Name)) || (region.Release is IfStatementSyntax guard && !ReleaseStatements.IsNullTestOf(guard, token.Name))) return null;
        if (region.Covered.Concat(region.Rest).Any(s => Names.MayChange(s, token.Name) || Names.HasMemberWritten(s, token.Name))) return null;

        BlockSyntax block = charge.Block;
        if (ReleaseStatements.Find(target, block) is not { } releases) return null;
        if (region.Rest.All(Exits.IsSimple))
        {
            LocalDeclarationStatementSyntax disposed = declaration.WithoutLeadingTrivia()
                .WithUsingKeyword(SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTrailingTrivia(SyntaxFactory.Space))
                .WithLeadingTrivia(declaration.GetLeadingTrivia());
            BlockSyntax changed = block.TrackNodes(releases.Append(declaration));
            changed = changed.ReplaceNode(changed.GetCurrentNode(declaration)!, disposed);
            foreach (StatementSyntax release in releases) changed = (BlockSyntax)Edits.Remove(changed, changed.GetCurrentNode(release)!);
            return target.Root.ReplaceNode(block, changed);
        }

        // Where the statement ends, a comment on the release has no place.
        if (releases.Any(r => r.Parent == block && Edits.HasComment(r))) return null;
        int index = block.Statements.IndexOf(declaration);
        if (charge.First != index + 1 || Edits.HasComment(declaration.SemicolonToken.TrailingTrivia)) return null;
        UsingStatementSyntax @using = SyntaxFactory.UsingStatement(
            declaration.Declaration.WithoutTrivia(), null, Edits.BlockOf(region.Covered.Select((s, i) => i == 0 ? Edits.WithoutBlankLines(s) : s).ToArray()));
        return target.Root.ReplaceNode(block, Edits.ReplaceFrom(block, index, region.Rest.Prepend(@using.WithLeadingTrivia(declaration.GetLeadingTrivia()).WithAdditionalAnnotations(Formatter.Annotation))));
    }

    private static bool IsDisposeOf(SyntaxNode release, string token) => release switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Dispose", Expression: IdentifierNameSyntax owner } } => owner.Identifier.ValueText == token,
        InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax { Name.Identifier.ValueText: "Dispose" }, Parent: ConditionalAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } } => owner.Identifier.ValueText == token,
        _ => false,
    };
}
