using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace PinAnalyzers.Tests.Verification;

/// <summary>The annotations as internal copies in one source, the way a project without the runtime package has them.</summary>
internal static class AnnotationSources
{
    private static readonly Lazy<string> s_internalCopies = new(Merge);

    public static string InternalCopies => s_internalCopies.Value;

    // One tree instead of many, and no comments: every annotated test compiles this.
    private static string Merge()
    {
        var (usings, types) = (new SortedSet<string>(StringComparer.Ordinal), new StringBuilder());
        var assembly = typeof(AnnotationSources).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Annotations/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith("using ", StringComparison.Ordinal))
                    usings.Add(line);
                else if (!line.StartsWith("namespace ", StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                    types.Append(line.StartsWith("public ", StringComparison.Ordinal) ? "internal " + line["public ".Length..] : line).Append('\n');
            }
        }

        return $"#nullable enable\n{string.Join('\n', usings)}\nnamespace PinAccounting.Annotations;\n{types}";
    }
}
