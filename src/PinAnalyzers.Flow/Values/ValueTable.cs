using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Flow.Values;

public enum ValueKind : byte
{
    Constant,
    Parameter,
    This,

    /// <summary>What an operation produced: A = site, B = which of its results (0 the result itself), Age &gt; 0: in an earlier round of a loop.</summary>
    Site,

    /// <summary>Several values met: A = block, B = location.</summary>
    Phi,

    /// <summary>A member of A (0 for a static one) as it was at version B (0: unversioned).</summary>
    Member,

    /// <summary>Element B of A.</summary>
    Element,
    Sum,
    Binary,
    Not,
    IsType,
    Convert,

    /// <summary>A nullable that holds the number A, which may be zero.</summary>
    Some,

    /// <summary>The number that the nullable A holds; zero where it is null.</summary>
    Held,

    /// <summary>A where the condition in Age holds, else B.</summary>
    Choice,

    /// <summary>Something named by the client, such as an account that is no value of the program.</summary>
    Opaque,
}

public enum BinaryValue : byte
{
    Equal,
    Less,
    LessOrEqual,

    /// <summary>Both hold. An "or" is the negation of one, so that there is one spelling for each condition.</summary>
    And,
    Other,
}

/// <summary>One symbolic value. Composite values name their parts by number.</summary>
public readonly record struct ValueNode(ValueKind Kind, int A, int B, int Age, object? Payload);

/// <summary>
/// Hash-consed symbolic values of one analysis: equal expressions over equal values get equal numbers. Value 0 is "unknown" and 1 is zero,
/// which also stands for null and false.
/// </summary>
public sealed partial class ValueTable
{
    public const int Unknown = 0;
    public const int Zero = 1;
    private const int MaxDepth = 12;

    /// <summary>A number that is tracked can be compared, and the outcome combined: else a loop that halves it would ask a question whose answer nobody remembers.</summary>
    private const int MaxDepthOfNumbers = MaxDepth - 3;

    private readonly List<ValueNode> _nodes = [];
    private readonly List<byte> _depths = [];
    private readonly List<bool> _variable = [];
    private readonly Dictionary<ValueNode, int> _numbers = new(NodeComparer.Instance);
    private readonly Dictionary<int, List<int>> _phisOfBlock = [];
    private readonly Dictionary<long, int> _constants = [];
    private readonly HashSet<int> _withMembers = [];
    private readonly HashSet<int> _neverNull = [];
    private readonly HashSet<int> _neverNegative = [];

    public ValueTable()
    {
        Intern(new ValueNode(ValueKind.Opaque, 0, 0, 0, "unknown"));
        Number(0);
        One = Number(1);
        This = Intern(new ValueNode(ValueKind.This, 0, 0, 0, null));
    }

    public int One { get; }

    public int This { get; }

    public ValueNode this[int value] => _nodes[value];

    public int Constant(object? constant) => NormalizeConstant(constant) is { } number ? Number(number) : Intern(new ValueNode(ValueKind.Constant, 0, 0, 0, constant));

    public int Number(long number)
    {
        if (_constants.TryGetValue(number, out int value)) return value;
        value = Intern(new ValueNode(ValueKind.Constant, 0, 0, 0, number));
        _constants.Add(number, value);
        return value;
    }

    /// <summary>What a parameter, or a captured variable, is when the body is entered. What an extension block extends, its members are called on: it is their <c>this</c>.</summary>
    public int Parameter(ISymbol parameter) => parameter.ContainingSymbol is ITypeSymbol ? This : Intern(new ValueNode(ValueKind.Parameter, 0, 0, 0, parameter));

    public int Opaque(object identity) => Intern(new ValueNode(ValueKind.Opaque, 1, 0, 0, identity));

    public int Site(int site, int index, int age = 0) => Intern(new ValueNode(ValueKind.Site, site, index, age, null));

    public int Member(int receiver, ISymbol member, int version)
    {
        receiver = Present(receiver);
        _withMembers.Add(receiver);
        return Intern(new ValueNode(ValueKind.Member, receiver, version, 0, member));
    }

    /// <summary>True for what is made by <c>new</c> and its like: that it is not null is no news on any path.</summary>
    public bool IsNeverNull(int value) => _neverNull.Contains(value);

    public void NoteNeverNull(int value) => _neverNull.Add(value);

    /// <summary>True for lengths and counts: that they are not negative is no news on any path.</summary>
    public bool IsNeverNegative(int value) => _neverNegative.Contains(value);

    public void NoteNeverNegative(int value) => _neverNegative.Add(value);

    /// <summary>True once a member of the value has been spoken of; before that its version does not matter.</summary>
    public bool HasMembers(int value) => _withMembers.Contains(value);

    /// <summary>True when the value was made or joined on the way, or is built from one that was; the others are functions of what the body was given.</summary>
    public bool IsVariable(int value) => _variable[value];

    public int Element(int array, int index) => Intern(new ValueNode(ValueKind.Element, array, index, 0, null));

    public int IsType(int value, ITypeSymbol type) => Intern(new ValueNode(ValueKind.IsType, value, 0, 0, type));

    public int Convert(int value, ITypeSymbol type) => Intern(new ValueNode(ValueKind.Convert, value, 0, 0, type));

    public int Phi(int block, int location)
    {
        int value = Intern(new ValueNode(ValueKind.Phi, block, location, 0, null));
        if (!_phisOfBlock.TryGetValue(block, out List<int>? phis)) _phisOfBlock.Add(block, phis = []);
        if (!phis.Contains(value)) phis.Add(value);
        return value;
    }

    /// <summary>The joined values made so far at the entry of <paramref name="block"/>.</summary>
    public IReadOnlyList<int> PhisOf(int block) => _phisOfBlock.TryGetValue(block, out List<int>? phis) ? phis : [];

    public int Not(int value) => _nodes[value] switch
    {
        { Kind: ValueKind.Not, A: var inner } => inner,
        { Kind: ValueKind.Constant, Payload: long number } => number == 0 ? One : Zero,
        _ when value == Unknown => Unknown,
        _ => Intern(new ValueNode(ValueKind.Not, value, 0, 0, null)),
    };

    public int Binary(BinaryValue kind, int left, int right, object? detail = null)
    {
        if (left == Unknown || right == Unknown) return Unknown;
        if (kind == BinaryValue.And) return And(left, right);
        if (kind == BinaryValue.Equal && left > right) (left, right) = (right, left);
        if (kind == BinaryValue.Equal && left == right && IsReflexive(left)) return One;
        return Intern(new ValueNode(ValueKind.Binary, left, right, (int)kind, detail));
    }

    /// <summary><c>left + factor * right</c>.</summary>
    public int Sum(int left, int right, long factor)
    {
        if (left == Unknown || right == Unknown) return Unknown;
        LinearForm? sum = LinearForm.Add(LinearOf(left), LinearOf(right), factor);
        if (sum is null) return Unknown;
        if (sum.Count == 0) return Number(sum.Constant);
        if (sum.Count == 1 && sum.Constant == 0 && sum[0].Value == 1) return sum[0].Key;
        return Intern(new ValueNode(ValueKind.Sum, 0, 0, 0, sum));
    }

    public LinearForm LinearOf(int value) => _nodes[value] switch
    {
        { Kind: ValueKind.Sum, Payload: LinearForm form } => form,
        { Kind: ValueKind.Constant, Payload: long number } => LinearForm.OfConstant(number),
        _ => LinearForm.OfValue(value),
    };

    public bool TryGetConstant(int value, out long constant)
    {
        if (_nodes[value] is { Kind: ValueKind.Constant, Payload: long number })
        {
            constant = number;
            return true;
        }

        constant = 0;
        return false;
    }

    /// <summary>The value's identity: the same place in the program's data, whatever version of its members was read.</summary>
    public int Canonical(int value)
    {
        ValueNode node = _nodes[value];
        return node.Kind switch
        {
            ValueKind.Member => Member(Canonical(node.A), (ISymbol)node.Payload!, 0),
            ValueKind.Element => Element(Canonical(node.A), node.B),
            _ => value,
        };
    }

    /// <summary>The value that <paramref name="value"/> becomes when its defining point is passed again: all earlier rounds are one.</summary>
    public int Aged(int value)
    {
        int aged = Intern(_nodes[value] with { Age = 1 });
        if (IsNeverNull(value)) NoteNeverNull(aged);
        return aged;
    }

    private bool IsReflexive(int value) => _nodes[value] is not { Kind: ValueKind.Constant, Payload: double or float };

    private static long? NormalizeConstant(object? constant) => constant switch
    {
        null => 0L,
        bool b => b ? 1L : 0L,
        char c => c,
        sbyte n => n,
        byte n => n,
        short n => n,
        ushort n => n,
        int n => n,
        uint n => n,
        long n => n,
        ulong n when n <= long.MaxValue => (long)n,
        _ => null,
    };

    private int Intern(ValueNode node)
    {
        if (_numbers.TryGetValue(node, out int number)) return number;
        int depth = 1 + PartDepth(node);

        // An expression that keeps growing in a loop must stop being tracked at some point, or the lattice has no bottom.
        if (depth > (node.Kind is ValueKind.Sum or ValueKind.Convert || (node.Kind == ValueKind.Binary && node.Age == (int)BinaryValue.Other) ? MaxDepthOfNumbers : MaxDepth)) return Unknown;
        number = _nodes.Count;
        _nodes.Add(node);
        _depths.Add((byte)depth);
        _variable.Add(node.Kind is ValueKind.Site or ValueKind.Phi || PartIsVariable(node));
        _numbers.Add(node, number);
        return number;
    }

    private int PartDepth(ValueNode node) => node.Kind switch
    {
        ValueKind.Member or ValueKind.Element or ValueKind.Binary => Math.Max(_depths[node.A], _depths[node.B]),
        ValueKind.Choice => Math.Max(_depths[node.Age], Math.Max(_depths[node.A], _depths[node.B])),
        ValueKind.Not or ValueKind.IsType or ValueKind.Convert or ValueKind.Some or ValueKind.Held => _depths[node.A],
        ValueKind.Sum => FormDepth((LinearForm)node.Payload!),
        _ => 0,
    };

    private int FormDepth(LinearForm form)
    {
        int depth = 0;
        for (int i = 0; i < form.Count; i++) depth = Math.Max(depth, _depths[form[i].Key]);
        return depth;
    }

    private bool PartIsVariable(ValueNode node)
    {
        switch (node.Kind)
        {
            case ValueKind.Member:
            case ValueKind.Element:
            case ValueKind.Binary:
                return _variable[node.A] || _variable[node.B];
            case ValueKind.Choice:
                return _variable[node.A] || _variable[node.B] || _variable[node.Age];
            case ValueKind.Not:
            case ValueKind.IsType:
            case ValueKind.Convert:
            case ValueKind.Some:
            case ValueKind.Held:
                return _variable[node.A];
            case ValueKind.Sum:
                LinearForm form = (LinearForm)node.Payload!;
                for (int i = 0; i < form.Count; i++)
                {
                    if (_variable[form[i].Key]) return true;
                }

                return false;
            default:
                return false;
        }
    }

    private sealed class NodeComparer : IEqualityComparer<ValueNode>
    {
        public static readonly NodeComparer Instance = new();

        public bool Equals(ValueNode x, ValueNode y) =>
            x.Kind == y.Kind && x.A == y.A && x.B == y.B && x.Age == y.Age && PayloadEquals(x.Payload, y.Payload);

        public int GetHashCode(ValueNode node)
        {
            unchecked
            {
                int payload = node.Payload switch
                {
                    null => 0,
                    ISymbol symbol => SymbolEqualityComparer.Default.GetHashCode(symbol),
                    object other => other.GetHashCode(),
                };
                return (((((((int)node.Kind * 31) + node.A) * 31) + node.B) * 31) + node.Age) * 31 + payload;
            }
        }

        private static bool PayloadEquals(object? left, object? right) => (left, right) switch
        {
            (ISymbol a, ISymbol b) => SymbolEqualityComparer.Default.Equals(a, b),
            _ => Equals(left, right),
        };
    }
}
