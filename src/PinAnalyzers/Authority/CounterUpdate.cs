using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>An addition to a field or property, or a subtraction from one, however it is written.</summary>
/// <param name="Counter">The field or property; for an element of an array or dictionary, what holds it.</param>
/// <param name="IsDown">It subtracts.</param>
/// <param name="Target">The counter as it is named there.</param>
/// <param name="Amount">How much; null for one.</param>
internal sealed record CounterUpdate(ISymbol Counter, bool IsDown, IOperation Target, IOperation? Amount)
{
    public static CounterUpdate? Of(IOperation operation, Origins origins)
    {
        switch (operation)
        {
            case IInvocationOperation { TargetMethod: { ContainingType.SystemName: "Interlocked" } method, Arguments: { IsEmpty: false } arguments }:
                IOperation target = origins.Single(arguments[0].Value);
                return (method.Name, arguments.Length) switch
                {
                    ("Increment", _) => Make(target, isDown: false, null),
                    ("Decrement", _) => Make(target, isDown: true, null),
                    ("Add", 2) => Make(target, IsNegative(arguments[1].Value, origins), arguments[1].Value),
                    ("CompareExchange", 3) => OfSum(target, arguments[1].Value, origins, mustName: false),
                    _ => null,
                };
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } compound:
                return Make(origins.Single(compound.Target), compound.OperatorKind == BinaryOperatorKind.Subtract != IsNegative(compound.Value, origins), compound.Value);
            case IIncrementOrDecrementOperation step:
                return Make(origins.Single(step.Target), step.Kind == OperationKind.Decrement, null);
            case ISimpleAssignmentOperation assignment:
                return OfSum(origins.Single(assignment.Target), assignment.Value, origins, mustName: true);
            default:
                return null;
        }
    }

    private static CounterUpdate? Make(IOperation target, bool isDown, IOperation? amount) =>
        CounterIn(target) is { } counter ? new CounterUpdate(counter, isDown, target, amount) : null;

    /// <param name="target">What is written.</param>
    /// <param name="value">What is written there.</param>
    /// <param name="origins">Where locals come from: the sum is often made before it is compared with the limit.</param>
    /// <param name="mustName">The sum must name the counter itself, as opposed to a value of it that was read before.</param>
    private static CounterUpdate? OfSum(IOperation target, IOperation value, Origins origins, bool mustName)
    {
        if (CounterIn(target) is not { } counter || SumIn(value, origins) is not { } sum) return null;
        bool isLeft = IsRead(sum.LeftOperand), isRight = IsRead(sum.RightOperand);
        if (mustName && !isLeft && !isRight) return null;
        IOperation amount = isRight && !isLeft ? sum.LeftOperand : sum.RightOperand;
        return new CounterUpdate(counter, sum.OperatorKind == BinaryOperatorKind.Subtract != IsNegative(amount, origins), target, amount);

        bool IsRead(IOperation operand) => SymbolEqualityComparer.Default.Equals(CounterIn(origins.Single(operand)), counter);
    }

    /// <summary>A local may be made from itself: deeper than this, nobody writes a sum.</summary>
    private const int MaxDepth = 4;

    private static IBinaryOperation? SumIn(IOperation value, Origins origins, int depth = 0) => depth > MaxDepth ? null : origins.Single(value) switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } sum => sum,
        // Clamped at zero, as releases that distrust themselves are.
        IInvocationOperation { TargetMethod: { Name: "Max" or "Min", ContainingType.SystemName: "Math" }, Arguments: { Length: 2 } both } => SumIn(both[0].Value, origins, depth + 1) ?? SumIn(both[1].Value, origins, depth + 1),
        _ => null,
    };

    public static ISymbol? CounterIn(IOperation target)
    {
        IOperation place = Origins.Unwrapped(target);
        ISymbol? member = place switch
        {
            IFieldReferenceOperation field => field.Field,
            IPropertyReferenceOperation { Property.IsIndexer: false } property => property.Property,
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list } => HolderIn(list),
            IArrayElementReferenceOperation { ArrayReference: { } array } => HolderIn(array),
            _ => null,
        };
        return place.Type is { } type && (type.IsIntegral() || type.SpecialType == SpecialType.System_Decimal) ? member?.OriginalDefinition : null;
    }

    private static ISymbol? HolderIn(IOperation operation) => Origins.Unwrapped(operation) switch
    {
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation { Property.IsIndexer: false } property => property.Property,
        _ => null,
    };

    /// <summary>Where a value has several sources, one that is negative says what the others, which may be zero, are for.</summary>
    private static bool IsNegative(IOperation value, Origins origins, int depth = 0)
    {
        if (depth > MaxDepth) return false;
        foreach ((IOperation source, BasicBlock? _) in origins.Of(value))
        {
            if (IsNegativeSource(source, origins, depth)) return true;
        }

        return false;
    }

    private static bool IsNegativeSource(IOperation value, Origins origins, int depth) => value switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } minus => !IsNegative(minus.Operand, origins, depth + 1),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Multiply } product => IsNegative(product.LeftOperand, origins, depth + 1) != IsNegative(product.RightOperand, origins, depth + 1),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract, LeftOperand.ConstantValue: { HasValue: true, Value: 0 or 0L } } => true,
        { ConstantValue: { HasValue: true, Value: < 0 or < 0L } } => true,
        _ => false,
    };
}
