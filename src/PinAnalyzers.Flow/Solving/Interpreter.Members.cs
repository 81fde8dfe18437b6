using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Solving;

/// <summary>Reading and writing variables, members and elements.</summary>
internal sealed partial class Interpreter<TDomain>
{
    private int ReadVariable(Frame<TDomain> frame, ISymbol variable, IOperation operation)
    {
        if (_aliased.TryGetValue(variable, out IOperation? aliased)) return PeekValue(frame, aliased);
        if (_graph.SharedLocals.Contains(variable)) return _values.Member(ValueTable.Unknown, variable, NewValue(frame, operation, 0));
        int value = frame.Read(_locations.Of(variable));
        return value != ValueTable.Unknown ? value : _values.Parameter(variable);
    }

    private int ReadField(Frame<TDomain> frame, IFieldReferenceOperation field)
    {
        int receiver = field.Instance is null ? ValueTable.Unknown : Evaluate(frame, field.Instance);
        if (field.Field.IsStatic && IsZeroField(field.Field)) return ValueTable.Zero;
        if (field.Field is { IsStatic: true, Name: "Empty", ContainingType.SpecialType: SpecialType.System_String }) return _values.Constant("");
        if (field.Field is { IsStatic: true, IsReadOnly: true } && NumberOf(field.Field) is { } number) return _values.Number(number);
        return ReadMember(frame, receiver, field.Field, IsThis(field.Instance), field);
    }

    private int ReadProperty(Frame<TDomain> frame, IPropertyReferenceOperation property)
    {
        // C# writes Value for what GetValueOrDefault returns: both are the nullable itself.
        if (property.Instance is { } instance && instance.Type?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            int nullable = Evaluate(frame, instance);
            return property.Property.Name == "HasValue" ? _values.Not(_values.IsNull(nullable)) : Unwrap(nullable, property.Type!);
        }

        int receiver = property.Instance is null ? ValueTable.Unknown : Evaluate(frame, property.Instance);
        if (property.Arguments.Length == 0 && IsAutoProperty(property.Property)) return ReadMember(frame, receiver, property.Property, IsThis(property.Instance), property);
        if (AddressOf(property.Property) is { } address) return _values.Constant(address);

        IMethodSymbol? getter = property.Property.GetMethod;
        if (getter is not null) EvaluateAccessor(frame, property, getter, receiver, null);
        if (frame.IsDead) return ValueTable.Unknown;

        // The Current that foreach reads is read once a round, and another in each.
        if (property.Arguments.Length > 0 || property is { IsImplicit: true, Property.Name: "Current" }) return NewValue(frame, property, 0);
        int known = _client.ResultOfRead(frame, property, receiver);
        if (_values.HasConjunctions && receiver != ValueTable.Unknown && property.Instance?.Type is { SpecialType: SpecialType.System_String } && !frame.Restrict(receiver, Fact.NonZero)) return ValueTable.Unknown;
        if (known == ValueTable.Unknown && receiver != ValueTable.Unknown && IsEmptyOfSpan(property.Property)) known = HasNoLength(frame, receiver, property.Property.ContainingType, property);
        if (known == ValueTable.Unknown) known = ReadMember(frame, receiver, property.Property, IsThis(property.Instance), property);
        _client.OnRead(frame, property, receiver, known);
        return known;
    }

    private int ReadMember(Frame<TDomain> frame, int receiver, ISymbol member, bool isThis, IOperation operation)
    {
        member = SlotOf(member);
        if (!isThis && receiver != ValueTable.Unknown && WrappedNumbers.IsWhole(member)) return receiver;
        int value = _values.Member(receiver, member, VersionOf(frame, receiver, member, isThis, operation));
        if (IsLength(member)) _values.NoteNeverNegative(value);
        int written = frame.Read(-value);
        return written != ValueTable.Unknown ? written : value;
    }

    /// <summary>
    /// Which version of a member is read. A member that this body never writes, or that no other writes, keeps its version, so that the same guard tested twice is one guard;
    /// what hangs off another object changes with every call that gets that object.
    /// </summary>
    private int VersionOf(Frame<TDomain> frame, int receiver, ISymbol member, bool isThis, IOperation operation)
    {
        switch (member)
        {
            case IPropertySymbol property when PureFunctions.Contains(property):
                return ValueTable.Unknown;
            case IFieldSymbol { IsVolatile: true }:
                return NewValue(frame, operation, 0);
            case IFieldSymbol { IsReadOnly: true } or IFieldSymbol { IsConst: true }:
                return ValueTable.Unknown;
            case IPropertySymbol { IsStatic: true, SetMethod: null } property when IsAutoProperty(property):
                return ValueTable.Unknown;
            case IPropertySymbol { IsStatic: true } property when !IsAutoProperty(property):
                return NewValue(frame, operation, 0);
        }

        if (isThis || member.IsStatic) return _graph.WrittenMembers.Contains(member.OriginalDefinition) && _client.MayBeWrittenElsewhere(member) ? frame.Read(LocationTable.ThisVersion) : ValueTable.Unknown;
        return receiver == ValueTable.Unknown ? NewValue(frame, operation, 0) : frame.Read(_locations.VersionOf(receiver));
    }

    private int EvaluateAssignment(Frame<TDomain> frame, IAssignmentOperation assignment)
    {
        switch (assignment)
        {
            case ICompoundAssignmentOperation compound:
                int old = Evaluate(frame, compound.Target);
                int operand = Evaluate(frame, compound.Value);
                if (compound.OperatorMethod is not null && IsUserDefined(compound.OperatorMethod)) CallOperator(frame, compound, compound.OperatorMethod, old, operand);
                int sum = compound.OperatorMethod is null && compound.OperatorKind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract
                    ? Advance(frame, old, operand, compound.Type, compound.OperatorKind == BinaryOperatorKind.Add ? 1 : -1)
                    : Truths(compound.OperatorKind, old, operand, compound.Type);
                if (sum == ValueTable.Unknown && compound.OperatorMethod is null && Bits(compound.OperatorKind, old, operand) is { } bits) sum = _values.Number(bits);
                if (sum == ValueTable.Unknown) sum = NewNumber(frame, compound, compound.OperatorMethod is null ? frame.FactOfPart(compound.OperatorKind, old, operand) : Fact.Top);
                Store(frame, compound.Target, sum, compound);
                return sum;
            case IDeconstructionAssignmentOperation { Target: var places, Value: var parts } when Elements(places) is { } targets && Elements(parts) is { } values && targets.Length == values.Length:
                int[] evaluated = new int[values.Length];
                for (int i = 0; i < values.Length; i++) evaluated[i] = Evaluate(frame, values[i]);
                for (int i = 0; i < values.Length && !frame.IsDead; i++) Store(frame, targets[i], evaluated[i], assignment);
                return ValueTable.Unknown;
            case IDeconstructionAssignmentOperation deconstruction:
                EvaluateChildren(frame, deconstruction.Value, escapes: true);
                int index = 1;
                foreach (IOperation target in deconstruction.Target.DescendantsAndSelf())
                {
                    if (target is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation)
                        Store(frame, target, NewValue(frame, deconstruction, index++), deconstruction);
                }

                return ValueTable.Unknown;
            case ISimpleAssignmentOperation { IsRef: true } byReference:
                return EvaluateAlias(frame, byReference);
            default:
                EvaluateReceiver(frame, assignment.Target);
                int value = Evaluate(frame, assignment.Value);
                if (frame.IsDead) return ValueTable.Unknown;
                Store(frame, assignment.Target, value, assignment);
                return value;
        }
    }

    /// <summary>Locals that are another name for a variable, from their declaration on.</summary>
    private readonly Dictionary<ISymbol, IOperation> _aliased = new(SymbolEqualityComparer.Default);

    private int EvaluateAlias(Frame<TDomain> frame, ISimpleAssignmentOperation assignment)
    {
        int value = Evaluate(frame, assignment.Value);
        if (frame.IsDead || assignment.Target is not ILocalReferenceOperation { Local: var local }) return ValueTable.Unknown;
        if (assignment.Value is ILocalReferenceOperation or IParameterReferenceOperation && !_graph.RetargetedLocals.Contains(local))
        {
            _aliased[local] = assignment.Value;
            return ValueTable.Unknown;
        }

        // One of several variables: what is there can be reached by a name that is not followed.
        if (assignment.Value is IFlowCaptureReferenceOperation or ILocalReferenceOperation or IParameterReferenceOperation) _client.OnStore(frame, assignment.Target, value);
        frame.Write(_locations.Of(local), NewValue(frame, assignment, 0));
        return ValueTable.Unknown;
    }

    private int EvaluateIncrement(Frame<TDomain> frame, IIncrementOrDecrementOperation increment)
    {
        int old = Evaluate(frame, increment.Target);
        int next = increment.OperatorMethod is null ? Advance(frame, old, _values.One, increment.Type, increment.Kind == OperationKind.Increment ? 1 : -1) : ValueTable.Unknown;
        if (next == ValueTable.Unknown) next = NewValue(frame, increment, 0);
        Store(frame, increment.Target, next, increment);
        return increment.IsPostfix ? old : next;
    }

    /// <summary>A number or a pointer moved by <paramref name="by"/>; unknown for other types.</summary>
    private int Advance(Frame<TDomain> frame, int value, int by, ITypeSymbol? type, int sign)
    {
        if (type is not IPointerTypeSymbol pointer) return IsInteger(type) ? _values.Sum(value, by, sign) : ValueTable.Unknown;
        int moved = Offset(value, by, pointer, sign);
        StaysAddress(frame, moved, value);
        return moved;
    }

    /// <summary>Evaluates what stands left of the last dot of an assignment's target, before its value.</summary>
    private void EvaluateReceiver(Frame<TDomain> frame, IOperation target)
    {
        switch (target)
        {
            case IMemberReferenceOperation { Instance: { } instance } and not IPropertyReferenceOperation { Arguments.Length: > 0 }:
                Evaluate(frame, instance);
                break;
            case IArrayElementReferenceOperation or IPropertyReferenceOperation:
                EvaluateChildren(frame, target, escapes: false);
                break;
        }
    }

    private void Store(Frame<TDomain> frame, IOperation target, int value, IOperation assignment)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local: var name } when _aliased.TryGetValue(name, out IOperation? aliased):
                Store(frame, aliased, value, assignment);
                break;
            case ILocalReferenceOperation local:
                // What is kept as any object is told from others by its type again, which values do not know.
                if (local.Local.RefKind != RefKind.None || local.Local.Type is { TypeKind: TypeKind.Error } or { SpecialType: SpecialType.System_Object } || _graph.IsShared(local.Local)) _client.OnStore(frame, target, value);
                frame.Write(_locations.Of(local.Local), value);
                break;
            case IParameterReferenceOperation parameter:
                if (parameter.Parameter.RefKind is RefKind.Ref or RefKind.Out || _graph.IsShared(parameter.Parameter)) _client.OnStore(frame, target, value);
                frame.Write(_locations.Of(parameter.Parameter), value);
                break;
            case IFlowCaptureReferenceOperation reference when _captured.TryGetValue(reference.Id, out IOperation? captured):
                frame.Write(_locations.Of(reference.Id), value);
                Store(frame, captured, value, assignment);
                break;
            case IDeclarationExpressionOperation declaration:
                Store(frame, declaration.Expression, value, assignment);
                break;
            case IFieldReferenceOperation field:
                StoreMember(frame, field, field.Field, value);
                break;
            case IPropertyReferenceOperation property:
                int owner = property.Instance is null ? ValueTable.Unknown : PeekValue(frame, property.Instance);
                if (!IsAutoProperty(property.Property) && property.Property.SetMethod is { } setter) EvaluateAccessor(frame, property, setter, owner, value);
                if (!frame.IsDead && property.Arguments.Length == 0) StoreMember(frame, property, property.Property, value);
                else if (!frame.IsDead) _client.OnStore(frame, target, value);
                break;
            default:
                _client.OnStore(frame, target, value);
                break;
        }
    }

    private void StoreMember(Frame<TDomain> frame, IMemberReferenceOperation target, ISymbol member, int value)
    {
        _client.OnStore(frame, target, value);
        member = SlotOf(member);
        int receiver = target.Instance is null ? ValueTable.Unknown : PeekValue(frame, target.Instance);
        if (member is IFieldSymbol { IsVolatile: true } || (receiver == ValueTable.Unknown && !member.IsStatic)) return;
        int symbolic = _values.Member(receiver, member, VersionOf(frame, receiver, member, IsThis(target.Instance), target));
        if (symbolic != ValueTable.Unknown && value != ValueTable.Unknown) frame.Write(-symbolic, value);
    }

    /// <summary>The value of a receiver that has been evaluated already, without running its effects again.</summary>
    private int PeekValue(Frame<TDomain> frame, IOperation operation)
    {
        switch (operation)
        {
            case IInstanceReferenceOperation:
                return _values.This;
            case ILocalReferenceOperation local:
                return ReadVariable(frame, local.Local, operation);
            case IParameterReferenceOperation parameter:
                return ReadVariable(frame, parameter.Parameter, operation);
            case IFlowCaptureReferenceOperation capture:
                return frame.Read(_locations.Of(capture.Id));
            case IConversionOperation conversion:
                return PeekValue(frame, conversion.Operand);
            case IFieldReferenceOperation field:
                return PeekMember(frame, field, field.Field);
            case IPropertyReferenceOperation { Arguments.Length: 0 } property:
                return PeekMember(frame, property, property.Property);
            default:
                return ValueTable.Unknown;
        }
    }

    private int PeekMember(Frame<TDomain> frame, IMemberReferenceOperation reference, ISymbol member)
    {
        int receiver = reference.Instance is null ? ValueTable.Unknown : PeekValue(frame, reference.Instance);
        return receiver == ValueTable.Unknown && !member.IsStatic ? ValueTable.Unknown : ReadMember(frame, receiver, member, IsThis(reference.Instance), reference);
    }

    private int EvaluateElement(Frame<TDomain> frame, IArrayElementReferenceOperation element)
    {
        int array = Evaluate(frame, element.ArrayReference);
        int index = ValueTable.Unknown;
        foreach (IOperation i in element.Indices) index = EvaluateIndex(frame, i);
        return element.Indices.Length == 1 && array != ValueTable.Unknown && index != ValueTable.Unknown ? _values.Element(array, index) : NewValue(frame, element, 0);
    }

    private int EvaluateArray(Frame<TDomain> frame, IArrayCreationOperation array)
    {
        foreach (IOperation size in array.DimensionSizes) Evaluate(frame, size);
        if (array.Initializer is { } initializer)
        {
            // params arrays are made by the compiler: what is passed in them is passed to the callee, which the call has judged already.
            foreach (IOperation element in initializer.ElementValues)
            {
                int value = Evaluate(frame, element);
                _client.OnUnknownUse(frame, array, value);
            }
        }

        return NewValue(frame, array, 0, isNotNull: true);
    }

    private static bool IsThis(IOperation? instance) => instance is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance };

    private static bool IsInteger(ITypeSymbol? type) =>
        type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr or SpecialType.System_Char;

    private static bool IsZeroField(IFieldSymbol field) => field.Name == "Zero" && field.ContainingType.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    /// <summary>A property whose getter runs no code of its own: reading it is reading a field. Judged for source only; of metadata the body is unknown.</summary>
    private bool IsAutoProperty(IPropertySymbol property) =>
        !property.IsVirtual && !property.IsOverride && !property.IsAbstract
        && PartsOf(property.OriginalDefinition).FirstOrDefault()?.GetSyntax() switch
        {
            PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors } => accessors.Accessors.All(static a => a.Body is null && a.ExpressionBody is null),
            ParameterSyntax => true, // a positional record's
            _ => false,
        };
}
