using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
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
    private readonly Dictionary<int, ImmutableArray<BranchEdge>> _decisions = [];

    /// <summary>For blocks in a <c>finally</c>: branches go through them.</summary>
    private readonly PostDominators _through;

    /// <summary>
    /// For all other blocks: branches go to where they lead. Where several go through one <c>finally</c>, each comes out of it at its own destination.
    /// </summary>
    private readonly PostDominators _past;

    public ControlDependence(ControlFlowGraph graph)
    {
        _graph = graph;
        _through = new PostDominators(BlockSuccessors.Of(graph));
        bool hasFinally = graph.Blocks.Any(static block => block.ConditionalSuccessor is { FinallyRegions.IsEmpty: false } || block.FallThroughSuccessor is { FinallyRegions.IsEmpty: false });
        _past = hasFinally ? new PostDominators(BlockSuccessors.Past(graph)) : _through;
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
        bool isThrough = IsInFinally(_graph.Blocks[target]);
        PostDominators order = isThrough ? _through : _past;
        foreach (BasicBlock block in _graph.Blocks)
        {
            if (block.ConditionKind == ControlFlowConditionKind.None || block.Ordinal != target && order.Contain(block.Ordinal, target)) continue;
            foreach (bool isConditional in new[] { true, false })
            {
                BranchEdge edge = new(block, isConditional);
                if (FirstTarget(edge.Branch, isThrough) is { } first && order.Contain(first, target)) edges.Add(edge);
            }
        }

        // A branch of which both ways lead to the block decides nothing about it; only a loop's own test can get here so.
        return _decisions[target] = edges.ToImmutable();
    }

    private static bool IsInFinally(BasicBlock block)
    {
        for (ControlFlowRegion? region = block.EnclosingRegion; region is not null; region = region.EnclosingRegion)
        {
            if (region.Kind == ControlFlowRegionKind.Finally) return true;
        }

        return false;
    }

    private static int? FirstTarget(ControlFlowBranch? branch, bool isThrough)
    {
        if (branch?.Destination is not { } destination) return null;
        return isThrough && !branch.FinallyRegions.IsEmpty ? branch.FinallyRegions[0].FirstBlockOrdinal : destination.Ordinal;
    }
}
