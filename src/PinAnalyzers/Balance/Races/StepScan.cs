using System.Buffers;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>Where a file adds and subtracts.</summary>
/// <param name="Telling">Start positions, ascending, of steps by which a limit may be passed or a counter wrap.</param>
/// <param name="All">Start positions, ascending, of everything that is written with a plus or a minus.</param>
internal sealed record Steps(ImmutableArray<int> Telling, ImmutableArray<int> All)
{
    public static readonly Steps None = new(ImmutableArray<int>.Empty, ImmutableArray<int>.Empty);
}

/// <summary>
/// Finds, in one pass over a file's characters, where something may be subtracted from a counter, and where a name is added to that also stands in a sum
/// elsewhere in the file: only there can a limit be tested by adding, or a counter wrap.
/// </summary>
internal static class StepScan
{
    public static readonly SyntaxTreeValueProvider<Steps> Provider = new(static tree => Find(tree.GetText()));

    public static Steps Find(SourceText text)
    {
        IdentifierIndex index = IdentifierIndex.Of(text);
        if (index.Signs.IsEmpty) return Steps.None;
        return new Steps(index.HasSteps ? FindTelling(text) : ImmutableArray<int>.Empty, index.Signs);
    }

    private static ImmutableArray<int> FindTelling(SourceText text)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            text.CopyTo(0, buffer, 0, text.Length);
            return FindTelling(buffer, text.Length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    private static ImmutableArray<int> FindTelling(char[] buffer, int length)
    {
        // Names as hashes: two that are taken for one cost a look at a type and nothing else.
        List<(int Position, uint? Name)> steps = [];
        HashSet<uint> summed = [];
        int nameStart = -1, nameEnd = -1;
        bool isAfterPlus = false;
        for (int i = 0; i < length; i++)
        {
            char c = buffer[i];
            if (IdentifierIndex.IsPart(c))
            {
                if (nameEnd != i || nameStart < 0) nameStart = i;
                nameEnd = i + 1;
                continue;
            }

            if (isAfterPlus && nameEnd == i && nameStart >= 0)
            {
                // Of a.b the last part names the field.
                summed.Add(IdentifierIndex.Hash(buffer, nameStart, nameEnd));
                isAfterPlus = c == '.';
            }

            if (c is ';' or '}') isAfterPlus = false;
            if (c is not ('+' or '-')) continue;
            char next = i + 1 < length ? buffer[i + 1] : '\0';
            if (c == '-' && (next == '=' || next == '-'))
            {
                steps.Add((i, null));
                i++;
            }
            else if (c == '+' && next == '=')
            {
                steps.Add((i, Name()));
                i++;
            }
            else if (c == '+' && next == '+')
            {
                i++;
            }
            else if (c == '+')
            {
                if (Name() is { } left) summed.Add(left);
                isAfterPlus = true;
            }
        }

        ImmutableArray<int>.Builder found = ImmutableArray.CreateBuilder<int>();
        foreach ((int position, uint? name) in steps)
        {
            if (name is not { } added || summed.Contains(added)) found.Add(position);
        }

        return found.ToImmutable();

        uint? Name() => nameStart < 0 || nameEnd <= nameStart ? null : IdentifierIndex.Hash(buffer, nameStart, nameEnd);
    }
}
