using System;
using PinAnalyzers.Flow.Lattices;

namespace PinAnalyzers.Flow.Values;

/// <summary>
/// What is known of one value: an interval, and whether zero and minus one are ruled out. References and booleans live in the same
/// domain (null and false are 0, true is 1), so that one set of rules serves <c>p != null</c>, <c>if (ok)</c> and <c>ret &lt; 0</c>.
/// </summary>
public readonly record struct Fact(long Low, long High, bool NotZero, bool NotMinusOne)
{
    public static readonly Fact Top = new(long.MinValue, long.MaxValue, false, false);
    public static readonly Fact Zero = Constant(0);
    public static readonly Fact One = Constant(1);
    public static readonly Fact NonZero = new(long.MinValue, long.MaxValue, true, false);
    public static readonly Fact NonNegative = new(0, long.MaxValue, false, true);
    public static readonly Fact Negative = new(long.MinValue, -1, true, false);
    public static readonly Fact NotMinus1 = new(long.MinValue, long.MaxValue, false, true);

    public static Fact Constant(long value) => new(value, value, value != 0, value != -1);

    public static Fact Range(long low, long high) => new(low, high, low > 0 || high < 0, low > -1 || high < -1);

    public bool IsTop => this == Top;

    public bool IsConstant => Low == High;

    public bool IsZero => Low == 0 && High == 0;

    public bool Excludes(long value) => value < Low || value > High || (NotZero && value == 0) || (NotMinusOne && value == -1);
}

/// <summary>The lattice of <see cref="Fact"/>.</summary>
public sealed class FactLattice : ILattice<Fact>
{
    public static readonly FactLattice Instance = new();

    public Fact Top => Fact.Top;

    public bool LessOrEqual(Fact left, Fact right) =>
        left.Low >= right.Low && left.High <= right.High && (!right.NotZero || left.NotZero) && (!right.NotMinusOne || left.NotMinusOne);

    public Fact Join(Fact left, Fact right) => Normalize(
        Math.Min(left.Low, right.Low), Math.Max(left.High, right.High), left.NotZero && right.NotZero, left.NotMinusOne && right.NotMinusOne);

    public bool TryMeet(Fact left, Fact right, out Fact meet)
    {
        long low = Math.Max(left.Low, right.Low);
        long high = Math.Min(left.High, right.High);
        bool notZero = left.NotZero || right.NotZero;
        bool notMinusOne = left.NotMinusOne || right.NotMinusOne;

        // Excluded end points shrink the interval; twice, because 0 and -1 are neighbours.
        for (int i = 0; i < 2; i++)
        {
            if (low == 0 && notZero) low = 1;
            if (high == 0 && notZero) high = -1;
            if (low == -1 && notMinusOne) low = 0;
            if (high == -1 && notMinusOne) high = -2;
        }

        meet = low > high ? default : Normalize(low, high, notZero, notMinusOne);
        return low <= high;
    }

    /// <summary>As <see cref="Join"/>, but an end that moved jumps to the next of a few thresholds, so that a loop counter settles in a few rounds.</summary>
    public Fact Widen(Fact previous, Fact next)
    {
        if (LessOrEqual(next, previous)) return previous;
        Fact join = Join(previous, next);
        long low = join.Low < previous.Low ? SnapDown(join.Low) : join.Low;
        long high = join.High > previous.High ? SnapUp(join.High) : join.High;
        return Normalize(low, high, join.NotZero, join.NotMinusOne);
    }

    private static Fact Normalize(long low, long high, bool notZero, bool notMinusOne) =>
        new(low, high, notZero || low > 0 || high < 0, notMinusOne || low > -1 || high < -1);

    private static long SnapDown(long value) => value switch
    {
        >= 1 => 1,
        0 => 0,
        -1 => -1,
        _ => long.MinValue,
    };

    private static long SnapUp(long value) => value switch
    {
        <= -1 => -1,
        0 => 0,
        1 => 1,
        _ => long.MaxValue,
    };
}
