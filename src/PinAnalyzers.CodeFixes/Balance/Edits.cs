using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>Edits of statements that keep comments, and blank lines where they separated something.</summary>
internal static class Edits
{
    public static bool HasComment(SyntaxNode node) => HasComment(node.GetLeadingTrivia()) || HasComment(node.GetTrailingTrivia());

    /// <summary>The block with some of its statements put in place of those from <paramref name="first"/> on.</summary>
    public static BlockSyntax ReplaceFrom(BlockSyntax block, int first, IEnumerable<StatementSyntax> statements) =>
        block.WithStatements(SyntaxFactory.List(block.Statements.Take(first).Concat(statements)));

    /// <summary>Blank lines above the first of the statements go above the statement that now holds it.</summary>
    public static StatementSyntax Enclose(StatementSyntax outer, StatementSyntax formerFirst) =>
        outer.WithLeadingTrivia(BlankLines(formerFirst)).WithAdditionalAnnotations(Formatter.Annotation);

    public static StatementSyntax WithoutBlankLines(StatementSyntax statement) => statement.WithLeadingTrivia(statement.GetLeadingTrivia().Skip(BlankLines(statement).Count));

    /// <summary>Takes a statement out; a comment above it or behind it goes to what follows.</summary>
    public static SyntaxNode Remove(SyntaxNode root, StatementSyntax statement)
    {
        SyntaxTriviaList leading = statement.GetLeadingTrivia(), trailing = statement.GetTrailingTrivia();
        IEnumerable<SyntaxTrivia> indent = leading.Skip(leading.Count - IndentOf(leading));
        List<SyntaxTrivia> kept = [];
        if (HasComment(leading)) kept.AddRange(leading.Take(leading.Count - IndentOf(leading)));
        if (HasComment(trailing)) kept.AddRange(indent.Concat(trailing.SkipWhile(static t => t.IsKind(SyntaxKind.WhitespaceTrivia))));
        if (kept.Count == 0) return root.RemoveNode(statement, SyntaxRemoveOptions.KeepNoTrivia)!;
        SyntaxToken next = statement.GetLastToken().GetNextToken();
        SyntaxAnnotation mark = new();
        root = root.ReplaceSyntax([statement], (node, _) => node.WithAdditionalAnnotations(mark), [next], (token, _) => token.WithLeadingTrivia(kept.Concat(token.LeadingTrivia)), [], static (trivia, _) => trivia);
        return root.RemoveNode(root.GetAnnotatedNodes(mark).Single(), SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    /// <summary>A line end like the file's.</summary>
    public static SyntaxTrivia EndOfLine(SyntaxNode node)
    {
        SyntaxTrivia like = node.SyntaxTree.GetRoot().DescendantTrivia().FirstOrDefault(static t => t.IsKind(SyntaxKind.EndOfLineTrivia));
        return like.IsKind(SyntaxKind.EndOfLineTrivia) ? like : SyntaxFactory.ElasticCarriageReturnLineFeed;
    }

    /// <summary>What stood above the statement now stands above one that was put before it.</summary>
    public static StatementSyntax WithoutComments(StatementSyntax statement)
    {
        SyntaxTriviaList leading = statement.GetLeadingTrivia();
        return statement.WithLeadingTrivia(leading.Skip(leading.Count - IndentOf(leading)));
    }

    private static int IndentOf(SyntaxTriviaList leading) => leading.Count > 0 && leading[leading.Count - 1].IsKind(SyntaxKind.WhitespaceTrivia) ? 1 : 0;

    public static BlockSyntax BlockOf(params StatementSyntax[] statements) => SyntaxFactory.Block(statements).WithAdditionalAnnotations(Formatter.Annotation);

    public static bool HasComment(SyntaxTriviaList trivia) => trivia.Any(static t => !t.IsKind(SyntaxKind.WhitespaceTrivia) && !t.IsKind(SyntaxKind.EndOfLineTrivia));

    private static List<SyntaxTrivia> BlankLines(StatementSyntax statement)
    {
        List<SyntaxTrivia> lines = statement.GetLeadingTrivia().TakeWhile(static t => t.IsKind(SyntaxKind.WhitespaceTrivia) || t.IsKind(SyntaxKind.EndOfLineTrivia)).ToList();
        int last = lines.FindLastIndex(static t => t.IsKind(SyntaxKind.EndOfLineTrivia));
        return lines.GetRange(0, last + 1);
    }
}
