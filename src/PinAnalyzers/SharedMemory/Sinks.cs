using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Where a value selects memory: indexes, lengths, sizes and offsets.</summary>
internal static class Sinks
{
    /// <summary>Values that the operation takes for an index, a length, a size or an offset.</summary>
    public static IEnumerable<IOperation> In(IOperation operation)
    {
        switch (operation)
        {
            case IArrayElementReferenceOperation { Indices.Length: 1 } element when IsAsLargeAsItsIndex(element):
                return [];
            case IArrayElementReferenceOperation element:
                return element.Indices;
            case IArrayCreationOperation { Initializer: null } array:
                return array.DimensionSizes;
            case IPropertyReferenceOperation { Property.IsIndexer: true } indexer when indexer.Arguments.Length == 1 && indexer.Arguments[0].Value.Type.IsNumber() && !IsDictionary(indexer.Property.ContainingType):
                return [indexer.Arguments[0].Value];
            case IRangeOperation range:
                return new[] { range.LeftOperand, range.RightOperand }.OfType<IOperation>();
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract, Type.TypeKind: TypeKind.Pointer } sum:
                return new[] { sum.LeftOperand, sum.RightOperand }.Where(static operand => operand.Type?.TypeKind != TypeKind.Pointer);
            case IInvocationOperation call:
                return call.Arguments.Where(argument => argument.Parameter is { } parameter && IsSize(call.TargetMethod, parameter)).Select(static argument => argument.Value);
            case IObjectCreationOperation { Type: { } type } creation when SharedAnnotations.IsSpan(type):
                return creation.Arguments.Where(static argument => argument.Parameter is { Name: "length" or "start" }).Select(static argument => argument.Value);
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                return creation.Arguments.Where(argument => argument.Parameter is { } parameter && IsSize(constructor, parameter)).Select(static argument => argument.Value);
            // Pointers have no operations of their own: the element of one, and the stack's memory.
            case { Kind: OperationKind.None, Syntax: ElementAccessExpressionSyntax }:
                return operation.ChildOperations.Skip(1);
            case { Kind: OperationKind.None, Syntax: StackAllocArrayCreationExpressionSyntax }:
                return operation.ChildOperations;
            default:
                return [];
        }
    }

    /// <summary>A table with an entry for every value that the index's type has.</summary>
    private static bool IsAsLargeAsItsIndex(IArrayElementReferenceOperation element)
    {
        IOperation index = element.Indices[0];
        while (index is IConversionOperation { IsImplicit: true } conversion) index = conversion.Operand;
        int values = index.Type?.SpecialType switch { SpecialType.System_Byte => 256, SpecialType.System_UInt16 => 65536, _ => int.MaxValue };
        return values != int.MaxValue && element.ArrayReference is IFieldReferenceOperation { Field: { IsReadOnly: true } table }
            && table.DeclaringSyntaxReferences is { Length: 1 } declared && declared[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: ArrayCreationExpressionSyntax { Type.RankSpecifiers: { Count: > 0 } ranks } }
            && ranks[0].Sizes is { Count: 1 } sizes && sizes[0] is LiteralExpressionSyntax { Token.Value: int size } && size >= values;
    }

    private static bool IsSize(IMethodSymbol method, IParameterSymbol parameter)
    {
        if (!parameter.Type.IsNumber() || !method.DeclaringSyntaxReferences.IsEmpty || method.ContainingType is { SystemName: "Interlocked" or "Volatile" or "Math" }) return false;
        string name = parameter.Name;
        return name is "length" or "count" or "size" or "index" or "start" or "startIndex" or "offset" or "byteCount" or "elementCount" or "minimumLength" or "sizeInBytes" or "destinationSizeInBytes"
            or "sourceBytesToCopy" or "elementOffset" or "byteOffset" or "cb" or "len" or "capacity" or "byteLen" or "byteLength" || name.EndsWith("Index", StringComparison.Ordinal) || name.EndsWith("Length", StringComparison.Ordinal);
    }

    /// <summary>What looks a key up selects no memory by it.</summary>
    private static bool IsDictionary(INamedTypeSymbol type) => type.AllInterfaces.Add(type).Any(static known => known is { Name: "IDictionary" or "IReadOnlyDictionary", ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } });

    private static bool IsNumber(this ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
