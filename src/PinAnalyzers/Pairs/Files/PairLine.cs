using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Pairs.Files;

/// <summary>Where a value is on the charge side and on the release side.</summary>
internal readonly record struct BothSides(ValueSource Charge, ValueSource Release);

/// <summary>One pair as a line of <c>PinPairs.txt</c> or a <c>[KnownPair]</c> attribute states it, before any symbol is looked up.</summary>
internal sealed record PairLine(string ChargeId, string ReleaseId, Location Location)
{
    public string? Key { get; init; }

    public BothSides? Token { get; init; }

    public BothSides? Owner { get; init; }

    public BothSides? Amount { get; init; }

    public SuccessSignal? Success { get; init; }

    public int TakenOrdinal { get; init; } = -1;

    public Stacking? Stacking { get; init; }

    public bool? Idempotent { get; init; }

    public LossKind Loss { get; init; }

    /// <summary>Where each field stands, for problems that only the symbols reveal.</summary>
    public ImmutableDictionary<string, Location> Fields { get; init; } = ImmutableDictionary<string, Location>.Empty;

    public Location LocationOf(string field) => Fields.TryGetValue(field, out var location) ? location : Location;

    public bool IsSamePair(PairLine other) => ChargeId == other.ChargeId && ReleaseId == other.ReleaseId && Key == other.Key;

    /// <summary>Says the same, wherever it stands.</summary>
    public bool IsSameDeclaration(PairLine other) => this with { Location = other.Location, Fields = other.Fields } == other;

    /// <summary>Simple name of the method that a documentation id names; the type's for a constructor.</summary>
    public static string NameIn(string id)
    {
        var end = id.IndexOf('(');
        var path = end < 0 ? id : id.Substring(0, end);
        path = path.StartsWith("M:", System.StringComparison.Ordinal) ? path.Substring(2) : path;
        var parts = path.Split('.');
        var name = parts[parts.Length - 1];
        if (name == "#ctor" && parts.Length > 1)
            name = parts[parts.Length - 2];
        var arity = name.IndexOf('`');
        name = arity < 0 ? name : name.Substring(0, arity);
        // An explicit implementation is spelt Type.Namespace#IContract#Member.
        return name.Substring(name.LastIndexOf('#') + 1);
    }
}
