using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>What is known of the value of a call or property that asks about a charge, or that hands its argument through.</summary>
internal sealed partial class BalanceFlow
{
    public override int Result(Frame<BalanceState> frame, CallSite call)
    {
        if (_context.Catalog.TryGetPassThrough(call.Method, out int ordinal)) return ordinal < 0 ? call.Receiver : call.Arguments[ordinal];

        // Without a timeout it comes back with what it waited for, or not at all.
        if (call.Method is { Name: "WaitOne", Parameters.IsEmpty: true, ContainingType.SystemName: "WaitHandle" }) return _values.One;

        if (!call.Method.ReturnsVoid && !frame.Domain.IsEmpty)
        {
            if (call.Method.ReturnType.SpecialType == SpecialType.System_Boolean && call.Arguments.Count == 1 && AnswerOf(frame, call.Method, call.Arguments[0]) is var answer and not ValueTable.Unknown) return answer;
            if (ResultOfTold(frame, call) is var told and not ValueTable.Unknown) return told;
        }

        // A span over the memory goes where the memory goes, and the address of its first element is that of the memory.
        if (call.Method is { Name: "AsPointer", ContainingType.SystemName: "Unsafe" } && call.ArgumentOperations[0] is IInvocationOperation first && Effects.IsFirstOfView(first.TargetMethod)) return call.Arguments[0];
        if (call.Operation.Parent is IArgumentOperation && Effects.IsFirstOfView(call.Method)) return call.Method.IsStatic ? call.Arguments[0] : call.Receiver;
        if (call.Arguments.Count > 0 && Effects.IsViewOf(call.Method)) return call.Arguments[0];
        return call.Receiver > ValueTable.Zero && call.Method.Name == "Slice" && Effects.IsView(call.Method.ContainingType) ? call.Receiver : ValueTable.Unknown;
    }

    public override int ResultOfRead(Frame<BalanceState> frame, IPropertyReferenceOperation property, int receiver)
    {
        // The array of a segment is the array that the segment was made of.
        if (property.Property.Name == "Array" && receiver > ValueTable.Zero && Effects.IsView(property.Property.ContainingType)) return receiver;
        if (frame.Domain.IsEmpty && receiver != ValueTable.Zero) return ValueTable.Unknown;
        if (AnswerOf(frame, property.Property, property.Property.IsStatic ? ValueTable.Unknown : receiver) is var answer and not ValueTable.Unknown) return answer;
        if (receiver == ValueTable.Unknown) return ValueTable.Unknown;

        if (receiver == ValueTable.Zero) return property.Property.Name == "IsAllocated" ? ValueTable.Zero : ValueTable.Unknown;
        if (ReadOfTold(frame, property, receiver) is var told and not ValueTable.Unknown) return told;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Pair.LiveProperty != property.Property.Name || !Same(frame, obligation.Identity, receiver)) continue;
            if (obligation.Status is ObligationStatus.Held or ObligationStatus.HandedOut) return _values.One;
            if (obligation.Status is ObligationStatus.Released or ObligationStatus.Failed) return ValueTable.Zero;
        }

        return ValueTable.Unknown;
    }

    /// <summary>What is pinned has an address: <c>if (p != null) handle.Free()</c> frees every handle whose address was taken.</summary>
    private void NoteAddress(Frame<BalanceState> frame, CallSite call, int result)
    {
        if (call.Method is not { Name: "AddrOfPinnedObject", ContainingType.SystemName: "GCHandle" or "PinnedGCHandle" }) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Status != ObligationStatus.Held || !Same(frame, obligation.Identity, call.Receiver)) continue;
            frame.Restrict(result, Fact.NonZero);
            return;
        }
    }

    /// <summary>What a member yields that asks whether a charge without a token is held; unknown where nothing is known here.</summary>
    private int AnswerOf(Frame<BalanceState> frame, ISymbol asked, int asks)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (!IsHeldTest(obligation.Pair, asked) || (asks != ValueTable.Unknown && !Same(frame, obligation.Identity, asks))) continue;
            if (obligation.Status == ObligationStatus.Held) return _values.Number(obligation.Pair.HeldValue);
            if (obligation.Status == ObligationStatus.Failed || (obligation.Status == ObligationStatus.Released && obligation.Pair.Family == PairFamily.Locks)) return ValueTable.Zero;
        }

        return ValueTable.Unknown;
    }

    private static bool IsHeldTest(Pair pair, ISymbol asked) => pair.HeldTest is { } test && test.EndsWith(asked.Name, StringComparison.Ordinal)
        && asked.ContainingType?.FullMetadataName() is { } type && test.Length == type.Length + 1 + asked.Name.Length && test.StartsWith(type, StringComparison.Ordinal);
}
