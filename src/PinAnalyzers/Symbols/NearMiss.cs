using System;
using System.Collections.Generic;

namespace PinAnalyzers.Symbols;

/// <summary>Guesses which known word a misspelt one stands for.</summary>
internal static class NearMiss
{
    /// <summary>"; did you mean 'x'?" for the nearest known word within two edits (one for words of up to three letters), or an empty string.</summary>
    public static string Suggestion(string word, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = word.Length < 4 ? 2 : 3;
        foreach (var candidate in known)
        {
            var distance = string.Equals(candidate, word, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best is null ? "" : $"; did you mean '{best}'?";
    }

    // Levenshtein in one row.
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
