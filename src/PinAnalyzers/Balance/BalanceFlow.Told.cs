using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>
/// Source methods that are given what tells of a charge and say something of it: hand it through, work something out of it, answer yes or no. What they say is as good as what they were given; what
/// cannot be followed is taken for an answer that only its author understands.
/// </summary>
internal sealed partial class BalanceFlow
{
    private const int Receiver = -1;

    /// <summary>What source methods made of signals, in ways that are not followed.</summary>
    private readonly HashSet<int> _madeByCallees = [];

    /// <summary>Signals that were put into a member, where the object's own methods find them.</summary>
    private readonly HashSet<int> _keptSignals = [];

    /// <summary>What the caller of this body wants to know about, an argument of it; unknown where a body is judged for itself.</summary>
    public int Subject { get; init; } = ValueTable.Unknown;

    private static int ValueAt(CallSite call, int ordinal) => ordinal == Receiver ? call.Receiver : call.Arguments[ordinal];

    /// <summary>What a method returns of what it was given; unknown where nothing is told by that.</summary>
    private int ResultOfTold(Frame<BalanceState> frame, CallSite call)
    {
        bool hasBody = _context.Summaries.HasBody(call.Method);
        int made = hasBody ? SignalInSight(frame, call) : ValueTable.Unknown;
        for (int i = Receiver; i < call.Arguments.Count; i++)
        {
            int value = ValueAt(call, i);
            bool tells = IsSignal(frame, value);
            if (value <= _values.One || (!tells && !(hasBody && IsWrapped(i == Receiver ? call.Method.ContainingType : call.Method.Parameters[i].Type)))) continue;
            if (hasBody && WhatIsTold(frame, call, i) is var known and not ValueTable.Unknown) return known;
            if (tells) made = made == ValueTable.Unknown ? value : _values.Binary(BinaryValue.Other, made, value, nameof(ResultOfTold));
        }

        if (made == ValueTable.Unknown || IsTokenSource(call) || PureFunctions.Contains(call.Method)) return ValueTable.Unknown;
        made = _values.Binary(BinaryValue.Other, made, _values.Opaque(call.Operation), nameof(ResultOfTold));
        if (made != ValueTable.Unknown) _madeByCallees.Add(made);
        return made;
    }

    /// <summary>A signal that a callee can see without being given it: what a member keeps, or a local function captures.</summary>
    private int SignalInSight(Frame<BalanceState> frame, CallSite call)
    {
        if (call.Receiver == _values.This) return KeptSignal(frame);
        if (call.Method.MethodKind != MethodKind.LocalFunction) return ValueTable.Unknown;
        foreach (ISymbol captured in _context.Summaries.CapturedBy(call.Method, _graph))
        {
            if (VariableValue(frame, captured) is var value && IsSignal(frame, value)) return value;
        }

        return ValueTable.Unknown;
    }

    private int KeptSignal(Frame<BalanceState> frame)
    {
        foreach (int kept in _keptSignals)
        {
            if (IsSignal(frame, kept)) return kept;
        }

        return ValueTable.Unknown;
    }

    /// <summary>
    /// Of a charge whose signal an assertion was given, and let through, it is known that it is as its author says, and not how. Neither that it is held nor that it was denied is said behind it.
    /// </summary>
    private void NoteAsserted(Frame<BalanceState> frame, CallSite call)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (IsAsserted(call, obligation)) EndUntold(frame, obligation, call.Operation);
        }
    }

    private bool IsAsserted(CallSite call, Obligation obligation)
    {
        if (obligation.Signal == ValueTable.Unknown || obligation.Status is not (ObligationStatus.Conditional or ObligationStatus.Held or ObligationStatus.Failed) || !Assertions.Contains(call.Method) || StopsWhen(call) is not null) return false;
        for (int i = Receiver; i < call.Arguments.Count; i++)
        {
            if (ValueAt(call, i) is var given && given > _values.One && _values.Mentions(given, obligation.Signal)) return true;
        }

        return false;
    }

    /// <summary>Looks at a signal and has no way out by an exception, or none that is of interest.</summary>
    private bool OnlyTells(Frame<BalanceState> frame, CallSite call)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (IsAsserted(call, obligation)) return true;
        }

        for (int i = Receiver; i < call.Arguments.Count; i++)
        {
            if (IsSignal(frame, ValueAt(call, i)) && _context.Summaries.HasBody(call.Method) && _context.Summaries.GuardOn(call.Method, i, frame.Domain.Obligations[0].Pair, _graph, _scope) is { MayThrow: false }) return true;
        }

        return false;
    }

    private int WhatIsTold(Frame<BalanceState> frame, CallSite call, int ordinal)
    {
        Pair pair = frame.Domain.Obligations[0].Pair;
        if (_context.Summaries.GuardOn(call.Method, ordinal, pair, _graph, _scope) is not { } guard) return ValueTable.Unknown;
        if (guard.IsReturned) return ValueAt(call, ordinal);
        if (WorkedOut(guard, node => node.Kind == ValueKind.This ? call.Receiver : ArgumentOf(call, (ISymbol)node.Payload!)) is var value and not ValueTable.Unknown) return value;
        return call.Method.ReturnType.SpecialType == SpecialType.System_Boolean ? ConditionBy(call, ordinal, pair) : ValueTable.Unknown;
    }

    private int WorkedOut(ArgumentGuard guard, System.Func<ValueNode, int> given) =>
        guard.WorkedOut is { Value: not ValueTable.Unknown } result ? _values.Import(result.Values, result.Value, given) : ValueTable.Unknown;

    /// <summary>What a property of a signal says, as <c>hr.Succeeded</c>; unknown where it is none.</summary>
    private int ReadOfTold(Frame<BalanceState> frame, IPropertyReferenceOperation property, int receiver)
    {
        if (receiver <= _values.One || property.Property.GetMethod is not { } getter) return ValueTable.Unknown;
        int signal = receiver == _values.This ? KeptSignal(frame) : IsSignal(frame, receiver) ? receiver : ValueTable.Unknown;
        if ((signal == ValueTable.Unknown && !IsWrapped(property.Property.ContainingType)) || !_context.Summaries.HasBody(getter)) return ValueTable.Unknown;
        if (receiver != _values.This && _context.Summaries.GuardOn(getter, Receiver, frame.Domain.Obligations[0].Pair, _graph, _scope) is { } guard)
        {
            if (guard.IsReturned) return receiver;
            if (WorkedOut(guard, node => node.Kind == ValueKind.This ? receiver : ValueTable.Unknown) is var value and not ValueTable.Unknown) return value;
            if (guard.Condition(_values, receiver) is var condition and not ValueTable.Unknown) return condition;
        }

        int made = signal == ValueTable.Unknown ? signal : _values.Binary(BinaryValue.Other, signal, _values.Opaque(property), nameof(ReadOfTold));
        if (made != ValueTable.Unknown) _madeByCallees.Add(made);
        return made;
    }

    private static bool IsWrapped(ITypeSymbol? type) => type is INamedTypeSymbol { TypeKind: TypeKind.Struct } named && WrappedNumbers.FieldOf(named) is not null;

    private bool IsTokenSource(CallSite call) => call.Method.ReturnsVoid || !ChargesOf(call).IsEmpty || _context.Summaries.MayCharge(call.Method);

    private bool IsSignal(Frame<BalanceState> frame, int value)
    {
        if (value <= _values.One) return false;
        if (value == Subject) return true;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Signal == value && obligation.Status != ObligationStatus.Awaited) return true;
        }

        return false;
    }

    private bool IsAboutASignal(Frame<BalanceState> frame, int condition)
    {
        if (Subject != ValueTable.Unknown && _values.Mentions(condition, Subject)) return true;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Signal != ValueTable.Unknown && _values.Mentions(condition, obligation.Signal)) return true;
        }

        return false;
    }

    /// <summary>The condition asks for what a callee made of the signal.</summary>
    private bool IsMadeByACallee(Frame<BalanceState> frame, Obligation obligation, int condition)
    {
        foreach (int made in _madeByCallees)
        {
            if (_values.Mentions(made, obligation.Signal) && _values.Mentions(condition, made) && frame.Truth(condition) is null) return true;
        }

        return false;
    }

    /// <summary>A callee that answers by an <c>out</c> argument alone: whoever looks at that knows, and we do not.</summary>
    private void LoseSightByOut(Frame<BalanceState> frame, CallSite call)
    {
        if (!call.Method.ReturnsVoid && call.Operation.Parent is not IExpressionStatementOperation) return;
        for (int i = 0; i < call.Outs.Length; i++)
        {
            if (call.Outs[i] == ValueTable.Unknown) continue;
            foreach (int argument in call.Arguments) LoseSight(frame, argument);
            return;
        }
    }
}
