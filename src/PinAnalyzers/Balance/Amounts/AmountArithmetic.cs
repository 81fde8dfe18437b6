using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Balance;

/// <summary>
/// Numbers as functions of others. That two expressions differ is shown by a witness, numbers for which they do; that they are the same cannot be shown
/// this way, and is not claimed.
/// </summary>
internal static class AmountArithmetic
{
    /// <summary>Around page sizes and their multiples, where rounding shows; small enough that no product leaves the range.</summary>
    private static readonly long[] s_samples = [1, 5, 4095, 4096, 4097, 8192, 10_001, 65_536, 99_991];

    /// <summary>The values that an expression is made of. False where some part is no arithmetic, or too many meet.</summary>
    public static bool Collect(ValueTable values, int value, HashSet<int> leaves)
    {
        ValueNode node = values[value];
        switch (node.Kind)
        {
            case ValueKind.Constant:
                return node.Payload is long;
            case ValueKind.Sum:
                LinearForm form = (LinearForm)node.Payload!;
                for (int i = 0; i < form.Count; i++)
                {
                    if (!Collect(values, form[i].Key, leaves)) return false;
                }

                return true;
            case ValueKind.Binary when IsArithmetic(node):
                return Collect(values, node.A, leaves) && Collect(values, node.B, leaves);
            case ValueKind.Convert:
                return Collect(values, node.A, leaves);
            case ValueKind.Parameter or ValueKind.Member or ValueKind.Site or ValueKind.Element:
                leaves.Add(value);
                return leaves.Count <= 2;
            default:
                return false;
        }
    }

    /// <summary>Some path before tested a remainder or masked bits of one of the values: it may be a whole number of units.</summary>
    public static bool IsAligned(Frame<BalanceState> frame, HashSet<int> leaves)
    {
        for (int i = 0; i < frame.Facts.Count; i++)
        {
            if (TestsRemainder(frame.Values, frame.Facts.KeyAt(i), leaves)) return true;
        }

        return false;
    }

    public static bool Differ(ValueTable values, int left, int right, HashSet<int> leaves)
    {
        List<int> variables = leaves.OrderBy(static v => v).ToList();
        Dictionary<int, long> assignment = [];
        foreach (long sample in s_samples)
        {
            for (int i = 0; i < variables.Count; i++) assignment[variables[i]] = i == 0 ? sample : (3 * sample) + 7;
            if (Evaluate(values, left, assignment) is { } a && Evaluate(values, right, assignment) is { } b && a != b) return true;
        }

        return false;
    }

    private static bool TestsRemainder(ValueTable values, int value, HashSet<int> leaves)
    {
        ValueNode node = values[value];
        return node.Kind switch
        {
            ValueKind.Not or ValueKind.Convert => TestsRemainder(values, node.A, leaves),
            ValueKind.Binary when OperatorOf(node) is BinaryOperatorKind.Remainder or BinaryOperatorKind.And => leaves.Any(l => values.Mentions(value, l) || node.A == l || node.B == l),
            ValueKind.Binary => TestsRemainder(values, node.A, leaves) || TestsRemainder(values, node.B, leaves),
            ValueKind.Sum => ((LinearForm)node.Payload!) is var form && Enumerable.Range(0, form.Count).Any(i => TestsRemainder(values, form[i].Key, leaves)),
            _ => false,
        };
    }

    private static BinaryOperatorKind OperatorOf(ValueNode node) => node.Payload is ValueTuple<BinaryOperatorKind, bool> other ? other.Item1 : BinaryOperatorKind.None;

    private static bool IsArithmetic(ValueNode node) => OperatorOf(node)
        is BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder or BinaryOperatorKind.LeftShift or BinaryOperatorKind.RightShift or BinaryOperatorKind.And or BinaryOperatorKind.Or;

    private static long? Evaluate(ValueTable values, int value, Dictionary<int, long> assignment)
    {
        if (assignment.TryGetValue(value, out long assigned)) return assigned;
        ValueNode node = values[value];
        switch (node.Kind)
        {
            case ValueKind.Constant:
                return node.Payload as long?;
            case ValueKind.Convert:
                return Evaluate(values, node.A, assignment);
            case ValueKind.Sum:
                LinearForm form = (LinearForm)node.Payload!;
                long sum = form.Constant;
                for (int i = 0; i < form.Count; i++)
                {
                    if (Evaluate(values, form[i].Key, assignment) is not { } part) return null;
                    sum = unchecked(sum + (form[i].Value * part));
                }

                return sum;
            case ValueKind.Binary when Evaluate(values, node.A, assignment) is { } left && Evaluate(values, node.B, assignment) is { } right:
                return OperatorOf(node) switch
                {
                    BinaryOperatorKind.Multiply => unchecked(left * right),
                    BinaryOperatorKind.Divide => right == 0 ? null : left / right,
                    BinaryOperatorKind.Remainder => right == 0 ? null : left % right,
                    BinaryOperatorKind.LeftShift => left << (int)right,
                    BinaryOperatorKind.RightShift => left >> (int)right,
                    BinaryOperatorKind.And => left & right,
                    BinaryOperatorKind.Or => left | right,
                    _ => null,
                };
            default:
                return null;
        }
    }
}
