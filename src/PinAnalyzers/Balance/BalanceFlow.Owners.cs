using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>PIN1007: given back to somebody else than was charged: another account, another pool, another allocator, another mode of the lock.</summary>
internal sealed partial class BalanceFlow
{
    /// <summary>A token goes back to the pool or owner it came from.</summary>
    private void JudgeOwner(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec, Obligation obligation)
    {
        if (spec.Owner.Place == ValuePlace.None || obligation.Owner == ValueTable.Unknown) return;
        int owner = ValueAt(spec.Owner, call, ValueTable.Unknown, spec.Pair);
        if (owner == ValueTable.Unknown || Same(frame, owner, obligation.Owner) || !AreOtherOwners(obligation.Owner, owner)) return;
        ReportPlace(BalanceRule.OtherOwner, frame, call, obligation, OwnerSites(obligation.Site, call.Operation, spec));
    }

    private bool AreOtherOwners(int left, int right) => (_made.Contains(left) && (_made.Contains(right) || Owners.IsSharedPool(_values, right)))
        || (_made.Contains(right) && Owners.IsSharedPool(_values, left)) || Owners.AreOther(_values, _context.Compilation, left, right);

    private void ReportPlace(BalanceRule rule, Frame<BalanceState> frame, CallSite call, Obligation obligation, IEnumerable<IOperation?> sites)
    {
        NeedsReport = true;
        if (!IsReporting || obligation.Site.IsGhost || call.Operation.Syntax is not InvocationExpressionSyntax) return;
        Findings.Add(new BalanceFinding(rule, call.Operation, obligation.Site, frame.Trace) { Releases = SitesFor(sites) });
    }

    /// <summary>Where the charge and the release say whose it is.</summary>
    private static IEnumerable<IOperation?> OwnerSites(ChargeSite site, IOperation release, ReleaseSpec? spec) =>
        [OperationAt(site.Operation, site.Spec.Owner.Place == ValuePlace.None ? site.Spec.Identity : site.Spec.Owner), spec is null ? null : OperationAt(release, spec.Owner.Place == ValuePlace.None ? spec.Identity : spec.Owner)];

    private static IOperation? OperationAt(IOperation operation, ValueSource source) => source.Place == ValuePlace.Receiver ? (operation as IInvocationOperation)?.Instance : ArgumentAt(operation, source);

    /// <summary>
    /// What is known by its owner is given back under another owner's name while nothing of that owner is held here. Where a charge moves from one owner to the
    /// next that is how it is done, so what looks like a move is left alone.
    /// </summary>
    private void ReleaseToOther(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec, int identity)
    {
        if (spec.Pair.HasToken || spec.Pair.AnyoneMayRelease || spec.Implied || spec.IsMove || identity <= ValueTable.Zero || call.Operation.Syntax is not InvocationExpressionSyntax) return;
        int amount = spec.Amount.Place == ValuePlace.None ? ValueTable.Unknown : ValueAt(spec.Amount, call, ValueTable.Unknown, spec.Pair);
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (!ReferenceEquals(obligation.Pair, spec.Pair) || obligation.Status != ObligationStatus.Held || obligation.Count > 1 || obligation.Site.IsGhost) continue;
            if (amount != obligation.Amount && !Same(frame, amount, obligation.Amount)) continue;
            if (!AreOtherOwners(obligation.Identity, identity) || Owners.IsReplaced(call.Operation, obligation.Site.Operation)) continue;
            // A charge moves when all went well; what the finally of its try gives back was to be given back to whom it was charged, whatever the two are called.
            if (!IsInFinallyAfter(call.Operation, obligation.Site.Operation) && (!spec.Pair.HasAmount || Owners.LooksLikeMove(_values, _owner, obligation, identity, call.Operation))) continue;
            NeedsReport = true;
            frame.Mark(call.Operation);
            frame.Domain = frame.Domain.Replace(obligation, obligation with { Status = ObligationStatus.Misreleased, Rest = ValueTable.Unknown, ReleasedAt = call.Operation });
            return;
        }
    }

    /// <summary>The release stands in the finally of a try that the charge stands right before, or in: the two were meant for one another.</summary>
    private static bool IsInFinallyAfter(IOperation release, IOperation charge)
    {
        if (FinallyAroundSelf(release.Syntax) is not { Parent: TryStatementSyntax whole }) return false;
        if (whole.Block.Span.Contains(charge.Syntax.Span)) return true;
        if (whole.Parent is not BlockSyntax block) return false;
        int index = block.Statements.IndexOf(whole);
        return index > 0 && block.Statements[index - 1].Span.Contains(charge.Syntax.Span);
    }

    private static FinallyClauseSyntax? FinallyAroundSelf(SyntaxNode node) => node.Ancestors().TakeWhile(static a => a is not MemberDeclarationSyntax).OfType<FinallyClauseSyntax>().FirstOrDefault();

    /// <summary>The call gives back charges of this pair, too: what it does in another's name is not all it does.</summary>
    private bool EndsBy(CallSite call, Pair pair) => ReleasesOf(call).Any(r => ReferenceEquals(r.Pair, pair));

    /// <summary>A token of one allocator freed by another, a lock left in a mode in which it was not entered.</summary>
    private void JudgeFamily(Frame<BalanceState> frame, CallSite call, ReleaseSpec spec, Obligation obligation)
    {
        if (obligation.Status != ObligationStatus.Held || obligation.Site.IsGhost || spec.Implied || obligation.Site.Spec.IsMove && !spec.Pair.IsBuiltIn) return;
        bool isConfused = obligation.Pair.ConfusionGroup is { } group && group == spec.Pair.ConfusionGroup
            || obligation.Pair.HasToken && spec.Pair.HasToken && !(obligation.Pair.IsBuiltIn && spec.Pair.IsBuiltIn);
        if (!isConfused || Find(frame, spec.Pair, obligation.Identity) is not null || MayReallyRelease(call, obligation)) return;

        // Leaving the upgradeable mode with the read lock held is how that lock is downgraded.
        if (!obligation.Pair.HasToken && (_releases.ContainsKey(obligation.Site) || spec.Pair.Key.Contains("upgradeable"))) return;
        ReportPlace(BalanceRule.OtherFamily, frame, call, obligation, [OperationAt(call.Operation, spec.Identity)]);
    }

    /// <summary>A release of our own may be made of the right one.</summary>
    private bool MayReallyRelease(CallSite call, Obligation obligation)
    {
        if (!_context.Summaries.MayRelease(call.Method)) return false;
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            if (_values.Canonical(call.Arguments[i]) != _values.Canonical(obligation.Identity)) continue;
            return _context.Summaries.EffectOn(call.Method, obligation.Pair, PlaceKey.OfParameter(call.Method.Parameters[i].OriginalDefinition), _graph, _scope) != CalleeEffect.Uses;
        }

        return true;
    }
}
