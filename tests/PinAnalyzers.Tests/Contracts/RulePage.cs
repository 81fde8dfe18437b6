using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>A page of docs/rules, as docs/rules/README.md lays it out.</summary>
internal sealed partial class RulePage
{
    public static readonly ImmutableArray<string> SectionNames =
        ["Cause", "Why it bites", "Violation", "Path", "Fix", "What stays silent", "Known limits", "When to suppress", "Configuration"];

    private RulePage(string id, string text)
    {
        Id = id;
        var (section, row) = (string.Empty, default(Match));
        var (sections, table, blocks) = (new List<string>(), new Dictionary<string, string>(), new List<CodeBlock>());
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        Title = lines[0];
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, i + 1, line => line.StartsWith("```", StringComparison.Ordinal));
                if (end < 0)
                    throw new InvalidDataException($"{id}.md: the block at line {i + 1} is not closed.");
                blocks.Add(new CodeBlock(section, lines[i][3..].Split(' ', StringSplitOptions.RemoveEmptyEntries), string.Join('\n', lines[(i + 1)..end]), i + 1));
                i = end;
            }
            else if (lines[i].StartsWith("## ", StringComparison.Ordinal))
            {
                sections.Add(section = lines[i][3..]);
            }
            else if (sections.Count == 0 && (row = TableRow().Match(lines[i])).Success)
            {
                table[row.Groups[1].Value] = row.Groups[2].Value;
            }
        }

        (Sections, Table, Blocks) = ([.. sections], table, [.. blocks]);
    }

    public string Id { get; }

    public string Title { get; }

    public ImmutableArray<string> Sections { get; }

    public IReadOnlyDictionary<string, string> Table { get; }

    public ImmutableArray<CodeBlock> Blocks { get; }

    public static IEnumerable<RulePage> All()
    {
        var folder = RepositoryFiles.PathOf("docs", "rules");
        return Directory.EnumerateFiles(folder, "PIN*.md").Order(StringComparer.Ordinal).Select(file => Parse(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)));
    }

    public static RulePage Parse(string id, string text) => new(id, text);

    /// <summary>The first word of a cell: what follows is for readers.</summary>
    public string Cell(string name) => Table.TryGetValue(name, out var value) ? value.Split(' ', 2)[0] : string.Empty;

    [GeneratedRegex(@"^\|\s*([^|]+?)\s*\|\s*([^|]+?)\s*\|$")]
    private static partial Regex TableRow();
}

/// <param name="Info">The words of the fence: language, role, options.</param>
/// <param name="Line">Where it stands in the page.</param>
internal sealed record CodeBlock(string Section, string[] Info, string Code, int Line)
{
    public string Role => Info is ["csharp", var role, ..] ? role : string.Empty;

    public IEnumerable<(string Key, string Value)> Options => Info.Skip(2).Select(option => option.Split('=', 2)).Select(pair => (pair[0], pair.ElementAtOrDefault(1) ?? string.Empty));
}
