using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>
/// Follows charges through one body. The parts: this file holds the state changes, <c>.Calls</c> what a call is, <c>.Charges</c> and <c>.Releases</c> what it does, <c>.Answers</c> and <c>.OwnAnswers</c> what it says, <c>.Questions</c> how it is asked,
/// <c>.Callees</c> what a source method does that is called, <c>.Escapes</c> where a charge goes when it leaves the body's hands, <c>.Chosen</c> and <c>.Tuples</c> where it may go or stays, <c>.Exits</c> what is concluded where paths end.
/// </summary>
internal sealed partial class BalanceFlow : FlowClient<BalanceState>
{
    private readonly BalanceContext _context;
    private readonly ControlFlowGraph _graph;
    private readonly ISymbol _owner;
    private readonly ValueTable _values;
    private readonly SummaryScope _scope;
    private readonly Dictionary<(IOperation Operation, ChargeSpec Spec), ChargeSite> _sites = [];
    private readonly Dictionary<IOperation, (IMethodSymbol Method, ImmutableArray<ChargeSpec> Charges, ImmutableArray<ReleaseSpec> Releases)> _specs = [];
    private readonly Dictionary<ChargeSite, HashSet<IOperation>> _releases = [];
    private readonly HashSet<ChargeSite> _handedOver = [];

    /// <summary>What is given back on some normal path that did not take it: where whoever likes may release, that is a signal and no debt.</summary>
    private readonly HashSet<(Pair Pair, int Identity)> _unmatched = [];

    /// <summary>The releases that did so: what they gave back was had when the body began.</summary>
    private readonly HashSet<IOperation> _givenUp = [];

    public BalanceFlow(BalanceContext context, ControlFlowGraph graph, ISymbol owner, ValueTable values, SummaryScope scope)
    {
        _context = context;
        _graph = graph;
        _owner = owner;
        _values = values;
        _scope = scope;
    }

    /// <summary>What was found; filled while reporting.</summary>
    public List<BalanceFinding> Findings { get; } = [];

    /// <summary>Solving met something that may be a finding.</summary>
    public bool NeedsReport { get; private set; }

    /// <summary>Solving met a way back to the caller with a charge that is held, or that the caller has now.</summary>
    public bool MayHandOut { get; private set; }

    /// <summary>The states in which paths leave the body; filled while reporting.</summary>
    public List<BalanceExit> Exits { get; } = [];

    /// <summary>Every charge that the body takes.</summary>
    public IReadOnlyCollection<ChargeSite> Sites => _sites.Values;

    /// <summary>Charges that some path gives back, or hands to an object that will.</summary>
    public bool IsReleasedSomewhere(ChargeSite site) => _releases.ContainsKey(site) || _handedOver.Contains(site);

    /// <summary>True when the charge went where the body can no longer see it, on some path.</summary>
    public bool IsHandedOver(ChargeSite site) => _handedOver.Contains(site);

    public ChargeSite SiteOf(IOperation operation, ChargeSpec spec, bool isGhost = false)
    {
        if (_sites.TryGetValue((operation, spec), out ChargeSite? site)) return site;
        site = new ChargeSite(operation, spec, _sites.Count, isGhost);
        _sites.Add((operation, spec), site);
        return site;
    }

    public override bool MattersAtExit(Frame<BalanceState> frame) => frame.Domain.IsOwing;

    public override void Split(Frame<BalanceState> frame, List<Frame<BalanceState>> into)
    {
        Obligation? open = null;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Status == ObligationStatus.Conditional)
            {
                open = obligation;
                break;
            }
        }

        if (open is null)
        {
            into.Add(frame);
            return;
        }

        Frame<BalanceState> no = frame.Copy();
        if (Resolve(frame, open, holds: true)) Split(frame, into);
        if (Resolve(no, open, holds: false)) Split(no, into);
    }

    private bool Resolve(Frame<BalanceState> frame, Obligation open, bool holds)
    {
        SignalZones zones = ZonesOf(open);
        if (!frame.Restrict(open.Signal, holds ? zones.Taken : zones.Denied) || !Answer(frame, open, holds)) return false;
        if (holds && open.Result is { } returned && !frame.Restrict(returned.Value, returned.WhenTaken)) return false;

        // Nobody asks for less than nothing: what has been denied, and is made smaller to try again, is no negative amount.
        if (!holds && frame.FactOf(open.Amount) is { Low: < 0, High: >= 0 } && !frame.Restrict(open.Amount, Fact.NonNegative)) return false;
        if (!holds && open.WhenTrue == ObligationStatus.HandedOut) frame.Domain = frame.Domain.Remove(open);
        else Settle(frame, open, holds ? open.WhenTrue : open.WhenFalse);
        return true;
    }

    private void Settle(Frame<BalanceState> frame, Obligation obligation, ObligationStatus status)
    {
        frame.Domain = frame.Domain.Replace(obligation, obligation with { Status = status, Signal = MayBeAsked(obligation, status) ? obligation.Signal : ValueTable.Unknown, Asked = ValueTable.Unknown });
        if (!obligation.Pair.HasToken || obligation.Identity == ValueTable.Unknown) return;

        // A token that was not given is null or zero; one that was given is not.
        if (status is ObligationStatus.Held or ObligationStatus.HandedOut) frame.Restrict(obligation.Identity, Fact.NonZero);
        else if (status == ObligationStatus.Failed && obligation.SignalKind is not (SuccessSignal.NotMinusOne or SuccessSignal.NonNegative)) frame.Restrict(obligation.Identity, Fact.Zero);
    }

    /// <summary>The charge leaves this body's hands on this path: nothing more is owed here.</summary>
    private void Discharge(Frame<BalanceState> frame, Obligation obligation)
    {
        _handedOver.Add(obligation.Site);
        frame.Domain = frame.Domain.Remove(obligation);
    }

    private void MarkReleased(Frame<BalanceState> frame, Obligation obligation, IOperation at)
    {
        if (!_releases.TryGetValue(obligation.Site, out HashSet<IOperation>? releases)) _releases.Add(obligation.Site, releases = []);
        releases.Add(at);
        frame.Mark(at);

        // A lock may be taken again at once, and what it was before is not known: without a token only the finally around this release could be one too many.
        frame.Domain = obligation.Pair.HasToken || (!obligation.Pair.AnyoneMayRelease && IsInTryWithFinally(at))
            ? frame.Domain.Replace(obligation, obligation with { Status = ObligationStatus.Released, ReleasedAt = at, Count = 1, Signal = ValueTable.Unknown })
            : frame.Domain.Remove(obligation);
    }

    private static bool IsInTryWithFinally(IOperation at) => FinallyAround(at.Syntax) is not null;

    private static FinallyClauseSyntax? FinallyAround(SyntaxNode node)
    {
        for (SyntaxNode? n = node; n is not null and not MemberDeclarationSyntax; n = n.Parent)
        {
            if (n is BlockSyntax { Parent: TryStatementSyntax { Finally: { } last } whole } && n != last.Block) return last;
        }

        return null;
    }

    /// <summary>A second release of what has no token is certain only where it stands in the finally around the first.</summary>
    private static bool IsSecond(Obligation released, IOperation at) =>
        released.Pair.HasToken || (released.ReleasedAt is { } first && FinallyAround(first.Syntax) is { } last && last.Span.Contains(at.Syntax.Span));

    private bool Same(Frame<BalanceState> frame, int left, int right)
    {
        if (left == ValueTable.Unknown || right == ValueTable.Unknown) return false;
        int a = _values.Canonical(left), b = _values.Canonical(right);
        if (a == b) return true;
        if (frame.Domain.IsEmpty) return false;
        return frame.Truth(_values.Binary(BinaryValue.Equal, a, b)) == true && a > ValueTable.Zero && b > ValueTable.Zero;
    }

    private Obligation? Find(Frame<BalanceState> frame, Pair pair, int identity)
    {
        Obligation? found = null;
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (!ReferenceEquals(obligation.Pair, pair) || !Same(frame, obligation.Identity, identity)) continue;

            // What is held comes before what is left of earlier charges of the same thing.
            // Of several held it is the one taken last: what is left of an earlier one has its own reason.
            if (found is null || obligation.Status < found.Status || (obligation.Status == found.Status && IsLater(obligation.Site, found.Site))) found = obligation;
        }

        return found;
    }

    private static bool IsLater(ChargeSite left, ChargeSite right) => left.Operation.Syntax.SpanStart > right.Operation.Syntax.SpanStart;

    private void Report(BalanceRule rule, Frame<BalanceState> frame, IOperation at, Obligation obligation, IOperation? other = null)
    {
        NeedsReport = true;
        if (!IsReporting || obligation.Site.IsGhost && rule is not BalanceRule.ReleasedTwice) return;
        Findings.Add(new BalanceFinding(rule, at, obligation.Site, frame.Trace) { Other = other, Releases = ReleasesOf(obligation.Site) });
    }

    private IReadOnlyCollection<IOperation> ReleasesOf(ChargeSite site) => _releases.TryGetValue(site, out HashSet<IOperation>? releases) ? releases : [];
}

/// <summary>One way out of a body, before it is joined with others.</summary>
internal sealed record BalanceExit(ExitKind Kind, Fact Returned, ImmutableArray<Obligation> Obligations, Frame<BalanceState> Frame, ThrowInfo? Thrown, IOperation? At);
