using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;

namespace PinAnalyzers.Balance;

/// <summary>What fixes ask of the states, collected once they have converged.</summary>
internal sealed partial class BalanceFlow
{
    private readonly HashSet<IOperation> _droppedWhileOwing = [];

    /// <summary>Second releases inside a callee, which does more than that: the call cannot just go.</summary>
    private readonly HashSet<IOperation> _releasedByCallee = [];

    /// <summary>Whether some path hands the charge on, and which ends lose it besides the one that is reported.</summary>
    private FixEvidence EvidenceOf(ChargeSite site, IOperation? end, List<BalanceExit> normal, List<BalanceExit> held, List<BalanceExit> others)
    {
        List<BalanceExit> kept = site.Pair.HasToken || IsLocalReceiver(site) ? [] : normal.Where(e => IsTryCharge(site, [e], others)).ToList();
        bool isHandedOn = kept.Count > 0 || _handedOver.Contains(site) || others.Any(e => StatusOf(e, site) == ObligationStatus.Returned);
        List<BalanceExit> lost = normal.Except(kept).Concat(held.Where(static e => e.Thrown?.Kind == ThrowKind.Explicit)).ToList();
        List<IOperation> ends = lost.Select(static e => e.At).OfType<IOperation>().Distinct().OrderBy(static o => o.Syntax.SpanStart).ToList();
        HashSet<IOperation> lostAt = [.. ends];
        bool isCertain = end is not null && lostAt.Contains(end) && lost.All(static e => e.At is not null)
            && Exits.All(e => e.At is null || !lostAt.Contains(e.At) || StatusOf(e, site) == ObligationStatus.Held);
        bool isRollback = lost.Any(e => e.Obligations.Any(o => o.Status == ObligationStatus.Failed && !o.Site.IsGhost && o.Site.Number > site.Number));
        return new FixEvidence(isCertain, isHandedOn, isRollback, ends.Where(e => !ReferenceEquals(e, end)).ToList());
    }

    private void NoteWhatElseIsHeld(Frame<BalanceState> frame, Obligation dropped)
    {
        if (IsReporting && frame.Domain.Obligations.Any(o => !ReferenceEquals(o, dropped) && o.Status is not (ObligationStatus.Released or ObligationStatus.Failed)))
            _droppedWhileOwing.Add(dropped.Site.Operation);
    }

    /// <summary>Findings at operations that other paths reach too are told apart from those that are all there is to the operation.</summary>
    private void CompleteEvidence()
    {
        for (int i = 0; i < Findings.Count; i++)
        {
            BalanceFinding finding = Findings[i];
            bool? isCertain = finding.Rule switch
            {
                BalanceRule.ReleasedTwice => !_releasedByCallee.Contains(finding.At) && !_releases.Values.Any(r => r.Contains(finding.At)),
                BalanceRule.ReleasedUncharged => !_releases.Any(r => !ReferenceEquals(r.Key, finding.Site) && r.Value.Contains(finding.At)),
                BalanceRule.ResultDropped => !_droppedWhileOwing.Contains(finding.At),
                _ => null,
            };
            if (isCertain is { } certain) Findings[i] = finding with { Evidence = finding.Evidence with { IsCertain = certain } };
        }
    }
}
