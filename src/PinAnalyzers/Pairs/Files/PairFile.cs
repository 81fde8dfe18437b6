using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Pairs.Files;

/// <summary>Parses <c>PinPairs.txt</c>: one pair a line. A bad line is reported at its own place and skipped; the rest still counts.</summary>
internal sealed class PairFile
{
    private const string Arrow = "=>";

    /// <summary>No word of ours is as long.</summary>
    private const int MaxGuessed = 40;
    private readonly string _path;
    private readonly SourceText _text;
    private readonly ImmutableArray<PairLine>.Builder _lines = ImmutableArray.CreateBuilder<PairLine>();
    private readonly ImmutableArray<DeclarationProblem>.Builder _problems = ImmutableArray.CreateBuilder<DeclarationProblem>();

    private PairFile(string path, SourceText text)
    {
        _path = path;
        _text = text;
    }

    /// <summary>True for <c>PinPairs.txt</c> and <c>PinPairs.*.txt</c>, in any folder and any case.</summary>
    public static bool IsPairFile(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith("PinPairs.", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase);
    }

    public static (ImmutableArray<PairLine> Lines, ImmutableArray<DeclarationProblem> Problems) Parse(string path, SourceText text, CancellationToken cancellationToken)
    {
        var file = new PairFile(path, text);
        foreach (var line in text.Lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.ParseLine(Trim(text, TextSpan.FromBounds(line.Start, file.EndOfContent(line))));
        }
        return (file._lines.ToImmutable(), file._problems.ToImmutable());
    }

    private void ParseLine(TextSpan span)
    {
        if (span.IsEmpty)
            return;
        var content = _text.ToString(span);
        var arrow = content.IndexOf(Arrow, StringComparison.Ordinal);
        if (arrow < 0)
        {
            Report(span, "expected 'M:Charge => M:Release', but the line has no '=>'");
            return;
        }

        var problemsBefore = _problems.Count;
        var chargeSpan = Trim(_text, TextSpan.FromBounds(span.Start, span.Start + arrow));
        var parts = Split(TextSpan.FromBounds(span.Start + arrow + Arrow.Length, span.End), ';').ToList();
        var charge = _text.ToString(chargeSpan);
        if ((charge.IndexOf(';') is var semicolon and >= 0 ? semicolon : MissingSeparator(charge)) is var early and >= 0)
        {
            Report(TextSpan.FromBounds(chargeSpan.Start + early, chargeSpan.End), "fields stand behind both methods; expected 'M:Charge => M:Release; token=0,0'");
            return;
        }
        var line = new PairLine(ReadId(chargeSpan, "charge"), ReadId(parts[0], "release"), LocationOf(span));
        foreach (var field in parts.Skip(1))
        {
            if (field.IsEmpty)
                continue;
            line = ReadField(line, field);
        }
        if (_problems.Count != problemsBefore)
            return;
        if (_lines.FirstOrDefault(earlier => earlier.IsSamePair(line) && !earlier.IsSameDeclaration(line)) is { } other)
            Report(span, $"line {other.Location.GetLineSpan().StartLinePosition.Line + 1} says something else of the same charge and release; write one line, or give each a key of its own");
        else
            _lines.Add(line);
    }

    private string ReadId(TextSpan span, string side)
    {
        var id = _text.ToString(span);
        if (span.IsEmpty)
            Report(new TextSpan(span.Start, 0), $"the {side} method is missing; expected its documentation id, for example 'M:Lib.Native.Pin(System.IntPtr)'");
        else if (MissingSeparator(id) is var field and > 0)
            ReportSeparator(new TextSpan(span.Start + field, span.Length - field));
        else if (id.IndexOf(')') is var close and > 0 && close + 1 < id.Length && id[close + 1] == '#')
            Report(TextSpan.FromBounds(span.Start + close + 1, span.End), "white space is missing before the comment: a '#' within a word is part of it");
        else if (PairId.ProblemIn(id) is { } problem)
            Report(new TextSpan(span.Start + problem.Start, problem.Length), problem.Problem);
        return id;
    }

    private PairLine ReadField(PairLine line, TextSpan span)
    {
        var field = _text.ToString(span);
        var equals = field.IndexOf('=');
        var name = (equals < 0 ? field : field.Substring(0, equals)).Trim();
        if (!PairFields.Names.Contains(name))
        {
            // Written as in other files: key: value.
            var known = PairFields.Names.FirstOrDefault(known => name.StartsWith(known, StringComparison.Ordinal) && name.Substring(known.Length).TrimStart().StartsWith(":", StringComparison.Ordinal));
            Report(span, known is not null ? $"expected '=' after '{known}'"
                : name.StartsWith("//", StringComparison.Ordinal) ? "a comment starts with '#'"
                : $"unknown field {PairId.Quoted(name)}; expected one of {string.Join(", ", PairFields.Names)}" + (name.Length < MaxGuessed ? Symbols.NearMiss.Suggestion(name, PairFields.Names) : ""));
            return line;
        }
        var value = equals < 0 ? "" : field.Substring(equals + 1).Trim();
        var valueSpan = equals < 0 ? span : Trim(_text, TextSpan.FromBounds(span.Start + equals + 1, span.End));
        if (line.Fields.ContainsKey(name))
        {
            Report(span, $"the field '{name}' is given twice");
            return line;
        }
        line = line with { Fields = line.Fields.Add(name, LocationOf(span)) };
        if (PairFields.TryApply(line, name, value, out var applied, out var expected))
            return applied;
        if (MissingSeparator(value) is var next and > 0)
            ReportSeparator(new TextSpan(valueSpan.Start + next, valueSpan.Length - next));
        else if (valueSpan.IsEmpty || value.Length == 0)
            Report(span, $"'{name}' has no value; expected {expected}");
        else
            Report(valueSpan, $"{PairId.Quoted(value)} is no value for '{name}'; expected {expected}" + (value.Contains("//") ? "; a comment starts with '#'" : value.Length < MaxGuessed ? Symbols.NearMiss.Suggestion(value, PairFields.ValuesOf(name)) : ""));
        return line;
    }

    /// <summary>Where behind white space or a comma a field begins that should have been told apart by a semicolon; -1 if none does.</summary>
    private static int MissingSeparator(string text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (!IsBlank(text[i - 1]) && text[i - 1] != ',')
                continue;
            var name = PairFields.Names.FirstOrDefault(name => string.CompareOrdinal(text, i, name, 0, name.Length) == 0);
            if (name is not null && text.Substring(i + name.Length).TrimStart().StartsWith("=", StringComparison.Ordinal) && !text.Substring(i + name.Length).TrimStart().StartsWith(Arrow, StringComparison.Ordinal))
                return i;
        }
        return -1;
    }

    private void ReportSeparator(TextSpan span) =>
        Report(span, $"a ';' is missing before {PairId.Quoted(_text.ToString(span))}; expected 'M:Charge => M:Release; token=0,0; amount=1,1'");

    /// <summary>A number sign starts a comment only at the start of the line or after white space: ids contain <c>#ctor</c>.</summary>
    private int EndOfContent(TextLine line)
    {
        for (var i = line.Start; i < line.End; i++)
        {
            if (_text[i] == '#' && (i == line.Start || IsBlank(_text[i - 1])))
                return i;
        }
        return line.End;
    }

    private IEnumerable<TextSpan> Split(TextSpan span, char separator)
    {
        var start = span.Start;
        for (var i = span.Start; i <= span.End; i++)
        {
            if (i < span.End && _text[i] != separator)
                continue;
            yield return Trim(_text, TextSpan.FromBounds(start, i));
            start = i + 1;
        }
    }

    private static TextSpan Trim(SourceText text, TextSpan span)
    {
        var (start, end) = (span.Start, span.End);
        while (start < end && IsBlank(text[start]))
            start++;
        while (end > start && IsBlank(text[end - 1]))
            end--;
        return TextSpan.FromBounds(start, end);
    }

    private static bool IsBlank(char c) => char.IsWhiteSpace(c) || c == '\uFEFF';

    private Location LocationOf(TextSpan span) => Location.Create(_path, span, _text.Lines.GetLinePositionSpan(span));

    private void Report(TextSpan span, string message) => _problems.Add(new DeclarationProblem(LocationOf(span), message));
}
