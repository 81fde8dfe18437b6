using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Takes markup out of a source: <c>[|…|]</c>, <c>{|id:…|}</c>, <c>{|#key:…|}</c> and <c>$$</c>.</summary>
internal static partial class TestFileMarkupParser
{
    /// <exception cref="ArgumentException">A span is closed that is not open, left open, or a key is used twice.</exception>
    public static MarkedSource Parse(string input, bool positions)
    {
        var text = new StringBuilder(input.Length);
        var result = new List<(string? Name, TextSpan Span)>();
        var indicators = new List<int>();
        var open = new Stack<(string? Name, int Start)>();
        var at = 0;
        while (at < input.Length)
        {
            var rest = input.AsSpan(at);
            if (positions && rest.StartsWith("$$"))
            {
                indicators.Add(text.Length);
                at += 2;
            }
            else if (rest.StartsWith("[|"))
            {
                open.Push((null, text.Length));
                at += 2;
            }
            else if (rest.StartsWith("{|") && NamedOpening().Match(input, at) is { Success: true } opening)
            {
                open.Push((opening.Groups[1].Value, text.Length));
                at += opening.Length;
            }
            else if (rest.StartsWith("|]") || rest.StartsWith("|}"))
            {
                Close(named: rest[1] == '}');
                at += 2;
            }
            else
            {
                text.Append(input[at++]);
            }
        }

        if (open.TryPeek(out var left))
            throw new ArgumentException($"The span '{(left.Name is null ? "[|" : "{|" + left.Name + ":")}' that starts at position {left.Start} is not closed.", nameof(input));
        // Outer spans first, so that diagnostics are declared in source order.
        result.Sort((a, b) => a.Span.Start != b.Span.Start ? a.Span.Start.CompareTo(b.Span.Start) : b.Span.End.CompareTo(a.Span.End));
        return new MarkedSource(text.ToString(), [.. indicators], [.. result]);

        void Close(bool named)
        {
            if (!open.TryPop(out var opened) || (opened.Name is not null) != named)
                throw new ArgumentException($"'{(named ? "|}" : "|]")}' at position {at} closes no span that is open.", nameof(input));
            if (opened.Name is { } name && name.StartsWith('#') && result.Exists(span => span.Name == name))
                throw new ArgumentException($"The location '{name}' is marked twice.", nameof(input));
            result.Add((opened.Name, TextSpan.FromBounds(opened.Start, text.Length)));
        }
    }

    [GeneratedRegex(@"\G\{\|(#?[-_.A-Za-z0-9+]+):")]
    private static partial Regex NamedOpening();
}

/// <param name="Text">The source without markup.</param>
/// <param name="Positions">Where <c>$$</c> stood.</param>
/// <param name="Spans">Marked spans; no name for <c>[|…|]</c>, a leading <c>#</c> for keys.</param>
internal sealed record MarkedSource(string Text, ImmutableArray<int> Positions, ImmutableArray<(string? Name, TextSpan Span)> Spans);
