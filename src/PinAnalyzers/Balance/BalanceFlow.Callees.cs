using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>What source callees do to charges, by their summaries: release, keep, take, or release what is gone already.</summary>
internal sealed partial class BalanceFlow
{
    /// <summary>A source callee that can reach the charge, as argument, receiver, member or captured variable, is asked what it does with it.</summary>
    private void AskCallee(Frame<BalanceState> frame, CallSite call, Obligation obligation, bool isArgument)
    {
        if (obligation.Status is not (ObligationStatus.Held or ObligationStatus.HandedOut)) return;

        // A token may be stored by a callee that names no release; an owner can only be released by one that does.
        bool asks = isArgument && obligation.Pair.HasToken ? _context.Summaries.HasBody(call.Method) : _context.Summaries.MayLeadToRelease(call.Method);
        if (!asks) return;
        PlaceKey? place = PlaceInCallee(frame, call, obligation, isArgument);
        if (place is null) return;
        CalleeDeed deed = _context.Summaries.DeedOn(call.Method, obligation.Pair, place, _graph, _scope);
        switch (deed.Effect)
        {
            case not CalleeEffect.Uses when obligation.Status == ObligationStatus.HandedOut:
                Discharge(frame, obligation);
                break;
            case CalleeEffect.Releases:
                MarkReleased(frame, obligation, call.Operation);
                _answer = (call.Operation, deed.Answer);
                break;
            case CalleeEffect.ReleasesIfTrue:
            case CalleeEffect.ReleasesIfFalse:
                _pendingReleases.Add((call.Operation, obligation));
                break;
            // What a helper's helper starts on the side, a thread that waits and releases by itself, is none of this charge's business; a flag that it is given by reference may tell what it released.
            case CalleeEffect.Keeps when isArgument || _context.Summaries.MayRelease(call.Method) || call.Method.Parameters.Any(static p => p.RefKind == RefKind.Ref):
                Discharge(frame, obligation);
                break;
        }
    }

    private PlaceKey? PlaceInCallee(Frame<BalanceState> frame, CallSite call, Obligation obligation, bool isArgument)
    {
        if (isArgument)
        {
            for (int i = 0; i < call.Arguments.Count; i++)
            {
                if (Same(frame, obligation.Identity, call.Arguments[i])) return PlaceKey.OfParameter(call.Method.Parameters[i].OriginalDefinition);
            }
        }

        if (call.Method.MethodKind == MethodKind.LocalFunction && call.Method.ContainingSymbol is not null)
        {
            foreach (ISymbol captured in _context.Summaries.CapturedBy(call.Method, _graph))
            {
                if (Same(frame, VariableValue(frame, captured), obligation.Identity)) return PlaceKey.OfCaptured(captured);
            }
        }

        PlaceKey? place = PlaceKey.Of(_values, obligation.Identity);
        bool reaches = place?.Root switch
        {
            PlaceRoot.This => call.Receiver == _values.This || call.Method.MethodKind == MethodKind.LocalFunction,
            PlaceRoot.Static or PlaceRoot.Global => true,
            _ => false,
        };
        if (reaches) return place;
        if (call.Method.IsInExtensionBlock() && Same(frame, call.Receiver, obligation.Identity)) return PlaceKey.This;

        // A receiver reached through the object that is called: x._gate is this._gate inside x's method.
        return place is null || call.Receiver <= ValueTable.Zero ? null : PlaceUnder(call.Receiver, obligation.Identity);
    }

    private PlaceKey? PlaceUnder(int receiver, int identity)
    {
        int canonical = _values.Canonical(identity);
        int root = _values.Canonical(receiver);
        return root != canonical && _values.Mentions(canonical, root) && _values[root].Kind is ValueKind.Site or ValueKind.Parameter or ValueKind.Phi
            ? PlaceKey.Of(_values, _values.Substitute(canonical, root, _values.This))
            : null;
    }

    private readonly List<(IOperation Operation, Obligation Obligation)> _pendingReleases = [];

    /// <summary>What the callee that has just given something back says each time it does.</summary>
    private (IOperation Operation, Fact Fact)? _answer;

    /// <summary>What a source callee leaves behind: charges it took for us, and releases that depend on what it returned.</summary>
    private void ApplySummary(Frame<BalanceState> frame, CallSite call, int result)
    {
        for (int i = _pendingReleases.Count - 1; i >= 0; i--)
        {
            if (!ReferenceEquals(_pendingReleases[i].Operation, call.Operation)) continue;
            Obligation obligation = _pendingReleases[i].Obligation;
            _pendingReleases.RemoveAt(i);
            if (!frame.Domain.Obligations.Contains(obligation)) continue;
            CalleeEffect effect = PlaceInCallee(frame, call, obligation, isArgument: true) is { } place
                ? _context.Summaries.EffectOn(call.Method, obligation.Pair, place, _graph, _scope)
                : CalleeEffect.Keeps;
            MarkHandled(obligation, call.Operation);
            frame.Domain = frame.Domain.Replace(obligation, obligation with
            {
                Status = ObligationStatus.Conditional,
                Signal = result,
                SignalKind = SuccessSignal.True,
                WhenTrue = effect == CalleeEffect.ReleasesIfTrue ? ObligationStatus.Released : ObligationStatus.Held,
                WhenFalse = effect == CalleeEffect.ReleasesIfTrue ? ObligationStatus.Held : ObligationStatus.Released,
                ReleasedAt = call.Operation,
            });
        }

        if (_answer is { } answer && ReferenceEquals(answer.Operation, call.Operation) && !frame.Restrict(result, answer.Fact)) return;
        if (!ChargesOf(call).IsEmpty || !_context.Summaries.MayCharge(call.Method)) return;
        foreach (DerivedCharge derived in _context.Summaries.ChargesOf(call.Method, _graph, _scope))
        {
            int identity = derived.Place is null
                ? ValueAt(derived.Spec.Identity, call, result, derived.Spec.Pair)
                : derived.Place.ToValue(_values, call.Receiver != ValueTable.Unknown ? call.Receiver : _values.This, variable => ArgumentOf(call, variable));
            if (!_context.Catalog.IsTracked(derived.Spec.Pair, call.Operation.Syntax.SyntaxTree) || HasInvalidPart(call)) continue;
            Obligation obligation = new(SiteOf(call.Operation, derived.Spec), identity, ValueTable.Unknown, ValueTable.Unknown) 
            {
                Asked = AskedByOut(derived, call),
                Result = derived.WhenTaken is { } fact && result != ValueTable.Unknown ? (result, fact) : null,
            };
            Take(frame, call, obligation, result);
        }
    }

    /// <summary>What an <c>out</c> argument says where the charge was denied.</summary>
    private int AskedByOut(DerivedCharge derived, CallSite call)
    {
        if (derived.Telling is not { } telling || call.Outs[telling.Ordinal] is not (var told and not ValueTable.Unknown)) return ValueTable.Unknown;
        int isZero = _values.Binary(BinaryValue.Equal, told, ValueTable.Zero);
        return telling.IsZeroWhenTaken ? _values.Not(isZero) : isZero;
    }

    private void MarkHandled(Obligation obligation, IOperation at)
    {
        if (!_releases.TryGetValue(obligation.Site, out HashSet<IOperation>? releases)) _releases.Add(obligation.Site, releases = []);
        releases.Add(at);
    }

    private static int ArgumentOf(CallSite call, ISymbol variable)
    {
        for (int i = 0; i < call.Method.Parameters.Length; i++)
        {
            if (SymbolEqualityComparer.Default.Equals(call.Method.Parameters[i].OriginalDefinition, variable)) return call.Arguments[i];
        }

        return ValueTable.Unknown;
    }

    /// <summary>A callee that releases whatever it is given is given what has been released. One that asks first whether it is still there, or whose release does no harm, is right.</summary>
    private void JudgeReleasedAgain(Frame<BalanceState> frame, CallSite call, Obligation released)
    {
        if (call.Method.IsVirtual || call.Method.IsOverride || !_context.Summaries.MayRelease(call.Method) || !IsHarmful(released)) return;
        if (PlaceInCallee(frame, call, released, isArgument: true) is not { } place || _context.Summaries.EffectOn(call.Method, released.Pair, place, _graph, _scope) != CalleeEffect.Releases) return;
        if (released.Pair.LiveProperty is { } asked && _context.Summaries.OperationsOf(call.Method).Any(o => o is IPropertyReferenceOperation { Property.Name: var name } && name == asked)) return;
        _releasedByCallee.Add(call.Operation);
        Report(BalanceRule.ReleasedTwice, frame, call.Operation, released, released.ReleasedAt);
    }

    /// <summary>What released it first would do harm a second time; of a callee only the families are known whose every release does.</summary>
    private bool IsHarmful(Obligation released)
    {
        ImmutableArray<ReleaseSpec> releases = released.ReleasedAt is IInvocationOperation first ? _context.Catalog.ReleasesOf(first.TargetMethod, first.Instance?.Type) : ImmutableArray<ReleaseSpec>.Empty;
        return releases.IsEmpty
            ? released.Pair is { IsBuiltIn: true, Family: PairFamily.GCHandle or PairFamily.NativeMemory or PairFamily.Marshal }
            : releases.All(static release => !release.Idempotent && !release.ClearsInPlace && !release.Implied);
    }
}
