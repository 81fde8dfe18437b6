using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;

namespace PinAnalyzers.SharedMemory;

/// <summary>One thing that happens in a body, in evaluation order: an access of a cell, a call, or an assignment to a variable.</summary>
internal sealed record FlowEvent(int Block, int Index, IOperation Operation, CellAccess? Access)
{
    /// <summary>The variable that is given another value.</summary>
    public ISymbol? Assigned { get; init; }

    public IMethodSymbol? Called => Operation switch
    {
        IInvocationOperation call => call.TargetMethod,
        IObjectCreationOperation creation => creation.Constructor,
        IPropertyReferenceOperation property => property.Property.GetMethod,
        _ => null,
    };
}

/// <summary>The events of a body by block, and which can follow which.</summary>
internal sealed class BodyFlow
{
    private readonly List<FlowEvent>[] _events;
    private readonly List<int>[] _successors;

    public BodyFlow(ControlFlowGraph graph, ILookup<SyntaxNode, CellAccess> accesses)
    {
        Graph = graph;
        _successors = BlockSuccessors.Of(graph);
        _events = new List<FlowEvent>[graph.Blocks.Length];
        HashSet<CellAccess> seen = [];
        foreach (BasicBlock block in graph.Blocks)
        {
            List<FlowEvent> events = _events[block.Ordinal] = [];
            foreach (IOperation operation in block.Operations) Add(operation, block.Ordinal, events, accesses, seen);
            if (block.BranchValue is { } value) Add(value, block.Ordinal, events, accesses, seen);
        }
    }

    public ControlFlowGraph Graph { get; }

    public IEnumerable<FlowEvent> All => _events.SelectMany(static events => events);

    public IReadOnlyList<FlowEvent> In(int block) => _events[block];

    public IReadOnlyList<int> SuccessorsOf(int block) => _successors[block];

    /// <summary>What may happen after an event, up to and without what stops the way.</summary>
    public IEnumerable<FlowEvent> After(FlowEvent start, Func<FlowEvent, bool> stops)
    {
        return Walk(start.Block, start.Index + 1, stops);
    }

    /// <summary>Some way leads from one access to the other; two branches of a choice do not meet.</summary>
    public bool MayFollow(CellAccess first, CellAccess second) =>
        All.FirstOrDefault(happening => happening.Access == first) is { } start && After(start, static _ => false).Any(happening => happening.Access == second);

    /// <summary>What may happen before anything that stops the way.</summary>
    public IEnumerable<FlowEvent> FromEntry(Func<FlowEvent, bool> stops) => Walk(0, 0, stops);

    /// <summary>Whether the body may end after an event without anything that stops the way.</summary>
    public bool ReachesExit(FlowEvent start, Func<FlowEvent, bool> stops)
    {
        HashSet<int> seen = [];
        Stack<(int Block, int Index)> open = new();
        open.Push((start.Block, start.Index + 1));
        while (open.Count > 0)
        {
            (int block, int index) = open.Pop();
            if (_events[block].Skip(index).Any(stops)) continue;
            if (Graph.Blocks[block].Kind == BasicBlockKind.Exit) return true;
            foreach (int next in _successors[block])
            {
                if (seen.Add(next)) open.Push((next, 0));
            }
        }

        return false;
    }

    private IEnumerable<FlowEvent> Walk(int first, int from, Func<FlowEvent, bool> stops)
    {
        HashSet<int> seen = [];
        Stack<(int Block, int Index)> open = new();
        open.Push((first, from));
        while (open.Count > 0)
        {
            (int block, int index) = open.Pop();
            List<FlowEvent> events = _events[block];
            bool isStopped = false;
            for (; index < events.Count; index++)
            {
                if (stops(events[index]))
                {
                    isStopped = true;
                    break;
                }

                yield return events[index];
            }

            if (isStopped) continue;
            foreach (int next in _successors[block])
            {
                if (seen.Add(next)) open.Push((next, 0));
            }
        }
    }

    /// <summary>The block's condition when it has one.</summary>
    public static IOperation? ConditionOf(BasicBlock block) => block.ConditionKind == ControlFlowConditionKind.None ? null : block.BranchValue;

    private static void Add(IOperation operation, int block, List<FlowEvent> events, ILookup<SyntaxNode, CellAccess> accesses, HashSet<CellAccess> seen)
    {
        // Where it is not written, it goes by the syntax of the member.
        if (operation is IInstanceReferenceOperation) return;
        foreach (IOperation child in operation.ChildOperations) Add(child, block, events, accesses, seen);
        bool isAccess = false;
        foreach (CellAccess access in accesses[operation.Syntax])
        {
            if (!seen.Add(access)) continue;
            events.Add(new FlowEvent(block, events.Count, operation, access));
            isAccess = true;
        }

        ISymbol? assigned = operation switch
        {
            IAssignmentOperation assignment => VariableOf(assignment.Target),
            IIncrementOrDecrementOperation step => VariableOf(step.Target),
            _ => null,
        };
        if (assigned is not null || (!isAccess && operation is IInvocationOperation or IObjectCreationOperation or IAwaitOperation or IPropertyReferenceOperation { Property: { IsIndexer: false, DeclaringSyntaxReferences.IsEmpty: false } }))
            events.Add(new FlowEvent(block, events.Count, operation, null) { Assigned = assigned });
    }

    private static ISymbol? VariableOf(IOperation target) => target switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        _ => null,
    };
}
