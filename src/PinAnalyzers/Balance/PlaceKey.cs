using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Balance;

internal enum PlaceRoot : byte
{
    This,
    Static,
    Parameter,

    /// <summary>A local or parameter of the enclosing body that a local function captures.</summary>
    Captured,

    /// <summary>Nothing of the program: the pair itself is the place (memory pressure).</summary>
    Global,
}

/// <summary>
/// A value named from a method's outside: a parameter, or a path of members from <c>this</c>, a static or a parameter. It is how a caller and a
/// callee, whose values have different numbers, speak of one thing.
/// </summary>
internal sealed class PlaceKey : IEquatable<PlaceKey>
{
    private PlaceKey(PlaceRoot root, ISymbol? symbol, object? global, ImmutableArray<ISymbol> path)
    {
        Root = root;
        Symbol = symbol;
        Global = global;
        Path = path;
    }

    public PlaceRoot Root { get; }

    /// <summary>The parameter or captured variable.</summary>
    public ISymbol? Symbol { get; }

    public object? Global { get; }

    public ImmutableArray<ISymbol> Path { get; }

    public static PlaceKey This { get; } = new(PlaceRoot.This, null, null, ImmutableArray<ISymbol>.Empty);

    public static PlaceKey OfParameter(IParameterSymbol parameter) => new(PlaceRoot.Parameter, parameter, null, ImmutableArray<ISymbol>.Empty);

    public static PlaceKey OfCaptured(ISymbol variable) => new(PlaceRoot.Captured, variable, null, ImmutableArray<ISymbol>.Empty);

    /// <summary>The place that <paramref name="value"/> denotes, or null where it is none that outlives the body.</summary>
    public static PlaceKey? Of(ValueTable values, int value)
    {
        ImmutableArray<ISymbol> path = ImmutableArray<ISymbol>.Empty;
        for (int current = values.Canonical(value); ;)
        {
            ValueNode node = values[current];
            switch (node.Kind)
            {
                case ValueKind.This:
                    return new PlaceKey(PlaceRoot.This, null, null, path);
                case ValueKind.Parameter:
                    return new PlaceKey(node.Payload is IParameterSymbol ? PlaceRoot.Parameter : PlaceRoot.Captured, (ISymbol)node.Payload!, null, path);
                case ValueKind.Opaque when current != ValueTable.Unknown:
                    return new PlaceKey(PlaceRoot.Global, null, node.Payload, path);
                case ValueKind.Member:
                    ISymbol member = (ISymbol)node.Payload!;
                    path = path.Insert(0, member);
                    if (node.A == ValueTable.Unknown) return member.IsStatic ? new PlaceKey(PlaceRoot.Static, null, null, path) : null;
                    current = node.A;
                    continue;
                default:
                    return null;
            }
        }
    }

    /// <summary>The value of the place in a body's own table, given what its roots are there.</summary>
    public int ToValue(ValueTable values, int receiver, Func<ISymbol, int> variable)
    {
        int value = Root switch
        {
            PlaceRoot.This => receiver,
            PlaceRoot.Static => ValueTable.Unknown,
            PlaceRoot.Global => values.Opaque(Global!),
            _ => variable(Symbol!),
        };
        if (value == ValueTable.Unknown && Root != PlaceRoot.Static) return ValueTable.Unknown;
        foreach (ISymbol member in Path) value = values.Member(value, member, 0);
        return value;
    }

    public bool Equals(PlaceKey? other)
    {
        if (other is null || Root != other.Root || Path.Length != other.Path.Length || !Equals(Global, other.Global)) return false;
        if (!SymbolEqualityComparer.Default.Equals(Symbol, other.Symbol)) return false;
        for (int i = 0; i < Path.Length; i++)
        {
            if (!SymbolEqualityComparer.Default.Equals(Path[i], other.Path[i])) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as PlaceKey);

    public override int GetHashCode()
    {
        int hash = (int)Root;
        foreach (ISymbol member in Path) hash = unchecked((hash * 31) + SymbolEqualityComparer.Default.GetHashCode(member));
        return hash;
    }
}
