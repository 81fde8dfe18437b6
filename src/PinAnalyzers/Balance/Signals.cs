using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>What a success signal says about the value that carries it.</summary>
internal static class Signals
{
    public static Fact FactFor(SuccessSignal signal, bool succeeded) => signal switch
    {
        SuccessSignal.Zero => succeeded ? Fact.Zero : Fact.NonZero,
        SuccessSignal.NonNegative => succeeded ? Fact.NonNegative : Fact.Negative,
        SuccessSignal.NotMinusOne => succeeded ? Fact.NotMinus1 : Fact.Constant(-1),
        SuccessSignal.Always => Fact.Top,
        _ => succeeded ? Fact.NonZero : Fact.Zero,
    };

    /// <summary>The signal that tells two groups of returned values apart, or null if none does.</summary>
    public static SuccessSignal? Separating(System.Collections.Generic.IReadOnlyCollection<Fact> held, System.Collections.Generic.IReadOnlyCollection<Fact> others)
    {
        foreach (SuccessSignal signal in Candidates)
        {
            bool separates = true;
            foreach (Fact fact in held) separates &= FactLattice.Instance.LessOrEqual(fact, FactFor(signal, true));
            foreach (Fact fact in others) separates &= FactLattice.Instance.LessOrEqual(fact, FactFor(signal, false));
            if (separates) return signal;
        }

        return null;
    }

    private static readonly SuccessSignal[] Candidates = [SuccessSignal.True, SuccessSignal.Zero, SuccessSignal.NonNegative, SuccessSignal.NotMinusOne];

    public static bool IsRenewable(this Pair pair) => !pair.HasToken;
}
