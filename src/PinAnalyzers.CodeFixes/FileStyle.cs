using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Formatting;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Options;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.CodeFixes;

/// <summary>How a file is indented and where its braces stand, told from its lines. What an <c>.editorconfig</c> says comes first.</summary>
internal static class FileStyle
{
    private const string Blocks = @"^(\} ?)?(if|else|for|foreach|while|do|try|catch|finally|using|lock|switch|fixed|unsafe|checked|unchecked)\b";
    private static readonly Regex s_block = new(Blocks, RegexOptions.CultureInvariant);
    private static readonly Regex s_clauseBehindBrace = new(@"^\} ?(else|catch|finally)\b", RegexOptions.CultureInvariant);
    private static readonly Regex s_clause = new(@"^(else|catch|finally)\b", RegexOptions.CultureInvariant);
    private static readonly Regex s_signature = new(@"^(?!.*(=|\bnew\b))[\w\[\]<>?., ]+\(.*\)$", RegexOptions.CultureInvariant);

    public static OptionSet Of(SourceText text, AnalyzerConfigOptions? set, OptionSet options)
    {
        List<string> lines = [.. text.Lines.Select(static line => line.ToString().TrimEnd()).Where(static line => line.Length > 0)];
        if (!IsSet(set, "indent_style") && MostBeginWithTabs(lines)) options = options.WithChangedOption(FormattingOptions.UseTabs, LanguageNames.CSharp, true);
        if (!IsSet(set, "indent_size") && Step(lines) is { } step) options = options.WithChangedOption(FormattingOptions.IndentationSize, LanguageNames.CSharp, step);
        if (!IsSet(set, "csharp_new_line_before_open_brace"))
        {
            if (StandBehind(lines, static line => s_block.IsMatch(line))) options = options.WithChangedOption(CSharpFormattingOptions.NewLinesForBracesInControlBlocks, false);
            if (StandBehind(lines, static line => !s_block.IsMatch(line) && s_signature.IsMatch(line))) options = options.WithChangedOption(CSharpFormattingOptions.NewLinesForBracesInMethods, false);
        }

        if (lines.Count(static line => s_clauseBehindBrace.IsMatch(line.TrimStart())) <= lines.Count(static line => s_clause.IsMatch(line.TrimStart()))) return options;
        if (!IsSet(set, "csharp_new_line_before_else")) options = options.WithChangedOption(CSharpFormattingOptions.NewLineForElse, false);
        if (!IsSet(set, "csharp_new_line_before_catch")) options = options.WithChangedOption(CSharpFormattingOptions.NewLineForCatch, false);
        if (!IsSet(set, "csharp_new_line_before_finally")) options = options.WithChangedOption(CSharpFormattingOptions.NewLineForFinally, false);
        return options;
    }

    private static bool IsSet(AnalyzerConfigOptions? set, string key) => set is not null && set.TryGetValue(key, out _);

    private static bool MostBeginWithTabs(List<string> lines) => lines.Count(static line => line[0] == '\t') > lines.Count(static line => line[0] == ' ');

    /// <summary>By how many spaces most lines behind an opening brace go further in; null where none tells.</summary>
    private static int? Step(List<string> lines)
    {
        Dictionary<int, int> steps = [];
        for (int i = 1; i < lines.Count; i++)
        {
            if (lines[i - 1][lines[i - 1].Length - 1] != '{' || lines[i][0] == '\t' || lines[i].TrimStart()[0] == '}') continue;
            int step = Indent(lines[i]) - Indent(lines[i - 1]);
            if (step is >= 1 and <= 8) steps[step] = (steps.TryGetValue(step, out int count) ? count : 0) + 1;
        }

        return steps.Count == 0 ? null : steps.OrderByDescending(static pair => pair.Value).ThenByDescending(static pair => pair.Key).First().Key;
    }

    /// <summary>Whether most opening braces of such lines end them, rather than to begin the next.</summary>
    private static bool StandBehind(List<string> lines, System.Func<string, bool> isHead)
    {
        int behind = 0, below = 0;
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i].TrimStart();
            if (line == "{") below += i > 0 && isHead(lines[i - 1].TrimStart()) ? 1 : 0;
            else if (line[line.Length - 1] == '{' && isHead(line.Substring(0, line.Length - 1).TrimEnd())) behind++;
        }

        return behind > below;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
