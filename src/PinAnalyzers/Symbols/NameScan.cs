using System;
using System.Collections.Generic;
using System.Collections.Immutable;
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

    public NameScan(IEnumerable<string> names)
        : this([names])
    {
    }

    /// <param name="sets">At most <see cref="MaxSets"/>; a name may be in several.</param>
    public NameScan(IReadOnlyList<IEnumerable<string>> sets)
    {
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

    private const uint FilterBits = 32768;

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

        return hits is null ? ScanResult.None : new ScanResult(hits);
    }

    /// <summary>Number of the first hit that does not begin before the position.</summary>
    public static int FirstAt(ImmutableArray<int> hits, int start)
    {
        int index = hits.BinarySearch(start);
        return index < 0 ? ~index : index;
    }

    /// <summary>True when a hit lies in the span.</summary>
    public static bool Hits(ImmutableArray<int> hits, TextSpan span)
    {
        int index = FirstAt(hits, span.Start);
        return index < hits.Length && hits[index] < span.End;
    }

    /// <summary>The hits that lie in the span.</summary>
    public static ImmutableArray<int> In(ImmutableArray<int> hits, TextSpan span)
    {
        int index = FirstAt(hits, span.Start);
        int count = 0;
        while (index + count < hits.Length && hits[index + count] < span.End) count++;
        return count == 0 ? ImmutableArray<int>.Empty : ImmutableArray.Create(hits, index, count);
    }
}
