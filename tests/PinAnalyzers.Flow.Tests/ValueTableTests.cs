using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Values;
using Xunit;

namespace PinAnalyzers.Flow.Tests;

/// <summary>Equal expressions over equal values are one number.</summary>
public sealed class ValueTableTests
{
    private readonly ValueTable _values = new();

    private readonly ISymbol _member = Bodies.Compile("class C { int F; int G; }").GetTypeByMetadataName("C")!.GetMembers("F").Single();

    [Fact]
    public void Constants_OfAnyType_AreOneNumber()
    {
        Assert.Equal(ValueTable.Zero, _values.Constant(null));
        Assert.Equal(ValueTable.Zero, _values.Constant(false));
        Assert.Equal(ValueTable.Zero, _values.Constant((byte)0));
        Assert.Equal(_values.One, _values.Constant(true));
        Assert.Equal(_values.Constant(7), _values.Constant(7UL));
        Assert.Equal(_values.Constant('a'), _values.Constant(97));
        Assert.NotEqual(_values.Constant("7"), _values.Constant(7));
        Assert.NotEqual(_values.Constant(ulong.MaxValue), _values.Constant(-1));
    }

    [Fact]
    public void EqualExpressions_AreOneNumber()
    {
        var (a, b) = (_values.Site(1, 0), _values.Site(2, 0));
        Assert.Equal(_values.Binary(BinaryValue.Equal, a, b), _values.Binary(BinaryValue.Equal, b, a));
        Assert.NotEqual(_values.Binary(BinaryValue.Less, a, b), _values.Binary(BinaryValue.Less, b, a));
        Assert.Equal(_values.Sum(a, b, 1), _values.Sum(b, a, 1));
        Assert.Equal(_values.Member(a, _member, 3), _values.Member(a, _member, 3));
        Assert.NotEqual(_values.Member(a, _member, 3), _values.Member(a, _member, 4));
    }

    [Fact]
    public void Sums_AreSimplified()
    {
        var (a, b) = (_values.Site(1, 0), _values.Site(2, 0));
        Assert.Equal(a, _values.Sum(_values.Sum(a, b, 1), b, -1));
        Assert.Equal(ValueTable.Zero, _values.Sum(a, a, -1));
        Assert.Equal(_values.Constant(5), _values.Sum(_values.Constant(2), _values.Constant(3), 1));
        Assert.Equal(_values.Sum(a, _values.Constant(2), 1), _values.Sum(_values.Sum(a, _values.One, 1), _values.One, 1));
    }

    [Fact]
    public void Logic_IsSimplified()
    {
        var a = _values.Site(1, 0);
        Assert.Equal(a, _values.Not(_values.Not(a)));
        Assert.Equal(_values.One, _values.Not(ValueTable.Zero));
        Assert.Equal(ValueTable.Zero, _values.Not(_values.Constant(7)));
        Assert.Equal(a, _values.And(a, a));
        Assert.Equal(ValueTable.Zero, _values.And(a, _values.Not(a)));
        Assert.Equal(_values.One, _values.Or(_values.Not(a), a));
        Assert.Equal(_values.One, _values.Binary(BinaryValue.Equal, a, a));
    }

    [Fact]
    public void Conjunctions_HaveOneNumberInAnyOrder()
    {
        var (a, b, c) = (_values.Site(1, 0), _values.Site(2, 0), _values.Site(3, 0));
        Assert.Equal(_values.And(a, _values.And(b, c)), _values.And(_values.And(c, a), b));
        Assert.Equal(_values.Or(a, _values.Or(b, c)), _values.Or(_values.Or(c, a), b));
        Assert.Equal(_values.Not(_values.And(a, b)), _values.Or(_values.Not(b), _values.Not(a)));
    }

    [Fact]
    public void Conjunctions_ThatGrowWithoutEnd_AreGivenUp()
    {
        var all = _values.Site(1, 0);
        for (var i = 2; i < 9; i++) all = _values.And(all, _values.Site(i, 0));
        Assert.Equal(ValueTable.Unknown, all);
    }

    [Fact]
    public void NotANumber_DoesNotEqualItself()
    {
        var nan = _values.Constant(double.NaN);
        Assert.NotEqual(_values.One, _values.Binary(BinaryValue.Equal, nan, nan));
    }

    [Fact]
    public void Unknown_StaysUnknown()
    {
        var a = _values.Site(1, 0);
        Assert.Equal(ValueTable.Unknown, _values.Not(ValueTable.Unknown));
        Assert.Equal(ValueTable.Unknown, _values.Sum(a, ValueTable.Unknown, 1));
        Assert.Equal(ValueTable.Unknown, _values.Binary(BinaryValue.Equal, ValueTable.Unknown, ValueTable.Unknown));
    }

    [Fact]
    public void Canonical_ForgetsVersionsOnly()
    {
        var (a, b, version) = (_values.Site(1, 0), _values.Site(2, 0), _values.Site(3, 0));
        var versioned = _values.Member(_values.Member(a, _member, version), _member, version);
        Assert.Equal(_values.Member(_values.Member(a, _member, 0), _member, 0), _values.Canonical(versioned));
        Assert.NotEqual(_values.Canonical(_values.Member(a, _member, version)), _values.Canonical(_values.Member(b, _member, version)));
        Assert.Equal(_values.Canonical(versioned), _values.Canonical(_values.Canonical(versioned)));
        Assert.Equal(_values.Sum(a, b, 1), _values.Canonical(_values.Sum(a, b, 1)));
    }

    [Fact]
    public void Substitution_ReachesEveryPart()
    {
        var (a, b, c) = (_values.Site(1, 0), _values.Site(2, 0), _values.Site(3, 0));
        var whole = _values.Not(_values.Binary(BinaryValue.Less, _values.Sum(_values.Member(a, _member, 0), b, 2), _values.Element(b, a)));
        var expected = _values.Not(_values.Binary(BinaryValue.Less, _values.Sum(_values.Member(c, _member, 0), b, 2), _values.Element(b, c)));
        Assert.True(_values.Mentions(whole, a));
        Assert.Equal(expected, _values.Substitute(whole, a, c));
        Assert.False(_values.Mentions(expected, a));
        Assert.Equal(whole, _values.Substitute(whole, c, a));
    }

    [Fact]
    public void Substitution_CollapsesWhatBecomesEqual()
    {
        var (a, b) = (_values.Site(1, 0), _values.Site(2, 0));
        Assert.Equal(ValueTable.Zero, _values.Substitute(_values.Sum(a, b, -1), a, b));
        Assert.Equal(_values.One, _values.Substitute(_values.Binary(BinaryValue.Equal, a, b), a, b));
    }

    [Fact]
    public void Aging_IsIdempotent()
    {
        var aged = _values.Aged(_values.Site(1, 0));
        Assert.NotEqual(_values.Site(1, 0), aged);
        Assert.Equal(aged, _values.Aged(aged));
    }

    [Fact]
    public void GrowingExpression_StopsBeingTracked()
    {
        var value = _values.Site(1, 0);
        for (var depth = 0; depth < 8; depth++)
            value = _values.Convert(value, Bodies.Compile("class C;").ObjectType);
        Assert.NotEqual(ValueTable.Unknown, value);
        for (var depth = 0; depth < 9 && value != ValueTable.Unknown; depth++)
            value = _values.Element(value, value);
        Assert.Equal(ValueTable.Unknown, value);
    }

    [Fact]
    public void Choice_IsOneValueHoweverItsConditionIsSpelled()
    {
        int condition = _values.Opaque("c"), a = _values.Opaque("a"), b = _values.Opaque("b");
        int choice = _values.Choice(condition, a, b);
        Assert.Equal(choice, _values.Choice(_values.Not(condition), b, a));
        Assert.Equal(a, _values.Choice(condition, a, a));
        Assert.Equal(a, _values.Choice(_values.One, a, b));
        Assert.Equal(b, _values.Choice(ValueTable.Zero, a, b));
        Assert.Equal(ValueTable.Unknown, _values.Choice(ValueTable.Unknown, a, b));
        Assert.NotEqual(choice, _values.Choice(condition, b, a));
    }

    [Fact]
    public void Choice_MetAgainInALoop_DoesNotNest()
    {
        int condition = _values.Opaque("c"), a = _values.Opaque("a"), b = _values.Opaque("b");
        int choice = _values.Choice(condition, a, b);
        Assert.Equal(choice, _values.Choice(condition, choice, b));
        Assert.Equal(choice, _values.Choice(condition, a, choice));
    }

    [Fact]
    public void Choice_IsRebuiltWithItsParts()
    {
        int site = _values.Site(1, 0), aged = _values.Aged(site), condition = _values.Binary(BinaryValue.Equal, site, ValueTable.Zero);
        int choice = _values.Choice(condition, ValueTable.Zero, site);
        Assert.True(_values.Mentions(choice, site));
        Assert.Equal(_values.Choice(_values.Binary(BinaryValue.Equal, aged, ValueTable.Zero), ValueTable.Zero, aged), _values.Substitute(choice, site, aged));
    }

    [Fact]
    public void Nullables_AreToldFromWhatTheyHold()
    {
        int number = _values.Opaque("n"), some = _values.Some(number), five = _values.Number(5);
        Assert.Equal(ValueTable.Zero, _values.IsNull(some));
        Assert.Equal(_values.One, _values.IsNull(ValueTable.Zero));
        Assert.Equal(number, _values.Held(some));
        Assert.NotEqual(number, _values.Held(number));
        Assert.Equal(five, _values.Some(five));
        Assert.NotEqual(ValueTable.Zero, _values.Some(ValueTable.Zero));
        Assert.Equal(ValueTable.Zero, _values.Held(_values.Some(ValueTable.Zero)));
    }

    [Fact]
    public void Held_OfAChoiceWithNull_IsZeroOrTheNumber()
    {
        int isNull = _values.Opaque("null"), number = _values.Opaque("n");
        int maybe = _values.Choice(isNull, ValueTable.Zero, _values.Some(number));
        Assert.Equal(_values.Choice(isNull, ValueTable.Zero, number), _values.Held(maybe));
    }
}
