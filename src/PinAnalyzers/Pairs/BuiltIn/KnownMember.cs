namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>One row of the built-in table: all overloads of a method of a known type, and what calling them does.</summary>
/// <param name="Type">Metadata name of the declaring type.</param>
/// <param name="Name">Simple name; <c>.ctor</c> for construction.</param>
/// <param name="Charge">What it charges, or null.</param>
/// <param name="Release">What it releases, or null.</param>
internal sealed record KnownMember(string Type, string Name, ChargeSpec? Charge, ReleaseSpec? Release)
{
    public const string Constructor = ".ctor";

    /// <summary>Only overloads with exactly this many parameters; -1: all of them.</summary>
    public int Parameters { get; init; } = -1;

    /// <summary>Metadata name of the type (or a base or interface of it) that the receiver must have; null: any.</summary>
    public string? Receiver { get; init; }

    /// <summary>The specification stands as written; otherwise the signature of the overload decides how success is told.</summary>
    public bool Exact { get; init; }

    /// <summary>Name by which a use of the member is found in source.</summary>
    public string SourceName
    {
        get
        {
            if (Name != Constructor)
                return Name;
            var name = Type.Substring(Type.LastIndexOf('.') + 1);
            var arity = name.IndexOf('`');
            return arity < 0 ? name : name.Substring(0, arity);
        }
    }

    public static KnownMember Charges(string type, string name, ChargeSpec charge) => new(type, name, charge, null);

    public static KnownMember Releases(string type, string name, ReleaseSpec release) => new(type, name, null, release);

    /// <summary>A call that consumes one charge and yields another of the same pair.</summary>
    public static KnownMember Moves(string type, string name, Pair pair, ValueSource from) => new(
        type,
        name,
        new ChargeSpec(pair) { IsMove = true },
        new ReleaseSpec(pair) { Identity = from, IsMove = true });
}
