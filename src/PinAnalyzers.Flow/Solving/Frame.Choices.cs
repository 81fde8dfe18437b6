using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>What follows from and for values that a condition chooses between.</summary>
public sealed partial class Frame<TDomain>
{
    private bool _isConcluding;

    private Fact FactOfChoice(ValueNode choice) => Truth(choice.Age) switch
    {
        true => FactOf(choice.A),
        false => FactOf(choice.B),
        null => FactLattice.Instance.Join(FactOf(choice.A), FactOf(choice.B)),
    };

    /// <summary>A comparison with a choice holds where it holds for what was chosen, or for both.</summary>
    private bool? TruthByChoice(ValueNode comparison)
    {
        if (!TryGetChoice(comparison, out ValueNode choice)) return null;
        if (Truth(choice.Age) is { } decided) return Truth(With(comparison, decided ? choice.A : choice.B));
        return Truth(With(comparison, choice.A)) is { } one && Truth(With(comparison, choice.B)) is { } other && one == other ? one : null;
    }

    /// <summary>What one of the two cannot be was not chosen; what was chosen is all that is said of the choice.</summary>
    private bool DecideChoice(int value, Fact fact)
    {
        ValueNode choice = Values[value];
        if (!FactLattice.Instance.TryMeet(FactOf(choice.A), fact, out _)) return Assume(choice.Age, false) && Restrict(choice.B, fact);
        if (!FactLattice.Instance.TryMeet(FactOf(choice.B), fact, out _)) return Assume(choice.Age, true) && Restrict(choice.A, fact);
        return Truth(choice.Age) is not { } decided || Restrict(decided ? choice.A : choice.B, fact);
    }

    private bool AssumeByChoice(ValueNode comparison, bool truth)
    {
        if (!TryGetChoice(comparison, out ValueNode choice)) return true;
        int one = With(comparison, choice.A), other = With(comparison, choice.B);
        if (Truth(one) == !truth) return Assume(choice.Age, false) && Assume(other, truth);
        if (Truth(other) == !truth) return Assume(choice.Age, true) && Assume(one, truth);
        return Truth(choice.Age) is not { } decided || Assume(decided ? one : other, truth);
    }

    /// <summary>A condition has become known: what is known of the choices by it is known of what they chose.</summary>
    private bool ConcludeChoices()
    {
        // One pass: what follows from what follows may wait for the next question, and bounds that contradict each other could narrow one another for ever.
        if (_isConcluding) return true;
        _isConcluding = true;
        bool holds = TryConcludeChoices();
        _isConcluding = false;
        return holds;
    }

    private bool TryConcludeChoices()
    {
        IntMap<Fact> facts = Facts;
        for (int i = 0; i < facts.Count; i++)
        {
            int value = facts.KeyAt(i);
            Fact fact = facts.ValueAt(i);
            ValueNode node = Values[value];
            if (node.Kind == ValueKind.Choice)
            {
                if (Truth(node.Age) is { } decided && !Restrict(decided ? node.A : node.B, fact)) return false;
            }
            else if ((fact.IsZero || fact.NotZero) && TryGetChoice(node, out ValueNode choice) && Truth(choice.Age) is { } chosen && !Assume(With(node, chosen ? choice.A : choice.B), fact.NotZero))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryGetChoice(ValueNode comparison, out ValueNode choice)
    {
        choice = default;
        if (!Values.HasChoices || comparison.Kind is not (ValueKind.Binary or ValueKind.IsType) || comparison is { Kind: ValueKind.Binary, Age: (int)BinaryValue.And }) return false;
        choice = Values[comparison.A];
        if (choice.Kind != ValueKind.Choice && comparison.Kind == ValueKind.Binary) choice = Values[comparison.B];
        return choice.Kind == ValueKind.Choice;
    }

    /// <summary>The comparison with what was chosen in the place of the choice.</summary>
    private int With(ValueNode comparison, int chosen)
    {
        if (comparison.Kind == ValueKind.IsType) return Values.IsType(chosen, (Microsoft.CodeAnalysis.ITypeSymbol)comparison.Payload!);
        (int left, int right) = Values.IsChoice(comparison.A) ? (chosen, comparison.B) : (comparison.A, chosen);
        return Values.Binary((BinaryValue)comparison.Age, left, right, comparison.Payload);
    }
}
