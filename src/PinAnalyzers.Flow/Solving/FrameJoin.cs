using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>The disjuncts at the entry of one block, and the join that keeps them few.</summary>
internal sealed class BlockStates<TDomain>(int block)
    where TDomain : IFlowDomain<TDomain>
{
    public List<Frame<TDomain>> Frames { get; } = [];

    /// <summary>Adds a state; true when the block has to be visited again.</summary>
    public bool Add(Frame<TDomain> incoming, int maxStates)
    {
        foreach (int phi in incoming.Values.PhisOf(block))
        {
            // A joined value of an earlier round that its location no longer holds is that round's, not this one's.
            if (incoming.Read(incoming.Values[phi].B) == phi) continue;
            incoming.Age(phi);
            TakeJoined(incoming, phi);
        }

        for (int i = 0; i < Frames.Count; i++)
        {
            if (SameKey(Frames[i], incoming)) return Replace(i, Frames[i].Domain.Join(incoming.Domain), incoming);
        }

        if (Frames.Count < maxStates)
        {
            incoming.IsDirty = true;
            Frames.Add(incoming);
            return true;
        }

        int nearest = -1, distance = int.MaxValue;
        for (int i = 0; i < Frames.Count; i++)
        {
            if (!Equals(Frames[i].Continuation, incoming.Continuation)) continue;
            int d = Frames[i].Domain.Distance(incoming.Domain);
            if (d >= distance) continue;
            distance = d;
            nearest = i;
        }

        if (nearest >= 0) return Replace(nearest, Frames[nearest].Domain.JoinLossy(incoming.Domain), incoming);

        // No state with this continuation yet: it may not be dropped, or a finally would lose its way out.
        incoming.IsDirty = true;
        Frames.Add(incoming);
        return true;
    }

    /// <summary>
    /// A counter that paths have already joined here is joined on every path, also on one that stays apart for what it has charged: <c>items[0]</c>, <c>items[1]</c>
    /// and so on would each be another charge, round by round. Nothing else may depend on its very value.
    /// </summary>
    private static void TakeJoined(Frame<TDomain> incoming, int phi)
    {
        int location = incoming.Values[phi].B;
        if (!IsNumber(incoming.Locations.KeyOf(location))) return;
        int value = incoming.Read(location);
        if (!incoming.Values.IsCount(value) || incoming.Domain.Mentions(v => v == value)) return;
        Fact fact = incoming.FactOf(value);
        incoming.Write(location, phi);
        if (!fact.IsTop) incoming.Facts = incoming.Facts.Set(phi, fact);
    }

    private static bool IsNumber(object? variable) => variable switch
    {
        ILocalSymbol local => IsNumber(local.Type),
        IParameterSymbol parameter => IsNumber(parameter.Type),
        _ => false,
    };

    private static bool IsNumber(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    private static bool SameKey(Frame<TDomain> left, Frame<TDomain> right) =>
        left.Domain.SameKey(right.Domain) && Equals(left.Continuation, right.Continuation) && ReturnClass(left) == ReturnClass(right) && !LosesName(left, right);

    /// <summary>
    /// Joining would leave something that the domain follows without a variable that certainly holds it, as after <c>if (…) (a, b) = (b, a);</c>: the two ways are
    /// kept apart, or the release through either variable would release nothing.
    /// </summary>
    private static bool LosesName(Frame<TDomain> left, Frame<TDomain> right)
    {
        IntMap<int> x = left.Environment, y = right.Environment;
        for (int i = 0, j = 0; i < x.Count || j < y.Count;)
        {
            int key = i < x.Count && (j >= y.Count || x.KeyAt(i) <= y.KeyAt(j)) ? x.KeyAt(i) : y.KeyAt(j);
            int a = i < x.Count && x.KeyAt(i) == key ? x.ValueAt(i++) : ValueTable.Unknown;
            int b = j < y.Count && y.KeyAt(j) == key ? y.ValueAt(j++) : ValueTable.Unknown;
            if (a == b || key <= LocationTable.ThisVersion) continue;
            bool followsA = left.Domain.Follows(a), followsB = left.Domain.Follows(b);
            if ((followsA && followsB) || (followsA && !IsNamedInBoth(left, x, y, a)) || (followsB && !IsNamedInBoth(left, x, y, b))) return true;
        }

        return false;
    }

    /// <summary>Some variable holds the value on both sides. What the compiler puts aside while it evaluates an expression is no variable.</summary>
    private static bool IsNamedInBoth(Frame<TDomain> frame, IntMap<int> x, IntMap<int> y, int value)
    {
        for (int i = 0; i < x.Count; i++)
        {
            if (x.ValueAt(i) == value && frame.Locations.KeyOf(x.KeyAt(i)) is ISymbol && y.TryGet(x.KeyAt(i), out int other) && other == value) return true;
        }

        return false;
    }

    /// <summary>Success and failure of a method are told by what it returns, so paths that return differently are kept apart through its finallys.</summary>
    private static int ReturnClass(Frame<TDomain> frame)
    {
        int value = frame.ReturnValue;
        if (value == ValueTable.Unknown) return 0;
        Fact fact = frame.FactOf(value);
        return fact.IsZero ? 1 : fact.NotZero ? fact.High < 0 ? 2 : 3 : 4;
    }

    private bool Replace(int index, TDomain domain, Frame<TDomain> incoming)
    {
        Frame<TDomain> existing = Frames[index];
        (IntMap<int> environment, IntMap<Fact> facts) = JoinMaps(existing, incoming);
        Continuation? continuation = Continuation.Join(existing.Continuation, incoming.Continuation);
        ThrowInfo? caught = existing.Caught is { } a && incoming.Caught is { } b ? ThrowInfo.Strongest(a, b) : existing.Caught ?? incoming.Caught;
        bool changed = !environment.Equals(existing.Environment) || !facts.Equals(existing.Facts) || !domain.SameKey(existing.Domain);
        if (!changed && ReferenceEquals(continuation, existing.Continuation) && Equals(caught, existing.Caught) && ReferenceEquals(domain, existing.Domain)) return false;
        existing.Environment = environment;
        existing.Facts = facts;
        existing.Domain = domain;
        existing.Continuation = continuation;
        existing.Caught = caught;

        // What only refines a message is carried along when the state is visited for another reason; it is no reason itself.
        if (!changed) return false;
        existing.IsDirty = true;
        return true;
    }

    private (IntMap<int> Environment, IntMap<Fact> Facts) JoinMaps(Frame<TDomain> left, Frame<TDomain> right)
    {
        IntMap<Fact>.Builder facts = new();
        for (int i = 0, j = 0; i < left.Facts.Count && j < right.Facts.Count;)
        {
            int a = left.Facts.KeyAt(i), b = right.Facts.KeyAt(j);
            if (a == b)
            {
                Fact joined = FactLattice.Instance.Widen(left.Facts.ValueAt(i), right.Facts.ValueAt(j));
                if (!joined.IsTop) facts.Add(a, joined);
            }

            if (a <= b) i++;
            if (b <= a) j++;
        }

        ConditionJoin<TDomain> conditions = new(left, right);
        IntMap<Fact> joinedFacts = conditions.AddTo(facts.ToMap());
        if (left.Environment.Equals(right.Environment)) return (left.Environment, joinedFacts);

        IntMap<int>.Builder environment = new();
        Dictionary<int, int>? there = null, here = null, leftJoined = null, rightJoined = null;
        IntMap<int> x = left.Environment, y = right.Environment;
        for (int i = 0, j = 0; i < x.Count || j < y.Count;)
        {
            int key = i < x.Count && (j >= y.Count || x.KeyAt(i) <= y.KeyAt(j)) ? x.KeyAt(i) : y.KeyAt(j);
            int a = ValueTable.Unknown, b = ValueTable.Unknown;
            if (i < x.Count && x.KeyAt(i) == key) a = x.ValueAt(i++);
            if (j < y.Count && y.KeyAt(j) == key) b = y.ValueAt(j++);
            if (key < 0)
            {
                // A member that only one side wrote still has its first value on the other.
                if (a == ValueTable.Unknown) a = -key;
                if (b == ValueTable.Unknown) b = -key;
            }
            else if ((a == ValueTable.Unknown || b == ValueTable.Unknown) && left.Locations.KeyOf(key) is IParameterSymbol { RefKind: not RefKind.Out } parameter)
            {
                // So has a parameter.
                if (a == ValueTable.Unknown) a = left.Values.Parameter(parameter);
                else b = left.Values.Parameter(parameter);
            }

            int joined = a == b ? a : a == ValueTable.Unknown || b == ValueTable.Unknown ? ValueTable.Unknown : conditions.JoinValues(key, a, b);
            if (joined == ValueTable.Unknown && a != ValueTable.Unknown && b != ValueTable.Unknown && (IsCapture(left, key) || (left.Values.IsLiteral(a) && left.Values.IsLiteral(b))) && !IsJoinedHere(left.Values[a], key))
            {
                // x.Next of one round and x.Next of another are x.Next.
                if (there is not null && left.Values.Rebase(a, there) is var asThere && (asThere == b || ConditionJoin<TDomain>.IsChosen(right, asThere, b))) joined = left.Values.Rebase(a, leftJoined!);
                else if (here is not null && left.Values.Rebase(b, here) is var asHere && ConditionJoin<TDomain>.IsChosen(left, asHere, a)) joined = left.Values.Rebase(b, rightJoined!);
                else joined = conditions.Choose(a, b);
            }

            if (joined == ValueTable.Unknown && a > ValueTable.Unknown && b > ValueTable.Unknown) joined = left.Values.Phi(block, key);
            if (joined == ValueTable.Unknown) continue;
            environment.Add(key, joined);
            if (a == b) continue;
            Fact fact = a == joined
                ? FactLattice.Instance.Widen(left.FactOf(a), right.FactOf(b))
                : FactLattice.Instance.Join(left.FactOf(a), right.FactOf(b));
            joinedFacts = fact.IsTop ? joinedFacts.Remove(joined) : joinedFacts.Set(joined, fact);
            if (left.Values[joined].Kind != ValueKind.Phi || a <= left.Values.One || b <= left.Values.One) continue;
            (there ??= [])[a] = b;
            (here ??= [])[b] = a;
            (leftJoined ??= [])[a] = joined;
            (rightJoined ??= [])[b] = joined;
        }

        if (there is not null) joinedFacts = CarryOver(right, left, here!, rightJoined!, CarryOver(left, right, there, leftJoined!, joinedFacts));
        return (environment.ToMap(), joinedFacts);
    }

    /// <summary>
    /// What is known of <c>x.Done</c> on both paths, where x is another object on each, is known of the joined x: the rounds of a loop over a list meet like that
    /// in every block.
    /// </summary>
    private static IntMap<Fact> CarryOver(Frame<TDomain> from, Frame<TDomain> to, Dictionary<int, int> there, Dictionary<int, int> joinedTo, IntMap<Fact> facts)
    {
        for (int i = 0; i < from.Facts.Count; i++)
        {
            int value = from.Facts.KeyAt(i);
            if (to.Facts.Contains(value) || there.ContainsKey(value)) continue;
            int other = from.Values.Rebase(value, there);
            if (other == value || other == ValueTable.Unknown) continue;
            int joined = from.Values.Rebase(value, joinedTo);
            if (joined == ValueTable.Unknown || facts.Contains(joined)) continue;
            Fact known = to.FactOf(other);
            Fact fact = joined == value || joined == other ? FactLattice.Instance.Widen(from.Facts.ValueAt(i), known) : FactLattice.Instance.Join(from.Facts.ValueAt(i), known);
            if (!fact.IsTop) facts = facts.Set(joined, fact);
        }

        return facts;
    }

    /// <summary>What has once become a plain joined value stays one, or the rounds of a loop would never agree.</summary>
    private bool IsJoinedHere(ValueNode value, int key) => value.Kind == ValueKind.Phi && value.A == block && value.B == key;

    /// <summary>What the compiler puts aside while it evaluates an expression. A variable that is joined keeps one value until it is written again; an expression that is written twice does not.</summary>
    private static bool IsCapture(Frame<TDomain> frame, int key) => key > LocationTable.ThisVersion && frame.Locations.KeyOf(key) is not (null or ISymbol);
}
