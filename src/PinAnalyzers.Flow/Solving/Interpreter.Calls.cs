using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Calls of every kind: methods, constructors, accessors, operators, awaits. One order for all: discharges, exceptional edge, effects.</summary>
internal sealed partial class Interpreter<TDomain>
{
    private int EvaluateInvocation(Frame<TDomain> frame, IInvocationOperation invocation)
    {
        int receiver = invocation.Instance is null ? ValueTable.Unknown : Evaluate(frame, invocation.Instance);
        if (invocation.Instance?.Type is { IsReferenceType: true }) receiver = _values.Present(receiver);
        if (invocation.TargetMethod is { Name: "GetValueOrDefault", Parameters.IsEmpty: true, ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }) return Default(receiver, invocation);
        CallSite call = BindArguments(frame, invocation, invocation.TargetMethod, receiver, invocation.Instance, invocation.Arguments);
        if (invocation.TargetMethod is { Name: "GetValueOrDefault", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } && !frame.IsDead && call.Arguments.Count == 1)
            return _values.Choice(_values.IsNull(receiver), call.Arguments[0], Unwrap(receiver, invocation.Type!)) is var chosen and not ValueTable.Unknown ? chosen : NewValue(frame, invocation, 0);
        if (invocation.TargetMethod is { Name: "ReferenceEquals", ContainingType.SpecialType: SpecialType.System_Object } && !frame.IsDead && call.Arguments.Count == 2)
        {
            (int left, int right) = (call.Arguments[0], call.Arguments[1]);
            int equal = _client.AreDistinct(frame, invocation, left, right) ? ValueTable.Zero : _values.Binary(BinaryValue.Equal, left, right);
            if (equal != ValueTable.Unknown) return equal;
        }

        if (frame.IsDead) return ValueTable.Unknown;
        return AsFunction(frame, call, Complete(frame, call));
    }

    /// <summary>What the compiler writes asked for null before; who writes it out gets zero for null.</summary>
    private int Default(int nullable, IInvocationOperation invocation)
    {
        int held = Unwrap(nullable, invocation.Type!);
        if (invocation.IsImplicit || held == nullable) return held;
        return IsBoolean(invocation.Type) ? AndNotNull(nullable, held) : _values.Choice(_values.IsNull(nullable), ValueTable.Zero, held) is var value and not ValueTable.Unknown ? value : held;
    }

    /// <summary>What a function of its operands yields is named by them, so that asked again it is the same value.</summary>
    private int AsFunction(Frame<TDomain> frame, CallSite call, int result)
    {
        if (frame.IsDead || result == ValueTable.Unknown || !call.IsFunction) return result;
        if (OfNumbers(frame, call) is var known and not ValueTable.Unknown) return known;
        if (PureFunctions.IsEqualityOfText(call.Method))
        {
            (int left, int right) = call.Method.IsStatic ? (call.Arguments[0], call.Arguments[1]) : (call.Receiver, call.Arguments[0]);
            return EqualsEmpty(frame, left, right, call.Method.ContainingType, call.Operation) is var empty and not ValueTable.Unknown ? empty : Equal(left, right, null);
        }

        if (call.Method is { Name: "IsNullOrEmpty", ContainingType.SpecialType: SpecialType.System_String } && IsNullOrEmpty(frame, call.Arguments[0], call) is var isEmpty and not ValueTable.Unknown) return isEmpty;
        if (call.Method.IsStatic && call.Arguments.Count <= 1) return _values.Member(call.Arguments.Count == 0 ? ValueTable.Unknown : call.Arguments[0], call.Method, ValueTable.Unknown);
        if (call.Method is { Name: "HasFlag", ContainingType.SpecialType: SpecialType.System_Enum } && call.Arguments.Count == 1 && HasFlags(call.Receiver, call.Arguments[0]) is var has and not ValueTable.Unknown) return has;
        IMethodSymbol function = PureFunctions.Contrary(call.Method) ?? call.Method;
        int value = call.Method.IsStatic ? call.Arguments[0] : call.Receiver;
        for (int i = call.Method.IsStatic ? 1 : 0; i < call.Arguments.Count; i++) value = _values.Binary(BinaryValue.Other, value, call.Arguments[i], function);
        if (value != ValueTable.Unknown && !ReferenceEquals(function, call.Method)) return _values.Not(value);
        if (call.Arguments.Count == 0 && value != ValueTable.Unknown) value = _values.Member(value, call.Method, ValueTable.Unknown);
        return value == ValueTable.Unknown ? result : value;
    }

    private int EvaluateCreation(Frame<TDomain> frame, IObjectCreationOperation creation, IMethodSymbol? constructor, ImmutableArray<IArgumentOperation> arguments)
    {
        if (constructor is null)
        {
            EvaluateChildren(frame, creation, escapes: true);
            return NewValue(frame, creation, 0, isNotNull: true);
        }

        // `new S()` of a struct without a constructor of its own is default.
        if (arguments.IsEmpty && constructor.IsImplicitlyDeclared && constructor.ContainingType.IsValueType) return ValueTable.Zero;
        CallSite call = BindArguments(frame, creation, constructor, ValueTable.Unknown, null, arguments);
        if (frame.IsDead) return ValueTable.Unknown;
        int result = Complete(frame, call);
        if (!frame.IsDead && call.Arguments.Count == 1 && WrappedNumbers.IsTakenBy(constructor)) return call.Arguments[0];
        if (frame.IsDead || !constructor.ContainingType.IsReferenceType) return result;
        frame.Restrict(result, Fact.NonZero);
        if (_values[result].Kind == ValueKind.Site) _values.NoteNeverNull(result);
        return result;
    }

    private CallSite BindArguments(
        Frame<TDomain> frame, IOperation operation, IMethodSymbol method, int receiver, IOperation? receiverOperation, ImmutableArray<IArgumentOperation> arguments)
    {
        int count = method.Parameters.Length;
        int[] values = new int[count];
        IOperation?[] operations = new IOperation?[count];
        foreach (IArgumentOperation argument in arguments)
        {
            int ordinal = argument.Parameter?.Ordinal ?? -1;
            int value = argument.Parameter?.RefKind == RefKind.Out ? EvaluateOut(frame, argument.Value) : Evaluate(frame, argument.Value);
            if (ordinal < 0 || ordinal >= count)
            {
                _client.OnUnknownUse(frame, argument, value);
                continue;
            }

            values[ordinal] = value;
            operations[ordinal] = argument.Value;
        }

        return new CallSite(operation, method, receiver, receiverOperation, values, operations);
    }

    /// <summary>An <c>out</c> argument is a place, not a value; only what the place hangs off is evaluated.</summary>
    private int EvaluateOut(Frame<TDomain> frame, IOperation target)
    {
        EvaluateReceiver(frame, target);
        return ValueTable.Unknown;
    }

    private int Complete(Frame<TDomain> frame, CallSite call)
    {
        _client.BeforeCall(frame, call);
        if (!call.IsFunction && _client.MayThrow(frame, call) is { } kind)
        {
            Frame<TDomain> thrown = frame.Copy();
            _client.OnCallThrows(thrown, call);

            // What stops for a reason that is known throws for that one.
            if (!thrown.IsDead && (_client.StopsWhen(call) is not { } stop || thrown.Assume(call.Arguments[stop.Ordinal], stop.Value))) Throw(thrown, call.Operation, kind);
        }

        if (NeverReturns(frame, call))
        {
            frame.IsDead = true;
            return ValueTable.Unknown;
        }

        if (call.Arguments.Count > 0 && CallContracts.Ensures(call.Method) is { } ensured && !frame.Restrict(call.Arguments[0], ensured)) return ValueTable.Unknown;
        int result = _client.Result(frame, call);
        if (result == ValueTable.Unknown && (!call.Method.ReturnsVoid || call.Method.MethodKind == MethodKind.Constructor)) result = NewResult(frame, call, 0);
        if (!_graph.WrittenMembers.IsEmpty && _client.MayWriteMembers(call)) frame.Write(LocationTable.ThisVersion, NewValue(frame, call.Operation, -1));
        if (call.ReceiverOperation?.Type?.SpecialType != SpecialType.System_String) BumpVersion(frame, call, call.Receiver);
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if (call.ArgumentOperations[i]?.Type?.SpecialType != SpecialType.System_String) BumpVersion(frame, call, call.Arguments[i]);
            if (call.Method.Parameters[i].RefKind is not (RefKind.Ref or RefKind.Out) || call.ArgumentOperations[i] is not { } target) continue;
            bool isLeft = call.Method.Parameters[i].RefKind == RefKind.Ref && frame.FactOf(call.Arguments[i]).IsZero && _client.KeepsZero(call, i);
            call.Outs[i] = isLeft ? call.Arguments[i] : NewResult(frame, call, i + 1);
            if (target is IMemberReferenceOperation) StoreQuietly(frame, target, call.Outs[i]);
            else Store(frame, target, call.Outs[i], call.Operation);
        }

        _client.AfterCall(frame, call, result);
        return result;
    }

    /// <summary>A value that the call makes. Where it was made in an earlier round too, and went into this call, the call got the earlier one.</summary>
    private int NewResult(Frame<TDomain> frame, CallSite call, int index)
    {
        int value = NewValue(frame, call.Operation, index);
        if (_graph.IsInLoop(_block)) call.Rename(v => _values.Substitute(v, value, _values.Aged(value)));
        return value;
    }

    /// <summary>A callee wrote a member through a reference: its value is new, but nothing of ours was put there.</summary>
    private void StoreQuietly(Frame<TDomain> frame, IOperation target, int value)
    {
        if (target is not IMemberReferenceOperation reference) return;
        int receiver = reference.Instance is null ? ValueTable.Unknown : PeekValue(frame, reference.Instance);
        if (receiver == ValueTable.Unknown && !reference.Member.IsStatic) return;
        int symbolic = _values.Member(receiver, reference.Member, VersionOf(frame, receiver, reference.Member, IsThis(reference.Instance), reference));
        if (symbolic != ValueTable.Unknown) frame.Write(-symbolic, value);
    }

    private void BumpVersion(Frame<TDomain> frame, CallSite call, int value)
    {
        if (value <= ValueTable.Zero || value == _values.This || !_values.HasMembers(value)) return;
        frame.Write(_locations.VersionOf(value), NewValue(frame, call.Operation, -2));
    }

    private bool NeverReturns(Frame<TDomain> frame, CallSite call)
    {
        if (_client.NeverReturns(call)) return true;
        if (_client.StopsWhen(call) is not { } stop) return false;
        return !frame.Assume(call.Arguments[stop.Ordinal], !stop.Value);
    }

    private void EvaluateAccessor(Frame<TDomain> frame, IPropertyReferenceOperation property, IMethodSymbol accessor, int receiver, int? value)
    {
        CallSite call = BindArguments(frame, property, accessor, receiver, property.Instance, property.Arguments);
        if (value is { } stored && call.Arguments is int[] { Length: > 0 } arguments) arguments[arguments.Length - 1] = stored;
        if (frame.IsDead) return;
        _client.BeforeCall(frame, call);
        if (_client.MayThrow(frame, call) is { } kind) Throw(frame, property, kind);
        if (!_graph.WrittenMembers.IsEmpty && _client.MayWriteMembers(call)) frame.Write(LocationTable.ThisVersion, NewValue(frame, property, -1));
        _client.AfterCall(frame, call, ValueTable.Unknown);
    }

    private int CallOperator(Frame<TDomain> frame, IOperation operation, IMethodSymbol method, params int[] operands)
    {
        IOperation?[] operations = operation.ChildOperations.Select(static o => (IOperation?)o).Take(operands.Length).ToArray();
        if (operations.Length < operands.Length || method.Parameters.Length < operands.Length) return NewValue(frame, operation, 0);
        CallSite call = new(operation, method, ValueTable.Unknown, null, operands, operations);
        return AsFunction(frame, call, Complete(frame, call));
    }

    private int EvaluateAwait(Frame<TDomain> frame, IAwaitOperation awaiting)
    {
        int awaited = Evaluate(frame, awaiting.Operation);
        if (frame.IsDead) return ValueTable.Unknown;
        if (_client.MayThrow(awaiting))
        {
            Frame<TDomain> thrown = frame.Copy();
            _client.OnAwaitThrows(thrown, awaiting, awaited);
            Throw(thrown, awaiting, ThrowKind.Await);
        }

        // Other code ran meanwhile.
        if (!_graph.WrittenMembers.IsEmpty) frame.Write(LocationTable.ThisVersion, NewValue(frame, awaiting, -1));
        int result = NewValue(frame, awaiting, 0);
        _client.OnAwait(frame, awaiting, awaited, result);
        return result;
    }

    private int EvaluateYield(Frame<TDomain> frame, IReturnOperation yielding)
    {
        int value = Evaluate(frame, yielding.ReturnedValue);
        if (frame.IsDead) return ValueTable.Unknown;
        if (yielding.ReturnedValue is { } returned && value > ValueTable.Zero) _client.OnUnknownUse(frame, returned, value);
        if (yielding.Kind == OperationKind.YieldReturn) Throw(frame, yielding, ThrowKind.Abandon);
        return ValueTable.Unknown;
    }
}
