using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Symbols;

/// <summary>
/// Finds interesting names in a file without lexing it: one pass over the characters, identifiers compared by hash. Names in comments and strings are found
/// too, which costs a little binding and nothing else.
/// </summary>
internal sealed class NameScan
{
    /// <summary>A bit for each.</summary>
    public const int MaxSets = 32;

    private readonly Dictionary<uint, uint> _sets = [];
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
                uint hash = Seed;
                foreach (char c in name) hash = Step(hash, c);
                _sets.TryGetValue(hash, out uint bits);
                _sets[hash] = bits | 1u << set;
            }
        }
    }

    private const uint Seed = 2166136261;

    /// <summary>Start positions of identifiers that hash like a name of the first set, ascending.</summary>
    public ImmutableArray<int> Find(SourceText text) => FindSets(text).Of(0);

    /// <summary>Start positions of identifiers that hash like a name of a set, ascending, for each set.</summary>
    public ScanResult FindSets(SourceText text)
    {
        List<(int Position, uint Sets)> hits = [];
        char[] buffer = new char[Math.Min(text.Length, BufferLength)];
        uint hash = 0;
        int start = -1;
        for (int offset = 0; offset < text.Length; offset += buffer.Length)
        {
            int count = Math.Min(buffer.Length, text.Length - offset);
            text.CopyTo(offset, buffer, 0, count);
            for (int i = 0; i < count; i++)
            {
                char c = buffer[i];
                bool isPart = (uint)(c - 'a') <= 25 || (uint)(c - 'A') <= 25 || c == '_' || (uint)(c - '0') <= 9 || c > 127;
                if (isPart)
                {
                    if (start < 0)
                    {
                        start = offset + i;
                        hash = Seed;
                    }

                    hash = Step(hash, c);
                }
                else if (start >= 0)
                {
                    if (_sets.TryGetValue(hash, out uint sets)) hits.Add((start, sets));
                    start = -1;
                }
            }
        }

        if (start >= 0 && _sets.TryGetValue(hash, out uint last)) hits.Add((start, last));
        return hits.Count == 0 ? ScanResult.None : new ScanResult(Split(hits));
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

    private static uint Step(uint hash, char c) => unchecked((hash ^ c) * 16777619);

    private const int BufferLength = 8192;
}
