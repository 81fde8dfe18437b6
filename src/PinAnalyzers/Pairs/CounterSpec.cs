namespace PinAnalyzers.Pairs;

/// <summary>A field marked <c>[Counter]</c>: <c>Interlocked</c> additions to it charge, subtractions release, identified by the field itself.</summary>
internal sealed record CounterSpec(Pair Pair)
{
    /// <summary>Name of the member that holds the limit; null if not stated.</summary>
    public string? Limit { get; init; }

    /// <summary>Name of the lock that guards every update; null if not stated.</summary>
    public string? GuardedBy { get; init; }
}
