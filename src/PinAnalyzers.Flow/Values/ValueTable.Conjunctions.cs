using System.Collections.Generic;

namespace PinAnalyzers.Flow.Values;

/// <summary>Conditions built from conditions. All are conjunctions and negations, their parts flattened and sorted, so that one condition has one number.</summary>
public sealed partial class ValueTable
{
    private const int MaxConjuncts = 6;

    /// <summary>True once a conjunction was made; before that nobody needs to look for what follows from one.</summary>
    public bool HasConjunctions { get; private set; }

    public int And(int left, int right)
    {
        if (left == Unknown || right == Unknown) return Unknown;
        if (left == right || right == One) return left;
        if (left == One) return right;
        SortedSet<int> parts = [];
        AddConjuncts(left, parts);
        AddConjuncts(right, parts);
        if (parts.Count > MaxConjuncts) return Unknown;
        int all = Unknown;
        foreach (int part in parts)
        {
            if (part == Zero || parts.Contains(Not(part))) return Zero;
            if (part == One) continue;
            all = all == Unknown ? part : Intern(new ValueNode(ValueKind.Binary, all, part, (int)BinaryValue.And, null));
            if (all == Unknown) return Unknown;
        }

        HasConjunctions = true;
        return all;
    }

    public int Or(int left, int right) => Not(And(Not(left), Not(right)));

    public bool IsConjunction(int value) => _nodes[value] is { Kind: ValueKind.Binary, Age: (int)BinaryValue.And };

    private void AddConjuncts(int value, SortedSet<int> parts)
    {
        for (; IsConjunction(value); value = _nodes[value].A) parts.Add(_nodes[value].B);
        parts.Add(value);
    }
}
