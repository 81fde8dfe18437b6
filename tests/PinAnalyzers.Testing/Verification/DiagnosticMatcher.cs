using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Pairs what was reported with what was expected, and says what is left over.</summary>
internal static class DiagnosticMatcher
{
    private static readonly PropertyInfo? s_arguments = typeof(Diagnostic).GetProperty("Arguments", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <returns>What does not fit, or <see langword="null"/> where everything does.</returns>
    public static string? Compare(
        ImmutableArray<Diagnostic> actual, ImmutableArray<DiagnosticResult> expected, out ImmutableArray<(Diagnostic Actual, DiagnosticResult Expected)> pairs)
    {
        // Two expectations may both fit one diagnostic (no arguments given, say), so a greedy choice could fail a correct test.
        var ownerOf = Enumerable.Repeat(-1, actual.Length).ToArray();
        var unmatched = new List<DiagnosticResult>();
        for (var i = 0; i < expected.Length; i++)
        {
            if (!TryAssign(i, new bool[actual.Length]))
                unmatched.Add(expected[i]);
        }

        pairs = [.. actual.Select((diagnostic, j) => (diagnostic, owner: ownerOf[j])).Where(pair => pair.owner >= 0).Select(pair => (pair.diagnostic, expected[pair.owner]))];
        var extra = actual.Where((_, j) => ownerOf[j] < 0).ToList();
        return unmatched.Count == 0 && extra.Count == 0 ? null : Report(actual, expected.Length, unmatched, extra);

        bool TryAssign(int i, bool[] tried)
        {
            for (var j = 0; j < actual.Length; j++)
            {
                if (tried[j] || Mismatch(actual[j], expected[i]) is not null)
                    continue;
                tried[j] = true;
                if (ownerOf[j] >= 0 && !TryAssign(ownerOf[j], tried))
                    continue;
                ownerOf[j] = i;
                return true;
            }

            return false;
        }
    }

    /// <summary>The arguments of the message. Roslyn keeps them internal.</summary>
    public static IReadOnlyList<object?>? Arguments(Diagnostic diagnostic) => s_arguments?.GetValue(diagnostic) as IReadOnlyList<object?>;

    /// <returns>The first thing in which the two differ.</returns>
    private static string? Mismatch(Diagnostic actual, DiagnosticResult expected)
    {
        if (actual.Id != expected.Id)
            return $"id {actual.Id} instead of {expected.Id}";
        if (LocationMismatch(actual, expected) is { } place)
            return place;
        if (!expected.Options.HasFlag(DiagnosticOptions.IgnoreSeverity) && actual.Severity != expected.Severity)
            return $"severity {actual.Severity} instead of {expected.Severity}";
        if (expected.IsSuppressed is { } suppressed && actual.IsSuppressed != suppressed)
            return suppressed ? "not suppressed" : "suppressed";
        if (expected.Message is { } message && actual.GetMessage(CultureInfo.InvariantCulture) != message)
            return $"message '{actual.GetMessage(CultureInfo.InvariantCulture)}' instead of '{message}'";
        if (expected.MessageArguments is { Length: > 0 } arguments && Arguments(actual) is { } own)
        {
            var (left, right) = (own.Select(Text).ToList(), arguments.Select(Text).ToList());
            if (!left.SequenceEqual(right))
                return $"arguments [{string.Join(", ", left)}] instead of [{string.Join(", ", right)}]";
        }

        return null;

        static string Text(object? argument) => Convert.ToString(argument, CultureInfo.InvariantCulture) ?? string.Empty;
    }

    private static string? LocationMismatch(Diagnostic actual, DiagnosticResult expected)
    {
        if (!expected.HasLocation)
            return actual.Location == Location.None ? null : $"at {actual.Location.GetLineSpan()} instead of nowhere";
        if (SpanMismatch(actual.Location, expected.Spans[0]) is { } own)
            return own;
        if (expected.Options.HasFlag(DiagnosticOptions.IgnoreAdditionalLocations))
            return null;
        if (actual.AdditionalLocations.Count != expected.Spans.Length - 1)
            return $"{actual.AdditionalLocations.Count} additional locations instead of {expected.Spans.Length - 1}";
        for (var i = 0; i < actual.AdditionalLocations.Count; i++)
        {
            if (SpanMismatch(actual.AdditionalLocations[i], expected.Spans[i + 1]) is { } further)
                return $"additional location {i} {further}";
        }

        return null;
    }

    private static string? SpanMismatch(Location actual, DiagnosticLocation expected)
    {
        var span = actual.GetLineSpan();
        var fits = span.Path == expected.Span.Path
            && span.StartLinePosition == expected.Span.StartLinePosition
            && (expected.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength) || span.EndLinePosition == expected.Span.EndLinePosition);
        return fits ? null : $"at {(actual == Location.None ? "no location" : span)} instead of {expected.Span}";
    }

    private static string Report(ImmutableArray<Diagnostic> actual, int expectedCount, List<DiagnosticResult> unmatched, List<Diagnostic> extra)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Mismatch between diagnostics, expected \"{expectedCount}\" actual \"{actual.Length}\"").AppendLine();
        foreach (var missing in unmatched)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Not reported: {missing}");
            if (extra.FirstOrDefault(diagnostic => diagnostic.Id == missing.Id) is { } near)
                text.AppendLine(CultureInfo.InvariantCulture, $"    nearest: {near} — {Mismatch(near, missing)}");
        }

        if (extra.Count > 0)
            text.AppendLine().AppendLine("Not expected:").Append(DiagnosticFormatter.Describe(extra));
        return text.AppendLine().AppendLine("All diagnostics:").Append(DiagnosticFormatter.Describe(actual)).ToString();
    }
}
