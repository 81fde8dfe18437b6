using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>Whether an expression is the value of a field: read plainly or volatilely, through a property that only returns it, or from a local it was read into.</summary>
internal static class FieldReading
{
    public static bool Is(IOperation? value, IFieldReferenceOperation field, TypeMember member, TypeParts type, int depth = 0)
    {
        switch (value)
        {
            case IFieldReferenceOperation other:
                return SymbolEqualityComparer.Default.Equals(other.Field.OriginalDefinition, field.Field.OriginalDefinition) && IsSameObject(other.Instance, field.Instance);
            case IConversionOperation conversion:
                return Is(conversion.Operand, field, member, type, depth);
            case IParenthesizedOperation parenthesized:
                return Is(parenthesized.Operand, field, member, type, depth);
            case IInvocationOperation { TargetMethod: { Name: "Read" or "CompareExchange" or "Add", ContainingType.SystemName: "Volatile" or "Interlocked" } } call:
                return call.Arguments.Length > 0 && Is(call.Arguments[0].Value, field, member, type, depth);
            case IPropertyReferenceOperation { Property: { IsIndexer: false } property } reference when depth < 2:
                return property.GetMethod is { DeclaringSyntaxReferences.IsEmpty: false } getter && IsSameObject(reference.Instance, field.Instance) && Returned(getter, type) is { } returned
                    && returned.DescendantsAndSelf().OfType<IFieldReferenceOperation>().FirstOrDefault() is { } inner
                    && SymbolEqualityComparer.Default.Equals(inner.Field.OriginalDefinition, field.Field.OriginalDefinition) && Is(returned, inner, member, type, depth + 1);
            case ILocalReferenceOperation local when depth < 2:
                return ValuesOf(local.Local, member).Any(assigned => Is(assigned, field, member, type, depth + 1));
            default:
                return false;
        }
    }

    /// <summary>All values that a body gives to a local.</summary>
    public static IEnumerable<IOperation> ValuesOf(ILocalSymbol local, TypeMember member)
    {
        foreach (IOperation operation in member.Operations)
        {
            if (operation is IVariableDeclaratorOperation declarator && SymbolEqualityComparer.Default.Equals(declarator.Symbol, local) && declarator.GetVariableInitializer() is { Value: { } initial }) yield return initial;
            else if (operation is ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment && SymbolEqualityComparer.Default.Equals(target.Local, local)) yield return assignment.Value;
        }
    }

    public static bool IsSameObject(IOperation? left, IOperation? right)
    {
        if (left is null || right is null) return left is null && right is null;
        if (left is IInstanceReferenceOperation && right is IInstanceReferenceOperation) return true;
        return left.Syntax.IsEquivalentTo(right.Syntax, topLevel: false);
    }

    public static bool IsRelational(IOperation operation) =>
        operation is IBinaryOperation { OperatorMethod: null, OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual or BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual };

    private static IOperation? Returned(IMethodSymbol getter, TypeParts type)
    {
        foreach (TypeMember member in type.Members)
        {
            if (!SymbolEqualityComparer.Default.Equals(member.Symbol, getter.OriginalDefinition)) continue;
            List<IReturnOperation> returns = member.Operations.OfType<IReturnOperation>().ToList();
            return returns.Count == 1 ? returns[0].ReturnedValue : null;
        }

        return null;
    }
}
