using System.Text;

namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>Code of known size and density. It binds without an error, so that no analyzer is spared work by broken symbols.</summary>
internal static class GeneratedSources
{
    private const int LinesPerProject = 50_000;
    private const int BranchesPerProject = 10_000;

    /// <summary>Twelve of seventeen members of every class take and return something.</summary>
    public static SourceSet PairRich(int lines = LinesPerProject) =>
        Repeat("generated, pair-rich", "PairRich", lines, [.. PairTemplates.Members, .. PlainTemplates.Members], PairTemplates.Fields);

    public static SourceSet PairFree() => Repeat("generated, pair-free", "PairFree", LinesPerProject, PlainTemplates.Members, "");

    /// <summary>The same number of branches in all, in methods of the given size: cost per branch must not depend on the size.</summary>
    public static SourceSet Branches(int perMethod)
    {
        var files = Enumerable.Range(0, BranchesPerProject / perMethod).Select(method => new SourceFile($"Branches{method}.cs", BranchingMethod(method, perMethod)));
        return new SourceSet($"generated, {perMethod:N0} branches a method", [LooseCompilation.FromText($"Branches{perMethod}", files)]) { Branches = BranchesPerProject };
    }

    private static SourceSet Repeat(string name, string project, int most, IReadOnlyList<string> members, string fields)
    {
        List<SourceFile> files = [];
        for (var lines = 0; lines < most;)
        {
            var text = ClassOf(files.Count, members, fields);
            files.Add(new SourceFile($"Unit{files.Count}.cs", text));
            lines += text.AsSpan().Count('\n');
        }

        return new SourceSet(name, [LooseCompilation.FromText(project, files)]);
    }

    private static string ClassOf(int number, IReadOnlyList<string> members, string fields)
    {
        var text = new StringBuilder("using System.Buffers;\nusing System.Runtime.InteropServices;\n\n");
        text.Append($"namespace Generated.Part{number % 40};\n\npublic sealed class Unit{number}\n{{\n{fields}\n");
        for (var index = 0; index < members.Count; index++)
            text.Append(members[index].Replace("@", $"{number}_{index}")).Append('\n');
        return text.Append("}\n").ToString();
    }

    // One block of memory stays held across all branches; calls between them may throw, and the finally gives it back.
    private static string BranchingMethod(int number, int branches)
    {
        var text = new StringBuilder("using System.Runtime.InteropServices;\n\nnamespace Generated;\n\n");
        text.Append($"public static class Branches{number}\n{{\n    public static int Run(int[] input, bool stop)\n    {{\n");
        text.Append("        var block = Marshal.AllocHGlobal(64);\n        var n = 0;\n        try\n        {\n");
        for (var branch = 0; branch < branches; branch++)
        {
            text.Append((branch % 5) switch
            {
                0 => $"            if (input[{branch}] > n) n += Next(input, {branch});\n",
                1 => $"            if (stop && n == {branch}) return n;\n",
                2 => $"            while (n < input[{branch}]) n++;\n",
                3 => $"            n += input[{branch}] == 0 ? 1 : Next(input, n);\n",
                _ => $"            if (stop) n--; else Marshal.WriteInt32(block, n);\n",
            });
        }

        text.Append("            return n;\n        }\n        finally\n        {\n            Marshal.FreeHGlobal(block);\n        }\n    }\n\n");
        return text.Append("    private static int Next(int[] input, int at) => input[at] * 2;\n}\n").ToString();
    }
}
