using System.Collections.Generic;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>The blocks that may run after each block when nothing throws.</summary>
public static class BlockSuccessors
{
    /// <summary>As <see cref="Of"/>, but a branch leads straight to its destination, past the finallys on its way.</summary>
    public static List<int>[] Past(ControlFlowGraph graph)
    {
        List<int>[] successors = new List<int>[graph.Blocks.Length];
        foreach (BasicBlock block in graph.Blocks)
        {
            List<int> next = successors[block.Ordinal] = [];
            if (block.ConditionalSuccessor?.Destination is { } conditional) next.Add(conditional.Ordinal);
            if (block.FallThroughSuccessor?.Destination is { } ahead && !next.Contains(ahead.Ordinal)) next.Add(ahead.Ordinal);
        }

        return successors;
    }

    public static List<int>[] Of(ControlFlowGraph graph)
    {
        List<int>[] successors = new List<int>[graph.Blocks.Length];
        for (int i = 0; i < successors.Length; i++) successors[i] = [];
        foreach (BasicBlock block in graph.Blocks)
        {
            Add(block, block.ConditionalSuccessor);
            Add(block, block.FallThroughSuccessor);
        }

        return successors;

        // A branch out of a try runs through its finallys; where one ends, it goes on to wherever somebody wanted to go through it.
        void Add(BasicBlock block, ControlFlowBranch? branch)
        {
            if (branch?.Destination is not { } destination) return;
            int from = block.Ordinal;
            foreach (ControlFlowRegion handler in branch.FinallyRegions)
            {
                Link(from, handler.FirstBlockOrdinal);
                from = handler.LastBlockOrdinal;
            }

            Link(from, destination.Ordinal);
        }

        void Link(int from, int to)
        {
            if (!successors[from].Contains(to)) successors[from].Add(to);
        }
    }
}
