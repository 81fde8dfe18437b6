using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Compares the files of two solutions to the last character.</summary>
internal static class SolutionComparer
{
    public static async Task CompareAsync(Solution actual, Solution expected, IVerifier verifier, CancellationToken cancellationToken)
    {
        var (have, want) = (await FilesAsync(actual, cancellationToken).ConfigureAwait(false), await FilesAsync(expected, cancellationToken).ConfigureAwait(false));
        foreach (var (path, text) in want)
        {
            if (!have.TryGetValue(path, out var made))
                verifier.Fail($"The fixed state has no file '{path}'.");
            if (made != text)
                verifier.Fail($"Content of '{path}' did not match. Lines marked '-' were expected, '+' was made:{Environment.NewLine}{Difference(text, made)}");
        }

        foreach (var path in have.Keys.Where(path => !want.ContainsKey(path)))
            verifier.Fail($"The fixed state has a file '{path}' that was not expected:{Environment.NewLine}{have[path]}");
    }

    public static async Task<bool> DiffersAsync(Solution left, Solution right, CancellationToken cancellationToken)
        => !(await FilesAsync(left, cancellationToken).ConfigureAwait(false)).SequenceEqual(await FilesAsync(right, cancellationToken).ConfigureAwait(false));

    public static async Task<string> DescribeAsync(Solution before, Solution after, CancellationToken cancellationToken)
    {
        var (old, made) = (await FilesAsync(before, cancellationToken).ConfigureAwait(false), await FilesAsync(after, cancellationToken).ConfigureAwait(false));
        return string.Join(Environment.NewLine, made.Where(file => old.GetValueOrDefault(file.Key) != file.Value)
            .Select(file => file.Key + Environment.NewLine + Difference(old.GetValueOrDefault(file.Key) ?? string.Empty, file.Value)));
    }

    private static async Task<SortedDictionary<string, string>> FilesAsync(Solution solution, CancellationToken cancellationToken)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var project in solution.Projects)
        {
            foreach (var document in project.Documents.Concat(project.AdditionalDocuments).Concat(project.AnalyzerConfigDocuments))
            {
                var path = document.FilePath ?? string.Join('/', document.Folders.Append(document.Name));
                files[$"{project.Name}:{path}"] = (await document.GetTextAsync(cancellationToken).ConfigureAwait(false)).ToString();
            }
        }

        return files;
    }

    // Equal lines at both ends, and between them the expected ones before the actual ones. Line ends are written out where only they differ.
    private static string Difference(string expected, string actual)
    {
        var (want, have) = (expected.Split('\n'), actual.Split('\n'));
        var head = want.Zip(have).TakeWhile(pair => pair.First == pair.Second).Count();
        var tail = want.Skip(head).Reverse().Zip(have.Skip(head).Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        var text = new StringBuilder();
        Append(' ', want[..head]);
        Append('-', want[head..^tail]);
        Append('+', have[head..^tail]);
        Append(' ', want[^tail..]);
        return text.ToString();

        void Append(char mark, string[] lines)
        {
            foreach (var line in lines)
                text.Append(mark).Append(line.Replace("\r", mark == ' ' ? string.Empty : "<CR>", StringComparison.Ordinal)).Append('\n');
        }
    }
}
