using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

public sealed partial class Frame<TDomain>
{
    /// <summary>What is known of <paramref name="value"/> on this path.</summary>
    public Fact FactOf(int value)
    {
        if (Values.TryGetConstant(value, out long constant)) return Fact.Constant(constant);
        Facts.TryGet(value, out Fact stored);
        if (stored == default) stored = Fact.Top;
        return Values[value] switch
        {
            { Kind: ValueKind.Constant } => Fact.NonZero, // a string, a type, a double: at least not null
            { Kind: ValueKind.This or ValueKind.Some } => Fact.NonZero,
            { Kind: ValueKind.Member } when Values.IsNeverNegative(value) => Meet(stored, Fact.NonNegative),
            { Kind: ValueKind.Site } when Values.IsNeverNull(value) => Meet(stored, Fact.NonZero),
            { Kind: ValueKind.Sum, Payload: LinearForm form } => Meet(stored, FactOf(form)),
            { Kind: ValueKind.Choice } choice => Meet(stored, FactOfChoice(choice)),
            { Kind: ValueKind.Binary, Age: (int)BinaryValue.Other, A: var whole, B: var by, Payload: ValueTuple<BinaryOperatorKind, bool> { Item1: var kind } } => Meet(stored, FactOfPart(kind, whole, by)),
            { Kind: ValueKind.Binary or ValueKind.Not or ValueKind.IsType } when Truth(value) is { } truth => truth ? Meet(stored, Fact.NonZero) : Fact.Zero,
            _ => stored,
        };
    }

    /// <summary>Whether a condition is known to hold on this path.</summary>
    public bool? Truth(int value)
    {
        if (value == ValueTable.Unknown) return null;
        if (Values.TryGetConstant(value, out long constant)) return constant != 0;
        if (Facts.TryGet(value, out Fact stored))
        {
            if (stored.IsZero) return false;
            if (stored.NotZero) return true;
        }

        ValueNode node = Values[value];
        switch (node.Kind)
        {
            case ValueKind.Not:
                return !Truth(node.A);
            case ValueKind.Binary:
                return (BinaryValue)node.Age switch
                {
                    BinaryValue.Equal => TruthOfEqual(node.A, node.B),
                    BinaryValue.Less => TruthOfLess(node.A, node.B, orEqual: false),
                    BinaryValue.LessOrEqual => TruthOfLess(node.A, node.B, orEqual: true),
                    BinaryValue.And => Truth(node.A) == false || Truth(node.B) == false ? false : Truth(node.A) == true && Truth(node.B) == true ? true : null,
                    _ => null,
                } ?? TruthByChoice(node);
            case ValueKind.IsType:
                return FactOf(node.A).IsZero ? false : TruthByChoice(node);
            case ValueKind.Choice:
                Fact chosen = FactOfChoice(node);
                return chosen.IsZero ? false : chosen.NotZero ? true : null;
            default:
                return null;
        }
    }

    /// <summary>Adds the fact that <paramref name="condition"/> is <paramref name="truth"/>; false, and the frame is dead, when that contradicts what is known.</summary>
    public bool Assume(int condition, bool truth)
    {
        if (condition == ValueTable.Unknown) return true;
        if (Truth(condition) is { } known && known != truth)
        {
            IsDead = true;
            return false;
        }

        ValueNode node = Values[condition];
        switch (node.Kind)
        {
            case ValueKind.Constant:
                return true;
            case ValueKind.Not:
                return Assume(node.A, !truth);
            case ValueKind.IsType when truth:
                if (!Restrict(node.A, Fact.NonZero)) return false;
                break;
            case ValueKind.Binary:
                if (!AssumeBinary((BinaryValue)node.Age, node.A, node.B, truth)) return false;
                break;
        }

        if (!AssumeByChoice(node, truth)) return false;

        Fact fact = truth ? Fact.NonZero : Fact.Zero;
        if (!Restrict(condition, fact)) return false;

        // Kept although it may follow from what was just learnt of its parts: where paths meet, the parts may have nothing left in common.
        if (!Facts.Contains(condition)) Facts = Facts.Set(condition, fact);
        return true;
    }

    /// <summary>Narrows what is known of a value; false, and the frame is dead, on contradiction.</summary>
    public bool Restrict(int value, Fact fact)
    {
        if (value == ValueTable.Unknown) return true;
        Fact current = FactOf(value);
        if (!FactLattice.Instance.TryMeet(current, fact, out Fact meet))
        {
            IsDead = true;
            return false;
        }

        if (meet != current && Values[value].Kind is not (ValueKind.Constant or ValueKind.This or ValueKind.Some))
        {
            Facts = Facts.Set(value, meet);
            if (Values.HasConjunctions && !Conclude(value)) return false;
            if (Values.HasChoices && ((Values.IsChoice(value) && !DecideChoice(value, meet)) || !ConcludeChoices())) return false;
        }

        // x + c known means x known: the usual `i - 1 >= 0`; so does c - x.
        if (Values[value].Payload is LinearForm { Count: 1 } form && form[0].Value == 1)
            return Restrict(form[0].Key, Shift(meet, -form.Constant));
        if (Values[value].Payload is LinearForm { Count: 1 } negated && negated[0].Value == -1)
            return Restrict(negated[0].Key, Mirror(meet, negated.Constant));
        return true;
    }

    /// <summary>Something is known of a member of the value, or of a comparison with one: it was read on this path.</summary>
    public bool HasFactOfMember(int value)
    {
        for (int i = 0; i < Facts.Count; i++)
        {
            int known = Facts.KeyAt(i);
            ValueNode node = Values[known];
            if (IsMemberOf(known, value) || (node.Kind == ValueKind.Binary && !Values.IsConjunction(known) && (IsMemberOf(node.A, value) || IsMemberOf(node.B, value)))) return true;
        }

        return false;
    }

    private bool IsMemberOf(int member, int value) => Values[member] is { Kind: ValueKind.Member, A: var receiver, Payload: not IMethodSymbol } && receiver == value;

    /// <summary>This path as it would be if no more were known of <paramref name="value"/>, and of what is made from it, than <paramref name="fact"/>.</summary>
    public Frame<TDomain> Supposing(int value, Fact fact)
    {
        Frame<TDomain> supposed = Copy();
        IntMap<Fact>.Builder facts = new();
        for (int i = 0; i < Facts.Count; i++)
        {
            if (!Values.Mentions(Facts.KeyAt(i), value)) facts.Add(Facts.KeyAt(i), Facts.ValueAt(i));
        }

        supposed.Facts = facts.ToMap();
        supposed.Restrict(value, fact);
        return supposed;
    }

    /// <summary>Forgets what is known of a value, as when it stands for something that was written.</summary>
    public void Forget(int value) => Facts = Facts.Remove(value);

    private bool AssumeBinary(BinaryValue kind, int left, int right, bool truth)
    {
        switch (kind)
        {
            case BinaryValue.Equal when truth:
                return Restrict(left, FactOf(right)) && Restrict(right, FactOf(left));
            case BinaryValue.Equal:
                return Exclude(left, right) && Exclude(right, left);
            case BinaryValue.Less:
            case BinaryValue.LessOrEqual:
                bool strict = kind == BinaryValue.Less == truth;
                (int small, int large) = truth ? (left, right) : (right, left);
                long step = strict ? 1 : 0;
                Fact low = FactOf(small), high = FactOf(large);
                bool bounded = high.High == long.MaxValue || Restrict(small, Fact.Range(long.MinValue, high.High - step));
                return bounded && (low.Low == long.MinValue || Restrict(large, Fact.Range(low.Low + step, long.MaxValue)));
            case BinaryValue.And when truth:
                return Assume(left, true) && Assume(right, true);
            case BinaryValue.And:
                return Truth(left) == true ? Assume(right, false) : Truth(right) != true || Assume(left, false);
            default:
                return true;
        }
    }

    /// <summary>Of conditions that do not all hold, the last one that is left open does not.</summary>
    private bool Conclude(int changed)
    {
        // Bounds that contradict each other, as `x >= y` and `y > x`, narrow one another for ever: what has not followed by then may wait for the next question.
        if (_conclusions == MaxConclusions) return true;
        bool isOutermost = _conclusions++ == 0;
        bool holds = TryConclude(changed);
        if (isOutermost) _conclusions = 0;
        return holds;
    }

    private const int MaxConclusions = 100;
    private int _conclusions;

    private bool TryConclude(int changed)
    {
        IntMap<Fact> facts = Facts;
        for (int i = 0; i < facts.Count; i++)
        {
            int condition = facts.KeyAt(i);
            if (condition != changed && facts.ValueAt(i).IsZero && Values.IsConjunction(condition)
                && !AssumeBinary(BinaryValue.And, Values[condition].A, Values[condition].B, truth: false)) return false;
        }

        return true;
    }

    private bool Exclude(int value, int other)
    {
        Fact excluded = FactOf(other);
        if (!excluded.IsConstant) return true;
        Fact current = FactOf(value);
        if (current.IsConstant && current.Low == excluded.Low)
        {
            IsDead = true;
            return false;
        }

        if (excluded.Low == 0) return Restrict(value, Fact.NonZero);
        if (excluded.Low == -1) return Restrict(value, Fact.NotMinus1);
        if (current.Low == excluded.Low) return Restrict(value, Fact.Range(current.Low + 1, current.High));
        return current.High != excluded.Low || Restrict(value, Fact.Range(current.Low, current.High - 1));
    }

    private bool? TruthOfEqual(int left, int right)
    {
        if (left == right) return true;
        if (Values[left] is { Kind: ValueKind.Constant } a && Values[right] is { Kind: ValueKind.Constant } b) return Equals(a.Payload, b.Payload);
        if (Difference(left, right) is { } difference) return difference == 0;
        Fact x = FactOf(left), y = FactOf(right);
        if (x.IsConstant && y.IsConstant && x.Low == y.Low) return true;
        if ((x.IsConstant && y.Excludes(x.Low)) || (y.IsConstant && x.Excludes(y.Low)) || x.High < y.Low || y.High < x.Low) return false;
        return null;
    }

    private bool? TruthOfLess(int left, int right, bool orEqual)
    {
        if (Difference(left, right) is { } difference) return orEqual ? difference <= 0 : difference < 0;
        Fact x = FactOf(left), y = FactOf(right);
        if (orEqual ? x.High <= y.Low : x.High < y.Low) return true;
        if (orEqual ? x.Low > y.High : x.Low >= y.High) return false;
        return null;
    }

    /// <summary><c>left - right</c> where that is a number whatever the values are.</summary>
    private long? Difference(int left, int right)
    {
        if (left == right) return 0;
        if (Values[left].Kind != ValueKind.Sum && Values[right].Kind != ValueKind.Sum) return null;
        LinearForm? difference = LinearForm.Add(Values.LinearOf(left), Values.LinearOf(right), -1);
        return difference is { Count: 0 } ? difference.Constant : null;
    }

    private Fact FactOf(LinearForm form)
    {
        Fact sum = Fact.Constant(form.Constant);
        for (int i = 0; i < form.Count; i++)
        {
            // Only unit coefficients: more is rarely decided by an interval.
            if (form[i].Value is not (1 or -1)) return Fact.Top;
            Fact part = FactOf(form[i].Key);
            if (form[i].Value == -1) part = Fact.Range(Negate(part.High), Negate(part.Low));
            sum = Fact.Range(Add(sum.Low, part.Low), Add(sum.High, part.High));
        }

        return sum;
    }

    /// <summary>
    /// A part of a number that is not negative is not either, and no larger: of <c>n / 2</c>, <c>n &gt;&gt; 1</c> and <c>n % 8</c>. A shift that leaves a few bits only asks for the sign,
    /// and what it would say of a number below zero depends on its type.
    /// </summary>
    internal Fact FactOfPart(BinaryOperatorKind kind, int number, int by)
    {
        if (kind is not (BinaryOperatorKind.Divide or BinaryOperatorKind.RightShift or BinaryOperatorKind.Remainder) || number == ValueTable.Unknown || by == ValueTable.Unknown) return Fact.Top;
        (Fact whole, Fact divisor) = (FactOf(number), FactOf(by));
        return whole.Low >= 0 && divisor.Low >= 0 && (kind != BinaryOperatorKind.RightShift || divisor.High < FewBits) ? Fact.Range(0, whole.High) : Fact.Top;
    }

    private const int FewBits = 8;

    private static Fact Shift(Fact fact, long by)
    {
        Fact shifted = Fact.Range(Add(fact.Low, by), Add(fact.High, by));
        return by == -1 && fact.NotZero ? shifted with { NotMinusOne = true } : by == 1 && fact.NotMinusOne ? shifted with { NotZero = true } : shifted;
    }

    /// <summary>What is known of x where <c>sum - x</c> is known.</summary>
    private static Fact Mirror(Fact fact, long sum)
    {
        Fact mirrored = Fact.Range(Add(sum, Negate(fact.High)), Add(sum, Negate(fact.Low)));
        bool notZero = (sum == 0 && fact.NotZero) || (sum == -1 && fact.NotMinusOne), notMinusOne = (sum == -1 && fact.NotZero) || (sum == -2 && fact.NotMinusOne);
        return mirrored with { NotZero = mirrored.NotZero || notZero, NotMinusOne = mirrored.NotMinusOne || notMinusOne };
    }

    private static long Negate(long value) => value switch
    {
        long.MinValue => long.MaxValue,
        long.MaxValue => long.MinValue,
        _ => -value,
    };

    // Saturating, and an end at infinity stays there.
    private static long Add(long left, long right)
    {
        if (left is long.MinValue or long.MaxValue) return left;
        if (right is long.MinValue or long.MaxValue) return right;
        long sum = unchecked(left + right);
        if (left > 0 && right > 0 && sum < 0) return long.MaxValue;
        return left < 0 && right < 0 && sum >= 0 ? long.MinValue : sum;
    }

    private static Fact Meet(Fact left, Fact right) => FactLattice.Instance.TryMeet(left, right, out Fact meet) ? meet : left;
}
