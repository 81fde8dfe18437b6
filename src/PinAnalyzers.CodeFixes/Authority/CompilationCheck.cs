using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>Compiles what an edit has made, before it is offered.</summary>
internal static class CompilationCheck
{
    /// <summary>The compiler has nothing to say about these files that it did not say before.</summary>
    public static async Task<bool> IsAsGoodAsync(Solution before, Solution after, IEnumerable<DocumentId> documents, CancellationToken cancellation)
    {
        foreach (DocumentId id in documents)
        {
            ILookup<string, Diagnostic> known = await ComplaintsAsync(before.GetDocument(id)!, cancellation).ConfigureAwait(false);
            ILookup<string, Diagnostic> left = await ComplaintsAsync(after.GetDocument(id)!, cancellation).ConfigureAwait(false);
            if (left.Any(group => group.Count() > known[group.Key].Count())) return false;
        }

        return true;
    }

    private static async Task<ILookup<string, Diagnostic>> ComplaintsAsync(Document document, CancellationToken cancellation)
    {
        SemanticModel? model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        return (model?.GetDiagnostics(null, cancellation) ?? ImmutableArray<Diagnostic>.Empty).Where(static d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed).ToLookup(static d => d.Id);
    }
}
