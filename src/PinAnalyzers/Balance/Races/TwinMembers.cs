using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Balance.Races;

/// <summary>
/// Two members that differ in nothing but that the one steps a counter plainly and the other atomically: the type offers both, and which of them is right where, its callers know.
/// </summary>
internal static class TwinMembers
{
    public static bool LeaveItToCallers(FieldAccess step, IEnumerable<FieldAccess> field) =>
        step.Kind == AccessKind.Update && step.Member.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: not Accessibility.Private } method && IsAllOf(step)
        && field.Any(twin => twin.Kind == AccessKind.AtomicUpdate && twin.Member.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary } other && IsAllOf(twin) && IsSameShape(method, other) && IsSameStep(step, twin));

    private static bool IsSameShape(IMethodSymbol one, IMethodSymbol other) =>
        one.DeclaredAccessibility == other.DeclaredAccessibility && one.IsStatic == other.IsStatic && !one.IsGenericMethod && !other.IsGenericMethod
        && SymbolEqualityComparer.Default.Equals(one.ContainingType, other.ContainingType) && SymbolEqualityComparer.Default.Equals(one.ReturnType, other.ReturnType)
        && one.Parameters.Length == other.Parameters.Length
        && one.Parameters.Zip(other.Parameters, static (p, q) => p.RefKind == q.RefKind && SymbolEqualityComparer.Default.Equals(p.Type, q.Type)).All(static same => same);

    /// <summary>The member does this, returns at most what came of it, and does nothing else.</summary>
    private static bool IsAllOf(FieldAccess access)
    {
        IOperation value = access.Operation;
        while (value.Parent is IConversionOperation or IParenthesizedOperation) value = value.Parent;
        return value.Parent is (IReturnOperation or IExpressionStatementOperation) and { Parent: IBlockOperation { Parent: IMethodBodyOperation or null, Operations.Length: 1 } };
    }

    private static bool IsSameStep(FieldAccess step, FieldAccess twin)
    {
        if (!FieldReading.IsSameObject(step.Reference.Instance, twin.Reference.Instance) || twin.Operation is not IInvocationOperation { TargetMethod.Name: var name } call) return false;
        return step.Operation switch
        {
            IIncrementOrDecrementOperation { Kind: OperationKind.Increment } => name == "Increment",
            IIncrementOrDecrementOperation => name == "Decrement",
            ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add, Value: var amount } => name == "Add" && FieldAccess.ArgumentOf(call, 1) is { } added && IsSameAmount(amount, added),
            ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Subtract, Value: var amount } =>
                name == "Add" && FieldAccess.ArgumentOf(call, 1) is { } added && LimitSums.Unconverted(added) is IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus, Operand: var negated } && IsSameAmount(amount, negated),
            _ => false,
        };
    }

    private static bool IsSameAmount(IOperation one, IOperation other) => (LimitSums.Unconverted(one), LimitSums.Unconverted(other)) switch
    {
        (IParameterReferenceOperation p, IParameterReferenceOperation q) => p.Parameter.Ordinal == q.Parameter.Ordinal,
        ({ ConstantValue: { HasValue: true, Value: var c } }, { ConstantValue: { HasValue: true, Value: var d } }) => Equals(c, d),
        _ => false,
    };
}
