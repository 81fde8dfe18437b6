using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Symbols;

/// <summary>
/// Finds interesting names in a file without lexing it, by the hashes of its identifiers. Names in comments and strings are found too, which costs a little
/// binding and nothing else.
/// </summary>
internal sealed class NameScan
{
    /// <summary>A bit for each.</summary>
    public const int MaxSets = 32;

    private readonly Dictionary<uint, uint> _sets = [];

    /// <summary>A bit for the low bits of each hash: nearly every identifier is none of those looked for, and need not be looked up.</summary>
    private readonly ulong[] _filter = new ulong[FilterBits / 64];
    private readonly int _count;

    public NameScan(IEnumerable<string> names)
        : this([names])
    {
    }

    /// <param name="sets">At most <see cref="MaxSets"/>; a name may be in several.</param>
    public NameScan(IReadOnlyList<IEnumerable<string>> sets)
    {
        _count = sets.Count;
        for (int set = 0; set < sets.Count; set++)
        {
            foreach (string name in sets[set])
            {
                uint hash = IdentifierIndex.Hash(name);
                _sets.TryGetValue(hash, out uint bits);
                _sets[hash] = bits | 1u << set;
                _filter[hash % FilterBits / 64] |= 1ul << (int)(hash % 64);
            }
        }
    }

    private const uint FilterBits = 4096;

    /// <summary>Start positions of identifiers that hash like a name of the first set, ascending.</summary>
    public ImmutableArray<int> Find(SourceText text) => FindSets(text).Of(0);

    /// <summary>Start positions of identifiers that hash like a name of a set, ascending, for each set.</summary>
    public ScanResult FindSets(SourceText text)
    {
        List<(int Position, uint Sets)>? hits = null;
        IdentifierIndex index = IdentifierIndex.Of(text);
        ReadOnlySpan<uint> hashes = index.Hashes;
        for (int i = 0; i < hashes.Length; i++)
        {
            uint hash = hashes[i];
            if ((_filter[hash % FilterBits / 64] & 1ul << (int)(hash % 64)) != 0 && _sets.TryGetValue(hash, out uint sets)) (hits ??= []).Add((index.PositionAt(i), sets));
        }

        return hits is null ? ScanResult.None : new ScanResult(Split(hits));
    }

    private ImmutableArray<ImmutableArray<int>> Split(List<(int Position, uint Sets)> hits)
    {
        ImmutableArray<int>.Builder[] bySet = new ImmutableArray<int>.Builder[_count];
        foreach ((int position, uint sets) in hits)
        {
            for (int set = 0; set < _count; set++)
            {
                if ((sets & 1u << set) != 0) (bySet[set] ??= ImmutableArray.CreateBuilder<int>()).Add(position);
            }
        }

        return bySet.Select(static found => found is null ? ImmutableArray<int>.Empty : found.ToImmutable()).ToImmutableArray();
    }

    /// <summary>True when a hit lies in the span.</summary>
    public static bool Hits(ImmutableArray<int> hits, TextSpan span)
    {
        int index = hits.BinarySearch(span.Start);
        if (index < 0) index = ~index;
        return index < hits.Length && hits[index] < span.End;
    }

    /// <summary>The hits that lie in the span.</summary>
    public static ImmutableArray<int> In(ImmutableArray<int> hits, TextSpan span)
    {
        int index = hits.BinarySearch(span.Start);
        if (index < 0) index = ~index;
        int count = 0;
        while (index + count < hits.Length && hits[index + count] < span.End) count++;
        return count == 0 ? ImmutableArray<int>.Empty : ImmutableArray.Create(hits, index, count);
    }
}
