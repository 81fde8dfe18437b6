using System;
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
            case ValueKind.Held:
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
        { Kind: ValueKind.Not or ValueKind.IsType or ValueKind.Some or ValueKind.Held } node => IsPart(node.A, value),
        { Kind: ValueKind.Binary } node => IsPart(node.A, value) || IsPart(node.B, value),
        { Kind: ValueKind.Choice } node => IsPart(node.A, value) || IsPart(node.B, value) || IsPart(node.Age, value),
        _ => false,
    };

    /// <summary>True when the condition compares <paramref name="value"/> itself, or a sum with it, and no function of it.</summary>
    public bool IsCompared(int condition, int value)
    {
        ValueNode node = _nodes[condition];
        return node.Kind switch
        {
            ValueKind.Not or ValueKind.Some or ValueKind.Held => IsCompared(node.A, value),
            ValueKind.Choice => IsCompared(node.A, value) || IsCompared(node.B, value) || IsCompared(node.Age, value),
            ValueKind.Binary when node.Age == (int)BinaryValue.Other => false,
            ValueKind.Binary => IsCompared(node.A, value) || IsCompared(node.B, value),
            ValueKind.Sum => Mentions(condition, value),
            _ => condition == value,
        };
    }

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
            case ValueKind.Held:
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

    /// <summary>A number written out, or one value and a number, as a counter holds.</summary>
    public bool IsCount(int value) => _nodes[value] switch
    {
        { Kind: ValueKind.Constant, Payload: long } => true,
        { Kind: ValueKind.Sum, Payload: LinearForm { Count: 1 } form } => form[0].Value == 1,
        _ => false,
    };

    /// <summary>The element or member in <paramref name="value"/>, the innermost one, that <paramref name="part"/> says which one it is; unknown where it has none.</summary>
    public int PickedBy(int value, int part)
    {
        if (value == part || !Mentions(value, part)) return Unknown;
        ValueNode node = _nodes[value];
        switch (node.Kind)
        {
            case ValueKind.Element:
            case ValueKind.Member:
                int inner = PickedBy(node.A, part);
                if (inner == Unknown && node.Kind == ValueKind.Element) inner = PickedBy(node.B, part);
                return inner == Unknown ? value : inner;
            case ValueKind.Binary:
                int left = PickedBy(node.A, part);
                return left == Unknown ? PickedBy(node.B, part) : left;
            case ValueKind.Not:
            case ValueKind.IsType:
            case ValueKind.Convert:
            case ValueKind.Some:
            case ValueKind.Held:
                return PickedBy(node.A, part);
            default:
                return Unknown;
        }
    }

    /// <summary><paramref name="value"/> with <paramref name="part"/>, which was made on the way, replaced throughout.</summary>
    public int Substitute(int value, int part, int replacement)
    {
        if (value == part) return replacement;
        return Mentions(value, part) ? Rebuild(value, v => Substitute(v, part, replacement)) : value;
    }

    /// <summary><paramref name="value"/> with each of its parts replaced as told, whatever the parts are.</summary>
    public int Rebase(int value, IReadOnlyDictionary<int, int> replacements) =>
        replacements.TryGetValue(value, out int replacement) ? replacement : Rebuild(value, v => Rebase(v, replacements));

    /// <summary>
    /// A value that another body works out of what it is given, here: <paramref name="given"/> says what stands for its parameters and its receiver. Unknown where it is made of anything else.
    /// </summary>
    public int Import(ValueTable from, int value, Func<ValueNode, int> given)
    {
        ValueNode node = from[value];
        if (node.Kind is ValueKind.Parameter or ValueKind.This) return given(node);
        if (node.Kind == ValueKind.Constant) return node.Payload is long number ? Number(number) : Constant(node.Payload);
        if (node.Kind == ValueKind.Sum)
        {
            LinearForm form = (LinearForm)node.Payload!;
            int sum = Number(form.Constant);
            for (int i = 0; i < form.Count; i++) sum = Sum(sum, Part(form[i].Key), form[i].Value);
            return sum;
        }

        if (node.Kind is not (ValueKind.Member or ValueKind.Binary or ValueKind.Choice or ValueKind.Not or ValueKind.IsType or ValueKind.Convert or ValueKind.Held or ValueKind.Some) || Part(node.A) is not (var first and not Unknown)) return Unknown;
        return node.Kind switch
        {
            ValueKind.Member => WrappedNumbers.IsWhole((ISymbol)node.Payload!) ? first : Unknown,
            ValueKind.Binary => Binary((BinaryValue)node.Age, first, Part(node.B), node.Payload),
            ValueKind.Choice => Part(node.Age) is var condition and not Unknown && Part(node.B) is var other and not Unknown ? Choice(condition, first, other) : Unknown,
            ValueKind.Not => Not(first),
            ValueKind.IsType => IsType(first, (ITypeSymbol)node.Payload!),
            ValueKind.Convert => Convert(first, (ITypeSymbol)node.Payload!),
            ValueKind.Held => Held(first),
            _ => Some(first),
        };

        int Part(int part) => part == Unknown ? Unknown : Import(from, part, given);
    }

    private int Rebuild(int value, Func<int, int> part)
    {
        ValueNode node = _nodes[value];
        switch (node.Kind)
        {
            case ValueKind.Member:
                return Member(part(node.A), (ISymbol)node.Payload!, part(node.B));
            case ValueKind.Element:
                return Element(part(node.A), part(node.B));
            case ValueKind.Binary:
                return Binary((BinaryValue)node.Age, part(node.A), part(node.B), node.Payload);
            case ValueKind.Choice:
                return Choice(part(node.Age), part(node.A), part(node.B));
            case ValueKind.Not:
                return Not(part(node.A));
            case ValueKind.IsType:
                return IsType(part(node.A), (ITypeSymbol)node.Payload!);
            case ValueKind.Convert:
                return Convert(part(node.A), (ITypeSymbol)node.Payload!);
            case ValueKind.Held:
                return Held(part(node.A));
            case ValueKind.Some:
                return Some(part(node.A));
            case ValueKind.Sum:
                LinearForm form = (LinearForm)node.Payload!;
                int sum = Number(form.Constant);
                for (int i = 0; i < form.Count; i++) sum = Sum(sum, part(form[i].Key), form[i].Value);
                return sum;
            default:
                return value;
        }
    }
}
