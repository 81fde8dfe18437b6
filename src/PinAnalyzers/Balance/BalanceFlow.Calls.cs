using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>What calls do to charges.</summary>
internal sealed partial class BalanceFlow
{
    public override void BeforeCall(Frame<BalanceState> frame, CallSite call)
    {
        if (IsCompilerLock(call)) return;
        bool isRelease = false;
        foreach (ReleaseSpec release in ReleasesOf(call))
        {
            isRelease = true;
            if (!release.IsMove) Release(frame, call, release);
        }

        if (frame.Domain.IsEmpty) return;
        if (!isRelease) ReleaseByInterface(frame, call);
        HandOver(frame, call, isRelease);
    }

    public override ThrowKind? MayThrow(Frame<BalanceState> frame, CallSite call) =>
        _context.Throwing.Judge(call, isRelease: !frame.Domain.IsEmpty && !ReleasesOf(call).IsEmpty);

    public override void OnCallThrows(Frame<BalanceState> frame, CallSite call)
    {
        // What the callee may give back may be given back when it throws, too.
        foreach ((IOperation operation, Obligation pending) in _pendingReleases)
        {
            if (ReferenceEquals(operation, call.Operation) && frame.Domain.Obligations.Contains(pending))
                frame.Domain = frame.Domain.Replace(pending, pending with { Status = ObligationStatus.Unknown });
        }

        // Denied by an exception: a release on the way out would be one too many.
        foreach (ChargeSpec spec in ChargesOf(call))
        {
            if (spec.ThrowsWhenDenied && !IsAsync(call.Method)) AddFailed(frame, call, spec);
        }
    }

    public override bool NeverReturns(CallSite call) => _context.Throwing.NeverReturns(call.Method);

    public override (int Ordinal, bool Value)? StopsWhen(CallSite call) => _context.Throwing.StopsWhen(call.Method);

    /// <summary>Only a body in which something may be wrong is walked a second time.</summary>
    public override void NoteExit(Frame<BalanceState> frame) => NeedsReport |= frame.Domain.IsOwing;

    public override int Result(Frame<BalanceState> frame, CallSite call)
    {
        if (_context.Catalog.TryGetPassThrough(call.Method, out int ordinal)) return ordinal < 0 ? call.Receiver : call.Arguments[ordinal];

        if (call.Method.ReturnType.SpecialType == SpecialType.System_Boolean && call.Arguments.Count == 1 && AnswerOf(frame, call.Method.Name, call.Arguments[0]) is var answer and not ValueTable.Unknown) return answer;

        // A span over the memory goes where the memory goes.
        if (call.Arguments.Count > 0 && Effects.IsViewOf(call.Method)) return call.Arguments[0];
        return call.Receiver > ValueTable.Zero && call.Method.Name == "Slice" && Effects.IsView(call.Method.ContainingType) ? call.Receiver : ValueTable.Unknown;
    }

    public override int ResultOfRead(Frame<BalanceState> frame, IPropertyReferenceOperation property, int receiver)
    {
        if (frame.Domain.IsEmpty && receiver != ValueTable.Zero) return ValueTable.Unknown;
        if (AnswerOf(frame, property.Property.Name, property.Property.IsStatic ? ValueTable.Unknown : receiver) is var answer and not ValueTable.Unknown) return answer;
        if (receiver == ValueTable.Unknown) return ValueTable.Unknown;

        // The array of a segment is the array that the segment was made of.
        if (property.Property.Name == "Array" && Effects.IsView(property.Property.ContainingType)) return receiver;
        if (receiver == ValueTable.Zero) return property.Property.Name == "IsAllocated" ? ValueTable.Zero : ValueTable.Unknown;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Pair.LiveProperty != property.Property.Name || !Same(frame, obligation.Identity, receiver)) continue;
            if (obligation.Status == ObligationStatus.Held) return _values.One;
            if (obligation.Status is ObligationStatus.Released or ObligationStatus.Failed) return ValueTable.Zero;
        }

        return ValueTable.Unknown;
    }

    /// <summary>What a member yields that asks whether a charge without a token is held; unknown where nothing is known here.</summary>
    private int AnswerOf(Frame<BalanceState> frame, string asked, int asks)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Pair.HeldTest != asked || (asks != ValueTable.Unknown && !Same(frame, obligation.Identity, asks))) continue;
            if (obligation.Status == ObligationStatus.Held) return _values.Number(obligation.Pair.HeldValue);
            if (obligation.Status == ObligationStatus.Failed) return ValueTable.Zero;
        }

        return ValueTable.Unknown;
    }

    public override void AfterCall(Frame<BalanceState> frame, CallSite call, int result)
    {
        if (IsCompilerLock(call)) return;
        foreach (ReleaseSpec release in ReleasesOf(call))
        {
            if (release.IsMove) Release(frame, call, release);
        }

        NoteResult(call, result);
        NoteMade(call, result);
        NoteTested(call);
        JudgeInterlocked(frame, call);
        foreach (ChargeSpec spec in ChargesOf(call)) Charge(frame, call, spec, result);
        if (call.Method is { Name: "GetResult" or "Wait" }) Activate(frame, call.Receiver, result);
        ApplySummary(frame, call, result);
    }

    public override void OnAwait(Frame<BalanceState> frame, IAwaitOperation operation, int awaited, int result) => Activate(frame, awaited, result);

    public override void OnAwaitThrows(Frame<BalanceState> frame, IAwaitOperation operation, int awaited)
    {
        foreach (Obligation pending in frame.Domain.Obligations)
        {
            if (pending.Status != ObligationStatus.Awaited || pending.Signal != awaited) continue;
            frame.Domain = pending.Site.Spec.ThrowsWhenDenied && !pending.Pair.HasToken
                ? frame.Domain.Replace(pending, pending with { Status = ObligationStatus.Failed, Signal = ValueTable.Unknown })
                : frame.Domain.Remove(pending);
        }
    }

    private ImmutableArray<ChargeSpec> ChargesOf(CallSite call) => SpecsOf(call).Charges;

    private ImmutableArray<ReleaseSpec> ReleasesOf(CallSite call) => SpecsOf(call).Releases;

    private (ImmutableArray<ChargeSpec> Charges, ImmutableArray<ReleaseSpec> Releases) SpecsOf(CallSite call)
    {
        if (_specs.TryGetValue(call.Operation, out var specs) && SymbolEqualityComparer.Default.Equals(specs.Method, call.Method)) return (specs.Charges, specs.Releases);
        string name = NameOf(call);
        var charges = _context.Catalog.ChargeNames.Contains(name) || _context.Catalog.ChargeNames.Contains(call.Method.Name) ? _context.Catalog.ChargesOf(call.Method, ReceiverType(call)) : ImmutableArray<ChargeSpec>.Empty;
        var releases = _context.Catalog.ReleaseNames.Contains(name) || _context.Catalog.ReleaseNames.Contains(call.Method.Name) ? _context.Catalog.ReleasesOf(call.Method, ReceiverType(call)) : ImmutableArray<ReleaseSpec>.Empty;
        _specs[call.Operation] = (call.Method, charges, releases);
        return (charges, releases);
    }

    /// <summary>The name a call is written by: for a P/Invoke with an entry point of another name, that entry point.</summary>
    private static string NameOf(CallSite call)
    {
        IMethodSymbol method = call.Method;
        if (method.MethodKind == MethodKind.Constructor) return method.ContainingType.Name;
        if (method.IsExtern && method.GetDllImportData()?.EntryPointName is { } entry) return entry;
        int dot = method.MethodKind == MethodKind.ExplicitInterfaceImplementation ? method.Name.LastIndexOf('.') : -1;
        return dot < 0 ? method.Name : method.Name.Substring(dot + 1);
    }

    private static ITypeSymbol? ReceiverType(CallSite call)
    {
        IOperation? receiver = call.ReceiverOperation;
        while (receiver is IConversionOperation { OperatorMethod: null } conversion) receiver = conversion.Operand;
        return receiver?.Type;
    }

    /// <summary>A <c>lock</c> statement balances by construction; following it would only cost states.</summary>
    private static bool IsCompilerLock(CallSite call) =>
        call.Operation.IsImplicit && call.Method.ContainingType is { Name: "Monitor", ContainingNamespace.Name: "Threading" };

    private int ValueAt(ValueSource source, CallSite call, int result, Pair pair) => source.Place switch
    {
        ValuePlace.Receiver => call.Receiver,
        ValuePlace.Argument when source.Ordinal < call.Arguments.Count =>
            call.Outs[source.Ordinal] != ValueTable.Unknown && call.Method.Parameters[source.Ordinal].RefKind is RefKind.Out or RefKind.Ref
                ? call.Outs[source.Ordinal]
                : call.Arguments[source.Ordinal],
        ValuePlace.Result => result,
        _ => pair.HasToken ? ValueTable.Unknown : _values.Opaque(pair),
    };

    private static bool IsAsync(IMethodSymbol method) =>
        method.ReturnType is INamedTypeSymbol { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace.Name: "Threading" } };

    private bool Applies(ArgumentCondition? condition, CallSite call, bool whenUnknown)
    {
        if (condition is not { } required) return true;
        if (required.Ordinal >= call.Arguments.Count || !_values.TryGetConstant(call.Arguments[required.Ordinal], out long value)) return whenUnknown;
        return required.Holds(value);
    }

    private void Charge(Frame<BalanceState> frame, CallSite call, ChargeSpec spec, int result)
    {
        if (!Applies(spec.Condition, call, whenUnknown: false) || !_context.Catalog.IsTracked(spec.Pair, call.Operation.Syntax.SyntaxTree)) return;
        if (HasInvalidPart(call)) return;
        JudgeSign(frame, call, spec.Pair, spec.Amount);
        if (IsStoredByCall(call, spec)) return;
        Obligation obligation = NewObligation(call, spec, result);
        if (IsAsync(call.Method))
        {
            frame.Domain = frame.Domain.Add(obligation with { Status = ObligationStatus.Awaited, Signal = result });
            return;
        }

        int signal = spec.TakenOrdinal >= 0 && spec.TakenOrdinal < call.Outs.Length ? call.Outs[spec.TakenOrdinal] : result;
        Take(frame, obligation, signal);
    }

    /// <summary>The call puts the token into a field, an element or the caller's own variable itself, as an <c>out</c> argument: it never was in this body's hands.</summary>
    private static bool IsStoredByCall(CallSite call, ChargeSpec spec) =>
        spec.Pair.HasToken && spec.Identity.Place == ValuePlace.Argument && spec.Identity.Ordinal < call.Arguments.Count
        && call.Method.Parameters[spec.Identity.Ordinal].RefKind == RefKind.Out && call.ArgumentOperations[spec.Identity.Ordinal] is IFieldReferenceOperation or IArrayElementReferenceOperation
            or IParameterReferenceOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } or ILocalReferenceOperation { Local.RefKind: not RefKind.None };

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

        if (spec.AlwaysTakenOnReturn && signal != ValueTable.Unknown) frame.Restrict(signal, Fact.NonZero);
        frame.Domain = frame.Domain.Add(obligation);
        Settle(frame, obligation, ObligationStatus.Held);
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

    private void Release(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec)
    {
        // Where the charge is not followed, the second time round a loop would look like a second release.
        if (!Applies(spec.Condition, call, whenUnknown: true) || !_context.Catalog.IsTracked(spec.Pair, call.Operation.Syntax.SyntaxTree)) return;
        bool isNegative = JudgeSign(frame, call, spec.Pair, spec.Amount);
        int identity = ValueAt(spec.Identity, call, ValueTable.Unknown, spec.Pair);
        if (Find(frame, spec.Pair, identity) is not { } obligation)
        {
            if (!spec.Pair.HasToken && frame.Continuation?.Thrown is null && frame.Caught is null) _unmatched.Add((spec.Pair, _values.Canonical(identity)));
            ReleaseOther(frame, call, spec, identity);
            return;
        }

        switch (obligation.Status)
        {
            case ObligationStatus.Held:
                int amount = spec.Amount.Place == ValuePlace.None ? ValueTable.Unknown : ValueAt(spec.Amount, call, ValueTable.Unknown, spec.Pair);
                if (obligation.Count > 1 && obligation.Pair.Stacking == Stacking.Counted && ReturnsOne(frame, obligation, amount))
                {
                    if (!_releases.ContainsKey(obligation.Site)) _releases.Add(obligation.Site, []);
                    _releases[obligation.Site].Add(call.Operation);
                    frame.Domain = frame.Domain.Replace(obligation, obligation with { Count = obligation.Count - 1 });
                }
                else if (spec.IsMove)
                {
                    frame.Domain = frame.Domain.Remove(obligation);
                    _handedOver.Add(obligation.Site);
                }
                else if (isNegative || !SettleAmount(frame, call, spec, obligation, amount))
                {
                    JudgeOwner(frame, call, spec, obligation);
                    MarkReleased(frame, obligation, call.Operation);
                }

                break;
            case ObligationStatus.Misreleased:
                SettleRest(frame, call, spec, obligation);
                break;
            case ObligationStatus.Released when !spec.Idempotent && IsSecond(obligation, call.Operation) && !(spec.ClearsInPlace && IsSameVariable(obligation.ReleasedAt, call)):
                Report(BalanceRule.ReleasedTwice, frame, call.Operation, obligation, obligation.ReleasedAt);
                break;
            case ObligationStatus.Failed when !spec.Implied && LoopOf(obligation.Site.Operation.Syntax) == LoopOf(call.Operation.Syntax) && !IsNothing(frame, spec, call) && !IsOtherAmount(frame, obligation, spec, call) && !(spec.AcceptsNull && frame.FactOf(identity).IsZero):
                Report(BalanceRule.ReleasedUncharged, frame, call.Operation, obligation);
                break;
        }
    }

    /// <summary>Whether a release of this amount gives back one of several charges: not provable means all of them, which may lose a finding but invents none.</summary>
    private bool ReturnsOne(Frame<BalanceState> frame, Obligation obligation, int amount)
    {
        if (obligation.Count >= Obligation.Many) return false;
        if (amount == ValueTable.Unknown) return true;
        return obligation.Amount == ValueTable.Unknown ? _values.TryGetConstant(amount, out long one) && one == 1 : Same(frame, amount, obligation.Amount);
    }

    /// <summary>The denied charge is not what is given back: a sum of earlier ones, say.</summary>
    private bool IsOtherAmount(Frame<BalanceState> frame, Obligation obligation, ReleaseSpec spec, CallSite call) =>
        spec.Amount.Place != ValuePlace.None && obligation.Amount != ValueTable.Unknown && !Same(frame, obligation.Amount, ValueAt(spec.Amount, call, ValueTable.Unknown, spec.Pair));

    /// <summary>Giving back a sum that is still zero gives back nothing.</summary>
    private bool IsNothing(Frame<BalanceState> frame, ReleaseSpec spec, CallSite call) =>
        spec.Amount.Place != ValuePlace.None && ValueAt(spec.Amount, call, ValueTable.Unknown, spec.Pair) is var amount and not ValueTable.Unknown && frame.FactOf(amount).IsZero;

    private void ReleaseOther(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec, int identity)
    {
        NoteRound(frame, call, spec, identity);
        ReleaseToOther(frame, call, spec, identity);

        // Given back in the name of another pair ends what we know, too.
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (!Same(frame, obligation.Identity, identity) || obligation.Status is ObligationStatus.Released or ObligationStatus.Misreleased || EndsBy(call, obligation.Pair)) continue;
            JudgeFamily(frame, call, spec, obligation);
            if (obligation.Pair.HasToken || obligation.Pair.ConfusionGroup is { } group && group == spec.Pair.ConfusionGroup) Discharge(frame, obligation);
        }

        // Charged elsewhere, given back here: giving it back again would be twice.
        if (!spec.Pair.HasToken || spec.Idempotent || spec.IsMove || spec.Implied || identity <= ValueTable.Zero) return;
        if (_values[identity].Kind is not (ValueKind.Parameter or ValueKind.Site or ValueKind.Phi)) return;
        ChargeSite ghost = SiteOf(call.Operation, new ChargeSpec(spec.Pair), isGhost: true);
        frame.Domain = frame.Domain.Add(new Obligation(ghost, identity, ValueTable.Unknown, ValueTable.Unknown) { Status = ObligationStatus.Released, ReleasedAt = call.Operation });
    }

    /// <summary><c>Dispose</c> through an interface or a base class: what runs is the token's own.</summary>
    private void ReleaseByInterface(Frame<BalanceState> frame, CallSite call)
    {
        if (call.Method.Name is not ("Dispose" or "DisposeAsync" or "Close") || call.Receiver == ValueTable.Unknown) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Status == ObligationStatus.Held && obligation.Pair.HasToken && Same(frame, obligation.Identity, call.Receiver)) MarkReleased(frame, obligation, call.Operation);
        }
    }

    private static bool IsSameVariable(IOperation? earlier, CallSite call) =>
        earlier is IInvocationOperation { Instance: ILocalReferenceOperation a } && call.ReceiverOperation is ILocalReferenceOperation b && SymbolEqualityComparer.Default.Equals(a.Local, b.Local);

    private static bool HasInvalidPart(CallSite call)
    {
        if (call.Operation.Kind == OperationKind.Invalid) return true;
        foreach (IOperation? argument in call.ArgumentOperations)
        {
            if (argument is null or IInvalidOperation || argument.Type?.TypeKind == TypeKind.Error) return true;
        }

        return false;
    }
}
