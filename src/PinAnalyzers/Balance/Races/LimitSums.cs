using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>Sums of a counter and what is asked for: how they are written, and what keeps them from overflowing unseen.</summary>
internal static class LimitSums
{
    public static IBinaryOperation? SumIn(IOperation operand, TypeMember member, int depth = 0) => operand switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, OperatorMethod: null, Type: { } type } sum when type.IsIntegral() => sum,
        IConversionOperation { OperatorMethod: null } conversion => SumIn(conversion.Operand, member, depth),
        IParenthesizedOperation parenthesized => SumIn(parenthesized.Operand, member, depth),
        ILocalReferenceOperation local when depth < 2 => FieldReading.ValuesOf(local.Local, member).Select(v => SumIn(v, member, depth + 1)).FirstOrDefault(static sum => sum is not null),
        _ => null,
    };

    public static IEnumerable<IOperation> AddendsOf(IOperation value) => value switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum => AddendsOf(sum.LeftOperand).Concat(AddendsOf(sum.RightOperand)),
        IConversionOperation conversion when Unconverted(conversion) is IBinaryOperation => AddendsOf(Unconverted(conversion)),
        _ => [value],
    };

    /// <summary>More than a number that is known has been refused before.</summary>
    public static bool IsBounded(IOperation addend, IBinaryOperation test, TypeMember member)
    {
        if (Unconverted(addend) is not (IParameterReferenceOperation or ILocalReferenceOperation) || Unconverted(addend) is not { } asked) return false;
        return member.Operations.Any(o => o.Syntax.SpanStart < test.Syntax.SpanStart && o switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual } greater => IsLimit(greater.LeftOperand, greater.RightOperand) && Leaves(DecidedBy(greater)),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual } less => IsLimit(less.RightOperand, less.LeftOperand) && Leaves(DecidedBy(less)),
            IInvocationOperation { TargetMethod.Name: "ThrowIfGreaterThan" or "ThrowIfGreaterThanOrEqual", Arguments.Length: > 1 } call => IsLimit(call.Arguments[0].Value, call.Arguments[1].Value),
            _ => false,
        });

        bool IsLimit(IOperation value, IOperation bound) => Constant(bound) is > 0 && FieldReading.IsSameObject(Unconverted(value), asked);
    }

    /// <summary>What comes of it when it holds, by itself or as one of several.</summary>
    private static IOperation? DecidedBy(IOperation test)
    {
        while (test.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } or IParenthesizedOperation) test = test.Parent;
        return (test.Parent as IConditionalOperation)?.WhenTrue;
    }

    /// <summary>A sum that has wrapped is less than what it was made of, and a signed one is negative.</summary>
    public static bool IsWrapTest(IBinaryOperation sum, IOperation bound) => Unconverted(bound).ConstantValue is { HasValue: true, Value: 0 or 0L }
        || FieldReading.IsSameObject(Unconverted(bound), Unconverted(sum.LeftOperand)) || FieldReading.IsSameObject(Unconverted(bound), Unconverted(sum.RightOperand));

    public static bool IsWrapTested(IBinaryOperation sum, IBinaryOperation test, TypeMember member)
    {
        foreach (IOperation operation in member.Operations)
        {
            if (operation == test || !FieldReading.IsRelational(operation) || operation is not IBinaryOperation other) continue;
            if (IsSameSum(other.LeftOperand) && IsWrapTest(sum, other.RightOperand) || IsSameSum(other.RightOperand) && IsWrapTest(sum, other.LeftOperand)) return true;
        }

        return false;

        bool IsSameSum(IOperation side) => SumIn(side, member) is { } same && same.Syntax.IsEquivalentTo(sum.Syntax, topLevel: false);
    }

    /// <summary><c>if (int.MaxValue - n &lt; used) throw …</c>: whoever comes further has a sum that fits.</summary>
    public static bool IsRefusedBefore(IBinaryOperation sum, IBinaryOperation test, TypeMember member)
    {
        return member.Operations.Any(o => o.Syntax.SpanStart < test.Syntax.SpanStart && o switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.GreaterThan or BinaryOperatorKind.GreaterThanOrEqual } greater => IsRoom(greater.RightOperand, greater.LeftOperand) && Leaves(DecidedBy(greater)),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.LessThan or BinaryOperatorKind.LessThanOrEqual } less => IsRoom(less.LeftOperand, less.RightOperand) && Leaves(DecidedBy(less)),
            _ => false,
        });

        bool IsRoom(IOperation difference, IOperation other) => Unconverted(difference) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract, RightOperand: var one }
            && (IsSame(one, sum.LeftOperand) && IsSame(other, sum.RightOperand) || IsSame(one, sum.RightOperand) && IsSame(other, sum.LeftOperand));

        static bool IsSame(IOperation left, IOperation right) => FieldReading.IsSameObject(Unconverted(left), Unconverted(right));
    }

    /// <summary><c>if (y + h &gt; bottom) bottom = y + h;</c>: the greatest of several is sought, and nothing is refused.</summary>
    public static bool IsMaximum(IBinaryOperation test)
    {
        IOperation outer = test;
        while (outer.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } or IParenthesizedOperation) outer = outer.Parent;
        return outer.Parent is IConditionalOperation { WhenTrue: { } raised } && raised.DescendantsAndSelf().Any(o => o is ISimpleAssignmentOperation set
            && (IsRaised(set, test.LeftOperand, test.RightOperand) || IsRaised(set, test.RightOperand, test.LeftOperand)));

        static bool IsRaised(ISimpleAssignmentOperation set, IOperation target, IOperation value) =>
            FieldReading.IsSameObject(set.Target, Unconverted(target)) && FieldReading.IsSameObject(Unconverted(set.Value), Unconverted(value));
    }

    public static bool Leaves(IOperation? statement) => statement is not null && statement.DescendantsAndSelf().Any(static o => o is IReturnOperation or IThrowOperation or IBranchOperation);

    public static long? Constant(IOperation operand) => operand.ConstantValue is { HasValue: true, Value: System.IConvertible value and not string } && value is not ulong ? value.ToInt64(null) : null;

    public static IOperation Unconverted(IOperation operation)
    {
        while (operation is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            operation = operation is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operation).Operand;
        return operation;
    }
}
