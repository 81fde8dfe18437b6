using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>
/// The position of a single producer: <c>at = _written; if (at + n > _capacity) return false; Copy(at, frame); Volatile.Write(ref _written, _written + n);</c>. What is stored goes where the
/// position says and is published with it, so two producers would overwrite one another whatever was checked: there is one, and the volatile write is for its readers.
/// </summary>
internal static class OwnCursors
{
    public static bool Is(FieldAccess update, IEnumerable<FieldAccess> field, FieldAccesses accesses) =>
        update.Kind == AccessKind.AtomicWrite
        && field.All(a => a.Kind is AccessKind.Read or AccessKind.AtomicRead || a.Member == update.Member || a.Member.IsConstruction || IsSetBack(a))
        && update.Member.Operations.Any(operation => operation.Syntax.Span.End <= update.Operation.Syntax.SpanStart && PlaceIn(operation) is { } place
            && place.DescendantsAndSelf().Any(part => FieldReading.Is(part, update.Reference, update.Member, accesses.Type)));

    private static bool IsSetBack(FieldAccess access) => access.Operation switch
    {
        ISimpleAssignmentOperation set => set.Value.ConstantValue.HasValue,
        IInvocationOperation call when access.Kind == AccessKind.AtomicWrite => FieldAccess.ArgumentOf(call, 1)?.ConstantValue.HasValue == true,
        _ => false,
    };

    /// <summary>Where something is stored: an index, an offset from a pointer, an argument beside the memory that is to go there.</summary>
    private static IOperation? PlaceIn(IOperation operation) => operation switch
    {
        IArrayElementReferenceOperation { Indices: { Length: 1 } indices } => indices[0],
        IPropertyReferenceOperation { Property.IsIndexer: true, Arguments: { Length: 1 } arguments } => arguments[0].Value,
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.TypeKind: TypeKind.Pointer } sum => sum.RightOperand,
        IArgumentOperation { Parameter: { RefKind: RefKind.None, Type: { } type }, Parent: IInvocationOperation call } argument when type.IsIntegral() && call.Arguments.Any(static a => IsMemory(a.Value.Type)) => argument.Value,
        _ => null,
    };

    private static bool IsMemory(ITypeSymbol? type) => type is { TypeKind: TypeKind.Array or TypeKind.Pointer } || type is INamedTypeSymbol named && Effects.IsView(named) && named.SpecialType == SpecialType.None;
}
