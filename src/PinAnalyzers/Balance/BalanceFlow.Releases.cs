using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>How a release settles what is held, and what a release of nothing means.</summary>
internal sealed partial class BalanceFlow
{
    private void Release(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec)
    {
        // Where the charge is not followed, the second time round a loop would look like a second release.
        if (!Applies(spec.Condition, call, whenUnknown: true) || !_context.Catalog.IsTracked(spec.Pair, call.Operation.Syntax.SyntaxTree)) return;
        bool isNegative = JudgeSign(frame, call, spec.Pair, spec.Amount);
        int identity = ValueAt(spec.Identity, call, ValueTable.Unknown, spec.Pair);
        if (Find(frame, spec.Pair, identity) is { Status: ObligationStatus.HandedOut } handedOut) Discharge(frame, handedOut);
        if (isNegative) _signs.Add((call.Operation, Find(frame, spec.Pair, identity) is null));
        if (Find(frame, spec.Pair, identity) is not { } obligation)
        {
            if (IsReleasedWhereChosen(frame, call, spec.Pair, identity)) return;
            if (!spec.Pair.HasToken && frame.Continuation?.Thrown is null && frame.Caught is null)
            {
                _unmatched.Add((spec.Pair, _values.Canonical(identity)));
                _givenUp.Add(call.Operation);
            }

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
                    if (IsOfEarlierCharge(frame, call, spec, obligation, amount)) EndUntold(frame, obligation, call.Operation);
                    else if (IsWhole(frame, obligation, amount)) MarkReleased(frame, obligation, call.Operation);
                    else MarkPartReleased(frame, obligation, call.Operation);
                }

                break;
            case ObligationStatus.Returned:
                // The finally around the return gives it back: the caller gets what is none any more, or a copy.
                MarkReleased(frame, obligation, call.Operation);
                break;
            case ObligationStatus.Awaited when spec.Pair.AnyoneMayRelease:
                // Released before its own wait was waited for: that is what lets the wait through.
                _unmatched.Add((spec.Pair, _values.Canonical(identity)));
                break;
            case ObligationStatus.Misreleased:
                SettleRest(frame, call, spec, obligation);
                break;
            case ObligationStatus.Released when !spec.Idempotent && IsSecond(obligation, call.Operation) && !(spec.ClearsInPlace && IsSameVariable(obligation.ReleasedAt, call)):
                Report(BalanceRule.ReleasedTwice, frame, call.Operation, obligation, obligation.ReleasedAt);
                break;
            case ObligationStatus.Failed when !spec.Implied && !IsOnlyAsked(obligation) && LoopOf(obligation.Site.Operation.Syntax) == LoopOf(call.Operation.Syntax) && !IsNothing(frame, spec, call) && !IsOtherAmount(frame, obligation, spec, call) && !(spec.AcceptsNull && frame.FactOf(identity).IsZero):
                Report(BalanceRule.ReleasedUncharged, frame, call.Operation, obligation);
                break;
        }
    }

    /// <summary><c>Assert.False(semaphore.Wait(0));</c>: whoever asks whether it is free, and may release it without having taken it, knows what it does.</summary>
    private static bool IsOnlyAsked(Obligation obligation)
    {
        if (!obligation.Pair.AnyoneMayRelease) return false;
        IOperation? outer = obligation.Site.Operation.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation or IUnaryOperation or IBinaryOperation or IAwaitOperation) outer = outer.Parent;
        return outer is IArgumentOperation;
    }

    /// <summary>What is given back may be a part of what was charged: the rest may follow, and is no second release.</summary>
    private bool IsWhole(Frame<BalanceState> frame, Obligation obligation, int amount) =>
        obligation.Pair.HasToken || amount == ValueTable.Unknown || obligation.Amount == ValueTable.Unknown || Same(frame, obligation.Amount, amount);

    /// <summary>What is given back was not charged here, but by whoever put there what is replaced or dropped now.</summary>
    private bool IsOfEarlierCharge(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec, Obligation obligation, int amount) =>
        !obligation.Pair.HasToken && spec.Amount.Place == ValuePlace.Argument && !Same(frame, obligation.Amount, amount)
        && ArgumentAt(obligation.Site.Operation, obligation.Site.Spec.Amount) is { } charged && ArgumentAt(call.Operation, spec.Amount) is { } released && AmountRoots.AreApart(charged, released, _graph.OriginalOperation);

    /// <summary>That path is done with; whether the charge is given back on another is not told by it.</summary>
    private static void EndUntold(Frame<BalanceState> frame, Obligation obligation, IOperation at)
    {
        frame.Mark(at);
        frame.Domain = frame.Domain.Remove(obligation);
    }

    private void MarkPartReleased(Frame<BalanceState> frame, Obligation obligation, IOperation at)
    {
        MarkHandled(obligation, at);
        frame.Mark(at);
        frame.Domain = frame.Domain.Remove(obligation);
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
        if (!spec.Pair.HasToken || spec.Idempotent || spec.IsMove || spec.Implied || identity <= ValueTable.Zero || (spec.AcceptsNull && frame.FactOf(identity).IsZero)) return;
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
            if (!obligation.Pair.HasToken || !Same(frame, obligation.Identity, call.Receiver)) continue;
            if (obligation.Status == ObligationStatus.Held) MarkReleased(frame, obligation, call.Operation);
            else if (obligation.Status == ObligationStatus.HandedOut) Discharge(frame, obligation);
        }
    }

    private static bool IsSameVariable(IOperation? earlier, CallSite call) =>
        earlier is IInvocationOperation { Instance: ILocalReferenceOperation a } && call.ReceiverOperation is ILocalReferenceOperation b && SymbolEqualityComparer.Default.Equals(a.Local, b.Local);
}
