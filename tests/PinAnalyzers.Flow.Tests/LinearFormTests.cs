using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using PinAnalyzers.Flow.Values;
using Xunit;

namespace PinAnalyzers.Flow.Tests;

/// <summary>The algebra of <see cref="LinearForm"/>: sums are equal when they are equal for all values.</summary>
public sealed class LinearFormTests
{
    private static readonly Gen<LinearForm> s_forms =
        from terms in (from value in Gen.Choose(1, 5) from factor in Gen.Choose(-3, 3) select (value, factor)).ListOf()
        from constant in Gen.Choose(-9, 9)
        select terms.Aggregate(LinearForm.OfConstant(constant), (sum, term) => LinearForm.Add(sum, LinearForm.OfValue(term.value), term.factor)!);

    private static Arbitrary<(LinearForm A, LinearForm B, LinearForm C)> Triples => (from a in s_forms from b in s_forms from c in s_forms select (a, b, c)).ToArbitrary();

    [Fact]
    public void Addition_IsCommutativeAndAssociative() => Prop.ForAll(Triples, t =>
        Sum(t.A, t.B).Equals(Sum(t.B, t.A)) && Sum(Sum(t.A, t.B), t.C).Equals(Sum(t.A, Sum(t.B, t.C)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_HasEqualHash() => Prop.ForAll(Triples, t => Sum(t.A, t.B).GetHashCode() == Sum(t.B, t.A).GetHashCode()).QuickCheckThrowOnFailure();

    [Fact]
    public void WhatIsTakenAway_IsGone() => Prop.ForAll(Triples, t =>
        LinearForm.Add(t.A, t.A, -1)!.Equals(LinearForm.OfConstant(0)) && LinearForm.Add(Sum(t.A, t.B), t.B, -1)!.Equals(t.A)).QuickCheckThrowOnFailure();

    [Fact]
    public void Factor_IsRepeatedAddition() => Prop.ForAll(Triples, t =>
        LinearForm.Add(t.A, t.B, 3)!.Equals(Sum(Sum(Sum(t.A, t.B), t.B), t.B))).QuickCheckThrowOnFailure();

    [Fact]
    public void Evaluation_Agrees() => Prop.ForAll(Triples, t =>
        Evaluate(Sum(t.A, t.B)) == Evaluate(t.A) + Evaluate(t.B)).QuickCheckThrowOnFailure();

    [Fact]
    public void Overflow_IsNoSum()
    {
        Assert.Null(LinearForm.Add(LinearForm.OfConstant(long.MaxValue), LinearForm.OfConstant(1), 1));
        Assert.Null(LinearForm.Add(LinearForm.OfValue(3), LinearForm.OfConstant(long.MinValue), -1));
        Assert.Null(LinearForm.Add(LinearForm.Add(LinearForm.OfConstant(0), LinearForm.OfValue(3), long.MaxValue)!, LinearForm.OfValue(3), 1));
    }

    [Fact]
    public void LongSum_IsGivenUp()
    {
        LinearForm? sum = LinearForm.OfConstant(0);
        for (var value = 1; value <= 8; value++)
            sum = LinearForm.Add(sum!, LinearForm.OfValue(value), 1);
        Assert.NotNull(sum);
        Assert.Null(LinearForm.Add(sum, LinearForm.OfValue(9), 1));
        Assert.NotNull(LinearForm.Add(sum, LinearForm.OfValue(8), -1));
    }

    private static LinearForm Sum(LinearForm left, LinearForm right) => LinearForm.Add(left, right, 1)!;

    private static long Evaluate(LinearForm form)
        => form.Constant + Enumerable.Range(0, form.Count).Select(index => form[index]).Sum((KeyValuePair<int, long> term) => term.Value * ((term.Key * 37L) + 11));
}
