using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A solution, and what is reported in it.</summary>
internal readonly record struct AnalysedSolution(Solution Solution, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>Analyses each text that a solution becomes once, by whatever way it became that. Not thread-safe: one test owns it.</summary>
internal sealed class KnownStates(DiagnosticCollector collector)
{
    private readonly Dictionary<string, AnalysedSolution> _known = new(StringComparer.Ordinal);

    /// <summary>A solution with the same texts as <paramref name="solution"/>, derived from the same one, and its diagnostics.</summary>
    public async Task<AnalysedSolution> OfAsync(Solution solution, CancellationToken cancellationToken)
    {
        var texts = new List<string>();
        foreach (var document in solution.Projects.SelectMany(project => project.Documents.Concat(project.AdditionalDocuments).Concat(project.AnalyzerConfigDocuments)))
            texts.Add($"{document.Id.Id} {document.FilePath}\0{await document.GetTextAsync(cancellationToken).ConfigureAwait(false)}");
        var key = string.Join("\0\0", texts.Order(StringComparer.Ordinal));
        if (_known.TryGetValue(key, out var known))
            return known;
        return _known[key] = new AnalysedSolution(solution, await collector.CollectAsync(solution, cancellationToken).ConfigureAwait(false));
    }
}
