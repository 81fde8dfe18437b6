using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Flow.Values;

/// <summary>What values are built from: asking for parts, and rebuilding with one replaced.</summary>
public sealed partial class ValueTable
{
    /// <summary>True when <paramref name="value"/> is or is built from <paramref name="part"/>.</summary>
    public bool Mentions(int value, int part)
    {
        if (value == part) return true;
        if (!_variable[value]) return false;
        ValueNode node = _nodes[value];
        switch (node.Kind)
        {
            case ValueKind.Member:
            case ValueKind.Element:
            case ValueKind.Binary:
                return Mentions(node.A, part) || Mentions(node.B, part);
            case ValueKind.Choice:
                return Mentions(node.A, part) || Mentions(node.B, part) || Mentions(node.Age, part);
            case ValueKind.Not:
            case ValueKind.IsType:
            case ValueKind.Convert:
            case ValueKind.Some:
                return Mentions(node.A, part);
            case ValueKind.Sum:
                LinearForm form = (LinearForm)node.Payload!;
                for (int i = 0; i < form.Count; i++)
                {
                    if (Mentions(form[i].Key, part)) return true;
                }

                return false;
            default:
                return false;
        }
    }

    /// <summary>True when <paramref name="value"/> is one of the conditions that <paramref name="condition"/> is made of, or what one of them compares.</summary>
    public bool IsPart(int condition, int value) => condition == value || _nodes[condition] switch
    {
        { Kind: ValueKind.Not or ValueKind.IsType or ValueKind.Some } node => IsPart(node.A, value),
        { Kind: ValueKind.Binary } node => IsPart(node.A, value) || IsPart(node.B, value),
        { Kind: ValueKind.Choice } node => IsPart(node.A, value) || IsPart(node.B, value) || IsPart(node.Age, value),
        _ => false,
    };

    /// <summary>True when every part of a composite value that was made on the way is in the set.</summary>
    public bool PartsAreIn(int value, HashSet<int> set)
    {
        if (!_variable[value] || set.Contains(value)) return true;
        ValueNode node = _nodes[value];
        switch (node.Kind)
        {
            case ValueKind.Member:
            case ValueKind.Element:
            case ValueKind.Binary:
                return PartsAreIn(node.A, set) && PartsAreIn(node.B, set);
            case ValueKind.Choice:
                return PartsAreIn(node.A, set) && PartsAreIn(node.B, set) && PartsAreIn(node.Age, set);
            case ValueKind.Not:
            case ValueKind.IsType:
            case ValueKind.Convert:
            case ValueKind.Some:
                return PartsAreIn(node.A, set);
            case ValueKind.Sum:
                LinearForm form = (LinearForm)node.Payload!;
                for (int i = 0; i < form.Count; i++)
                {
                    if (!PartsAreIn(form[i].Key, set)) return false;
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary><paramref name="value"/> with <paramref name="part"/> replaced throughout.</summary>
    public int Substitute(int value, int part, int replacement)
    {
        if (value == part) return replacement;
        if (!Mentions(value, part)) return value;
        ValueNode node = _nodes[value];
        switch (node.Kind)
        {
            case ValueKind.Member:
                return Member(Substitute(node.A, part, replacement), (ISymbol)node.Payload!, Substitute(node.B, part, replacement));
            case ValueKind.Element:
                return Element(Substitute(node.A, part, replacement), Substitute(node.B, part, replacement));
            case ValueKind.Binary:
                return Binary((BinaryValue)node.Age, Substitute(node.A, part, replacement), Substitute(node.B, part, replacement), node.Payload);
            case ValueKind.Choice:
                return Choice(Substitute(node.Age, part, replacement), Substitute(node.A, part, replacement), Substitute(node.B, part, replacement));
            case ValueKind.Not:
                return Not(Substitute(node.A, part, replacement));
            case ValueKind.IsType:
                return IsType(Substitute(node.A, part, replacement), (ITypeSymbol)node.Payload!);
            case ValueKind.Convert:
                return Convert(Substitute(node.A, part, replacement), (ITypeSymbol)node.Payload!);
            case ValueKind.Some:
                return Some(Substitute(node.A, part, replacement));
            default:
                LinearForm form = (LinearForm)node.Payload!;
                int sum = Number(form.Constant);
                for (int i = 0; i < form.Count; i++) sum = Sum(sum, Substitute(form[i].Key, part, replacement), form[i].Value);
                return sum;
        }
    }
}
