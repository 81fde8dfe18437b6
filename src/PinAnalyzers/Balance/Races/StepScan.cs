using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Balance.Races;

/// <summary>
/// Finds, in one pass over a file's characters, where something may be subtracted from a counter, and where a name is added to that also stands in a sum
/// elsewhere in the file: only there can a limit be tested by adding, or a counter wrap.
/// </summary>
internal static class StepScan
{
    public static readonly SyntaxTreeValueProvider<ImmutableArray<int>> Provider = new(static tree => Find(tree.GetText()));

    /// <summary>Start positions of such steps, ascending.</summary>
    public static ImmutableArray<int> Find(SourceText text)
    {
        char[] buffer = new char[text.Length];
        text.CopyTo(0, buffer, 0, text.Length);
        List<(int Position, string? Name)> steps = [];
        HashSet<string> summed = [];
        int nameStart = -1, nameEnd = -1;
        bool isAfterPlus = false;
        for (int i = 0; i < buffer.Length; i++)
        {
            char c = buffer[i];
            if (char.IsLetterOrDigit(c) || c == '_')
            {
                if (nameEnd != i || nameStart < 0) nameStart = i;
                nameEnd = i + 1;
                continue;
            }

            if (isAfterPlus && nameEnd == i && nameStart >= 0)
            {
                // Of a.b the last part names the field.
                summed.Add(new string(buffer, nameStart, nameEnd - nameStart));
                isAfterPlus = c == '.';
            }

            char next = i + 1 < buffer.Length ? buffer[i + 1] : '\0';
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
            else if (c is ';' or '}')
            {
                isAfterPlus = false;
            }
        }

        ImmutableArray<int>.Builder found = ImmutableArray.CreateBuilder<int>();
        foreach ((int position, string? name) in steps)
        {
            if (name is null || summed.Contains(name)) found.Add(position);
        }

        return found.ToImmutable();

        string? Name() => nameStart < 0 || nameEnd <= nameStart ? null : new string(buffer, nameStart, Math.Min(64, nameEnd - nameStart));
    }
}
