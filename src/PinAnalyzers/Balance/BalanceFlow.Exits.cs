using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>What is concluded where paths end.</summary>
internal sealed partial class BalanceFlow
{
    public override void OnExit(Frame<BalanceState> frame, ExitKind kind, ThrowInfo? thrown, IOperation? at)
    {
        if (kind == ExitKind.Return) at = ReturnOf(frame.Trace) ?? at;
        List<Frame<BalanceState>> settled = [];
        Split(frame, settled);
        foreach (Frame<BalanceState> end in settled)
            Exits.Add(new BalanceExit(kind, end.ReturnValue == ValueTable.Unknown ? Fact.Top : end.FactOf(end.ReturnValue), end.Domain.Obligations, end, thrown, at));
    }

    /// <summary>The return that began the way out; the finallys after it only pass on.</summary>
    private static IOperation? ReturnOf(Trace? trace)
    {
        while (trace is not null and not { Kind: TraceKind.Returns }) trace = trace.Previous;
        return trace?.Operation;
    }

    /// <summary>After the reporting pass: every charge that some path still holds where it ends.</summary>
    public void Conclude()
    {
        // A wait with a timeout that nobody here answers with a release waits for a signal; only what is released here was meant as a charge.
        Findings.RemoveAll(f => f.Rule == BalanceRule.ResultDropped && f.Site.Pair.AnyoneMayRelease && !_unmatched.Any(u => ReferenceEquals(u.Pair, f.Site.Pair)));
        foreach (ChargeSite site in _sites.Values.OrderBy(static s => s.Number))
        {
            if (!site.IsGhost) Conclude(site);
        }

        ConcludeMisreleases();
        CompleteEvidence();
        DropSignsOfNothing();
    }

    private void Conclude(ChargeSite site)
    {
        List<BalanceExit> held = [];
        List<BalanceExit> others = [];
        foreach (BalanceExit exit in Exits)
        {
            ObligationStatus? status = StatusOf(exit, site);
            if (status == ObligationStatus.Held && (IsOfNothing(exit, site) || IsOfNothingLeft(exit, site))) continue;
            if (status == ObligationStatus.Held) held.Add(exit);
            else if (exit.Kind == ExitKind.Return) others.Add(exit);
        }

        held.RemoveAll(exit => IsDisclaimed(exit, site) || IsOfDisposed(exit, site) || IsOfFoundPermit(exit, site));
        if (held.Count > 0 && IsReleasedInRounds(site)) held.RemoveAll(exit => !LeavesItsLoop(exit, site));
        if (held.Count == 0 || (!_releases.ContainsKey(site) && SingleInstances.IsTakenFor(site)) || _keptAsObjects.Contains(site) || !OwesHere(site, held) || IsSignal(site, held) || IsTakenBack(site)) return;
        List<BalanceExit> normal = held.Where(static e => e.Kind == ExitKind.Return).ToList();
        if (normal.Count > 0 && !IsLocalReceiver(site) && IsTryCharge(site, normal, others)) return;
        if (normal.Count == 0 && others.All(e => StatusOf(e, site) == ObligationStatus.Returned || !Passed(e, site)) && !IsReleasedSomewhere(site)) return;

        bool isPool = site.Pair.Loss == LossKind.Performance;
        BalanceExit? lost = normal.FirstOrDefault() ?? (isPool ? null : held.FirstOrDefault(e => ThrownFor(site, e)?.Kind == ThrowKind.Explicit));
        if (lost is not null)
        {
            Findings.Add(new BalanceFinding(BalanceRule.Lost, site.Operation, site, lost.Frame.Trace) { End = lost.At, Thrown = lost.Thrown, Releases = ReleasesOf(site), Evidence = EvidenceOf(site, lost.At, normal, held, others) });
            return;
        }

        if (isPool || !_releases.ContainsKey(site)) return;
        BalanceExit? worst = null;
        ThrowInfo? thrown = null;
        foreach (BalanceExit exit in held)
        {
            // Waiting again while it is held, as for a signal in a loop: that the second wait may fail says nothing about the first.
            if (ThrownFor(site, exit) is not { } own || own.Operation.Syntax.Span.Contains(site.Operation.Syntax.Span)) continue;
            if (thrown is not null && !ReferenceEquals(ThrowInfo.Strongest(thrown, own), own)) continue;
            worst = exit;
            thrown = own;
        }

        if (worst is null) return;
        Findings.Add(new BalanceFinding(BalanceRule.LostOnException, site.Operation, site, worst.Frame.Trace) { End = thrown!.Operation, Thrown = thrown, Releases = ReleasesOf(site), Evidence = EvidenceOf(site, thrown.Operation, normal, held, others) });
    }

    /// <summary>
    /// What ended the path for this charge. A handler around the charge that wraps what it caught, and throws that, does not know whether it is held: it only goes on with what was thrown while it was.
    /// One that stands behind the charge knows.
    /// </summary>
    private static ThrowInfo? ThrownFor(ChargeSite site, BalanceExit exit)
    {
        ThrowInfo? thrown = exit.Thrown;
        while (thrown is { Kind: ThrowKind.Explicit, Cause: { } cause } && thrown.Operation.Syntax.FirstAncestorOrSelf<CatchClauseSyntax>(c => c.Parent is TryStatementSyntax around && around.Block.Span.Contains(site.Operation.Syntax.Span)) is not null) thrown = cause;
        return thrown;
    }

    private static ObligationStatus? StatusOf(BalanceExit exit, ChargeSite site)
    {
        ObligationStatus? status = null;
        foreach (Obligation obligation in exit.Obligations)
        {
            if (ReferenceEquals(obligation.Site, site) && obligation.Status != ObligationStatus.HandedOut && (status is null || obligation.Status == ObligationStatus.Held)) status = obligation.Status;
        }

        return status;
    }

    /// <summary>Charged in one loop and given back in another: that the rounds are as many is not provable, nor is the contrary.</summary>
    private bool IsReleasedInRounds(ChargeSite site) => _inRounds.Contains(site) || (_inSlots.Contains(site) && _releases.ContainsKey(site)) || LoopOf(site.Operation.Syntax) is not null
        && ReleasesOf(site).Any(r => LoopOf(r.Syntax) is { } loop && !loop.Span.Contains(site.Operation.Syntax.Span));

    /// <summary>What stands behind the loop gives back all that the loop took; a way out from within, which does not come there, gives back nothing.</summary>
    private bool LeavesItsLoop(BalanceExit exit, ChargeSite site) => (exit.Kind == ExitKind.Return || exit.Thrown?.Kind == ThrowKind.Explicit)
        && exit.At is { } at && LoopOf(site.Operation.Syntax) is { } loop && loop.Span.Contains(at.Syntax.Span) && ReleasesOf(site).All(static release => LoopOf(release.Syntax) is null);

    private static StatementSyntax? LoopOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<StatementSyntax>(static s => s is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax);

    /// <summary>Whether the path that ends here went through the charge at all.</summary>
    private static bool Passed(BalanceExit exit, ChargeSite site) => StatusOf(exit, site) is not null;

    private bool GaveBack(BalanceExit exit, ChargeSite site)
    {
        for (Trace? trace = exit.Frame.Trace; trace is not null; trace = trace.Previous)
        {
            if (trace.Kind == TraceKind.Mark && ReleasesOf(site).Contains(trace.Operation)) return true;
        }

        return false;
    }

    /// <summary>
    /// A token must be given back or handed on by the body that took it. What is known by its owner may be given back by the caller, unless this body gives
    /// it back on another path, or the owner is a local that nobody else will see.
    /// </summary>
    private bool OwesHere(ChargeSite site, List<BalanceExit> held)
    {
        if (site.Pair.HasToken || _releases.ContainsKey(site)) return true;

        // A local semaphore that is only waited for is a signal; whoever got it in a lambda gives it.
        if (site.Pair.AnyoneMayRelease) return false;
        Obligation obligation = held[0].Obligations.First(o => ReferenceEquals(o.Site, site));
        return _values[obligation.Identity] is { Kind: ValueKind.Site } && IsLocalReceiver(site);
    }

    private bool IsSignal(ChargeSite site, List<BalanceExit> held)
    {
        if (!site.Pair.AnyoneMayRelease) return false;
        Obligation obligation = held[0].Obligations.First(o => ReferenceEquals(o.Site, site));
        return _unmatched.Contains((site.Pair, _values.Canonical(obligation.Identity))) || RaisedSemaphores.Contain(site.Operation.Syntax, _owner.ContainingType, _context.Cancellation);
    }

    /// <summary>
    /// A lock that is held when the body begins, or by the <c>lock</c> statement around, is given up for a while and taken again: in a loop the next round gives up what the last one took,
    /// and what is held in the end is what was held before.
    /// </summary>
    private bool IsTakenBack(ChargeSite site)
    {
        if (site.Pair.HasToken || site.Spec.Amount.Place != ValuePlace.None || !_releases.TryGetValue(site, out HashSet<IOperation>? releases) || !releases.IsSubsetOf(_givenUp)) return false;
        Domination domination = new(_graph);
        BasicBlock? charging = BlockOf(site.Operation);
        return charging is not null && releases.Any(release => BlockOf(release) is { } block
            && (block == charging ? release.Syntax.SpanStart < site.Operation.Syntax.SpanStart : domination.Dominates(block, charging)));
    }

    private BasicBlock? BlockOf(IOperation operation)
    {
        IOperation root = operation;
        while (root.Parent is { } parent) root = parent;
        return _graph.Blocks.FirstOrDefault(block => block.Operations.Contains(root) || block.BranchValue == root);
    }

    private bool IsLocalReceiver(ChargeSite site)
    {
        IOperation? receiver = site.Operation switch
        {
            IInvocationOperation { Instance: { } instance } => instance,
            _ => null,
        };
        while (receiver is IConversionOperation conversion) receiver = conversion.Operand;
        if (receiver is not ILocalReferenceOperation { Local: var local }) return false;

        // Only what this body made itself and kept to itself: a local that was looked up belongs to whoever keeps it.
        return local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is VariableDeclaratorSyntax
        {
            Initializer.Value: BaseObjectCreationExpressionSyntax,
        } && _graph.OriginalOperation.Descendants().All(o => o is not ILocalReferenceOperation reference
            || !SymbolEqualityComparer.Default.Equals(reference.Local, local) || reference.Parent is IInvocationOperation or IPropertyReferenceOperation);
    }

    /// <summary>
    /// A body that holds the charge exactly where it returns success, or where it wrote a member that says so, and gave it back elsewhere, is itself a try-charge.
    /// </summary>
    private bool IsTryCharge(ChargeSite site, List<BalanceExit> held, List<BalanceExit> others)
    {
        if (site.Pair.HasToken) return false;

        // Held wherever the method returns, and given back only where it fails: the caller got it.
        if (others.Count == 0 || ReleasesOf(site).All(static r => r.Syntax.FirstAncestorOrSelf<CatchClauseSyntax>() is not null)) return true;
        // What succeeds without a charge, since there was nothing to charge for, does not speak against it.
        List<BalanceExit> decided = others.Where(e => Passed(e, site) || GaveBack(e, site)).ToList();
        if (decided.Count > 0) others = decided;
        // Whoever charged and returned has it still, and it is given back only before a throw.
        else if (_releases.ContainsKey(site) && ReleasesOf(site).All(static r => IsBeforeThrow(r.Syntax))) return true;
        if (_owner is IMethodSymbol { ReturnsVoid: false } method && (IsToldByResult(method, held, others) || ReturnsAnswerOfItsOwn(method, site, held, others))) return true;
        return held.All(h => others.All(o => RecordsCharge(h, o) || HoldsOneOrTheOther(h, o)));
    }

    private static bool IsBeforeThrow(SyntaxNode release) => release.Ancestors().TakeWhile(static n => n is not (MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(static n => n is BlockSyntax { Statements: { Count: > 0 } statements } && statements.Last() is ThrowStatementSyntax);

    /// <summary>The result is success by one of the conventions, or an element of the tuple that it is.</summary>
    private static bool IsToldByResult(IMethodSymbol method, List<BalanceExit> held, List<BalanceExit> others)
    {
        return Separates(method.ReturnType, static exit => exit.Returned)
            || (method.AwaitedReturnType() is INamedTypeSymbol { IsTupleType: true, TupleElements: var elements } && elements.Any(element => Separates(element.Type, exit => ElementOf(exit, element))));

        bool Separates(ITypeSymbol type, Func<BalanceExit, Fact> told) => Signals.Separating(type, held.Select(told).ToList(), others.Select(told).ToList()) is not null;
    }

    /// <summary>What is known of an element of the tuple that is returned.</summary>
    private static Fact ElementOf(BalanceExit exit, IFieldSymbol element)
    {
        Frame<BalanceState> frame = exit.Frame;
        if (frame.ReturnValue == ValueTable.Unknown) return Fact.Top;
        int value = frame.Read(-frame.Values.Member(frame.ReturnValue, (element.CorrespondingTupleField ?? element).OriginalDefinition, frame.Read(frame.Locations.VersionOf(frame.ReturnValue))));
        return value == ValueTable.Unknown ? Fact.Top : frame.FactOf(value);
    }

    /// <summary>
    /// A lock type's own Enter may leave one lock held or another, as its arguments say: something is held either way, and the caller knows what. Where one way
    /// ends with nothing, a parameter that decides so decides a leak.
    /// </summary>
    private bool HoldsOneOrTheOther(BalanceExit held, BalanceExit other) =>
        other.Obligations.Any(static o => o.Status == ObligationStatus.Held) && CallerTellsApart(held, other);

    /// <summary>What the caller passed, or gets back through a reference, differs between the two ways out. What is returned has been judged already: holding on failure is a leak.</summary>
    private bool CallerTellsApart(BalanceExit left, BalanceExit right)
    {
        foreach (IParameterSymbol parameter in (_owner as IMethodSymbol)?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty)
        {
            if (!FactLattice.Instance.TryMeet(left.Frame.FactOf(VariableValue(left.Frame, parameter)), right.Frame.FactOf(VariableValue(right.Frame, parameter)), out _)) return true;
        }

        return false;
    }

    /// <summary>A member was written on this path with a value that the path without the charge does not leave there.</summary>
    private static bool RecordsCharge(BalanceExit exit, BalanceExit other)
    {
        for (int i = 0; i < exit.Frame.Environment.Count; i++)
        {
            int key = exit.Frame.Environment.KeyAt(i);
            bool outlives = key < 0 ? !IsOfTuple(exit.Frame.Values, -key) : exit.Frame.Locations.KeyOf(key) is IParameterSymbol { RefKind: RefKind.Ref or RefKind.Out };
            int value = exit.Frame.Environment.ValueAt(i);
            if (!outlives || (other.Frame.Read(key) == value && FactLattice.Instance.TryMeet(other.Frame.FactOf(value), exit.Frame.FactOf(value), out _))) continue;
            if (key < 0 || exit.Frame.FactOf(value).NotZero) return true;
        }

        return false;
    }

    /// <summary>A tuple that is written out here keeps nothing: what is returned in it is judged as a result.</summary>
    private static bool IsOfTuple(ValueTable values, int member) =>
        values[member] is { Kind: ValueKind.Member, A: var tuple, Payload: IFieldSymbol { ContainingType.SystemName: "ValueTuple" } } && values[tuple].Kind == ValueKind.Site;
}
