using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>Lines taken out and put in, with the lines around them, as a reader of patches expects them.</summary>
internal static class LineDifference
{
    private const int Context = 3;

    /// <summary>The files of a project that are not the same in another state of it.</summary>
    public static async Task<IReadOnlyList<ChangedFile>> BetweenAsync(Project before, Project after)
    {
        List<ChangedFile> files = [];
        foreach (var id in after.GetChanges(before).GetChangedDocuments())
        {
            var (old, made) = (await before.GetDocument(id)!.GetTextAsync().ConfigureAwait(false), await after.GetDocument(id)!.GetTextAsync().ConfigureAwait(false));
            if (!old.ContentEquals(made)) files.Add(new ChangedFile(after.GetDocument(id)!, old.ToString(), made.ToString()));
        }

        return files;
    }

    public static IEnumerable<string> Between(string before, string after)
    {
        var (old, made) = (before.ReplaceLineEndings("\n").Split('\n'), after.ReplaceLineEndings("\n").Split('\n'));
        var head = 0;
        while (head < Math.Min(old.Length, made.Length) && old[head] == made[head]) head++;
        var tail = 0;
        while (tail < Math.Min(old.Length, made.Length) - head && old[^(tail + 1)] == made[^(tail + 1)]) tail++;
        if (head == old.Length && head == made.Length) return [];

        List<string> lines = [];
        for (var at = Math.Max(0, head - Context); at < head; at++) lines.Add($"  {old[at]}");
        lines.AddRange(Middle(old[head..^tail], made[head..^tail]));
        for (var at = old.Length - tail; at < Math.Min(old.Length, old.Length - tail + Context); at++) lines.Add($"  {old[at]}");
        return Shortened(lines);
    }

    // The longest common subsequence: what a fix changes is a few dozen lines apart.
    private static IEnumerable<string> Middle(string[] old, string[] made)
    {
        var length = new int[old.Length + 1, made.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = made.Length - 1; j >= 0; j--) length[i, j] = old[i] == made[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        }

        var (left, right) = (0, 0);
        while (left < old.Length || right < made.Length)
        {
            if (left < old.Length && right < made.Length && old[left] == made[right])
            {
                yield return $"  {old[left++]}";
                right++;
            }
            else if (left < old.Length && (right == made.Length || length[left + 1, right] >= length[left, right + 1])) yield return $"- {old[left++]}";
            else yield return $"+ {made[right++]}";
        }
    }

    private static IEnumerable<string> Shortened(List<string> lines)
    {
        var skipped = false;
        for (var at = 0; at < lines.Count; at++)
        {
            var near = Enumerable.Range(at - Context, (2 * Context) + 1).Any(other => other >= 0 && other < lines.Count && lines[other][0] != ' ');
            if (near) yield return lines[at];
            else if (!skipped) yield return "  …";
            skipped = !near;
        }
    }
}
