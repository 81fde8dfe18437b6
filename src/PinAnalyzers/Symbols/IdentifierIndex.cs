using System;
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

    private IdentifierIndex(uint[] hashes, int[] positions)
    {
        _hashes = hashes;
        _positions = positions;
    }

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

    private static IdentifierIndex Read(SourceText text)
    {
        // On average an identifier is found every seven characters; what is too much is cut off at the end.
        uint[] hashes = new uint[Math.Max(16, text.Length / 7)];
        int[] positions = new int[hashes.Length];
        char[] buffer = new char[Math.Min(text.Length, BufferLength)];
        uint hash = 0;
        int start = -1, found = 0;
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
                else if (start >= 0)
                {
                    Add();
                    start = -1;
                }
            }
        }

        if (start >= 0) Add();
        Array.Resize(ref hashes, found);
        Array.Resize(ref positions, found);
        return new IdentifierIndex(hashes, positions);

        void Add()
        {
            if (found == hashes.Length)
            {
                Array.Resize(ref hashes, found * 2);
                Array.Resize(ref positions, found * 2);
            }

            hashes[found] = hash;
            positions[found++] = start;
        }
    }

    private static bool IsPart(char c) => (uint)((c | 0x20) - 'a') <= 25 || c == '_' || (uint)(c - '0') <= 9 || c > 127;

    private static uint Step(uint hash, char c) => unchecked((hash ^ c) * 16777619);

    private const uint Seed = 2166136261;
    private const int BufferLength = 8192;
}
