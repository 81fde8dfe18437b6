using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>One way out of a block that tests something.</summary>
public readonly record struct BranchEdge(BasicBlock Block, bool IsConditional)
{
    public ControlFlowBranch? Branch => IsConditional ? Block.ConditionalSuccessor : Block.FallThroughSuccessor;
}

/// <summary>
/// Which branches decide whether a block runs: those of which one way leads to it for certain and the other does not. Ways that end in a throw do not
/// count: after them nothing is left to be decided.
/// </summary>
public sealed class ControlDependence
{
    private readonly ControlFlowGraph _graph;
    private readonly List<int>[] _successors;
    private readonly bool[]?[] _postDominators;
    private readonly Dictionary<int, ImmutableArray<BranchEdge>> _decisions = [];

    public ControlDependence(ControlFlowGraph graph)
    {
        _graph = graph;
        _successors = BlockSuccessors.Of(graph);
        _postDominators = new bool[graph.Blocks.Length][];
        SolvePostDominators();
    }

    /// <summary>Edges that lead to the block where the other edge of their block need not; directly, or through the branches that decide those.</summary>
    public ImmutableArray<BranchEdge> DecidersOf(BasicBlock block)
    {
        ImmutableArray<BranchEdge>.Builder all = ImmutableArray.CreateBuilder<BranchEdge>();
        HashSet<int> seen = [block.Ordinal];
        Queue<int> open = new();
        open.Enqueue(block.Ordinal);
        while (open.Count > 0)
        {
            foreach (BranchEdge edge in DirectDecidersOf(open.Dequeue()))
            {
                all.Add(edge);
                if (seen.Add(edge.Block.Ordinal)) open.Enqueue(edge.Block.Ordinal);
            }
        }

        return all.ToImmutable();
    }

    private ImmutableArray<BranchEdge> DirectDecidersOf(int target)
    {
        if (_decisions.TryGetValue(target, out ImmutableArray<BranchEdge> known)) return known;
        ImmutableArray<BranchEdge>.Builder edges = ImmutableArray.CreateBuilder<BranchEdge>();
        foreach (BasicBlock block in _graph.Blocks)
        {
            if (block.ConditionKind == ControlFlowConditionKind.None || block.Ordinal != target && IsPostDominatedBy(block.Ordinal, target)) continue;
            foreach (bool isConditional in new[] { true, false })
            {
                BranchEdge edge = new(block, isConditional);
                if (FirstTarget(edge.Branch) is { } first && IsPostDominatedBy(first, target)) edges.Add(edge);
            }
        }

        // A branch of which both ways lead to the block decides nothing about it; only a loop's own test can get here so.
        return _decisions[target] = edges.ToImmutable();
    }

    private bool IsPostDominatedBy(int block, int target) => _postDominators[block] is { } set && set[target];

    private void SolvePostDominators()
    {
        int exit = _graph.Blocks.Length - 1;
        List<int> order = ReachExitFirst(exit);
        bool[] only = new bool[_graph.Blocks.Length];
        only[exit] = true;
        _postDominators[exit] = only;
        bool isChanged = true;
        while (isChanged)
        {
            isChanged = false;
            foreach (int block in order)
            {
                if (block == exit) continue;
                bool[]? meet = null;
                foreach (int next in _successors[block])
                {
                    if (_postDominators[next] is not { } set) continue;
                    if (meet is null) meet = (bool[])set.Clone();
                    else for (int i = 0; i < meet.Length; i++) meet[i] &= set[i];
                }

                if (meet is null) continue;
                meet[block] = true;
                if (_postDominators[block] is { } old && AreEqual(old, meet)) continue;
                _postDominators[block] = meet;
                isChanged = true;
            }
        }
    }

    private static bool AreEqual(bool[] left, bool[] right)
    {
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i]) return false;
        }

        return true;
    }

    /// <summary>Blocks from which the exit can be reached, nearest to it first; the others (they end in a throw) are in no order.</summary>
    private List<int> ReachExitFirst(int exit)
    {
        List<int>[] predecessors = new List<int>[_successors.Length];
        for (int i = 0; i < predecessors.Length; i++) predecessors[i] = [];
        for (int i = 0; i < _successors.Length; i++)
        {
            foreach (int next in _successors[i]) predecessors[next].Add(i);
        }

        List<int> order = [exit];
        bool[] seen = new bool[_successors.Length];
        seen[exit] = true;
        for (int i = 0; i < order.Count; i++)
        {
            foreach (int previous in predecessors[order[i]])
            {
                if (seen[previous]) continue;
                seen[previous] = true;
                order.Add(previous);
            }
        }

        return order;
    }

    private static int? FirstTarget(ControlFlowBranch? branch)
    {
        if (branch?.Destination is not { } destination) return null;
        return branch.FinallyRegions.IsEmpty ? destination.Ordinal : branch.FinallyRegions[0].FirstBlockOrdinal;
    }
}
