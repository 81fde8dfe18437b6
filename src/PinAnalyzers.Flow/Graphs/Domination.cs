using System.Collections.Generic;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>Which blocks have certainly run before another one runs. Exceptions are left out: nothing but the entry is known to run before a catch.</summary>
public sealed class Domination
{
    private readonly int[] _immediate;

    public Domination(ControlFlowGraph graph)
    {
        List<int>[] predecessors = new List<int>[graph.Blocks.Length];
        for (int i = 0; i < predecessors.Length; i++) predecessors[i] = [];
        foreach (BasicBlock block in graph.Blocks)
        {
            Add(block, block.ConditionalSuccessor);
            Add(block, block.FallThroughSuccessor);
        }

        // Blocks are listed in reverse post-order already, but for the handlers; a region that nothing leads to is entered from anywhere.
        _immediate = new int[graph.Blocks.Length];
        for (int i = 1; i < _immediate.Length; i++) _immediate[i] = -1;
        for (bool isChanged = true; isChanged;)
        {
            isChanged = false;
            for (int block = 1; block < _immediate.Length; block++)
            {
                int? meet = null;
                foreach (int from in predecessors[block])
                {
                    if (_immediate[from] < 0) continue;
                    meet = meet is { } other ? Common(other, from) : from;
                }

                int dominator = meet ?? 0;
                if (_immediate[block] == dominator) continue;
                _immediate[block] = dominator;
                isChanged = true;
            }
        }

        void Add(BasicBlock block, ControlFlowBranch? branch)
        {
            if (branch?.Destination is not { } destination || !block.IsReachable) return;
            int from = block.Ordinal;
            foreach (ControlFlowRegion handler in branch.FinallyRegions)
            {
                predecessors[handler.FirstBlockOrdinal].Add(from);
                from = handler.LastBlockOrdinal;
            }

            predecessors[destination.Ordinal].Add(from);
        }
    }

    public bool Dominates(BasicBlock first, BasicBlock then)
    {
        int block = then.Ordinal;
        for (int steps = 0; block != first.Ordinal && block != 0 && steps < _immediate.Length; steps++) block = System.Math.Max(0, _immediate[block]);
        return block == first.Ordinal;
    }

    /// <summary>Dominators are listed before what they dominate, but for a finally, which is listed where it stands.</summary>
    private int Common(int left, int right)
    {
        HashSet<int> above = [];
        for (int block = left; above.Add(block) && block != 0; block = System.Math.Max(0, _immediate[block])) { }
        HashSet<int> seen = [];
        while (!above.Contains(right) && seen.Add(right)) right = System.Math.Max(0, _immediate[right]);
        return above.Contains(right) ? right : 0;
    }
}
