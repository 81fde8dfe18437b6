using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Symbols;

/// <summary>
/// Finds interesting names in a file without lexing it: one pass over the characters, identifiers compared by hash. Names in comments and strings are found
/// too, which costs a little binding and nothing else.
/// </summary>
internal sealed class NameScan
{
    private readonly HashSet<uint> _hashes = [];

    public NameScan(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            uint hash = Seed;
            foreach (char c in name) hash = Step(hash, c);
            _hashes.Add(hash);
        }
    }

    private const uint Seed = 2166136261;

    /// <summary>Start positions of identifiers that hash like an interesting name, ascending.</summary>
    public ImmutableArray<int> Find(SourceText text)
    {
        ImmutableArray<int>.Builder hits = ImmutableArray.CreateBuilder<int>();
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
                    if (_hashes.Contains(hash)) hits.Add(start);
                    start = -1;
                }
            }
        }

        if (start >= 0 && _hashes.Contains(hash)) hits.Add(start);
        return hits.ToImmutable();
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
