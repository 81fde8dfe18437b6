using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.SharedMemory;

/// <summary>What may be so of a fetched value at a point of a body.</summary>
internal enum FetchFact
{
    /// <summary>The variable holds it, or something computed from it.</summary>
    Holds,

    /// <summary>The variable holds it, and nothing has bounded it.</summary>
    Unchecked,

    /// <summary>It was fetched on the way here.</summary>
    Fetched,

    /// <summary>A condition on the way here was about it.</summary>
    Tested,

    /// <summary>The variable holds the outcome of a comparison of it with a bound of our own.</summary>
    Decides,
}

/// <summary>
/// Follows values fetched from shared cells through the variables of a body: a forward analysis of what may hold, joined by union, so a check counts only
/// where every way has made it.
/// </summary>
internal sealed partial class FetchFlow
{
    private const int MaxRounds = 40;

    private readonly BodyFlow _flow;
    private readonly Dictionary<IOperation, FlowEvent> _events;
    private readonly ImmutableHashSet<(FetchFact, object?, CellAccess)>?[] _entries;
    private readonly HashSet<CellAccess> _everTested = [];
    private ImmutableHashSet<(FetchFact Fact, object? Variable, CellAccess Fetch)> _state = ImmutableHashSet<(FetchFact, object?, CellAccess)>.Empty;
    private Action<IOperation>? _visit;

    public FetchFlow(SharedBody body, BodyFlow flow)
    {
        _flow = flow;
        _events = flow.All.Where(happening => happening.Access is null || body.IsShared(happening.Access) || body.IsBesideControlCell(happening.Access)).GroupBy(static happening => happening.Operation).ToDictionary(static group => group.Key, static group => group.First());
        _entries = new ImmutableHashSet<(FetchFact, object?, CellAccess)>?[flow.Graph.Blocks.Length];
        if (_events.Values.Any(static happening => happening.Access is { IsRead: true })) Solve();
    }

    /// <summary>Follows values that a body is given instead of what it fetches: its parameters, each held by the symbol that the access is rooted in.</summary>
    public FetchFlow(BodyFlow flow, IEnumerable<CellAccess> given)
    {
        _flow = flow;
        _events = flow.All.GroupBy(static happening => happening.Operation).ToDictionary(static group => group.Key, static group => group.First());
        _entries = new ImmutableHashSet<(FetchFact, object?, CellAccess)>?[flow.Graph.Blocks.Length];
        foreach (CellAccess value in given) _state = _state.Add((FetchFact.Holds, value.Place.Root, value)).Add((FetchFact.Unchecked, value.Place.Root, value));
        Solve();
    }

    /// <summary>Fetches that some condition is about.</summary>
    public IReadOnlyCollection<CellAccess> EverTested => _everTested;

    /// <summary>A fetch at the point that is being visited: told before it takes effect.</summary>
    public Action<CellAccess>? OnFetch { get; set; }

    /// <summary>A condition about a fetch, with the fetches that it is compared with.</summary>
    public Action<CellAccess, ImmutableHashSet<CellAccess>>? OnTest { get; set; }

    /// <summary>Walks the solved body once more; the questions below answer for the operation that is being visited.</summary>
    public void Visit(Action<IOperation> visit)
    {
        _visit = visit;
        foreach (BasicBlock block in _flow.Graph.Blocks)
        {
            if (_entries[block.Ordinal] is not { } entry) continue;
            _state = entry;
            Run(block);
        }

        _visit = null;
    }

    public bool Is(FetchFact fact, CellAccess fetch) => _state.Contains((fact, null, fetch));

    public IEnumerable<CellAccess> With(FetchFact fact) => _state.Where(entry => entry.Fact == fact).Select(static entry => entry.Fetch);

    public IEnumerable<(object Variable, CellAccess Fetch)> Held => _state.Where(static entry => entry.Fact == FetchFact.Holds).Select(static entry => (entry.Variable!, entry.Fetch));

    /// <summary>The fetches that a value is made from; with <paramref name="fact"/> Unchecked those that nothing has bounded.</summary>
    public ImmutableHashSet<CellAccess> SourcesOf(IOperation? value, FetchFact fact)
    {
        ImmutableHashSet<CellAccess>.Builder sources = ImmutableHashSet.CreateBuilder<CellAccess>();
        Collect(value, fact, sources);
        return sources.ToImmutable();
    }

    private void Solve()
    {
        Queue<int> open = new();
        _entries[0] = _state;
        open.Enqueue(0);
        int budget = MaxRounds * _entries.Length;
        while (open.Count > 0 && budget-- > 0)
        {
            int ordinal = open.Dequeue();
            _state = _entries[ordinal]!;
            BasicBlock block = _flow.Graph.Blocks[ordinal];
            Run(block);
            ImmutableHashSet<(FetchFact, object?, CellAccess)> end = _state;
            foreach (int next in _flow.SuccessorsOf(ordinal))
            {
                _state = end;
                Narrow(block, next);
                ImmutableHashSet<(FetchFact, object?, CellAccess)> joined = _entries[next] is { } old ? old.Union(_state) : _state;
                if (_entries[next] is { } known && joined.Count == known.Count) continue;
                _entries[next] = joined;
                open.Enqueue(next);
            }
        }
    }

    private void Run(BasicBlock block)
    {
        foreach (IOperation operation in block.Operations) Step(operation);
        if (block.BranchValue is not { } value) return;
        Step(value);
        if (block.ConditionKind != ControlFlowConditionKind.None) Test(value);
    }

    private void Step(IOperation operation)
    {
        foreach (IOperation child in operation.ChildOperations) Step(child);
        _visit?.Invoke(operation);
        if (_events.TryGetValue(operation, out FlowEvent? happening)) Apply(happening);
        switch (operation)
        {
            case IFlowCaptureOperation capture:
                Assign(capture.Id, capture.Value);
                break;
            case ISimpleAssignmentOperation assignment when VariableOf(assignment.Target) is { } variable:
                Assign(variable, assignment.Value);
                break;
            case IDeconstructionAssignmentOperation { Target: var targets, Value: var values }:
                TakeApart(targets, values);
                break;
            case IIsPatternOperation pattern:
                foreach (ISymbol named in NamedBy(pattern.Pattern)) Assign(named, pattern.Value);
                break;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Remainder } mask when VariableOf(mask.Target) is { } masked && SourcesOf(mask.Value, FetchFact.Holds).IsEmpty:
                _state = _state.Except(_state.Where(entry => entry.Fact == FetchFact.Unchecked && IsSame(entry.Variable, masked)));
                break;
            case IInvocationOperation call:
                foreach (IArgumentOperation argument in call.Arguments)
                {
                    if (IsCheck(call.TargetMethod, argument.Parameter)) Bound(SourcesOf(argument.Value, FetchFact.Unchecked));
                }

                // Whoever gets the variable by reference may have given it another value.
                foreach (IArgumentOperation argument in call.Arguments)
                {
                    if (argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out } && VariableOf(argument.Value) is { } handed) _state = _state.Except(_state.Where(entry => IsSame(entry.Variable, handed)));
                }

                break;
        }
    }

    private void Apply(FlowEvent happening)
    {
        if (Fences.Waits(happening)) Forget(static _ => true);
        if (happening.Assigned is { } changed) Forget(fetch => fetch.Place.Indexes.Contains(changed, SymbolEqualityComparer.Default));
        if (happening.Access is not { } access) return;
        if (access.IsWrite) Forget(fetch => fetch.Place.IsSameCell(access.Place));
        if (access.Kind is not (AccessKind.PlainRead or AccessKind.VolatileRead)) return;
        if (_visit is not null) OnFetch?.Invoke(access);
        _state = _state.Add((FetchFact.Fetched, null, access));
    }

    private void Forget(Func<CellAccess, bool> which) =>
        _state = _state.Except(_state.Where(entry => entry.Fact is FetchFact.Fetched or FetchFact.Tested && which(entry.Fetch)));

    private void Assign(object variable, IOperation value)
    {
        ImmutableHashSet<CellAccess> held = SourcesOf(value, FetchFact.Holds), unbounded = SourcesOf(value, FetchFact.Unchecked), decided = Decided(value);
        _state = _state.Except(_state.Where(entry => IsSame(entry.Variable, variable)));
        foreach (CellAccess fetch in held) _state = _state.Add((FetchFact.Holds, variable, fetch));
        foreach (CellAccess fetch in unbounded) _state = _state.Add((FetchFact.Unchecked, variable, fetch));
        foreach (CellAccess fetch in decided) _state = _state.Add((FetchFact.Decides, variable, fetch));
    }

    private static bool IsSame(object? holder, object variable) => variable is ISymbol symbol ? SymbolEqualityComparer.Default.Equals(holder as ISymbol, symbol) : variable.Equals(holder);

    private static object? VariableOf(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        _ => null,
    };
}
