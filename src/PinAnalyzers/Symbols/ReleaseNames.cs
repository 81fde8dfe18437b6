using System;
using System.Collections.Immutable;

namespace PinAnalyzers.Symbols;

/// <summary>
/// The names that make a member a release path. A name that ends in <c>*</c> stands for every name that starts so; one without also matches with
/// the suffix <c>Async</c>; <c>-Name</c> takes away a default.
/// </summary>
internal sealed class ReleaseNames
{
    public static readonly ReleaseNames Default = new(ImmutableArray.Create(
        "Dispose", "DisposeAsync", "Close", "Free", "Release*", "Uncharge*", "Unaccount*", "Unpin*", "Unlock*", "Unmap*", "Unregister*", "Destroy*", "ReleaseHandle"),
        ImmutableArray<string>.Empty);

    private readonly ImmutableArray<string> _patterns;
    private readonly ImmutableArray<string> _excluded;

    private ReleaseNames(ImmutableArray<string> patterns, ImmutableArray<string> excluded)
    {
        _patterns = patterns;
        _excluded = excluded;
    }

    /// <summary>These names with the entries of the option added or, where they start with a minus, taken away.</summary>
    public ReleaseNames With(ImmutableArray<string> entries)
    {
        var patterns = _patterns;
        var excluded = _excluded;
        foreach (var entry in entries)
        {
            if (!entry.StartsWith("-", StringComparison.Ordinal))
            {
                patterns = patterns.Add(entry);
                continue;
            }
            // Taking away 'ReleaseHandle' must also win over 'Release*', so a name is remembered as well as removed.
            patterns = patterns.Remove(entry.Substring(1));
            excluded = excluded.Add(entry.Substring(1));
        }
        return new ReleaseNames(patterns, excluded);
    }

    public static bool IsPattern(string entry)
    {
        var start = entry.StartsWith("-", StringComparison.Ordinal) ? 1 : 0;
        var end = entry.EndsWith("*", StringComparison.Ordinal) ? entry.Length - 1 : entry.Length;
        if (end <= start || !(char.IsLetter(entry[start]) || entry[start] == '_'))
            return false;
        for (var i = start; i < end; i++)
        {
            if (!(char.IsLetterOrDigit(entry[i]) || entry[i] == '_'))
                return false;
        }
        return true;
    }

    public bool Contains(string name) => MatchesAny(_patterns, name) && !MatchesAny(_excluded, name);

    private static bool MatchesAny(ImmutableArray<string> patterns, string name)
    {
        foreach (var pattern in patterns)
        {
            if (Matches(pattern, name))
                return true;
        }
        return false;
    }

    private static bool Matches(string pattern, string name)
    {
        // Asked of every method there is.
        if (name.Length == 0 || pattern.Length == 0 || name[0] != pattern[0])
            return false;
        const string Async = "Async";
        if (pattern[pattern.Length - 1] == '*')
            return string.CompareOrdinal(name, 0, pattern, 0, pattern.Length - 1) == 0;
        return string.Equals(name, pattern, StringComparison.Ordinal)
            || (name.Length == pattern.Length + Async.Length && name.StartsWith(pattern, StringComparison.Ordinal) && name.EndsWith(Async, StringComparison.Ordinal));
    }
}
