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
        var line = new PairLine(ReadId(chargeSpan, "charge"), ReadId(parts[0], "release"), LocationOf(span));
        foreach (var field in parts.Skip(1))
        {
            if (field.IsEmpty)
                continue;
            line = ReadField(line, field);
        }
        if (_problems.Count == problemsBefore)
            _lines.Add(line);
    }

    private string ReadId(TextSpan span, string side)
    {
        var id = _text.ToString(span);
        if (span.IsEmpty)
            Report(new TextSpan(span.Start, 0), $"the {side} method is missing; expected its documentation id, for example 'M:Lib.Native.Pin(System.IntPtr)'");
        else if (!id.StartsWith("M:", StringComparison.Ordinal))
            Report(span, $"'{id}' is not the documentation id of a method; expected it to start with 'M:'" + (id.Length > 1 && id[1] == ':' ? "" : $"; did you mean 'M:{id}'?"));
        else if (id.IndexOf('.') < 0 || id.Any(char.IsWhiteSpace) || id.Count(c => c == '(') != id.Count(c => c == ')') || id.IndexOf("()", StringComparison.Ordinal) >= 0)
            Report(span, $"'{id}' is not a well-formed documentation id; expected 'M:Namespace.Type.Method(ParameterType,…)' without spaces, and no parentheses when there are no parameters");
        return id;
    }

    private PairLine ReadField(PairLine line, TextSpan span)
    {
        var field = _text.ToString(span);
        var equals = field.IndexOf('=');
        var name = (equals < 0 ? field : field.Substring(0, equals)).Trim();
        if (!PairFields.Names.Contains(name))
        {
            Report(span, $"unknown field '{name}'; expected one of {string.Join(", ", PairFields.Names)}" + Symbols.NearMiss.Suggestion(name, PairFields.Names));
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
        Report(valueSpan.IsEmpty ? span : valueSpan, $"'{value}' is no value for '{name}'; expected {expected}" + Symbols.NearMiss.Suggestion(value, PairFields.ValuesOf(name)));
        return line;
    }

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
