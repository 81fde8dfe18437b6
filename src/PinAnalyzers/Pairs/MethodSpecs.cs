using System.Collections.Immutable;

namespace PinAnalyzers.Pairs;

/// <summary>Everything a call of one method does to charges, as one source of pairs knows it.</summary>
internal sealed record MethodSpecs(ImmutableArray<ChargeSpec> Charges, ImmutableArray<ReleaseSpec> Releases)
{
    public static readonly MethodSpecs None = new(ImmutableArray<ChargeSpec>.Empty, ImmutableArray<ReleaseSpec>.Empty);

    public bool IsEmpty => Charges.IsEmpty && Releases.IsEmpty;

    public MethodSpecs Union(MethodSpecs other)
    {
        if (other.IsEmpty)
            return this;
        return IsEmpty ? other : new(Charges.AddRange(other.Charges), Releases.AddRange(other.Releases));
    }
}
