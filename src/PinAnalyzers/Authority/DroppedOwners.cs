using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>PIN2007: the owner is let go of, or forgotten, before what is charged to it is given back.</summary>
internal static class DroppedOwners
{
    private static readonly ImmutableHashSet<string> DropNames = ImmutableHashSet.Create(
        "Dispose", "DisposeAsync", "Close", "CloseAsync", "Release", "ReleaseRef", "ReleaseReference", "Unref", "DecRef", "DropRef", "Put", "RemoveRef", "DangerousRelease");

    public static IEnumerable<AuthorityFinding> Find(AuthorityContext context, ControlFlowGraph graph, ISymbol owner)
    {
        Origins origins = new(graph);
        List<(IOperation Operation, BasicBlock Block, ImmutableArray<ISymbol> Owner)> drops = DropsIn(context, graph, origins).ToList();
        if (drops.Count == 0) yield break;
        List<AccountingEvent> uncharges = context.Events.In(graph)
            .Concat(context.Events.ThroughHelpers(graph, receiver => drops.Any(drop => OwnerPath.AreSame(PathOf(receiver, origins), drop.Owner))))
            .Where(static e => e is { IsRelease: true, IsAccount: true, Owner: not null, Pair: not { HasToken: true } }).ToList();
        if (uncharges.Count == 0) yield break;
        Domination domination = new(graph);
        foreach (AccountingEvent uncharge in uncharges)
        {
            ImmutableArray<ISymbol> whose = PathOf(uncharge.Owner!, origins);
            foreach ((IOperation drop, BasicBlock block, ImmutableArray<ISymbol> dropped) in drops)
            {
                if (!OwnerPath.AreSame(whose, dropped) || drop == uncharge.Operation || context.Events.IsOfAccount(drop, uncharge, graph) || drop.Syntax.Span.Contains(uncharge.Operation.Syntax.Span)) continue;
                bool isBefore = block == uncharge.Block ? drop.Syntax.SpanStart < uncharge.Operation.Syntax.SpanStart : domination.Dominates(TestedIn(block, dropped, origins), uncharge.Block) && drop.Syntax.SpanStart < uncharge.Operation.Syntax.SpanStart;
                if (!isBefore || IsSetAgain(context, graph, drop, uncharge, dropped, origins) || uncharge.Counter is not null && !context.Types.IsCounter(uncharge, owner)) continue;
                yield return new AuthorityFinding(
                    Descriptors.PIN2007_OwnerMustOutliveCharge, uncharge.Owner!, ImmutableArray.Create(drop, uncharge.Owner!, uncharge.Operation), uncharge.Owner!.Syntax.ToString(), uncharge.Display);
                break;
            }
        }
    }

    /// <summary>Where it is only asked whether there is an owner, it is gone afterwards either way: <c>_owner?.Dispose()</c>, <c>using (_owner)</c>.</summary>
    private static BasicBlock TestedIn(BasicBlock drop, ImmutableArray<ISymbol> owner, Origins origins) =>
        drop.Predecessors is { Length: 1 } only && only[0].Source is { ConditionKind: not ControlFlowConditionKind.None, BranchValue: IIsNullOperation { Operand: { } asked } } test && OwnerPath.AreSame(PathOf(asked, origins), owner) ? test : drop;

    private static IEnumerable<(IOperation Operation, BasicBlock Block, ImmutableArray<ISymbol> Owner)> DropsIn(AuthorityContext context, ControlFlowGraph graph, Origins origins)
    {
        foreach ((IOperation operation, BasicBlock block) in AccountingEvents.OperationsOf(graph))
        {
            IOperation? dropped = operation switch
            {
                IInvocationOperation call when AccountingEvents.ReceiverOf(call) is { } receiver && IsDrop(context, call, receiver, graph) => receiver,
                ISimpleAssignmentOperation { Target: IMemberReferenceOperation or IParameterReferenceOperation, Value: { } value } assignment when IsNothing(value) => assignment.Target,
                IInvocationOperation { TargetMethod: { Name: "Exchange", ContainingType.SystemName: "Interlocked" }, Arguments: { Length: 2 } both } when IsNothing(both[1].Value) => both[0].Value,
                _ => null,
            };
            if (dropped is null) continue;
            ImmutableArray<ISymbol> path = PathOf(dropped, origins);
            if (!path.IsEmpty) yield return (operation, block, path);
        }
    }

    /// <summary>A local that an owner was put into keeps it although the field is emptied: only what is read again is lost.</summary>
    private static ImmutableArray<ISymbol> PathOf(IOperation owner, Origins origins) =>
        origins.Captured(owner) is ILocalReferenceOperation { Local: { } local } ? ImmutableArray.Create<ISymbol>(local) : OwnerPath.Of(origins.Captured(owner), origins);

    private static bool IsDrop(AuthorityContext context, IInvocationOperation call, IOperation receiver, ControlFlowGraph graph)
    {
        IMethodSymbol method = call.TargetMethod;
        ImmutableArray<ReleaseSpec> releases = context.Catalog.ReleasesOf(method, receiver.Type);
        if (!releases.IsEmpty) return releases.All(static r => r.Pair is { HasAmount: false, IsBuiltIn: false } or { Family: PairFamily.SafeHandle } && r.Identity.Place is ValuePlace.Receiver or ValuePlace.None);
        if (method is not { IsStatic: false } || !call.Arguments.IsEmpty || !DropNames.Contains(method.Name)) return false;

        // What it returns, and somebody looks at, may say that the owner is still there.
        bool isAsked = method.ReturnType.IsIntegral() || method.ReturnType.SpecialType == SpecialType.System_Boolean;
        return !(isAsked && call.Parent is not IExpressionStatementOperation) && !Unlocks(context, method, graph);
    }

    /// <summary>A <c>Release</c> that only ends a lock keeps the owner.</summary>
    private static bool Unlocks(AuthorityContext context, IMethodSymbol method, ControlFlowGraph caller) =>
        context.GraphOf(method, caller) is { } body && context.Events.In(body) is { IsEmpty: false } events && events.All(static e => e is { IsRelease: true, Pair.Family: PairFamily.Locks });

    private static bool IsNothing(IOperation value) => Origins.Unwrapped(value) is IDefaultValueOperation or { ConstantValue: { HasValue: true, Value: null } };

    /// <summary>Somebody else's turn: between the two, another owner is put there, or what is there is charged.</summary>
    private static bool IsSetAgain(AuthorityContext context, ControlFlowGraph graph, IOperation drop, AccountingEvent uncharge, ImmutableArray<ISymbol> path, Origins origins) => AccountingEvents.OperationsOf(graph).Any(part =>
        part.Operation.Syntax.SpanStart >= drop.Syntax.Span.End && part.Operation.Syntax.SpanStart < uncharge.Operation.Syntax.SpanStart && part.Operation switch
        {
            ISimpleAssignmentOperation assignment => !IsNothing(assignment.Value) && LeadsTo(assignment.Target, path, origins),
            IDeconstructionAssignmentOperation { Target: ITupleOperation targets } => targets.Elements.Any(target => LeadsTo(target, path, origins)),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => LeadsTo(argument.Value, path, origins),
            IInvocationOperation call => context.GraphOf(call.TargetMethod, graph) is { } callee && AccountingEvents.OperationsOf(callee).Any(inner =>
                inner.Operation is IAssignmentOperation { Target: IMemberReferenceOperation target, Value: { } value } && !IsNothing(value) && SymbolEqualityComparer.Default.Equals(target.Member.OriginalDefinition, path[path.Length - 1])),
            _ => false,
        })
        || context.Events.In(graph).Any(e => !e.IsRelease && e.IsOfSameAccount(uncharge) && e.Owner is { } charged && OwnerPath.AreSame(PathOf(charged, origins), path)
            && e.Operation.Syntax.SpanStart > drop.Syntax.SpanStart && e.Operation.Syntax.SpanStart < uncharge.Operation.Syntax.SpanStart);

    private static bool LeadsTo(IOperation target, ImmutableArray<ISymbol> path, Origins origins) =>
        PathOf(target, origins) is { IsEmpty: false } place && place.SequenceEqual(path.Take(place.Length), SymbolEqualityComparer.Default);
}
