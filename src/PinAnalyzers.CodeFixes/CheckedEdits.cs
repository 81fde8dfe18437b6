using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.CodeFixes;

/// <summary>An edit is made, and compiled, before it is offered: what breaks the member is never shown.</summary>
internal static class CheckedEdits
{
    /// <summary>The document with the new root; null when the compiler complains of more in the member than it did.</summary>
    public static async Task<Document?> TryAsync(Document document, SemanticModel before, SyntaxNode at, SyntaxNode root, CancellationToken cancellationToken)
    {
        Document changed = document.WithSyntaxRoot(root);
        if (await changed.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false) is not { } after) return null;
        SyntaxNode fixedRoot = await after.SyntaxTree.GetRootAsync(cancellationToken).ConfigureAwait(false);
        ILookup<string, Diagnostic> known = Complaints(before, at, cancellationToken);
        ILookup<string, Diagnostic> left = Complaints(after, fixedRoot.FindToken(at.SpanStart).Parent!, cancellationToken);
        return left.All(group => group.Count() <= known[group.Key].Count()) ? changed : null;
    }

    private static ILookup<string, Diagnostic> Complaints(SemanticModel model, SyntaxNode at, CancellationToken cancellationToken)
    {
        TextSpan member = (at.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? at).FullSpan;
        return model.GetDiagnostics(member, cancellationToken).Where(static d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed).ToLookup(static d => d.Id);
    }
}
