using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Authority;

/// <summary>What a true value says of the caller.</summary>
internal enum Polarity : byte
{
    /// <summary>It depends on the caller's privilege, but neither way for certain.</summary>
    Mixed,
    Privileged,
    Unprivileged,
}

/// <summary>A value that was decided by a capability check: which, and what it says when true.</summary>
internal sealed record CapabilityValue(IOperation Check, ISymbol Member, Polarity WhenTrue)
{
    public CapabilityValue Negated => this with { WhenTrue = Not(WhenTrue) };

    public static Polarity Not(Polarity polarity) => polarity switch
    {
        Polarity.Privileged => Polarity.Unprivileged,
        Polarity.Unprivileged => Polarity.Privileged,
        _ => Polarity.Mixed,
    };
}
