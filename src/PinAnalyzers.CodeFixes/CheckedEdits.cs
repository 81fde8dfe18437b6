using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.CodeFixes;

/// <summary>An edit is made, and compiled, before it is offered: what breaks the code, or drops or doubles a comment, is never shown.</summary>
internal static class CheckedEdits
{
    /// <summary>The document with the new root; null when that is worse.</summary>
    public static async Task<Document?> TryAsync(Document document, SyntaxNode root, CancellationToken cancellation)
    {
        Document changed = document.WithSyntaxRoot(root);
        return await IsAsGoodAsync(document, changed, cancellation).ConfigureAwait(false) ? changed : null;
    }

    public static async Task<bool> IsAsGoodAsync(Solution before, Solution after, IEnumerable<DocumentId> documents, CancellationToken cancellation)
    {
        foreach (DocumentId id in documents)
        {
            if (!await IsAsGoodAsync(before.GetDocument(id)!, after.GetDocument(id)!, cancellation).ConfigureAwait(false)) return false;
        }

        return true;
    }

    /// <summary>In the members that differ, the compiler has nothing to say that it did not say before, and all comments and directives are there.</summary>
    public static async Task<bool> IsAsGoodAsync(Document before, Document after, CancellationToken cancellation)
    {
        if (await before.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } old || await after.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } now) return false;
        SyntaxNode oldRoot = await old.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false), newRoot = await now.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        (TextSpan removed, TextSpan added) = Difference(oldRoot.ToFullString(), newRoot.ToFullString());
        if (!Remarks(oldRoot, removed).SequenceEqual(Remarks(newRoot, added))) return false;
        ILookup<string, Diagnostic> known = Complaints(old, Members(oldRoot, removed), cancellation);
        return Complaints(now, Members(newRoot, added), cancellation).All(group => group.Count() <= known[group.Key].Count());
    }

    /// <summary>From the first character that differs to the last.</summary>
    private static (TextSpan Removed, TextSpan Added) Difference(string old, string now)
    {
        int start = 0, shorter = System.Math.Min(old.Length, now.Length), end = 0;
        while (start < shorter && old[start] == now[start]) start++;
        while (end < shorter - start && old[old.Length - 1 - end] == now[now.Length - 1 - end]) end++;
        return (TextSpan.FromBounds(start, old.Length - end), TextSpan.FromBounds(start, now.Length - end));
    }

    /// <summary>Comments and directives at and around the span, in the order of their words: where they stand may change.</summary>
    private static IEnumerable<string> Remarks(SyntaxNode root, TextSpan span) => root.DescendantTrivia(n => n.FullSpan.IntersectsWith(span))
        .Where(t => !t.IsKind(SyntaxKind.WhitespaceTrivia) && !t.IsKind(SyntaxKind.EndOfLineTrivia) && t.FullSpan.IntersectsWith(span))
        .Select(static t => string.Concat(t.ToFullString().Where(static c => !char.IsWhiteSpace(c)))).OrderBy(static text => text, System.StringComparer.Ordinal);

    /// <summary>The members that differ, in the one tree and in the other.</summary>
    public static (TextSpan Before, TextSpan After) ChangedMembers(SyntaxNode before, SyntaxNode after)
    {
        (TextSpan removed, TextSpan added) = Difference(before.ToFullString(), after.ToFullString());
        return (Members(before, removed), Members(after, added));
    }

    /// <summary>The members that the span begins and ends in, and what is between them.</summary>
    private static TextSpan Members(SyntaxNode root, TextSpan span)
    {
        TextSpan first = MemberAt(root, span.Start), last = MemberAt(root, span.End);
        return TextSpan.FromBounds(System.Math.Min(first.Start, last.Start), System.Math.Max(first.End, last.End));
    }

    // Statements outside of types are one method, however many members they are.
    private static TextSpan MemberAt(SyntaxNode root, int position) =>
        root.FullSpan.Contains(position) && root.FindToken(position).Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member and not GlobalStatementSyntax ? member.FullSpan : root.FullSpan;

    private static ILookup<string, Diagnostic> Complaints(SemanticModel model, TextSpan span, CancellationToken cancellation) =>
        model.GetDiagnostics(span, cancellation).Where(static d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed).ToLookup(static d => d.Id);
}
