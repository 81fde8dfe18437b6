using System;
using System.Buffers;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Symbols;

/// <summary>
/// The identifiers of a file as hashes with their positions, read in one pass over its characters, without lexing. Every set of names that is looked for is compared
/// with the hashes: the characters are read once, however many rules there are. Lives as long as the text does.
/// </summary>
internal sealed class IdentifierIndex
{
    private static readonly ConditionalWeakTable<SourceText, IdentifierIndex> s_known = new();

    private readonly uint[] _hashes;
    private readonly int[] _positions;

    private readonly int[] _escapes;

    private IdentifierIndex(uint[] hashes, int[] positions, int[] escapes, ImmutableArray<int> signs, bool hasSteps)
    {
        _hashes = hashes;
        _positions = positions;
        _escapes = escapes;
        Signs = signs;
        HasSteps = hasSteps;
    }

    /// <summary>Start positions, ascending, of everything that is written with a plus or a minus. A line of dashes is no code.</summary>
    public ImmutableArray<int> Signs { get; }

    /// <summary>One of the signs belongs to <c>+=</c>, <c>-=</c> or <c>--</c>.</summary>
    public bool HasSteps { get; }

    /// <summary>In the order of the file.</summary>
    public ReadOnlySpan<uint> Hashes => _hashes;

    public int PositionAt(int index) => _positions[index];

    public static IdentifierIndex Of(SourceText text) => s_known.GetValue(text, static t => Read(t));

    public static uint Hash(string name)
    {
        uint hash = Seed;
        foreach (char c in name) hash = Step(hash, c);
        return hash;
    }

    /// <summary>The hash of the characters from <paramref name="start"/> up to, without it, <paramref name="end"/>.</summary>
    public static uint Hash(char[] text, int start, int end)
    {
        uint hash = Seed;
        for (int i = start; i < end; i++) hash = Step(hash, text[i]);
        return hash;
    }

    /// <summary>The name stands in the span as a whole word, perhaps in a comment only. Written with escapes it may be anywhere.</summary>
    public bool Mentions(string name, TextSpan span)
    {
        if (HasEscapes(span)) return true;
        uint hash = Hash(name);
        for (int i = FirstAt(_positions, span.Start); i < _positions.Length && _positions[i] < span.End; i++)
        {
            if (_hashes[i] == hash) return true;
        }

        return false;
    }

    /// <summary>Something in the span is written as an escaped character, perhaps a part of a name.</summary>
    public bool HasEscapes(TextSpan span)
    {
        int escape = FirstAt(_escapes, span.Start);
        return escape < _escapes.Length && _escapes[escape] < span.End;
    }

    /// <summary>Number of the first identifier that does not begin before the position.</summary>
    public int FirstAt(int position) => FirstAt(_positions, position);

    private static int FirstAt(int[] positions, int start)
    {
        int index = Array.BinarySearch(positions, start);
        return index < 0 ? ~index : index;
    }

    private static IdentifierIndex Read(SourceText text)
    {
        // On average an identifier is found every seven characters. What is read is copied to its own length at the end: these arrays are only lent.
        uint[] hashes = ArrayPool<uint>.Shared.Rent(Math.Max(16, text.Length / 7));
        int[] positions = ArrayPool<int>.Shared.Rent(hashes.Length);
        char[] buffer = ArrayPool<char>.Shared.Rent(BufferLength);
        try
        {
            return Read(text, buffer, ref hashes, ref positions);
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(hashes);
            ArrayPool<int>.Shared.Return(positions);
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static IdentifierIndex Read(SourceText text, char[] buffer, ref uint[] hashes, ref int[] positions)
    {
        uint hash = 0;
        int start = -1, found = 0;
        List<int>? escapes = null;
        ImmutableArray<int>.Builder? signs = null;
        bool hasSteps = false;
        char before = '\0';
        for (int offset = 0; offset < text.Length; offset += buffer.Length)
        {
            int count = Math.Min(buffer.Length, text.Length - offset);
            text.CopyTo(offset, buffer, 0, count);
            for (int i = 0; i < count; i++)
            {
                char c = buffer[i];
                if (IsPart(c))
                {
                    if (start < 0)
                    {
                        start = offset + i;
                        hash = Seed;
                    }

                    hash = Step(hash, c);
                }
                else
                {
                    if (start >= 0) Add(ref hashes, ref positions, found++, hash, start);
                    start = -1;
                    if (c is '+' or '-')
                    {
                        if (before != c) (signs ??= ImmutableArray.CreateBuilder<int>()).Add(offset + i);
                        else if (c == '-') hasSteps = true;
                    }
                    else if (c == '=')
                    {
                        hasSteps |= before is '+' or '-';
                    }
                    else if (c == '\\' && (i + 1 == count || buffer[i + 1] is 'u' or 'U')) (escapes ??= []).Add(offset + i);
                }

                before = c;
            }
        }

        if (start >= 0) Add(ref hashes, ref positions, found++, hash, start);
        return new IdentifierIndex(hashes.AsSpan(0, found).ToArray(), positions.AsSpan(0, found).ToArray(), escapes?.ToArray() ?? [], signs?.ToImmutable() ?? ImmutableArray<int>.Empty, hasSteps);
    }

    private static void Add(ref uint[] hashes, ref int[] positions, int at, uint hash, int position)
    {
        if (at == Math.Min(hashes.Length, positions.Length))
        {
            Grow(ref hashes);
            Grow(ref positions);
        }

        hashes[at] = hash;
        positions[at] = position;
    }

    private static void Grow<T>(ref T[] lent)
    {
        T[] larger = ArrayPool<T>.Shared.Rent(lent.Length * 2);
        lent.CopyTo(larger, 0);
        ArrayPool<T>.Shared.Return(lent);
        lent = larger;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPart(char c) => (uint)((c | 0x20) - 'a') <= 25 || c == '_' || (uint)(c - '0') <= 9 || c > 127;

    private static uint Step(uint hash, char c) => unchecked((hash ^ c) * 16777619);

    private const uint Seed = 2166136261;
    private const int BufferLength = 8192;
}
