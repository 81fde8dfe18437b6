using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using PinAnalyzers.Flow.Values;
using Xunit;

namespace PinAnalyzers.Flow.Tests;

/// <summary>The laws of <see cref="FactLattice"/>, on facts that a meet can make.</summary>
public sealed class FactTests
{
    private static readonly FactLattice s_lattice = FactLattice.Instance;

    private static readonly Gen<long> s_ends = Gen.OneOf(
        Gen.Elements(long.MinValue, -100L, -3L, -2L, -1L, 0L, 1L, 2L, 3L, 100L, long.MaxValue),
        Gen.Choose(-1000, 1000).Select(n => (long)n));

    private static readonly Gen<Fact> s_facts =
        from low in s_ends
        from high in s_ends
        from zero in Gen.Elements(false, true)
        from minusOne in Gen.Elements(false, true)
        select Make(low, high, zero, minusOne);

    private static Arbitrary<Fact> Facts => s_facts.ToArbitrary();

    private static Arbitrary<(Fact A, Fact B)> Pairs => (from a in s_facts from b in s_facts select (a, b)).ToArbitrary();

    private static Arbitrary<(Fact A, Fact B, Fact C)> Triples => (from a in s_facts from b in s_facts from c in s_facts select (a, b, c)).ToArbitrary();

    [Fact]
    public void Join_IsCommutative() => Prop.ForAll(Pairs, p => s_lattice.Join(p.A, p.B) == s_lattice.Join(p.B, p.A)).QuickCheckThrowOnFailure();

    [Fact]
    public void Join_IsAssociative()
        => Prop.ForAll(Triples, t => s_lattice.Join(s_lattice.Join(t.A, t.B), t.C) == s_lattice.Join(t.A, s_lattice.Join(t.B, t.C))).QuickCheckThrowOnFailure();

    [Fact]
    public void Join_IsIdempotent() => Prop.ForAll(Facts, f => s_lattice.Join(f, f) == f).QuickCheckThrowOnFailure();

    [Fact]
    public void Join_IsTheLeastUpperBound() => Prop.ForAll(Triples, t =>
    {
        var join = s_lattice.Join(t.A, t.B);
        return s_lattice.LessOrEqual(t.A, join) && s_lattice.LessOrEqual(t.B, join)
            && (!s_lattice.LessOrEqual(t.A, t.C) || !s_lattice.LessOrEqual(t.B, t.C) || s_lattice.LessOrEqual(join, t.C));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Order_IsPartial() => Prop.ForAll(Triples, t =>
        s_lattice.LessOrEqual(t.A, t.A)
        && (!(s_lattice.LessOrEqual(t.A, t.B) && s_lattice.LessOrEqual(t.B, t.A)) || t.A == t.B)
        && (!(s_lattice.LessOrEqual(t.A, t.B) && s_lattice.LessOrEqual(t.B, t.C)) || s_lattice.LessOrEqual(t.A, t.C))).QuickCheckThrowOnFailure();

    [Fact]
    public void Top_IsAboveAll() => Prop.ForAll(Facts, f => s_lattice.LessOrEqual(f, s_lattice.Top) && s_lattice.Join(f, s_lattice.Top) == s_lattice.Top).QuickCheckThrowOnFailure();

    [Fact]
    public void Meet_IsALowerBound_AndKeepsEveryCommonNumber() => Prop.ForAll(Pairs, p =>
    {
        if (!s_lattice.TryMeet(p.A, p.B, out var meet))
            return !HasCommonNumber(p.A, p.B);
        return s_lattice.LessOrEqual(meet, p.A) && s_lattice.LessOrEqual(meet, p.B) && Samples().TrueForAll(n => p.A.Excludes(n) || p.B.Excludes(n) == meet.Excludes(n));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Meet_IsCommutative() => Prop.ForAll(Pairs, p =>
        s_lattice.TryMeet(p.A, p.B, out var one) == s_lattice.TryMeet(p.B, p.A, out var other) && one == other).QuickCheckThrowOnFailure();

    [Fact]
    public void Join_ExcludesNothingThatEitherSideAllows() => Prop.ForAll(Pairs, p =>
    {
        var join = s_lattice.Join(p.A, p.B);
        return Samples().TrueForAll(n => !join.Excludes(n) || (p.A.Excludes(n) && p.B.Excludes(n)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Widen_IsAnUpperBound() => Prop.ForAll(Pairs, p =>
    {
        var wide = s_lattice.Widen(p.A, p.B);
        return s_lattice.LessOrEqual(p.A, wide) && s_lattice.LessOrEqual(p.B, wide);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Widen_ChainsEndSoon() => Prop.ForAll(s_facts.ListOf(40).ToArbitrary(), facts =>
    {
        var (current, steps) = (Fact.Zero, 0);
        foreach (var fact in facts)
        {
            var next = s_lattice.Widen(current, s_lattice.Join(current, fact));
            if (next != current)
                steps++;
            current = next;
        }

        // Each end stops at three thresholds and infinity, each exclusion falls once.
        return steps <= 10;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void LoopCounter_Settles()
    {
        var current = Fact.Zero;
        for (var round = 0; round < 4; round++)
            current = s_lattice.Widen(current, Fact.Range(current.Low, current.High == long.MaxValue ? long.MaxValue : current.High + 1));
        Assert.Equal(Fact.NonNegative, current);
    }

    private static Fact Make(long low, long high, bool notZero, bool notMinusOne)
    {
        var fact = low <= high ? Fact.Range(low, high) : Fact.Range(high, low);
        if (notZero && s_lattice.TryMeet(fact, Fact.NonZero, out var withoutZero))
            fact = withoutZero;
        return notMinusOne && s_lattice.TryMeet(fact, Fact.NotMinus1, out var without) ? without : fact;
    }

    private static bool HasCommonNumber(Fact a, Fact b) => Samples().Exists(n => !a.Excludes(n) && !b.Excludes(n));

    private static List<long> Samples() => [long.MinValue, -1001, -101, -100, -99, -4, -3, -2, -1, 0, 1, 2, 3, 4, 99, 100, 101, 1001, long.MaxValue];
}
