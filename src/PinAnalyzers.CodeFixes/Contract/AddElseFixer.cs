using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.CodeFixes.Contract;

/// <summary>PIN4008: without the flag the state is reset.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddElseFixer))]
[Shared]
public sealed class AddElseFixer() : ContractCodeFix("PIN4008", "Clear it without the flag", Key_AddElse)
{
    public const string Key_AddElse = "PIN4008.AddElse";

    private protected override SyntaxNode? Apply(SyntaxNode root, SyntaxNode at, string fix, Diagnostic diagnostic, SemanticModel model)
    {
        if (at.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is not { Left: { } target } assignment || assignment.FirstAncestorOrSelf<IfStatementSyntax>() is not { ContainsDirectives: false } branch) return null;
        string clear = $"{target.WithoutTrivia()} = default;";
        IfStatementSyntax changed;
        switch (branch.Else?.Statement)
        {
            case null:
                StatementSyntax reset = SyntaxFactory.ParseStatement(clear);
                if (branch.Statement is not BlockSyntax) return root.ReplaceNode(branch, OnALineOfItsOwn(root, branch, reset));
                changed = branch.WithStatement(WithEndOfLine(root, branch.Statement)).WithElse(SyntaxFactory.ElseClause(SyntaxFactory.Block(reset)).WithTrailingTrivia(branch.GetTrailingTrivia()));
                break;
            case BlockSyntax block:
                changed = branch.WithElse(branch.Else!.WithStatement(block.AddStatements(SyntaxFactory.ParseStatement(clear))));
                break;
            default:
                return null;
        }

        return root.ReplaceNode(branch, changed.WithAdditionalAnnotations(Formatter.Annotation));
    }

    /// <summary>As short as the branch before it.</summary>
    private static IfStatementSyntax OnALineOfItsOwn(SyntaxNode root, IfStatementSyntax branch, StatementSyntax reset)
    {
        StatementSyntax first = WithEndOfLine(root, branch.Statement);
        SyntaxTriviaList indent = SyntaxFactory.TriviaList(branch.GetLeadingTrivia().Reverse().TakeWhile(static trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
        SyntaxToken keyword = SyntaxFactory.Token(indent, SyntaxKind.ElseKeyword, SyntaxFactory.TriviaList(SyntaxFactory.Space));
        SyntaxTrivia end = first.GetTrailingTrivia().Last(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return branch.WithStatement(first).WithElse(SyntaxFactory.ElseClause(keyword, reset.WithTrailingTrivia(end)));
    }

    private static StatementSyntax WithEndOfLine(SyntaxNode root, StatementSyntax statement) =>
        statement.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia) ? statement : statement.WithTrailingTrivia(WithoutLastBlank(statement.GetTrailingTrivia()).Concat([SyntaxFactory.EndOfLine(root.ToFullString().Contains("\r\n") ? "\r\n" : "\n")]));

    private static SyntaxTriviaList WithoutLastBlank(SyntaxTriviaList trivia) => trivia.Count > 0 && trivia[trivia.Count - 1].IsKind(SyntaxKind.WhitespaceTrivia) ? trivia.RemoveAt(trivia.Count - 1) : trivia;
}
