using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>
/// What two joined paths know together although neither of their facts holds on both. The paths of <c>a || b</c> that meet at the body agree on nothing
/// but that not both are false; and a variable that is false on the path where <c>a</c> is, and <c>b</c> on the other, is <c>a &amp;&amp; b</c>.
/// </summary>
internal readonly struct ConditionJoin<TDomain>
    where TDomain : IFlowDomain<TDomain>
{
    private const int ManyConditions = 4;

    private readonly Frame<TDomain> _left;
    private readonly Frame<TDomain> _right;

    /// <summary>A condition that is false on the left path and true on the right one; unknown if there is none.</summary>
    private readonly int _opposed;

    public ConditionJoin(Frame<TDomain> left, Frame<TDomain> right)
    {
        _left = left;
        _right = right;
        _opposed = Opposed(left, right) is var condition and not ValueTable.Unknown ? condition : left.Values.Not(OpposedByConjunction(right, left));
    }

    private ValueTable Values => _left.Values;

    /// <summary>Adds to the facts that both paths have what holds on each of them for another reason.</summary>
    public IntMap<Fact> AddTo(IntMap<Fact> facts)
    {
        if (Values.HasConjunctions)
        {
            facts = KeepConjunctions(facts, _left, _right);
            facts = KeepConjunctions(facts, _right, _left);
        }

        if (_opposed == ValueTable.Unknown) return facts;
        int leftCount = CountAlone(_left, _right), rightCount = CountAlone(_right, _left);

        // The shape of &&, || and ?: on one path, or on each, a further condition was asked. Elsewhere the paths differ in more than conditions.
        if (leftCount + rightCount is 0 or > ManyConditions) return facts;
        return AddImplied(AddImplied(facts, _left, _right, Values.Not(_opposed)), _right, _left, _opposed);
    }

    /// <summary>The value of a boolean location that holds <paramref name="left"/> and <paramref name="right"/>; unknown when no condition tells which.</summary>
    public int JoinValues(int location, int left, int right)
    {
        if (!IsBoolean(location)) return ValueTable.Unknown;
        if (Reduce(_right, left) == right) return left;
        if (Reduce(_left, right) == left) return right;
        if (_opposed == ValueTable.Unknown) return ValueTable.Unknown;
        if (IsTruth(left)) return ChooseTruth(left, right, _opposed);
        return IsTruth(right) && !IsJoined(left) ? ChooseTruth(right, left, Values.Not(_opposed)) : ValueTable.Unknown;
    }

    /// <summary>The value of an expression that is <paramref name="left"/> on one path and <paramref name="right"/> on the other; unknown when no condition tells which.</summary>
    public int Choose(int left, int right)
    {
        // Joined before, in an earlier round or with another path: what comes now is what was chosen where its condition is so.
        if (IsChosen(_right, left, right)) return left;
        if (IsChosen(_left, right, left)) return right;
        return _opposed == ValueTable.Unknown ? ValueTable.Unknown : Values.Choice(_opposed, right, left);
    }

    /// <summary>The choice, where it is made by something that is decided on the path, is that of the value.</summary>
    public static bool IsChosen(Frame<TDomain> frame, int choice, int value) =>
        frame.Values[choice] is { Kind: ValueKind.Choice } node && frame.Truth(node.Age) is { } decided && (decided ? node.A : node.B) == value;

    /// <summary><c>condition ? other : constant</c>.</summary>
    private int ChooseTruth(int constant, int other, int condition)
    {
        if (IsJoined(other)) return ValueTable.Unknown;
        return constant == ValueTable.Zero ? Values.And(condition, other) : Values.Or(Values.Not(condition), other);
    }

    private bool IsTruth(int value) => value == ValueTable.Zero || value == Values.One;

    /// <summary>Joined once already: a second join makes a plain joined value, or an expression could grow with every round.</summary>
    private bool IsJoined(int value) => Values[value] is { Kind: ValueKind.Phi } or { Kind: ValueKind.Not } && Values.IsConjunction(Values.Not(value)) || Values.IsConjunction(value)
        || Values[value].Kind == ValueKind.Phi;

    private bool IsBoolean(int location) => location < 0
        ? Values[-location].Payload is IFieldSymbol { Type.SpecialType: SpecialType.System_Boolean } or IPropertySymbol { Type.SpecialType: SpecialType.System_Boolean }
        : _left.Locations.IsBoolean(location);

    /// <summary>What is left of a condition on a path that knows a part of it.</summary>
    private int Reduce(Frame<TDomain> frame, int value)
    {
        if (frame.Truth(value) is { } truth) return truth ? Values.One : ValueTable.Zero;
        if (Values[value] is { Kind: ValueKind.Not, A: var negated }) return Values.IsConjunction(negated) ? Values.Not(Reduce(frame, negated)) : value;
        if (!Values.IsConjunction(value)) return value;
        return Values.And(Reduce(frame, Values[value].A), Reduce(frame, Values[value].B));
    }

    private static int Opposed(Frame<TDomain> left, Frame<TDomain> right)
    {
        int found = ValueTable.Unknown;
        for (int i = 0, j = 0; i < left.Facts.Count && j < right.Facts.Count;)
        {
            int a = left.Facts.KeyAt(i), b = right.Facts.KeyAt(j);
            if (a == b)
            {
                Fact x = left.Facts.ValueAt(i), y = right.Facts.ValueAt(j);
                int condition = x.IsZero && y.NotZero ? a : x.NotZero && y.IsZero ? left.Values.Not(a) : ValueTable.Unknown;
                if (condition != ValueTable.Unknown && (found == ValueTable.Unknown || left.Values[a].Kind is ValueKind.Binary or ValueKind.IsType)) found = condition;
            }

            if (a <= b) i++;
            if (b <= a) j++;
        }

        return found != ValueTable.Unknown ? found : OpposedByConjunction(left, right);
    }

    /// <summary>A conjunction of which the one path knows that it fails, and the other that each part holds.</summary>
    private static int OpposedByConjunction(Frame<TDomain> fails, Frame<TDomain> holds)
    {
        if (!fails.Values.HasConjunctions) return ValueTable.Unknown;
        for (int i = 0; i < fails.Facts.Count; i++)
        {
            int condition = fails.Facts.KeyAt(i);
            if (fails.Values.IsConjunction(condition) && fails.Facts.ValueAt(i).IsZero && holds.Truth(condition) == true) return condition;
        }

        return ValueTable.Unknown;
    }

    private static IntMap<Fact> KeepConjunctions(IntMap<Fact> facts, Frame<TDomain> from, Frame<TDomain> other)
    {
        for (int i = 0; i < from.Facts.Count; i++)
        {
            int condition = from.Facts.KeyAt(i);
            if (from.Values.IsConjunction(condition) && !other.Facts.Contains(condition) && from.Facts.ValueAt(i).IsZero && other.Truth(condition) == false)
                facts = facts.Set(condition, Fact.Zero);
        }

        return facts;
    }

    private int CountAlone(Frame<TDomain> frame, Frame<TDomain> other)
    {
        int count = 0;
        for (int i = 0; i < frame.Facts.Count; i++)
        {
            if (IsAlone(frame, other, i)) count++;
        }

        return count;
    }

    /// <summary>A condition that is decided on this path as it is not on the other, beside those that the opposed one is made of.</summary>
    private bool IsAlone(Frame<TDomain> frame, Frame<TDomain> other, int index)
    {
        int value = frame.Facts.KeyAt(index);
        Fact fact = frame.Facts.ValueAt(index);
        if (!(fact.IsZero || fact.NotZero) || Values.IsNeverNull(value) || Values.IsPart(_opposed, value)) return false;
        return !other.Facts.TryGet(value, out Fact there) || (fact.IsZero ? there.NotZero : there.IsZero);
    }

    /// <summary>Each condition that was asked on this path alone holds, or fails, as it did where <paramref name="premise"/> holds, which is so on this path.</summary>
    private IntMap<Fact> AddImplied(IntMap<Fact> facts, Frame<TDomain> frame, Frame<TDomain> other, int premise)
    {
        for (int i = 0; i < frame.Facts.Count; i++)
        {
            int condition = frame.Facts.KeyAt(i);
            if (!IsAlone(frame, other, i) || IsCompared(frame, other, condition)) continue;
            int contrary = Values.And(premise, Failing(frame, condition));
            if (Values.IsConjunction(contrary)) facts = facts.Set(contrary, Fact.Zero);
        }

        return facts;
    }

    /// <summary>What is known of the value was learnt by a comparison, which says it better.</summary>
    private bool IsCompared(Frame<TDomain> frame, Frame<TDomain> other, int value)
    {
        for (int i = 0; i < frame.Facts.Count; i++)
        {
            int condition = frame.Facts.KeyAt(i);
            if (condition != value && Values[condition].Kind is ValueKind.Binary or ValueKind.IsType && Values.IsPart(condition, value) && IsAlone(frame, other, i)) return true;
        }

        return false;
    }

    /// <summary>The condition, or its negation, whichever does not hold on the path.</summary>
    private int Failing(Frame<TDomain> frame, int condition) => frame.Truth(condition) == true ? Values.Not(condition) : condition;
}
