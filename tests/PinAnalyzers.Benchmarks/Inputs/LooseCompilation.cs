namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>Turns any checkout into compilations without building it: one per project directory, packages missing, errors expected.</summary>
internal static class LooseCompilation
{
    private static readonly string[] s_symbols =
    [
        "NET", "NETCOREAPP", "NET10_0", "TRACE", "RELEASE",
        .. Enumerable.Range(5, 6).Select(major => $"NET{major}_0_OR_GREATER"),
        .. new[] { "1_0", "1_1", "2_0", "2_1", "2_2", "3_0", "3_1" }.Select(version => $"NETCOREAPP{version}_OR_GREATER"),
    ];

    public static SourceSet Read(string directory, IReadOnlyList<string> excluded, bool asBuilt = false)
    {
        var root = Path.GetFullPath(directory).TrimEnd(Path.DirectorySeparatorChar);
        var projectFiles = Files(root, "*.csproj").GroupBy(file => Path.GetDirectoryName(file)!).ToDictionary(group => group.Key, group => group.Order().First());
        var projects = Files(root, "*.cs")
            .Where(file => !excluded.Any(part => Path.GetRelativePath(root, file).Contains(part, StringComparison.OrdinalIgnoreCase)))
            .GroupBy(file => Owner(file, root, projectFiles))
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Project(group.Key, group, root))
            .ToList();
        return new SourceSet(Path.GetFileName(root), Distinct(projects)) { AsBuilt = asBuilt };
    }

    /// <summary>Our own sources as one compilation. They are written for the assembly they are in, so they bind best with Roslyn at hand.</summary>
    public static SourceSet OwnSources() =>
        new("own sources", [.. Read(Path.Combine(BuildPaths.RepositoryRoot, "src"), []).Projects
            .Select(project => project with { ExtraReferences = ReferencePacks.Roslyn, Nullable = true })]);

    /// <summary>A project of texts made in memory, with the symbols and usings of a new one.</summary>
    public static SourceProject FromText(string name, IEnumerable<SourceFile> files) => new(name, [.. files, Implicit(name, ProjectFile.DefaultImplicitSource)])
    {
        PreprocessorSymbols = s_symbols,
        Nullable = true,
    };

    private static SourceProject Project(string? projectFile, IEnumerable<string> files, string root)
    {
        var project = projectFile is null ? null : ProjectFile.Load(projectFile, root);
        var name = project?.Name ?? Path.GetFileName(root);
        var sources = files.Order(StringComparer.Ordinal).Select(file => new SourceFile(file, File.ReadAllText(file)));
        return new SourceProject(name, [.. sources, Implicit(name, project?.ImplicitSource ?? ProjectFile.DefaultImplicitSource)])
        {
            References = [.. project?.References ?? []],
            PreprocessorSymbols = [.. s_symbols, .. project?.Constants ?? []],
            PairFiles = projectFile is null ? [] : [.. Directory.EnumerateFiles(Path.GetDirectoryName(projectFile)!, "PinPairs*.txt")],
            Nullable = project?.Nullable ?? false,
        };
    }

    private static SourceFile Implicit(string name, string text) => new($"{name}.GlobalUsings.g.cs", text, IsImplicit: true);

    private static IEnumerable<string> Files(string root, string pattern) =>
        Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git"));

    private static string? Owner(string file, string root, Dictionary<string, string> projectFiles)
    {
        for (var directory = Path.GetDirectoryName(file); directory is not null && directory.Length >= root.Length; directory = Path.GetDirectoryName(directory))
        {
            if (projectFiles.TryGetValue(directory, out var project)) return project;
        }

        return null;
    }

    // Two projects of one name in different folders stay apart; the first keeps the name that others refer to.
    private static List<SourceProject> Distinct(List<SourceProject> projects)
    {
        var names = new HashSet<string>();
        return [.. projects.Select(project => names.Add(project.Name) ? project : Renamed(project))];

        SourceProject Renamed(SourceProject project)
        {
            var number = 2;
            while (!names.Add($"{project.Name}~{number}")) number++;
            return project with { Name = $"{project.Name}~{number}" };
        }
    }
}
