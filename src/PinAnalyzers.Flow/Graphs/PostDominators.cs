using System.Collections.Generic;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>For every block, the blocks that each way from it to the exit comes through. Blocks from which there is none, as they end in a throw, have no such set.</summary>
internal sealed class PostDominators
{
    private readonly List<int>[] _successors;
    private readonly bool[]?[] _sets;

    public PostDominators(List<int>[] successors)
    {
        _successors = successors;
        _sets = new bool[successors.Length][];
        Solve();
    }

    /// <summary>Whoever is in the block comes to the target before the end, or is there.</summary>
    public bool Contain(int block, int target) => _sets[block] is { } set && set[target];

    private void Solve()
    {
        int exit = _successors.Length - 1;
        List<int> order = ReachExitFirst(exit);
        bool[] only = new bool[_successors.Length];
        only[exit] = true;
        _sets[exit] = only;
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
                    if (_sets[next] is not { } set) continue;
                    if (meet is null) meet = (bool[])set.Clone();
                    else for (int i = 0; i < meet.Length; i++) meet[i] &= set[i];
                }

                if (meet is null) continue;
                meet[block] = true;
                if (_sets[block] is { } old && AreEqual(old, meet)) continue;
                _sets[block] = meet;
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

    /// <summary>Blocks from which the exit can be reached, nearest to it first; the others are in no order.</summary>
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
}
