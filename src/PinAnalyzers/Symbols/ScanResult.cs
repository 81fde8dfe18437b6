using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Symbols;

/// <summary>What one pass over a file found: where names stand, and of which sets they are. Thread-safe.</summary>
internal sealed class ScanResult
{
    public static readonly ScanResult None = new([]);

    private readonly ImmutableArray<int> _positions;
    private readonly uint[] _sets;
    private readonly ImmutableArray<int>[] _bySet = new ImmutableArray<int>[NameScan.MaxSets];
    private readonly uint _all;

    /// <param name="hits">In the order of the file, with a bit for each set.</param>
    public ScanResult(List<(int Position, uint Sets)> hits)
    {
        ImmutableArray<int>.Builder positions = ImmutableArray.CreateBuilder<int>(hits.Count);
        _sets = new uint[hits.Count];
        for (int i = 0; i < hits.Count; i++)
        {
            positions.Add(hits[i].Position);
            _sets[i] = hits[i].Sets;
            _all |= hits[i].Sets;
        }

        _positions = positions.MoveToImmutable();
    }

    /// <summary>A bit for each set of which a name stands in the span.</summary>
    public uint SetsIn(TextSpan span)
    {
        if (_all == 0) return 0;
        uint found = 0;
        for (int i = NameScan.FirstAt(_positions, span.Start); i < _positions.Length && _positions[i] < span.End; i++) found |= _sets[i];
        return found;
    }

    /// <summary>Start positions of the names of a set, ascending.</summary>
    public ImmutableArray<int> Of(int set)
    {
        if ((_all & 1u << set) == 0) return ImmutableArray<int>.Empty;
        if (_bySet[set].IsDefault) ImmutableInterlocked.InterlockedInitialize(ref _bySet[set], Select(1u << set));
        return _bySet[set];
    }

    private ImmutableArray<int> Select(uint set)
    {
        ImmutableArray<int>.Builder found = ImmutableArray.CreateBuilder<int>();
        for (int i = 0; i < _sets.Length; i++)
        {
            if ((_sets[i] & set) != 0) found.Add(_positions[i]);
        }

        return found.ToImmutable();
    }
}
