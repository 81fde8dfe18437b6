using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// What a success signal leaves open, the code that asks knows: a result that is zero on success is compared with 0, with -1 or for its sign, and each of them is
/// right for its callee. Any condition over the signal's value is such a question when success certainly answers it one way. Failure then answers the other
/// way, and what is left over by the question, say a positive result after <c>&lt; 0</c>, does not occur.
/// </summary>
internal sealed partial class BalanceFlow
{
    private static SignalZones ZonesOf(Obligation obligation) =>
        obligation.SignalKind == obligation.Site.Spec.Success ? obligation.Site.Zones : Signals.ZonesOf(obligation.SignalKind, null);

    private static bool MayBeAsked(Obligation obligation, ObligationStatus status) =>
        status is ObligationStatus.Held or ObligationStatus.Failed && IsAskedFor(obligation);

    /// <summary>Something else than the token tells, and code that is not followed may look at it.</summary>
    private static bool IsAskedFor(Obligation obligation) =>
        Signals.LeavesOpen(obligation.SignalKind) || (obligation.SignalKind is SuccessSignal.True or SuccessSignal.NonZero && obligation.Signal != obligation.Identity);

    /// <summary>A condition was evaluated.</summary>
    private void NoteQuestion(Frame<BalanceState> frame, int condition)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Signal == ValueTable.Unknown || !IsAskedFor(obligation) || !_values.Mentions(condition, obligation.Signal)) continue;
            switch (obligation.Status)
            {
                case ObligationStatus.Conditional or ObligationStatus.Held or ObligationStatus.Failed when IsBeyondUs(frame, obligation, condition):
                    frame.Domain = frame.Domain.Replace(obligation, obligation with { Status = ObligationStatus.Unknown, Signal = ValueTable.Unknown, Asked = ValueTable.Unknown });
                    break;
                case ObligationStatus.Conditional when obligation.Asked == ValueTable.Unknown:
                    frame.Domain = frame.Domain.Replace(obligation, obligation with { Asked = QuestionOf(frame, obligation, condition) });
                    break;
                case ObligationStatus.Held or ObligationStatus.Failed when frame.Truth(condition) is null && QuestionOf(frame, obligation, condition) is var question and not ValueTable.Unknown:
                    frame.Assume(question, obligation.Status == ObligationStatus.Failed);
                    break;
            }
        }
    }

    /// <summary>A function of a result which cannot be followed, as of the bits of it, or any question about one that is zero on success: it may tell, and which way is not known.</summary>
    private bool IsBeyondUs(Frame<BalanceState> frame, Obligation obligation, int condition) => IsMadeByACallee(frame, obligation, condition) || (obligation.SignalKind == SuccessSignal.Zero || !_values.IsCompared(condition, obligation.Signal))
        && frame.Truth(condition) is null && frame.Supposing(obligation.Signal, Fact.Zero).Truth(condition) is null && frame.Supposing(obligation.Signal, Fact.Constant(-1)).Truth(condition) is null;

    /// <summary>An element of an array or a list, or memory behind a pointer: what is put there may be asked for by a name that is not followed.</summary>
    private static bool IsOutOfSight(IOperation target) => target is IArrayElementReferenceOperation or IPropertyReferenceOperation { Arguments.Length: > 0 }
        or { Kind: OperationKind.None } || (target is IArrayCreationOperation array && !IsForAnything(array))
        || target.Kind.ToString() == "CollectionExpression";

    /// <summary>What a message is made of is only shown: <c>Format("{0}", r)</c>.</summary>
    private static bool IsForAnything(IArrayCreationOperation array) =>
        array is { Parent: IArgumentOperation { ArgumentKind: ArgumentKind.ParamArray }, Type: IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Object } };

    /// <summary>A result that tells of a charge goes where it cannot be followed: whoever looks at it there knows, and we do not.</summary>
    private static void LoseSight(Frame<BalanceState> frame, int value)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Signal != value || obligation.Status is not (ObligationStatus.Conditional or ObligationStatus.Held or ObligationStatus.Failed) || !IsAskedFor(obligation)) continue;
            frame.Domain = frame.Domain.Replace(obligation, obligation with { Status = ObligationStatus.Unknown, Signal = ValueTable.Unknown, Asked = ValueTable.Unknown });
        }
    }

    /// <summary>Every result that is a part of the value.</summary>
    private void LoseSightOfAll(Frame<BalanceState> frame, int value)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Signal != ValueTable.Unknown && _values.Mentions(value, obligation.Signal)) LoseSight(frame, obligation.Signal);
        }
    }

    /// <summary>What takes anything, <c>list.Add(r)</c> or <c>Tuple.Create(r, n)</c>, keeps it, hands it on in something else or compares it; an object that is made of it may be asked instead.</summary>
    private void LoseSight(Frame<BalanceState> frame, CallSite call)
    {
        if (call.Method.MethodKind == MethodKind.Constructor && !WrappedNumbers.IsTakenBy(call.Method) && !call.Method.ContainingType.Name.EndsWith("Exception", StringComparison.Ordinal))
        {
            foreach (int argument in call.Arguments) LoseSight(frame, argument);
            return;
        }

        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if (call.ArgumentOperations[i] is IAddressOfOperation { Reference: ILocalReferenceOperation { Local: var local } }) LoseSight(frame, VariableValue(frame, local));
            if (call.Arguments[i] > _values.One && call.Method.OriginalDefinition.Parameters.Length > i && call.Method.OriginalDefinition.Parameters[i].Type is ITypeParameterSymbol && !_context.Summaries.HasBody(call.Method))
                LoseSight(frame, call.Arguments[i]);
        }
    }

    /// <summary>The condition, or its negation, whichever holds where the charge was denied; unknown where it asks something else.</summary>
    private int QuestionOf(Frame<BalanceState> frame, Obligation obligation, int condition)
    {
        SignalZones zones = ZonesOf(obligation);
        if (frame.Supposing(obligation.Signal, zones.Typical).Truth(condition) is not { } answer) return ValueTable.Unknown;
        Frame<BalanceState> denied = frame.Supposing(obligation.Signal, zones.Denied);
        bool? failure = denied.Truth(condition);
        if (failure == answer || (failure is null && !(denied.Assume(condition, answer) && Signals.IsLeftOver(obligation.SignalKind, denied.FactOf(obligation.Signal))))) return ValueTable.Unknown;
        return answer ? _values.Not(condition) : condition;
    }

    /// <summary>A charge that is being decided answers what was asked of it before; false where it cannot.</summary>
    private static bool Answer(Frame<BalanceState> frame, Obligation open, bool holds) =>
        open.Asked == ValueTable.Unknown || (frame.Truth(open.Asked) is { } known ? known == !holds : frame.Assume(open.Asked, !holds));

    /// <summary>Where a call returns only for some values of an argument, it asks as well: failure that it lets pass beside success does not occur.</summary>
    private void NoteGuard(Frame<BalanceState> frame, CallSite call)
    {
        AssumeTruths(frame, call, static guard => guard.WhenReturning);
        if (GuardOf(call, Subject, frame.Domain.Obligations[0].Pair) is { } told && !frame.Restrict(Subject, told.WhenReturning)) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (GuardOf(call, obligation) is not { } guard) continue;
            SignalZones zones = ZonesOf(obligation);
            if (!FactLattice.Instance.LessOrEqual(zones.Typical, guard.WhenReturning)) continue;
            bool fails = FactLattice.Instance.TryMeet(zones.Denied, guard.WhenReturning, out Fact left) && (left == zones.Denied || !Signals.IsLeftOver(obligation.SignalKind, left));
            if (fails) continue;
            if (obligation.Status == ObligationStatus.Failed) frame.IsDead = true;
            else if (obligation.Status == ObligationStatus.Conditional && !Resolve(frame, obligation, holds: true)) frame.IsDead = true;
        }
    }

    /// <summary>Where it throws only for values that mean failure, the charge is not held on that way out.</summary>
    private void NoteGuardThrew(Frame<BalanceState> thrown, CallSite call)
    {
        AssumeTruths(thrown, call, static guard => guard.WhenThrowing);
        if (GuardOf(call, Subject, thrown.Domain.Obligations[0].Pair) is { } told && !thrown.Restrict(Subject, told.WhenThrowing)) return;
        foreach (Obligation obligation in thrown.Domain.Obligations)
        {
            if (GuardOf(call, obligation) is not { } guard || FactLattice.Instance.TryMeet(ZonesOf(obligation).Typical, guard.WhenThrowing, out _)) continue;
            if (obligation.Status == ObligationStatus.Held) thrown.IsDead = true;
            else if (obligation.Status == ObligationStatus.Conditional && !Resolve(thrown, obligation, holds: false)) thrown.IsDead = true;
        }
    }

    /// <summary><c>Ensure(r &gt;= 0)</c>: of a condition that is passed it is known which way it went.</summary>
    private void AssumeTruths(Frame<BalanceState> frame, CallSite call, Func<ArgumentGuard, Fact> known)
    {
        for (int i = 0; i < call.Arguments.Count && !frame.IsDead; i++)
        {
            if (call.Method.Parameters[i].Type.SpecialType != SpecialType.System_Boolean || call.Arguments[i] == ValueTable.Unknown || !_context.Summaries.HasBody(call.Method)) continue;
            if (!_context.Throwing.Throws(call.Method) && !IsAboutASignal(frame, call.Arguments[i])) continue;
            if (_context.Summaries.GuardOn(call.Method, i, frame.Domain.Obligations[0].Pair, _graph, _scope) is not { } guard) continue;
            Fact fact = known(guard);
            if (fact.IsZero || fact.NotZero) frame.Assume(call.Arguments[i], fact.NotZero);
        }
    }

    private ArgumentGuard? GuardOf(CallSite call, Obligation obligation) => obligation.Status == ObligationStatus.Awaited ? null : GuardOf(call, obligation.Signal, obligation.Pair);

    private ArgumentGuard? GuardOf(CallSite call, int value, Pair pair)
    {
        if (value == ValueTable.Unknown) return null;
        for (int i = Receiver; i < call.Arguments.Count; i++)
        {
            if (ValueAt(call, i) != value) continue;
            if (i == 0 && CallContracts.Ensures(call.Method) is { } ensured) return new ArgumentGuard(ensured, Complement(ensured));
            if (_context.Summaries.HasBody(call.Method)) return _context.Summaries.GuardOn(call.Method, i, pair, _graph, _scope);
        }

        return null;
    }

    private static Fact Complement(Fact fact) => fact.Low > long.MinValue ? Fact.Range(long.MinValue, fact.Low - 1) : fact == Fact.NonZero ? Fact.Zero : Fact.Top;

    /// <summary>The question that a source method puts to an argument, which may depend on what else is written out at the call: <c>Is(r, -1)</c>; unknown where it is none.</summary>
    private int ConditionBy(CallSite call, int asked, Pair pair)
    {
        int condition = _context.Summaries.GuardOn(call.Method, asked, pair, _graph, _scope)?.Condition(_values, ValueAt(call, asked)) ?? ValueTable.Unknown;
        for (int i = 0; i < call.Arguments.Count && condition == ValueTable.Unknown; i++)
        {
            if (i != asked && call.Method.Parameters[i].Type.IsValueType && _values.TryGetConstant(call.Arguments[i], out long constant))
                condition = _context.Summaries.GuardOn(call.Method, asked, pair, _graph, _scope, new KnownArgument(i, constant))?.Condition(_values, ValueAt(call, asked)) ?? ValueTable.Unknown;
        }

        return condition;
    }

    /// <summary>What the system says of a call that has just failed is an error, and not that there was none.</summary>
    private void NoteLastError(Frame<BalanceState> frame, CallSite call, int result)
    {
        if (call.Method is not { Name: "GetLastPInvokeError" or "GetLastSystemError" or "GetLastWin32Error", ContainingType.SystemName: "Marshal" }) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Status != ObligationStatus.Failed) continue;
            frame.Restrict(result, Fact.NonZero);
            return;
        }
    }
}
