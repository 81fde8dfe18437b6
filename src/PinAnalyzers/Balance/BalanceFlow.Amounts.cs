using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>
/// PIN1006: what is given back is not what was charged. Several charges may be given back as one sum, and one in parts, so a mismatch is only noted where it
/// is met and concluded where the path ends.
/// </summary>
internal sealed partial class BalanceFlow
{
    /// <summary>Results of calls whose number may say how much there is: what was got, as against what was asked for.</summary>
    private readonly Dictionary<int, CallSite> _results = [];

    /// <summary>Charges that a loop gives back bit by bit, or takes: how many rounds there are is not provable.</summary>
    private readonly HashSet<ChargeSite> _inRounds = [];

    /// <summary>Charges of a loop that another loop may give back out of an array: those of earlier rounds, where the round in hand is given back by its own name.</summary>
    private readonly HashSet<ChargeSite> _inSlots = [];

    private void NoteResult(CallSite call, int result)
    {
        if (result > ValueTable.Zero && call.Arguments.Count > 0 && (call.Method.Name == "Rent" || Amounts.IsNumber(call.Method.ReturnType))) _results[result] = call;
    }

    /// <summary>Handles a release whose amount is not that of the charge it finds; false where nothing can be said and it is a release like any other.</summary>
    private bool SettleAmount(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec, Obligation found, int amount)
    {
        if (amount == ValueTable.Unknown || found.Amount == ValueTable.Unknown || found.Count > 1 || !Amounts.AreKept(found.Pair) || Same(frame, found.Amount, amount)) return false;
        if (SettleExactly(frame, call, found, amount)) return true;
        IOperation? charged = ArgumentAt(found.Site.Operation, found.Site.Spec.Amount), released = call.ArgumentOperations[spec.Amount.Ordinal];
        if (charged is null || released is null) return false;
        if (LoopOf(found.Site.Operation.Syntax) != LoopOf(call.Operation.Syntax))
        {
            _inRounds.Add(found.Site);
            return false;
        }

        if (!IsOther(frame, found, charged, amount, released)) return false;
        NeedsReport = true;
        MarkHandled(found, call.Operation);
        frame.Mark(call.Operation);
        frame.Domain = frame.Domain.Replace(found, found with
        {
            Status = ObligationStatus.Misreleased,
            Rest = _values.Sum(found.Amount, amount, -1) is var rest and not ValueTable.Unknown ? rest : found.Amount,
            ReleasedAt = call.Operation,
        });
        return true;
    }

    /// <summary>The amount is exactly that of another charge of the same owner, or of all of them together.</summary>
    private bool SettleExactly(Frame<BalanceState> frame, CallSite call, Obligation found, int amount)
    {
        List<Obligation> group = frame.Domain.Obligations
            .Where(o => ReferenceEquals(o.Pair, found.Pair) && Same(frame, o.Identity, found.Identity) && o.Count == 1 && o.Amount != ValueTable.Unknown
                && (o.Status == ObligationStatus.Held || IsPart(o))).ToList();
        foreach (Obligation one in group)
        {
            if (!Same(frame, amount, one.Amount) && !(IsPart(one) && Same(frame, amount, one.Rest))) continue;
            End(one);
            return true;
        }

        int total = ValueTable.Zero;
        foreach (Obligation one in group) total = _values.Sum(total, IsPart(one) ? one.Rest : one.Amount, 1);
        if (group.Count < 2 || !Same(frame, total, amount)) return false;
        group.ForEach(End);
        return true;

        void End(Obligation one)
        {
            if (one.Status == ObligationStatus.Held) MarkReleased(frame, one, call.Operation);
            else frame.Domain = frame.Domain.Remove(one);
        }
    }

    /// <summary>A further release of what was given back wrongly: it may be the rest, or the right one after all.</summary>
    private void SettleRest(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec, Obligation wrong)
    {
        int amount = spec.Amount.Place == ValuePlace.None ? ValueTable.Unknown : ValueAt(spec.Amount, call, ValueTable.Unknown, spec.Pair);
        if (IsPart(wrong) && amount != ValueTable.Unknown && SettleExactly(frame, call, wrong, amount)) return;
        int rest = IsPart(wrong) ? _values.Sum(wrong.Rest, amount, -1) : ValueTable.Unknown;
        frame.Domain = rest == ValueTable.Unknown ? frame.Domain.Remove(wrong) : frame.Domain.Replace(wrong, wrong with { Rest = rest });
    }

    /// <summary>The owner is charged again while something was given back wrongly: another charge may settle both, the same one again cannot.</summary>
    private void SettleBefore(Frame<BalanceState> frame, Obligation wrong, Obligation next)
    {
        if (!ReferenceEquals(wrong.Site, next.Site)) return;
        if (IsReporting) ReportMisrelease(wrong, frame.Trace);
        frame.Domain = frame.Domain.Remove(wrong);
    }

    private static bool IsPart(Obligation obligation) => obligation.Status == ObligationStatus.Misreleased && obligation.Rest != ValueTable.Unknown;

    /// <summary>A loop gives back what it finds in the slots of an array: it may be what another loop charged.</summary>
    private void NoteRound(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec, int identity)
    {
        if (!spec.Pair.HasToken || identity == ValueTable.Unknown || _values[identity].Kind != ValueKind.Element || LoopOf(call.Operation.Syntax) is not { } loop) return;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (ReferenceEquals(obligation.Pair, spec.Pair) && LoopOf(obligation.Site.Operation.Syntax) is { } other && other != loop) _inSlots.Add(obligation.Site);
        }
    }

    /// <summary>Whether the two amounts are certainly not one: not provable either way is silent.</summary>
    private bool IsOther(Frame<BalanceState> frame, Obligation found, IOperation charged, int amount, IOperation released)
    {
        int before = found.Amount;
        bool isPaged = found.Pair.Family == PairFamily.MemoryLock;
        LinearForm? difference = LinearForm.Add(_values.LinearOf(before), _values.LinearOf(amount), -1);
        if (difference is { Count: 0 }) return !isPaged || difference.Constant is >= PageSize or <= -PageSize;
        Fact x = frame.FactOf(before), y = frame.FactOf(amount);
        if (x.IsConstant && y.IsConstant) return x.Low != y.Low && !isPaged;
        if (Amounts.AreCompared(frame, before, amount)) return false;
        if (Amounts.VariableIn(charged) is { } variable && Amounts.VariableIn(released) is { } again && SymbolEqualityComparer.Default.Equals(variable, again)) return !Amounts.IsPassedByReference(variable, charged.Syntax);
        if (isPaged) return false;
        if (Amounts.AreOtherArithmetic(frame, before, amount)) return true;
        return IsResultOf(frame, before, amount) || IsResultOf(frame, amount, before) || Amounts.AreOtherParameters(_values, before, amount);
    }

    /// <summary>One is what a call got that was asked for the other: a rented array is as long as it likes, a count may be short.</summary>
    private bool IsResultOf(Frame<BalanceState> frame, int got, int asked)
    {
        int source = Unconverted(got);
        while (_values[source] is { Kind: ValueKind.Member, Payload: IPropertySymbol { Name: "Length" or "Memory" or "Count" } } member) source = member.A;
        if (!_results.TryGetValue(source, out CallSite? call) || (source != Unconverted(got)) != (call.Method.Name == "Rent")) return false;
        return call.Arguments.Any(a => Same(frame, Unconverted(a), Unconverted(asked))) && !Amounts.ReturnsArgument(call.Method, _context.Compilation, _context.Cancellation);
    }

    /// <summary>An amount is a <see cref="long"/> here and what is asked for an <see cref="int"/>: where that cuts something off, the two differ all the more.</summary>
    private int Unconverted(int value)
    {
        while (_values[value] is { Kind: ValueKind.Convert } conversion) value = conversion.A;
        return value;
    }

    /// <summary>What is still wrong where a path ends.</summary>
    private void ConcludeMisreleases()
    {
        foreach (BalanceExit exit in Exits)
        {
            if (exit.Kind != ExitKind.Return && exit.Thrown?.Kind != Flow.Graphs.ThrowKind.Explicit) continue;
            foreach (Obligation obligation in exit.Obligations)
            {
                if (obligation.Status == ObligationStatus.Misreleased && !obligation.Site.IsGhost) ReportMisrelease(obligation, exit.Frame.Trace);
            }
        }
    }

    private void ReportMisrelease(Obligation wrong, Trace? trace)
    {
        if (wrong.ReleasedAt is not { } at || at.Syntax is not InvocationExpressionSyntax) return;
        bool isAmount = IsPart(wrong);
        ReleaseSpec? spec = _specs[at].Releases.FirstOrDefault(r => ReferenceEquals(r.Pair, wrong.Pair));
        IEnumerable<IOperation?> sites = isAmount
            ? [ArgumentAt(wrong.Site.Operation, wrong.Site.Spec.Amount), spec is null ? null : ArgumentAt(at, spec.Amount)]
            : OwnerSites(wrong.Site, at, spec);
        Findings.Add(new BalanceFinding(isAmount ? BalanceRule.OtherAmount : BalanceRule.OtherOwner, at, wrong.Site, trace) { Releases = SitesFor(sites) });
    }

    /// <summary>What the fix edits, all of it or nothing.</summary>
    private static IReadOnlyCollection<IOperation> SitesFor(IEnumerable<IOperation?> sites) => sites.Any(static s => s is null) ? [] : sites.OfType<IOperation>().ToList();

    /// <summary><c>if (sum > 0) Uncharge(sum)</c>, or <c>if (used &lt; taken) Uncharge(taken - used)</c>, gives back all there is: where it does not run, there is nothing.</summary>
    private bool IsOfNothingLeft(BalanceExit exit, ChargeSite site)
    {
        if (!site.Pair.HasAmount) return false;
        foreach (IOperation release in ReleasesOf(site))
        {
            if (!_specs.TryGetValue(release, out var specs) || specs.Releases.FirstOrDefault(r => ReferenceEquals(r.Pair, site.Pair)) is not { } spec
                || ArgumentAt(release, spec.Amount) is not { } amount) continue;
            if (IsNoDifference(exit, amount)) return true;
            if (Amounts.VariableIn(amount) is not { } sum) continue;
            for (Trace? trace = exit.Frame.Trace; trace is not null; trace = trace.Previous)
            {
                if (trace.Kind is TraceKind.WhenTrue or TraceKind.WhenFalse && SaysNothingIsLeft(trace.Operation, sum, trace.Kind == TraceKind.WhenTrue)) return true;
            }
        }

        return false;
    }

    private static bool SaysNothingIsLeft(IOperation condition, ISymbol sum, bool holds) =>
        condition is IBinaryOperation { RightOperand.ConstantValue: { HasValue: true, Value: 0 or 0L or 0u or 0ul } } comparison
        && SymbolEqualityComparer.Default.Equals(Amounts.VariableIn(comparison.LeftOperand), sum)
        && (holds ? comparison.OperatorKind is BinaryOperatorKind.Equals or BinaryOperatorKind.LessThanOrEqual : comparison.OperatorKind is BinaryOperatorKind.NotEquals or BinaryOperatorKind.GreaterThan);

    /// <summary>The amount is a difference, and what is subtracted is known to be no less than what it is subtracted from.</summary>
    private bool IsNoDifference(BalanceExit exit, IOperation amount)
    {
        while (amount is IConversionOperation { OperatorMethod: null, Operand: var operand }) amount = operand;
        if (amount is not IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract } difference || Amounts.VariableIn(difference.LeftOperand) is not { } whole || Amounts.VariableIn(difference.RightOperand) is not { } part) return false;
        (int from, int subtracted) = (VariableValue(exit.Frame, whole), VariableValue(exit.Frame, part));
        return exit.Frame.Truth(_values.Binary(BinaryValue.Less, subtracted, from)) == false || exit.Frame.Truth(_values.Binary(BinaryValue.Equal, subtracted, from)) == true;
    }

    private static IOperation? ArgumentAt(IOperation operation, ValueSource source)
    {
        if (source.Place != ValuePlace.Argument) return null;
        var arguments = operation switch
        {
            IInvocationOperation call => call.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => default,
        };
        return arguments.IsDefault ? null : arguments.FirstOrDefault(a => a.Parameter?.Ordinal == source.Ordinal)?.Value;
    }

    /// <summary>What is locked or mapped is whole pages: less than that makes no difference.</summary>
    private const long PageSize = 4096;
}
