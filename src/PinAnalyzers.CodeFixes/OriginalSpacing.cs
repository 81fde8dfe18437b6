using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PinAnalyzers.CodeFixes;

/// <summary>
/// Code that an edit only moves keeps the spaces, the line breaks and the alignment that its author gave it: it moves as a whole. The formatter decides only
/// where something new meets something old.
/// </summary>
internal sealed class OriginalSpacing
{
    private readonly HashSet<(string, string, string)> _gaps = [];
    private readonly HashSet<(string, string)> _lineStarts = [];
    private (string Added, string Removed)? _shift;

    private OriginalSpacing(SyntaxNode before)
    {
        SyntaxToken previous = default;
        foreach (SyntaxToken token in before.DescendantTokens())
        {
            string gap = Gap(previous, token);
            _gaps.Add((previous.Text, gap, token.Text));
            if (IsLineStart(gap)) _lineStarts.Add((Indent(gap), token.Text));
            previous = token;
        }
    }

    /// <summary>The formatted text, with what stood between the tokens of <paramref name="before"/> wherever two of them are still neighbours.</summary>
    public static string Restore(SyntaxNode before, SyntaxNode edited, SyntaxNode formatted)
    {
        List<SyntaxToken> made = [.. edited.DescendantTokens()], shown = [.. formatted.DescendantTokens()];
        if (made.Count != shown.Count) return formatted.ToFullString();

        OriginalSpacing spacing = new(before);
        StringBuilder text = new();
        for (int i = 0; i < made.Count; i++)
        {
            text.Append(i == 0 ? Gap(default, shown[0]) : spacing.Between(made[i - 1], made[i], Gap(shown[i - 1], shown[i])));
            text.Append(shown[i].Text);
        }

        return text.Append(shown.Count == 0 ? formatted.ToFullString() : shown[shown.Count - 1].TrailingTrivia.ToFullString()).ToString();
    }

    private string Between(SyntaxToken previous, SyntaxToken token, string formatted)
    {
        string gap = Gap(previous, token);
        if (IsOriginal(previous, token, gap) && !IsLineStart(gap)) return gap;
        if (gap == formatted || !IsOriginal(previous, token, gap))
        {
            // Where the formatter put the first line of what moved, there the other lines go, too. What stays, or is new, tells nothing of others.
            if (IsLineStart(formatted)) _shift = gap != formatted && _lineStarts.Contains((Indent(gap), token.Text)) ? Shift(Indent(gap), Indent(formatted)) : null;
            return formatted;
        }

        // A line that stays where it is keeps the spaces at its end, too.
        if (_shift is not { } shift) return Indent(gap) == Indent(formatted) ? gap : formatted;
        return Shifted(gap, shift) ?? formatted;
    }

    private bool IsOriginal(SyntaxToken previous, SyntaxToken token, string gap) =>
        _gaps.Contains((previous.Text, gap, token.Text))
        && !previous.TrailingTrivia.Concat(token.LeadingTrivia).Any(static t => t.HasAnnotation(SyntaxAnnotation.ElasticAnnotation) || t.IsDirective);

    /// <summary>Null for indentations of which neither goes on where the other ends, as of tabs and of spaces.</summary>
    private static (string Added, string Removed)? Shift(string old, string now) =>
        now.StartsWith(old, System.StringComparison.Ordinal) ? (now.Substring(old.Length), string.Empty)
        : old.StartsWith(now, System.StringComparison.Ordinal) ? (string.Empty, old.Substring(now.Length))
        : null;

    /// <summary>Null where a line does not reach as far in as it would have to move out.</summary>
    private static string? Shifted(string gap, (string Added, string Removed) shift)
    {
        string[] lines = gap.Split('\n');
        for (int i = 1; i < lines.Length; i++)
        {
            // The last line is not empty, even if it looks so: a token ends it.
            if (i < lines.Length - 1 && lines[i].Trim().Length == 0) continue;
            if (!lines[i].StartsWith(shift.Removed, System.StringComparison.Ordinal)) return null;
            lines[i] = shift.Added + lines[i].Substring(shift.Removed.Length);
        }

        return string.Join("\n", lines);
    }

    private static string Gap(SyntaxToken previous, SyntaxToken token) => previous.TrailingTrivia.ToFullString() + token.LeadingTrivia.ToFullString();

    private static bool IsLineStart(string gap) => gap.IndexOf('\n') >= 0;

    private static string Indent(string gap) => gap.Substring(gap.LastIndexOf('\n') + 1);
}
