using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Balance.Plain;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

/// <summary>A charge or a release, and what decides whether it runs.</summary>
internal sealed record GuardedCall(IOperation Operation, Pair Pair, bool IsRelease, ISymbol? Owner, ImmutableHashSet<Guard> Guards, bool AsksState, TypeMember Member)
{
    /// <summary>Whoever called the member learns by its result whether this ran.</summary>
    public bool IsTold { get; init; }

    public bool IsOfSameAccount(GuardedCall other) =>
        ReferenceEquals(Pair, other.Pair) && (Owner is null || other.Owner is null || SymbolEqualityComparer.Default.Equals(Owner, other.Owner));
}

/// <summary>PIN1008: what decides the charge is not what decides the release.</summary>
internal sealed class DifferingGuards(BalanceContext context, TypeParts type, Func<ISymbol, SyntaxTree, bool> isCapability)
{
    /// <summary>Post-dominators take a bit for every two blocks.</summary>
    private const int MaxBlocks = 1000;

    public IEnumerable<(GuardedCall Release, GuardedCall Charge)> Find()
    {
        List<TypeMember> charging = type.Members.Where(m => context.Calls.MayCharge(m.Body) && !m.IsBeingTyped && context.Calls.Charges(m.Body)).ToList();

        // Without a decision before a charge there is nothing that a release could fail to repeat; most charges have none that syntax would not show.
        if (charging.All(AlwaysCharges)) yield break;
        List<GuardedCall> charges = charging.SelectMany(CallsIn).ToList();
        List<GuardedCall> releases = charges.Where(static c => c.IsRelease).ToList();
        charges.RemoveAll(static c => c.IsRelease);
        if (!charges.Any(static c => !c.Guards.IsEmpty)) yield break;
        releases.AddRange(type.Members.Where(m => !charging.Contains(m) && context.Calls.MayRelease(m.Body) && !m.IsBeingTyped).SelectMany(CallsIn).Where(static c => c.IsRelease));
        foreach (GuardedCall release in releases)
        {
            type.Cancellation.ThrowIfCancellationRequested();
            List<GuardedCall> same = charges.Where(c => c.IsOfSameAccount(release)).ToList();
            List<GuardedCall> own = same.Where(c => c.Member == release.Member).ToList();
            if ((own.Count > 0 ? InOneBody(release, own) : AcrossMembers(release, same)) is { } charge && !IsPrivilegeAlone(release, charge)) yield return (release, charge);
        }
    }

    /// <summary>Privilege skips the charge, and nothing the release: PIN2002 says so, and what to do.</summary>
    private bool IsPrivilegeAlone(GuardedCall release, GuardedCall charge) =>
        release.Guards.IsEmpty && charge.Guards.All(guard => isCapability(guard.What, charge.Operation.Syntax.SyntaxTree));

    /// <summary>The release runs although the charge before it may not have.</summary>
    private GuardedCall? InOneBody(GuardedCall release, List<GuardedCall> charges)
    {
        // A comparison or a pattern before the release may ask the same in other words.
        if (release.AsksState || charges.Any(c => c.Operation.Syntax.SpanStart > release.Operation.Syntax.SpanStart) || charges.Count != 1) return null;
        GuardedCall charge = charges[0];

        // What was charged in rounds is given back by count, and whether it was denied is told by the charge itself: both are followed by flow.
        if (LoopOf(charge.Operation) != LoopOf(release.Operation)) return null;
        ImmutableHashSet<Guard> missing = charge.Guards.Except(release.Guards);
        return IsWithin(release.Guards, charge.Guards) && !missing.Any(g => IsRecorded(g, charge, release) || IsOutcome(g, charge)) && release.Operation.Syntax.Ancestors().All(a => a is not CatchClauseSyntax) ? charge : null;
    }

    private static SyntaxNode? LoopOf(IOperation operation) => operation.Syntax.Ancestors().FirstOrDefault(static n =>
        n is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax);

    private static bool IsOutcome(Guard guard, GuardedCall charge) => charge.Operation is IInvocationOperation { TargetMethod: var method } && SymbolEqualityComparer.Default.Equals(guard.What, method.OriginalDefinition);

    private GuardedCall? AcrossMembers(GuardedCall release, List<GuardedCall> charges)
    {
        // A release that asks for what is there, or for what was written down, has evidence of its own.
        if (charges.Count == 0 || release.AsksState || IsCalledHere(release.Member) || AreComplements(charges)) return null;
        foreach (GuardedCall charge in charges)
        {
            if (release.Guards.Any(g => IsRecorded(g, charge, release)) || RecordedArguments.WrittenBeside(charge.Operation, release.Operation)) return null;

            // Who is told by a result that nothing was charged need not come back.
            if (charge.IsTold || charge.Member.Symbol is not IMethodSymbol || IsCalledHere(charge.Member)) return null;
            ImmutableHashSet<Guard> left = Deciding(charge.Guards, charge, release), right = Deciding(release.Guards, charge, release);
            bool differs = IsWithin(right, left) || !left.IsEmpty && IsWithin(left, right);
            if (!differs || left.SymmetricExcept(right).Any(static g => g.IsFromCaller) || left.IsEmpty) return null;
        }

        return charges[0];
    }

    /// <summary>Charged either way.</summary>
    private static bool AreComplements(List<GuardedCall> charges) =>
        charges.Any(c => c.Guards.Any(g => charges.Any(other => other != c && other.Guards.Contains(g with { Answer = !g.Answer }))));

    private ImmutableHashSet<Guard> Deciding(ImmutableHashSet<Guard> guards, GuardedCall charge, GuardedCall release) => guards.Where(g => !IsRecorded(g, charge, release)).ToImmutableHashSet();

    private static bool IsWithin(ImmutableHashSet<Guard> part, ImmutableHashSet<Guard> whole) => part.Count < whole.Count && part.All(whole.Contains);

    /// <summary>Written down when it was charged, or a guard against releasing twice, or one that says what is over.</summary>
    private static bool IsRecorded(Guard guard, GuardedCall charge, GuardedCall release)
    {
        if (Annotations.Has(guard.What, Annotations.RecordedDecision) || guard.What.Name.IndexOf("dispos", StringComparison.OrdinalIgnoreCase) >= 0 || guard.What.Name.IndexOf("closed", StringComparison.OrdinalIgnoreCase) >= 0) return true;
        return guard.What is IFieldSymbol or IPropertySymbol or ILocalSymbol && new[] { charge.Member, release.Member }.Any(m => m.Operations.Any(o => o switch
        {
            IAssignmentOperation { Target: IMemberReferenceOperation target } => SymbolEqualityComparer.Default.Equals(target.Member.OriginalDefinition, guard.What),
            IAssignmentOperation { Target: ILocalReferenceOperation target } => SymbolEqualityComparer.Default.Equals(target.Local, guard.What),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: IMemberReferenceOperation target } => SymbolEqualityComparer.Default.Equals(target.Member.OriginalDefinition, guard.What),
            _ => false,
        }));
    }

    /// <summary>What decides the calls of a member decides what it does; that is not followed.</summary>
    private bool IsCalledHere(TypeMember member) =>
        member.Symbol is not IMethodSymbol method || type.Members.Any(m => m != member && m.Mentions(method.AssociatedSymbol?.Name ?? method.SourceName()) && m.Operations.Any(o => o switch
        {
            IInvocationOperation call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method),
            IMethodReferenceOperation reference => SymbolEqualityComparer.Default.Equals(reference.Method.OriginalDefinition, method),
            _ => false,
        }));

    private IEnumerable<GuardedCall> CallsIn(TypeMember member)
    {
        // Most charges are tokens, locks or what anybody may release: then neither operations nor graph are needed.
        if (BodyGraphs.IsTooDeep(member.Body) || context.Calls.PairCallsIn(member.Body) is { IsDefault: false } calls && !calls.Any(IsOfAccount)) yield break;
        if (!member.Operations.Any(o => o is IInvocationOperation call && SpecsOf(call).Any())) yield break;
        if (BodyGraphs.Create(member.Body, member.Model, context.Cancellation) is not { } graph || graph.Blocks.Length > MaxBlocks) yield break;
        ControlDependence? dependence = null;
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IInvocationOperation call in block.Operations.Concat(block.BranchValue is { } value ? [value] : []).SelectMany(static o => o.DescendantsAndSelf()).OfType<IInvocationOperation>())
            {
                foreach ((Pair pair, ValueSource identity, bool isRelease) in SpecsOf(call))
                {
                    ImmutableHashSet<Guard> guards = Guard.Of(block, dependence ??= new ControlDependence(graph), member, out bool asksState);
                    yield return new GuardedCall(call, pair, isRelease, OwnerOf(call, identity), guards, asksState || ChoosesArgument(call), member) { IsTold = !isRelease && Tells(member.Symbol as IMethodSymbol, graph, block, call, asksState) };
                }
            }
        }
    }

    /// <summary><c>Uncharge(tracks ? n : 0)</c> asks where it says how much.</summary>
    private static bool ChoosesArgument(IInvocationOperation call) => call.Syntax is InvocationExpressionSyntax { ArgumentList: var list }
        && list.DescendantNodes().Any(static node => node is ConditionalExpressionSyntax or SwitchExpressionSyntax);

    /// <summary>False for a member that returns nothing, and for one that says <c>true</c> where it has charged and where, by its own decision, it has not.</summary>
    private static bool Tells(IMethodSymbol? member, ControlFlowGraph graph, BasicBlock block, IInvocationOperation charge, bool asksState)
    {
        if (member is not { ReturnsVoid: false }) return false;
        if (member.ReturnType.SpecialType != SpecialType.System_Boolean || asksState) return true;
        bool isReturned = ReferenceEquals(block.BranchValue, charge) && block.FallThroughSuccessor is { Semantics: ControlFlowBranchSemantics.Return };
        return !(isReturned || ReturnsTrue(block, avoided: null)) || !ReturnsTrue(graph.Blocks[0], avoided: block);
    }

    private static bool ReturnsTrue(BasicBlock from, BasicBlock? avoided)
    {
        HashSet<BasicBlock> seen = [from];
        Queue<BasicBlock> open = new([from]);
        while (open.Count > 0)
        {
            BasicBlock block = open.Dequeue();
            if (block.FallThroughSuccessor is { Semantics: ControlFlowBranchSemantics.Return } && block.BranchValue is { ConstantValue: { HasValue: true, Value: true } }) return true;
            foreach (ControlFlowBranch? branch in new[] { block.FallThroughSuccessor, block.ConditionalSuccessor })
            {
                if (branch?.Destination is { } next && next != avoided && seen.Add(next)) open.Enqueue(next);
            }
        }

        return false;
    }

    private IEnumerable<(Pair Pair, ValueSource Identity, bool IsRelease)> SpecsOf(IInvocationOperation call)
    {
        ITypeSymbol? receiver = StoredCharges.Unconverted(call.Instance)?.Type;
        foreach (ChargeSpec charge in context.Catalog.ChargesOf(call.TargetMethod, receiver))
        {
            if (IsAccount(charge.Pair, call.Syntax.SyntaxTree)) yield return (charge.Pair, charge.Identity, false);
        }

        foreach (ReleaseSpec release in context.Catalog.ReleasesOf(call.TargetMethod, receiver))
        {
            if (!release.Implied && !release.IsMove && IsAccount(release.Pair, call.Syntax.SyntaxTree)) yield return (release.Pair, release.Identity, true);
        }
    }

    /// <summary>Every charge of an account in the member runs whenever the member does.</summary>
    private bool AlwaysCharges(TypeMember member)
    {
        if (BodyGraphs.IsTooDeep(member.Body) || context.Calls.PairCallsIn(member.Body) is not { IsDefault: false } calls) return false;
        foreach (PairCall call in calls)
        {
            if (ChargesAccount(call) && !PlainGuards.IsAlwaysReached(call.Call, member.Body)) return false;
        }

        return true;
    }

    private bool IsOfAccount(PairCall call) => ChargesAccount(call) || call.Releases.Any(release => !release.Implied && !release.IsMove && IsAccount(release.Pair, call.Call.SyntaxTree));

    private bool ChargesAccount(PairCall call)
    {
        foreach (ChargeSpec charge in call.Charges)
        {
            if (IsAccount(charge.Pair, call.Call.SyntaxTree)) return true;
        }

        return false;
    }

    /// <summary>Known by its owner, it leaves nothing behind that a release could look at; a token does. Locks are followed by flow.</summary>
    private bool IsAccount(Pair pair, SyntaxTree tree) => !pair.HasToken && !pair.AnyoneMayRelease && pair.Family != PairFamily.Locks && context.Catalog.IsTracked(pair, tree);

    private static ISymbol? OwnerOf(IInvocationOperation call, ValueSource identity) => identity.Place switch
    {
        ValuePlace.Receiver => StoredCharges.StorageOf(call.Instance),
        ValuePlace.Argument => StoredCharges.StorageOf(StoredCharges.ArgumentAt(call, identity.Ordinal)),
        _ => null,
    };
}
