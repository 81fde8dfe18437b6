using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Finds what a body charges and releases: calls of pairs, additions to fields and subtractions from them, and what the helpers that it calls do.</summary>
internal sealed class AccountingEvents(Compilation compilation, IPairCatalog catalog, CancellationToken cancellation)
{
    private const int MaxDepth = 3;
    private static readonly string[] LogWords = ["Log", "Console", "Debug", "Trace", "Audit", "Metric", "Write", "Warn", "Notify"];

    /// <summary>Whoever does more than that is no helper; events are compared each with each, here and by those who ask.</summary>
    private const int MaxNet = 100;
    private const int MaxEvents = 500;

    /// <summary>By depth: where methods call one another, what is still looked into depends on it.</summary>
    private readonly ConcurrentDictionary<IMethodSymbol, ImmutableArray<AccountingEvent>>[] _net = Enumerable.Range(0, MaxDepth).Select(static _ => new ConcurrentDictionary<IMethodSymbol, ImmutableArray<AccountingEvent>>(SymbolEqualityComparer.Default)).ToArray();

    /// <summary>All events of the body itself, in the order of its blocks. Counters are every field or property that is added to or subtracted from.</summary>
    public ImmutableArray<AccountingEvent> In(ControlFlowGraph graph, ISymbol? owner = null)
    {
        ImmutableArray<AccountingEvent>.Builder events = ImmutableArray.CreateBuilder<AccountingEvent>();
        Origins? origins = null;
        foreach ((IOperation operation, BasicBlock block) in OperationsOf(graph)) Add(operation, block, graph, ref origins, events);
        return events.Count == 0 && owner is IMethodSymbol method ? Opaque(graph, method) : events.ToImmutable();
    }

    /// <summary>What source methods that the body calls charge or release, each at the call; what a helper does both ways is balanced and not counted.</summary>
    /// <param name="graph">The body.</param>
    /// <param name="isOwner">Only helpers of other objects for which this holds: each helper that is not asked about costs no graph.</param>
    public IEnumerable<AccountingEvent> ThroughHelpers(ControlFlowGraph graph, Func<IOperation, bool>? isOwner = null)
    {
        foreach ((IOperation operation, BasicBlock block) in OperationsOf(graph))
        {
            if (operation is not IInvocationOperation call || (isOwner is not null && !(NotThis(ReceiverOf(call)) is { } other && isOwner(other))) || IsKnown(call.TargetMethod)) continue;
            foreach (AccountingEvent inner in NetOf(call.TargetMethod, graph, 0))
            {
                yield return inner with { Operation = call, Block = block, Through = call.TargetMethod, Owner = NotThis(ReceiverOf(call)), Amount = call.Arguments.Length == 1 ? call.Arguments[0].Value : null };
            }
        }
    }

    /// <summary>The operation is a call of a source method that itself does something to the account.</summary>
    public bool IsOfAccount(IOperation operation, AccountingEvent account, ControlFlowGraph graph) =>
        operation is IInvocationOperation call && NetOf(call.TargetMethod, graph, 0).Any(e => e.IsOfSameAccount(account));

    /// <summary>Operations of a body with their blocks; lambdas and local functions are bodies of their own.</summary>
    public static IEnumerable<(IOperation Operation, BasicBlock Block)> OperationsOf(ControlFlowGraph graph)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                foreach (IOperation part in operation.DescendantsAndSelf()) yield return (part, block);
            }

            if (block.BranchValue is not { } value) continue;
            foreach (IOperation part in value.DescendantsAndSelf()) yield return (part, block);
        }
    }

    /// <summary>What belongs to the object itself has no owner that could be recorded.</summary>
    private static IOperation? NotThis(IOperation? operation) => operation is IInstanceReferenceOperation ? null : operation;

    public static IOperation? ReceiverOf(IInvocationOperation call) => call.Instance is { } receiver ? Origins.Unwrapped(receiver) : null;

    private bool IsKnown(IMethodSymbol method) => !catalog.ReleasesOf(method).IsEmpty || !catalog.ChargesOf(method).IsEmpty;

    private ImmutableArray<AccountingEvent> NetOf(IMethodSymbol method, ControlFlowGraph caller, int depth)
    {
        IMethodSymbol definition = method.OriginalDefinition;
        if (depth >= MaxDepth || definition.DeclaringSyntaxReferences.IsEmpty || definition.IsAbstract || definition.MethodKind is not (MethodKind.Ordinary or MethodKind.LocalFunction)) return ImmutableArray<AccountingEvent>.Empty;
        if (_net[depth].TryGetValue(definition, out ImmutableArray<AccountingEvent> known)) return known;
        ControlFlowGraph? graph = definition.MethodKind == MethodKind.LocalFunction ? caller.FindLocalFunction(definition, cancellation) : BodyGraphs.Create(definition, compilation, cancellation);
        if (graph is null) return ImmutableArray<AccountingEvent>.Empty;
        ImmutableArray<AccountingEvent>.Builder all = ImmutableArray.CreateBuilder<AccountingEvent>();
        all.AddRange(In(graph).Where(static e => e.Pair is not { AnyoneMayRelease: true }));
        foreach ((IOperation operation, BasicBlock _) in OperationsOf(graph))
        {
            if (operation is IInvocationOperation call && !IsKnown(call.TargetMethod)) all.AddRange(NetOf(call.TargetMethod, graph, depth + 1));
        }

        ImmutableArray<AccountingEvent> net = all.Count > MaxEvents ? ImmutableArray<AccountingEvent>.Empty : all.Where(e => !all.Any(other => other.IsRelease != e.IsRelease && other.IsOfSameAccount(e))).ToImmutableArray();
        if (net.Length > MaxNet) net = ImmutableArray<AccountingEvent>.Empty;
        _net[depth].TryAdd(definition, net);
        return net;
    }

    /// <summary>In a method that is declared to charge or release, and of which no part does so visibly, whatever it does is that.</summary>
    private ImmutableArray<AccountingEvent> Opaque(ControlFlowGraph graph, IMethodSymbol method)
    {
        ImmutableArray<AccountingEvent>.Builder events = ImmutableArray.CreateBuilder<AccountingEvent>();
        Pair? released = catalog.ReleasesOf(method).FirstOrDefault(static r => r is { IsMove: false, Implied: false, Pair.IsBuiltIn: false })?.Pair;
        Pair? charged = catalog.ChargesOf(method).FirstOrDefault(static c => c is { IsMove: false, Pair.IsBuiltIn: false })?.Pair;
        if ((released is null) == (charged is null)) return events.ToImmutable();
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation is not IFlowCaptureOperation) AddEffect(operation, block);
            }

            if (block is { BranchValue: { } value, ConditionKind: ControlFlowConditionKind.None }) AddEffect(value, block);
        }

        return events.ToImmutable();

        void AddEffect(IOperation operation, BasicBlock block)
        {
            IOperation? effect = operation.DescendantsAndSelf().FirstOrDefault(static part => part is IInvocationOperation call && !IsLog(call.TargetMethod) || part is IAssignmentOperation { Target: not ILocalReferenceOperation } or IIncrementOrDecrementOperation { Target: not ILocalReferenceOperation });
            if (effect is not null && operation is not ISimpleAssignmentOperation { Target: ILocalReferenceOperation }) events.Add(new AccountingEvent(effect, block, released is not null, released ?? charged, null));
        }
    }

    public static bool IsLog(IMethodSymbol method) =>
        LogWords.Any(word => method.Name.IndexOf(word, StringComparison.Ordinal) >= 0 || method.ContainingType?.Name.IndexOf(word, StringComparison.Ordinal) >= 0);

    private void Add(IOperation operation, BasicBlock block, ControlFlowGraph graph, ref Origins? origins, ImmutableArray<AccountingEvent>.Builder events)
    {
        if (operation is IInvocationOperation or IAssignmentOperation or IIncrementOrDecrementOperation && CounterUpdate.Of(operation, origins ??= new Origins(graph)) is { } update)
        {
            events.Add(new AccountingEvent(operation, block, update.IsDown, null, update.Counter)
            {
                Owner = Origins.Unwrapped(update.Target) is IMemberReferenceOperation { Instance: { } instance } ? NotThis(Origins.Unwrapped(instance)) : null,
                Amount = update.Amount,
            });
        }
        else if (operation is IInvocationOperation call)
        {
            ITypeSymbol? receiver = ReceiverOf(call)?.Type;
            foreach (ChargeSpec charge in catalog.ChargesOf(call.TargetMethod, receiver))
            {
                if (!IsTracked(charge.Pair, operation)) continue;
                ValueSource owner = charge.Owner.Place == ValuePlace.None ? charge.Identity : charge.Owner;
                events.Add(new AccountingEvent(call, block, IsRelease: false, charge.Pair, null) { Owner = ValueAt(call, owner), Amount = ValueAt(call, charge.Amount), Signal = charge.Success });
            }

            foreach (ReleaseSpec release in catalog.ReleasesOf(call.TargetMethod, receiver))
            {
                if (release.Implied || release.IsMove || !IsTracked(release.Pair, operation)) continue;
                ValueSource owner = release.Owner.Place == ValuePlace.None ? release.Identity : release.Owner;
                events.Add(new AccountingEvent(call, block, IsRelease: true, release.Pair, null) { Owner = ValueAt(call, owner), Amount = ValueAt(call, release.Amount) });
            }
        }
        else if (operation is IObjectCreationOperation { Constructor: { } constructor })
        {
            foreach (ChargeSpec charge in catalog.ChargesOf(constructor))
            {
                if (IsTracked(charge.Pair, operation)) events.Add(new AccountingEvent(operation, block, IsRelease: false, charge.Pair, null));
            }
        }
    }

    private static IOperation? ValueAt(IInvocationOperation call, ValueSource source)
    {
        switch (source.Place)
        {
            case ValuePlace.Receiver:
                return NotThis(ReceiverOf(call));
            case ValuePlace.Argument:
                foreach (IArgumentOperation argument in call.Arguments)
                {
                    if (argument.Parameter?.Ordinal == source.Ordinal) return Origins.Unwrapped(argument.Value);
                }

                return null;
            default:
                return null;
        }
    }

    private bool IsTracked(Pair pair, IOperation operation) => catalog.IsTracked(pair, operation.Syntax.SyntaxTree);
}
