using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>How a charge enters the books: at once, when its signal is tested, or when its task is awaited.</summary>
internal sealed partial class BalanceFlow
{
    public override void OnAwait(Frame<BalanceState> frame, IAwaitOperation operation, int awaited, int result) => Activate(frame, awaited, result);

    /// <summary>Reading what a task yields waits for it.</summary>
    public override void OnRead(Frame<BalanceState> frame, IPropertyReferenceOperation property, int receiver, int value)
    {
        if (property.Property is { Name: "Result", IsStatic: false } && IsTask(property.Property.ContainingType)) Activate(frame, receiver, value);
    }

    public override void OnAwaitThrows(Frame<BalanceState> frame, IAwaitOperation operation, int awaited)
    {
        foreach (Obligation pending in frame.Domain.Obligations)
        {
            if (pending.Status != ObligationStatus.Awaited || pending.Signal != awaited) continue;
            // In a loop the charge of an earlier round may have been denied as well: that is remembered once.
            frame.Domain = pending.Site.Spec.ThrowsWhenDenied && !pending.Pair.HasToken && !IsKnownToBeDenied(frame, pending)
                ? frame.Domain.Replace(pending, pending with { Status = ObligationStatus.Failed, Signal = ValueTable.Unknown })
                : frame.Domain.Remove(pending);
        }
    }

    private static bool IsKnownToBeDenied(Frame<BalanceState> frame, Obligation pending) =>
        frame.Domain.Obligations.Any(o => o.Status == ObligationStatus.Failed && ReferenceEquals(o.Site, pending.Site) && o.Identity == pending.Identity);

    private static bool IsAsync(IMethodSymbol method) => IsTask(method.ReturnType);

    private static bool IsTask(ITypeSymbol type) => type is INamedTypeSymbol { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace.Name: "Threading" } };

    private void Charge(Frame<BalanceState> frame, CallSite call, ChargeSpec spec, int result)
    {
        if (!Applies(spec.Condition, call, whenUnknown: false) || !_context.Catalog.IsTracked(spec.Pair, call.Operation.Syntax.SyntaxTree)) return;
        if (HasInvalidPart(call)) return;
        JudgeSign(frame, call, spec.Pair, spec.Amount);
        NoteSize(call, spec);
        NoteAsked(frame, call, spec, result);
        if (IsObject(call, spec) && !frame.Restrict(ValueAt(spec.Identity, call, result, spec.Pair), Fact.NonZero)) return;
        Take(frame, call, NewObligation(call, spec, result), result);
    }

    /// <summary>Nobody asks for less than nothing: a count that is an error is none that equals what was asked for.</summary>
    private void NoteAsked(Frame<BalanceState> frame, CallSite call, ChargeSpec spec, int result)
    {
        if (spec.Success != SuccessSignal.NonNegative || spec.Amount.Place == ValuePlace.None || ValueAt(spec.Amount, call, result, spec.Pair) is not (var asked and not ValueTable.Unknown)) return;
        if (frame.FactOf(asked).High >= 0) frame.Restrict(asked, Fact.NonNegative);
    }

    /// <summary>What is locked or charged is an object, which is there: with none the call would have thrown.</summary>
    private static bool IsObject(CallSite call, ChargeSpec spec) => !spec.Pair.HasToken && spec.Identity.Place switch
    {
        ValuePlace.Receiver => call.ReceiverOperation?.Type?.IsReferenceType ?? false,
        ValuePlace.Argument => spec.Pair.IsBuiltIn && call.ArgumentOperations[spec.Identity.Ordinal]?.Type is { IsReferenceType: true },
        _ => false,
    };

    /// <summary>How much memory a site asks for, where the pair itself does not count; unknown where that differs from one passage to another.</summary>
    private readonly Dictionary<ChargeSite, int> _sizes = [];

    private void NoteSize(CallSite call, ChargeSpec spec)
    {
        if (spec is not { Pair: { HasToken: true, IsBuiltIn: true }, Amount.Place: ValuePlace.None } || call.Method.Parameters.Length == 0 || !IsSize(call.Method.Parameters[0].Type)) return;
        ChargeSite site = SiteOf(call.Operation, spec);
        int size = call.Arguments[0];
        _sizes[site] = _sizes.TryGetValue(site, out int known) && known != size ? ValueTable.Unknown : size;
    }

    private static bool IsSize(ITypeSymbol type) => type.SpecialType is (>= SpecialType.System_Int32 and <= SpecialType.System_UInt64) or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    /// <summary>The path knows that nothing was asked for: <c>for (int i = 0; i &lt; size; i++)</c> over what was allocated has run no round.</summary>
    private bool IsOfNothing(BalanceExit exit, ChargeSite site) =>
        _sizes.TryGetValue(site, out int size) && size != ValueTable.Unknown && IsNothing(exit.Frame, size);

    private bool IsNothing(Frame<BalanceState> frame, int size)
    {
        if (frame.FactOf(size).High <= 0) return true;
        ValueNode node = _values[size];
        return node.Kind switch
        {
            ValueKind.Convert => IsNothing(frame, node.A),
            ValueKind.Binary when node.Payload is ValueTuple<BinaryOperatorKind, bool> { Item1: BinaryOperatorKind.Multiply } => IsNothing(frame, node.A) || IsNothing(frame, node.B),
            ValueKind.Sum when node.Payload is LinearForm { Count: 1, Constant: 0 } product && product[0].Value > 0 => IsNothing(frame, product[0].Key),
            _ => false,
        };
    }

    private void Take(Frame<BalanceState> frame, CallSite call, Obligation obligation, int result)
    {
        ChargeSpec spec = obligation.Site.Spec;
        IOperation? target = OutArgument(call, spec);
        bool isHandedOn = IsOutParameter(target);
        if (!isHandedOn && IsElsewhere(target)) return;
        if (IsAsync(call.Method))
        {
            frame.Domain = frame.Domain.Add(obligation with { Status = ObligationStatus.Awaited, Signal = result });
            return;
        }

        int signal = spec.TakenOrdinal >= 0 && spec.TakenOrdinal < call.Outs.Length ? call.Outs[spec.TakenOrdinal] : result;
        Take(frame, obligation, signal);
        if (isHandedOn && Find(frame, spec.Pair, obligation.Identity) is { } taken) HandOut(frame, taken);
    }

    /// <summary>The <c>out</c> argument into which the call puts the token.</summary>
    private static IOperation? OutArgument(CallSite call, ChargeSpec spec) =>
        spec.Pair.HasToken && spec.Identity.Place == ValuePlace.Argument && spec.Identity.Ordinal < call.Arguments.Count && call.Method.Parameters[spec.Identity.Ordinal].RefKind == RefKind.Out
            ? call.ArgumentOperations[spec.Identity.Ordinal]
            : null;

    /// <summary>A field, an element, memory behind a pointer or a variable of the caller: what the call itself puts there never was in this body's hands.</summary>
    private static bool IsElsewhere(IOperation? target) => target is not (null or ILocalReferenceOperation { Local.RefKind: RefKind.None } or IParameterReferenceOperation { Parameter.RefKind: not (RefKind.Ref or RefKind.Out) }
        or IDeclarationExpressionOperation or IDiscardOperation or IFlowCaptureReferenceOperation);

    private Obligation NewObligation(CallSite call, ChargeSpec spec, int result) => new(
        SiteOf(call.Operation, spec),
        ValueAt(spec.Identity, call, result, spec.Pair),
        spec.Owner.Place == ValuePlace.None ? ValueTable.Unknown : ValueAt(spec.Owner, call, result, spec.Pair),
        spec.Amount.Place == ValuePlace.None ? ValueTable.Unknown : ValueAt(spec.Amount, call, result, spec.Pair));

    /// <summary>Enters a charge into the books: at once where it cannot fail, else open until its signal is tested.</summary>
    private void Take(Frame<BalanceState> frame, Obligation obligation, int signal)
    {
        ChargeSpec spec = obligation.Site.Spec;
        if (obligation.Identity == ValueTable.Unknown) return;
        ForgetDenials(frame, obligation);
        if (Find(frame, spec.Pair, obligation.Identity) is { } earlier)
        {
            if (earlier.Status == ObligationStatus.Held && ReferenceEquals(earlier.Site, obligation.Site))
            {
                if (spec.Pair.Stacking == Stacking.Counted && spec.Success == SuccessSignal.Always)
                    frame.Domain = frame.Domain.Replace(earlier, earlier with { Count = Math.Min(Obligation.Many, earlier.Count + 1) });
                return;
            }

            if (earlier.Status == ObligationStatus.Misreleased) SettleBefore(frame, earlier, obligation);
            else if (earlier.Status != ObligationStatus.Held || spec.Pair.Stacking != Stacking.Counted) frame.Domain = frame.Domain.Remove(earlier);
        }

        bool fallible = spec.Success != SuccessSignal.Always && !spec.AlwaysTakenOnReturn && signal != ValueTable.Unknown;
        if (fallible)
        {
            frame.Domain = frame.Domain.Add(obligation with { Status = ObligationStatus.Conditional, Signal = signal, SignalKind = spec.Success });
            return;
        }

        if (spec.AlwaysTakenOnReturn && signal != ValueTable.Unknown) frame.Restrict(signal, Signals.FactFor(spec.Success, succeeded: true));
        frame.Domain = frame.Domain.Add(obligation);
        Settle(frame, obligation, ObligationStatus.Held);
    }

    /// <summary>What was denied in an earlier round says nothing of this one, whether or not something is held since then.</summary>
    private void ForgetDenials(Frame<BalanceState> frame, Obligation taken)
    {
        foreach (Obligation denied in frame.Domain.Obligations)
        {
            if (denied.Status == ObligationStatus.Failed && ReferenceEquals(denied.Pair, taken.Pair) && Same(frame, denied.Identity, taken.Identity)) frame.Domain = frame.Domain.Remove(denied);
        }
    }

    private void AddFailed(Frame<BalanceState> frame, CallSite call, ChargeSpec spec)
    {
        if (spec.Pair.HasToken) return;
        Obligation obligation = NewObligation(call, spec, ValueTable.Unknown);
        if (obligation.Identity == ValueTable.Unknown || Find(frame, spec.Pair, obligation.Identity) is not null) return;
        frame.Domain = frame.Domain.Add(obligation with { Status = ObligationStatus.Failed });
    }

    /// <summary>A task that stands for a charge has been waited for.</summary>
    private void Activate(Frame<BalanceState> frame, int task, int result)
    {
        if (task == ValueTable.Unknown) return;
        foreach (Obligation pending in frame.Domain.Obligations)
        {
            if (pending.Status != ObligationStatus.Awaited || pending.Signal != task) continue;
            frame.Domain = frame.Domain.Remove(pending);
            int identity = pending.Site.Spec.Identity.Place == ValuePlace.Result ? result : pending.Identity;
            Take(frame, pending with { Status = ObligationStatus.Held, Identity = identity, Signal = ValueTable.Unknown }, result);
        }
    }
}
