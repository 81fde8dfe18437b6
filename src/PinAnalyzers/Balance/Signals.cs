using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
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

    /// <summary>The signal that tells two groups of values that a body returns apart, or null if none does. That false means success is no convention.</summary>
    public static SuccessSignal? Separating(ITypeSymbol? returned, IReadOnlyCollection<Fact> held, IReadOnlyCollection<Fact> others)
    {
        bool isBoolean = IsBoolean(returned);

        // Of numbers, a positive one may be a count of what was taken; a negative one is an error everywhere.
        bool isNumber = returned?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;
        foreach (SuccessSignal signal in Candidates)
        {
            if (isBoolean && signal != SuccessSignal.True) break;
            bool separates = true;
            if (isNumber && signal == SuccessSignal.True && held.Any(static fact => fact.Low < 1)) continue;
            foreach (Fact fact in held) separates &= FactLattice.Instance.LessOrEqual(fact, FactFor(signal, true));
            foreach (Fact fact in others) separates &= FactLattice.Instance.LessOrEqual(fact, FactFor(signal, false));
            if (separates) return signal;
        }

        return null;
    }

    private static readonly SuccessSignal[] Candidates = [SuccessSignal.True, SuccessSignal.Zero, SuccessSignal.NonNegative, SuccessSignal.NotMinusOne];

    private static bool IsBoolean(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments: { Length: 1 } results } ? IsBoolean(results[0]) : type?.SpecialType == SpecialType.System_Boolean;

    public static bool IsRenewable(this Pair pair) => !pair.HasToken;
}
