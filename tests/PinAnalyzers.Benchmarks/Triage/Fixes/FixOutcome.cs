namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>What a fix did. Without objections it compiles as before, its finding is gone and no other came.</summary>
internal sealed record FixOutcome(string Title, TimeSpan Time, IReadOnlyList<string> Objections, IReadOnlyList<string> Difference);
