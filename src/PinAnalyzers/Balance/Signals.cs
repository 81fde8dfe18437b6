using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>What a charge that was taken, and one that was denied, leave in the value that tells.</summary>
/// <param name="Taken">All that is declared to mean success.</param>
/// <param name="Typical">What success looks like in practice: code that asks about the result knows it to be of these.</param>
/// <param name="Denied">All that may mean failure.</param>
internal readonly record struct SignalZones(Fact Taken, Fact Typical, Fact Denied);

/// <summary>What a success signal says about the value that carries it.</summary>
internal static class Signals
{
    /// <summary>An address that should be compared with -1 is often compared with null: either is a failure, and which of them is meant the code that asks says (PIN4012 says the rest).</summary>
    private static readonly SignalZones AddressZones = new(new Fact(long.MinValue, long.MaxValue, NotZero: true, NotMinusOne: true), Fact.Range(1, long.MaxValue), Fact.Range(-1, 0));

    public static SignalZones ZonesOf(SuccessSignal signal, ITypeSymbol? carrier)
    {
        if (signal == SuccessSignal.NotMinusOne && IsAddress(carrier)) return AddressZones;
        Fact taken = FactFor(signal, succeeded: true);
        return new(taken, signal == SuccessSignal.NotMinusOne ? Fact.NonNegative : taken, FactFor(signal, succeeded: false));
    }

    /// <summary>Several values mean failure, or success: which of them occur is for the code to know that asks.</summary>
    public static bool LeavesOpen(SuccessSignal signal) => signal is SuccessSignal.Zero or SuccessSignal.NonNegative or SuccessSignal.NotMinusOne;

    /// <summary>Failures that are left over once the others were asked for: another sign, or no longer -1.</summary>
    public static bool IsLeftOver(SuccessSignal signal, Fact failure) => signal switch
    {
        SuccessSignal.Zero => failure.Low >= 1 || failure.High <= -1 || failure.NotMinusOne,
        SuccessSignal.NonNegative => failure.High <= -2,
        SuccessSignal.NotMinusOne => failure.IsConstant,
        _ => false,
    };

    private static bool IsAddress(ITypeSymbol? type) => type is IPointerTypeSymbol or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };

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
            foreach (Fact fact in others) separates &= FactLattice.Instance.LessOrEqual(fact, ZonesOf(signal, returned).Denied);
            if (separates) return signal;
        }

        return null;
    }

    private static readonly SuccessSignal[] Candidates = [SuccessSignal.True, SuccessSignal.Zero, SuccessSignal.NonNegative, SuccessSignal.NotMinusOne];

    private static bool IsBoolean(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments: { Length: 1 } results } ? IsBoolean(results[0]) : type?.SpecialType == SpecialType.System_Boolean;
}
