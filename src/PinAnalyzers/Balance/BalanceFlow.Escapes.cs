using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>Where charges go when they leave this body's hands: callees, members, results, lambdas.</summary>
internal sealed partial class BalanceFlow
{
    public override void OnStore(Frame<BalanceState> frame, IOperation target, int value)
    {
        if (frame.Domain.IsEmpty || value <= ValueTable.Zero) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            // An owner that is stored is not given away; a token is.
            if (obligation.Status == ObligationStatus.Awaited && obligation.Signal == value) frame.Domain = frame.Domain.Remove(obligation);
            else if (obligation.Pair.HasToken && IsOpen(obligation) && Same(frame, obligation.Identity, value)) Discharge(frame, obligation);
        }
    }

    public override void OnUnknownUse(Frame<BalanceState> frame, IOperation operation, int value) => OnStore(frame, operation, value);

    public override void OnReturn(Frame<BalanceState> frame, IOperation value, int number)
    {
        if (number <= ValueTable.Zero) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Pair.HasToken && obligation.Status == ObligationStatus.Held && Same(frame, obligation.Identity, number))
            {
                _handedOver.Add(obligation.Site);
                frame.Domain = frame.Domain.Replace(obligation, obligation with { Status = ObligationStatus.Returned });
            }
            else if (obligation.Status == ObligationStatus.Awaited && obligation.Signal == number)
            {
                frame.Domain = frame.Domain.Remove(obligation);
            }
        }
    }

    public override void OnDiscarded(Frame<BalanceState> frame, IExpressionStatementOperation statement, int value)
    {
        if (frame.Domain.IsEmpty) return;
        IOperation operation = statement.Operation;
        while (operation is IConversionOperation conversion) operation = conversion.Operand;
        if (operation is IAwaitOperation awaiting) operation = Awaited(awaiting.Operation);
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (!ReferenceEquals(obligation.Site.Operation, operation) || obligation.Site.IsGhost) continue;
            ChargeSpec spec = obligation.Site.Spec;
            bool dropsResult = obligation.Status == ObligationStatus.Conditional && obligation.Signal == value && spec.TakenOrdinal < 0;
            bool dropsToken = spec.Identity.Place == ValuePlace.Result && obligation.Pair.HasToken && !spec.IsMove;
            if (!dropsResult && !dropsToken) continue;
            NoteWhatElseIsHeld(frame, obligation);
            Report(BalanceRule.ResultDropped, frame, obligation.Site.Operation, obligation);

            // Whether it was taken is no longer told; what follows from a guess would be a second message for one mistake.
            frame.Domain = frame.Domain.Remove(obligation);
        }
    }

    public override void OnCapture(Frame<BalanceState> frame, IOperation operation)
    {
        if (frame.Domain.IsEmpty) return;
        HashSet<ISymbol> captured = new(SymbolEqualityComparer.Default);
        foreach (IOperation part in BodyOf(operation))
        {
            switch (part)
            {
                case ILocalReferenceOperation local: captured.Add(local.Local); break;
                case IParameterReferenceOperation parameter: captured.Add(parameter.Parameter); break;
                case IMemberReferenceOperation member: captured.Add(member.Member); break;
                case IInvocationOperation { TargetMethod: { DeclaringSyntaxReferences.IsEmpty: false } method }: captured.Add(method); break;
            }
        }

        if (captured.Count == 0) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (!IsOpen(obligation)) continue;
            bool mentions = captured.Any(symbol => symbol switch
            {
                IMethodSymbol method => !obligation.Pair.HasToken && _context.Summaries.MayRelease(method),
                IFieldSymbol or IPropertySymbol => !obligation.Pair.HasToken && _values[_values.Canonical(obligation.Identity)] is { Kind: ValueKind.Member, Payload: ISymbol member } && SymbolEqualityComparer.Default.Equals(member, symbol),
                _ => Same(frame, VariableValue(frame, symbol), obligation.Identity),
            });
            if (mentions) Discharge(frame, obligation);
        }
    }

    private int VariableValue(Frame<BalanceState> frame, ISymbol variable)
    {
        int value = frame.Read(frame.Locations.Of(variable));
        return value != ValueTable.Unknown ? value : _values.Parameter(variable);
    }

    private IEnumerable<IOperation> BodyOf(IOperation operation)
    {
        switch (operation)
        {
            case IFlowAnonymousFunctionOperation lambda:
                return _context.NestedGraphOf(_graph, lambda)?.OriginalOperation.Descendants() ?? [];
            case IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } local }:
                return _context.NestedGraphOf(_graph, local)?.OriginalOperation.Descendants() ?? [];
            case IMethodReferenceOperation { Method: var method } when _context.Summaries.MayRelease(method):
                return _context.Summaries.OperationsOf(method);
            default:
                return [];
        }
    }

    private static bool IsOpen(Obligation obligation) => obligation.Status is ObligationStatus.Held or ObligationStatus.Conditional or ObligationStatus.Unknown;

    /// <summary>The call whose result an await takes, through <c>ConfigureAwait</c> and <c>AsTask</c>.</summary>
    private static IOperation Awaited(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask", Instance: { } instance } => Awaited(instance),
        IConversionOperation conversion => Awaited(conversion.Operand),
        _ => operation,
    };

    /// <summary>Arguments and receiver of a call that carry charges: the callee may release them, keep them, or merely use them.</summary>
    private void HandOver(Frame<BalanceState> frame, CallSite call, bool isRelease)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (!IsOpen(obligation)) continue;
            bool isArgument = false;
            for (int i = 0; i < call.Arguments.Count; i++)
            {
                if (!Same(frame, obligation.Identity, call.Arguments[i]) && !IsOwnerOf(frame, obligation, call.Arguments[i])) continue;
                isArgument = true;
                if (!isRelease && Effects.Of(_context, call, i, obligation) == ArgumentEffect.Keeps)
                {
                    Discharge(frame, obligation);
                    break;
                }
            }

            if (frame.Domain.Obligations.Contains(obligation)) AskCallee(frame, call, obligation, isArgument);
        }
    }

    /// <summary>The value is what the charged thing belongs to: the account's owner, or the object whose member the lock is.</summary>
    private bool IsOwnerOf(Frame<BalanceState> frame, Obligation obligation, int value)
    {
        if (obligation.Pair.HasToken || value <= ValueTable.Zero || value == _values.This) return false;
        if (obligation.Owner != ValueTable.Unknown && Same(frame, obligation.Owner, value)) return true;
        int owner = _values.Canonical(value);
        for (int part = _values.Canonical(obligation.Identity); _values[part].Kind == ValueKind.Member; part = _values[part].A)
        {
            if (_values[part].A == owner) return true;
        }

        return false;
    }

    /// <summary>A source callee that can reach the charge, as argument, receiver, member or captured variable, is asked what it does with it.</summary>
    private void AskCallee(Frame<BalanceState> frame, CallSite call, Obligation obligation, bool isArgument)
    {
        if (obligation.Status != ObligationStatus.Held) return;

        // A token may be stored by a callee that names no release; an owner can only be released by one that does.
        bool asks = isArgument && obligation.Pair.HasToken ? _context.Summaries.HasBody(call.Method) : _context.Summaries.MayRelease(call.Method);
        if (!asks) return;
        PlaceKey? place = PlaceInCallee(frame, call, obligation, isArgument);
        if (place is null) return;
        switch (_context.Summaries.EffectOn(call.Method, obligation.Pair, place, _graph, _scope))
        {
            case CalleeEffect.Releases:
                MarkReleased(frame, obligation, call.Operation);
                break;
            case CalleeEffect.ReleasesIfTrue:
            case CalleeEffect.ReleasesIfFalse:
                _pendingReleases.Add((call.Operation, obligation));
                break;
            case CalleeEffect.Keeps:
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

        if (!ChargesOf(call).IsEmpty || !_context.Summaries.MayCharge(call.Method)) return;
        foreach (DerivedCharge derived in _context.Summaries.ChargesOf(call.Method, _graph, _scope))
        {
            int identity = derived.Place is null
                ? result
                : derived.Place.ToValue(_values, call.Receiver != ValueTable.Unknown ? call.Receiver : _values.This, variable => ArgumentOf(call, variable));
            if (!_context.Catalog.IsTracked(derived.Spec.Pair, call.Operation.Syntax.SyntaxTree) || HasInvalidPart(call)) continue;
            Obligation obligation = new(SiteOf(call.Operation, derived.Spec), identity, ValueTable.Unknown, ValueTable.Unknown);
            if (IsAsync(call.Method)) frame.Domain = frame.Domain.Add(obligation with { Status = ObligationStatus.Awaited, Signal = result });
            else Take(frame, obligation, result);
        }
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
}
