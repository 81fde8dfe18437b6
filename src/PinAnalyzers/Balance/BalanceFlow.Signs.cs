using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1017: an amount that is negative, or may be, because it was negated or is a result that nobody tested for an error.</summary>
internal sealed partial class BalanceFlow
{
    public override void OnOperation(Frame<BalanceState> frame, IOperation operation, int value)
    {
        if (value > ValueTable.Zero && !frame.Domain.IsEmpty && !frame.IsDead && operation.Type?.SpecialType == SpecialType.System_Boolean) NoteQuestion(frame, value);

        // The amount of `counter += amount`. Counters are signed on purpose (a subtraction is an addition of the negated), so only an error code is wrong there.
        if (value > ValueTable.Zero && operation.Parent is ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract, Target: IFieldReferenceOperation target } compound
            && ReferenceEquals(compound.Value, operation) && _context.Catalog.TryGetCounter(target.Field, out CounterSpec? counter))
            JudgeErrorCode(frame, operation, value, compound, counter.Pair);
    }

    /// <summary>Results that a method of this source got which throws, or answers yes or no: it is where errors are looked at.</summary>
    private readonly HashSet<int> _tested = [];

    private void NoteTested(CallSite call)
    {
        if (_results.Count == 0 || call.Arguments.Count == 0 || !_context.Summaries.HasBody(call.Method)) return;

        // A charge that throws when it is denied has asked whether there is room.
        if (!ChargesOf(call).IsEmpty || !ReleasesOf(call).IsEmpty) return;
        foreach (int argument in call.Arguments)
        {
            if (_results.ContainsKey(argument) && (call.Method.ReturnType.SpecialType == SpecialType.System_Boolean || _context.Throwing.Throws(call.Method))) _tested.Add(argument);
        }
    }

    /// <summary>Releases of a negative amount, and whether nothing had been charged on the way there.</summary>
    private readonly HashSet<(IOperation Release, bool IsOfNothing)> _signs = [];

    /// <summary>
    /// Behind <c>while (n > 0 &amp;&amp; !TryCharge(n)) n /= 2; if (n == 0) return;</c> the amount is negative only if it was from the beginning, and then nothing was charged: that is no
    /// mistake of the release, which gives back what was charged on the other ways there.
    /// </summary>
    private void DropSignsOfNothing() => Findings.RemoveAll(finding => finding.Rule == BalanceRule.NegativeAmount && _signs.Contains((finding.Site.Operation, true)) && !_signs.Contains((finding.Site.Operation, false))
        && _releases.Values.Any(releases => releases.Contains(finding.Site.Operation)));

    /// <summary>The amount of an interlocked addition to a counter.</summary>
    private void JudgeInterlocked(Frame<BalanceState> frame, CallSite call)
    {
        if (call.Method is not { Name: "Add" or "ExchangeAdd", ContainingType.SystemName: "Interlocked" } || call.Arguments.Count != 2) return;
        if (call.ArgumentOperations[0] is IFieldReferenceOperation target && _context.Catalog.TryGetCounter(target.Field, out CounterSpec? counter) && call.ArgumentOperations[1] is { } amount)
            JudgeErrorCode(frame, amount, call.Arguments[1], call.Operation, counter.Pair);
    }

    /// <summary>Says whether the amount is certainly or nearly certainly negative: then nothing more is to be said about it.</summary>
    private bool JudgeSign(Frame<BalanceState> frame, CallSite call, Pair pair, ValueSource source)
    {
        if (source.Place != ValuePlace.Argument || source.Ordinal >= call.Arguments.Count || call.ArgumentOperations[source.Ordinal] is not { } argument) return false;
        int amount = call.Arguments[source.Ordinal];
        if (amount <= ValueTable.Zero || !_context.Catalog.IsTracked(pair, call.Operation.Syntax.SyntaxTree)) return false;
        Fact fact = frame.FactOf(amount);
        if (fact.High < 0 || IsNegativeDifference(frame, amount)) ReportSign(frame, argument, call.Operation, pair, "it is negative");
        else if (fact.Low < 0 && IsNegated(amount)) ReportSign(frame, argument, call.Operation, pair, "it is negated, and nothing says that it was negative before");
        else
        {
            JudgeErrorCode(frame, argument, amount, call.Operation, pair);
            return false;
        }

        return true;
    }

    private void JudgeErrorCode(Frame<BalanceState> frame, IOperation argument, int amount, IOperation at, Pair pair)
    {
        if (_tested.Contains(amount) || !_results.TryGetValue(amount, out CallSite? source) || ErrorCodes.Of(source, ChargesOf(source)) is not { } convention) return;
        Fact fact = frame.FactOf(amount);
        if (fact.Low >= 0 || convention != ErrorConvention.Negative && fact.NotMinusOne || IsKnownEqual(frame, amount)) return;
        ReportSign(frame, argument, at, pair, $"it is what '{source.Method.Name}' returned, and nobody has tested that for an error");
    }

    private bool IsNegated(int amount) => _values[amount] is { Kind: ValueKind.Sum, Payload: LinearForm { Count: 1, Constant: <= 0 } form } && form[0].Value < 0;

    /// <summary>What is subtracted is known to be the larger one here: <c>if (got &lt; asked) Charge(got - asked)</c>.</summary>
    private bool IsNegativeDifference(Frame<BalanceState> frame, int amount)
    {
        if (_values[amount] is not { Kind: ValueKind.Sum, Payload: LinearForm { Count: 2, Constant: <= 0 } form }) return false;
        (int Key, long Value) first = (form[0].Key, form[0].Value), second = (form[1].Key, form[1].Value);
        if (first.Value + second.Value != 0 || first.Value is not (1 or -1)) return false;
        (int from, int taken) = first.Value > 0 ? (first.Key, second.Key) : (second.Key, first.Key);
        for (int i = 0; i < frame.Facts.Count; i++)
        {
            if (_values[frame.Facts.KeyAt(i)] is not { Kind: ValueKind.Binary } node) continue;
            Fact fact = frame.Facts.ValueAt(i);
            bool isLess = node.Age == (int)BinaryValue.Less && node.A == from && node.B == taken && fact.NotZero;
            bool isNotMore = node.Age == (int)BinaryValue.LessOrEqual && node.A == taken && node.B == from && fact.IsZero;
            if (isLess || isNotMore) return true;
        }

        return false;
    }

    /// <summary>The path goes on only where the result is exactly what was expected.</summary>
    private bool IsKnownEqual(Frame<BalanceState> frame, int amount)
    {
        for (int i = 0; i < frame.Facts.Count; i++)
        {
            if (_values[frame.Facts.KeyAt(i)] is { Kind: ValueKind.Binary, Age: (int)BinaryValue.Equal } node && (node.A == amount || node.B == amount) && frame.Facts.ValueAt(i).NotZero) return true;
        }

        return false;
    }

    private void ReportSign(Frame<BalanceState> frame, IOperation argument, IOperation at, Pair pair, string why)
    {
        NeedsReport = true;
        if (!IsReporting) return;
        Findings.Add(new BalanceFinding(BalanceRule.NegativeAmount, argument, new ChargeSite(at, new ChargeSpec(pair), -1, isGhost: true), frame.Trace) { Detail = why });
    }
}
