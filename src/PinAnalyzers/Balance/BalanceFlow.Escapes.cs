using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>Where charges go when they leave this body's hands: callees, members, results, lambdas.</summary>
internal sealed partial class BalanceFlow
{
    public override void OnStore(Frame<BalanceState> frame, IOperation target, int value)
    {
        if (frame.Domain.IsEmpty || value <= ValueTable.Zero) return;
        if (IsSignal(frame, value))
        {
            if (IsOutOfSight(target)) LoseSight(frame, value);
            else if (target is IMemberReferenceOperation) _keptSignals.Add(value);
        }

        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            // An owner that is stored is not given away; a token is.
            if (obligation.Status == ObligationStatus.Awaited && obligation.Signal == value) frame.Domain = frame.Domain.Remove(obligation);
            else if (obligation.Pair.HasToken && IsOpen(obligation) && (Same(frame, obligation.Identity, value) || IsComputedFrom(frame, obligation.Identity, value)))
            {
                if (target is ILocalReferenceOperation { Local.Type.SpecialType: SpecialType.System_Object }) _keptAsObjects.Add(obligation.Site);
                if (IsOutParameter(target) && Same(frame, obligation.Identity, value)) HandOut(frame, obligation);
                else Discharge(frame, obligation);
            }
            else if (IsChosen(frame, obligation, value, ObligationStatus.Unknown))
            {
                _handedOver.Add(obligation.Site);
            }
        }
    }

    /// <summary>Kept in variables that hold now this and now that: which of them holds what, only their types tell.</summary>
    private readonly HashSet<ChargeSite> _keptAsObjects = [];

    /// <summary>The caller has it from here on, by the name of an argument. The body may still give it back, or put something else there.</summary>
    private void HandOut(Frame<BalanceState> frame, Obligation obligation)
    {
        _handedOver.Add(obligation.Site);
        Obligation? handedOut = obligation.Status switch
        {
            ObligationStatus.Held => obligation with { Status = ObligationStatus.HandedOut },
            ObligationStatus.Conditional when obligation.WhenTrue == ObligationStatus.Held => obligation with { WhenTrue = ObligationStatus.HandedOut },
            _ => null,
        };
        frame.Domain = handedOut is null ? frame.Domain.Remove(obligation) : frame.Domain.Replace(obligation, handedOut);
    }

    private bool IsOutParameter(IOperation? target) => target is IParameterReferenceOperation { Parameter: { RefKind: RefKind.Out } parameter } && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, _owner);

    public override void OnUnknownUse(Frame<BalanceState> frame, IOperation operation, int value)
    {
        if (operation is not ITupleOperation tuple || !IsFollowed(frame, value) || !StaysInView(tuple)) OnStore(frame, operation, value);
        if (operation.Kind == OperationKind.Invalid) LoseSightOfAll(frame, value);
    }

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
            else if (obligation.Pair.HasToken && IsOpen(obligation) && (Same(frame, obligation.Identity, number) || IsComputedFrom(frame, obligation.Identity, number) || IsReturnedByReference(frame, obligation, number)))
            {
                // Behind a header of the allocator's own, or tagged, or by two names: the caller has it, but not as the one thing it has to give back.
                Discharge(frame, obligation);
            }
            else if (IsChosen(frame, obligation, number, ObligationStatus.Returned))
            {
                _handedOver.Add(obligation.Site);
            }
        }
    }

    private bool IsReturnedByReference(Frame<BalanceState> frame, Obligation obligation, int number)
    {
        if (_owner is not IMethodSymbol { RefKind: not RefKind.None }) return false;
        while (_values[number].Kind is ValueKind.Member or ValueKind.Element) number = _values[number].A;
        return Same(frame, obligation.Identity, number);
    }

    /// <summary>The value is a pointer or number that arithmetic made from a token: <c>p + header</c>, <c>p | tag</c>. Who has it can find the token again.</summary>
    private bool IsComputedFrom(Frame<BalanceState> frame, int token, int value)
    {
        ValueNode node = _values[value];
        switch (node.Kind)
        {
            case ValueKind.Sum:
                LinearForm sum = (LinearForm)node.Payload!;
                for (int i = 0; i < sum.Count; i++)
                {
                    if (sum[i].Value == 1 && (Same(frame, token, sum[i].Key) || IsComputedFrom(frame, token, sum[i].Key))) return true;
                }

                return false;
            case ValueKind.Convert:
            case ValueKind.Some:
                return Same(frame, token, node.A) || IsComputedFrom(frame, token, node.A);
            case ValueKind.Binary when node.Payload is System.ValueTuple<BinaryOperatorKind, bool> { Item1: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.And or BinaryOperatorKind.Or or BinaryOperatorKind.ExclusiveOr }:
                return Same(frame, token, node.A) || IsComputedFrom(frame, token, node.A) || Same(frame, token, node.B) || IsComputedFrom(frame, token, node.B);
            default:
                return false;
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
            bool dropsResult = obligation.Status == ObligationStatus.Conditional && obligation.Signal == value && spec.TakenOrdinal < 0 && !spec.IsToldByToken;
            bool dropsToken = spec.Identity.Place == ValuePlace.Result && obligation.Pair.HasToken;
            if (!dropsResult && !dropsToken) continue;
            if (dropsResult && !dropsToken && IsWholeLambda(statement))
            {
                frame.Domain = frame.Domain.Remove(obligation);
                continue;
            }

            if (dropsResult && !dropsToken && IsToldElsewhere(obligation))
            {
                if (obligation.Asked == ValueTable.Unknown) frame.Domain = frame.Domain.Remove(obligation);
                continue;
            }

            if (dropsResult && WaitsForEver(obligation.Site.Operation))
            {
                Resolve(frame, obligation, holds: true);
                return;
            }

            if (dropsToken && LoopOf(obligation.Site.Operation.Syntax) is null && KeptFunctions.IsKeptForEver(obligation.Site, _graph))
            {
                Discharge(frame, obligation);
                continue;
            }

            NoteWhatElseIsHeld(frame, obligation);
            Report(BalanceRule.ResultDropped, frame, obligation.Site.Operation, obligation);

            // Whether it was taken is no longer told; what follows from a guess would be a second message for one mistake.
            frame.Domain = frame.Domain.Remove(obligation);
        }
    }

    /// <summary><c>Assert.Throws&lt;E&gt;(() =&gt; gate.Wait(0))</c>: what comes of the call is for the one who is given the lambda, and wanted no result.</summary>
    private static bool IsWholeLambda(IExpressionStatementOperation statement) => statement.Syntax is ExpressionSyntax { Parent: LambdaExpressionSyntax lambda } && lambda.ExpressionBody == statement.Syntax;

    /// <summary><c>TryEnter(Timeout.Infinite)</c>: it does not come back without the lock.</summary>
    private static bool WaitsForEver(IOperation charge) => charge is IInvocationOperation { TargetMethod.ContainingType: { } type } call && type.ContainingNamespace is { Name: "Threading", ContainingNamespace.Name: "System" }
        && call.Arguments.Any(static a => a.Parameter?.Type is { SpecialType: SpecialType.System_Int32 } && a.Value.ConstantValue is { HasValue: true, Value: -1 } || a.Value is IFieldReferenceOperation { Field.Name: "InfiniteTimeSpan" });

    /// <summary>The call also fills an <c>out</c> argument that is no token: <c>TryTake(n, out var error)</c> tells by that as well.</summary>
    private static bool IsToldElsewhere(Obligation obligation) => obligation.Site.Operation is IInvocationOperation call && call.Arguments.Any(argument =>
        argument is { Parameter: { RefKind: RefKind.Out, Ordinal: var ordinal }, Value: not IDiscardOperation } && !(obligation.Site.Spec.Identity.Place == ValuePlace.Argument && obligation.Site.Spec.Identity.Ordinal == ordinal));

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

    private static bool IsOpen(Obligation obligation) => obligation.Status is ObligationStatus.Held or ObligationStatus.Conditional or ObligationStatus.Unknown or ObligationStatus.HandedOut;

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
            if (obligation is { Status: ObligationStatus.Released, Pair.HasToken: true } && !isRelease) JudgeReleasedAgain(frame, call, obligation);
            if (!IsOpen(obligation)) continue;
            bool isArgument = call.Method.IsInExtensionBlock() && Same(frame, obligation.Identity, call.Receiver);
            for (int i = 0; i < call.Arguments.Count; i++)
            {
                if (!Same(frame, obligation.Identity, call.Arguments[i]) && !IsOwnerOf(frame, obligation, call.Arguments[i]))
                {
                    if (obligation.Pair.HasToken && (IsComputedFrom(frame, obligation.Identity, call.Arguments[i]) || IsChosenFrom(frame, obligation.Identity, call.Arguments[i])) && MayKeepInterior(call, i, obligation, isRelease)) Discharge(frame, obligation);
                    continue;
                }

                ArgumentEffect effect = isRelease ? ArgumentEffect.Ask : Effects.Of(_context, call, i, obligation);
                isArgument |= effect == ArgumentEffect.Ask;
                if (effect == ArgumentEffect.Keeps)
                {
                    Discharge(frame, obligation);
                    break;
                }
            }

            if (frame.Domain.Obligations.Contains(obligation)) AskCallee(frame, call, obligation, isArgument);
        }
    }

    /// <summary>A callee that gets a pointer into the charged memory may find its start again: one that stores or frees what it is given does.</summary>
    private bool MayKeepInterior(CallSite call, int ordinal, Obligation obligation, bool isRelease)
    {
        if (isRelease) return obligation.Site.IsGhost;
        return Effects.Of(_context, call, ordinal, obligation) switch
        {
            ArgumentEffect.Keeps => true,
            ArgumentEffect.Ask => _context.Summaries.EffectOn(call.Method, obligation.Pair, PlaceKey.OfParameter(call.Method.Parameters[ordinal].OriginalDefinition), _graph, _scope) != CalleeEffect.Uses,
            _ => false,
        };
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
}
