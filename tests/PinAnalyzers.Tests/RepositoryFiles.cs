using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;

namespace PinAnalyzers.Tests;

/// <summary>Files of this repository that tests read.</summary>
internal static class RepositoryFiles
{
    private static readonly string s_root = Metadata("RepositoryRoot");

    /// <summary>Where the project lives, as its build has it.</summary>
    public static string ProjectAddress { get; } = Metadata("ProjectAddress");

    public static string PathOf(params string[] parts) => Path.Combine([s_root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    /// <summary>The C# files below a folder, without what a build made; none where the folder is not there.</summary>
    public static IEnumerable<string> Sources(params string[] parts)
    {
        var folder = PathOf(parts);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !IsBuilt(file)).Order(System.StringComparer.Ordinal)
            : [];
    }

    private static string Metadata(string key)
        => typeof(RepositoryFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    private static bool IsBuilt(string file) => file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");
}
