using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>What a fix did. Without objections it compiles as before, its finding is gone and no other came.</summary>
internal sealed record FixOutcome(string Title, TimeSpan Time, IReadOnlyList<string> Objections, IReadOnlyList<ChangedFile> Difference, Project Changed);

/// <summary>A file before and after.</summary>
internal sealed record ChangedFile(Document Changed, string Before, string After)
{
    public IEnumerable<string> Lines => LineDifference.Between(Before, After);
}
