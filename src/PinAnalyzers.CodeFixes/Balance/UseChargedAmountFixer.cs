using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>Releases what was charged: the same expression where it still means the same, else a local that keeps it from the charge on.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseChargedAmountFixer)), Shared]
public sealed class UseChargedAmountFixer : BalanceCodeFix
{
    public const string Key_UseAmount = "PinAnalyzers.UseChargedAmount";

    public UseChargedAmountFixer()
        : base("Release the amount that was charged", Key_UseAmount)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1006");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.Releases.Length != 2 || target.Sites.Releases[0] is not ExpressionSyntax charged || target.Sites.Releases[1] is not ExpressionSyntax released) return null;
        if (StableText.Is(charged, released.SpanStart, target)) return target.Root.ReplaceNode(released, charged.WithTriviaFrom(released));
        return Keep(target, charged, released);
    }

    private static SyntaxNode? Keep(BalanceTarget target, ExpressionSyntax charged, ExpressionSyntax released)
    {
        if (target.Charge is not { } charge || StatementOf(charge) is not { Parent: BlockSyntax block } statement || !block.Span.Contains(released.Span)) return null;
        if (released.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() != charged.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>()) return null;
        if (target.Model.GetTypeInfo(charged, target.Cancellation).Type is not { TypeKind: not TypeKind.Error } type) return null;
        string name = NewNames.For("charged", target.Model, statement.SpanStart, block);
        StatementSyntax kept = SyntaxFactory.ParseStatement($"{type.ToMinimalDisplayString(target.Model, statement.SpanStart)} {name} = {charged.WithoutTrivia().ToFullString()};");
        var editor = target.Edit();
        editor.ReplaceNode(charged, SyntaxFactory.IdentifierName(name).WithTriviaFrom(charged));
        editor.ReplaceNode(released, SyntaxFactory.IdentifierName(name).WithTriviaFrom(released));
        editor.InsertBefore(statement, kept.WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(Edits.EndOfLine(statement)).WithAdditionalAnnotations(Formatter.Annotation));
        editor.ReplaceNode(statement, static (node, _) => Edits.WithoutComments((StatementSyntax)node));
        return editor.GetChangedRoot();
    }

    /// <summary>The statement that begins with the charge: nothing is evaluated before its amount but names.</summary>
    private static StatementSyntax? StatementOf(ExpressionSyntax charge)
    {
        SyntaxNode node = charge;
        while (node.Parent is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } or ParenthesizedExpressionSyntax or AwaitExpressionSyntax) node = node.Parent;
        return node.Parent switch
        {
            ExpressionStatementSyntax statement => statement,
            IfStatementSyntax { Parent: BlockSyntax } test when test.Condition == node => test,
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Parent: LocalDeclarationStatementSyntax local, Variables.Count: 1 } } } => local,
            _ => null,
        };
    }
}
