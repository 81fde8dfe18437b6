using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>The assemblies that loosely compiled code is bound against. Shared by all compilations, as in a build server.</summary>
internal static class ReferencePacks
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_framework = new(() => [.. FrameworkFiles().Select(Reference)]);
    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_roslyn = new(() =>
        [Reference(typeof(Compilation).Assembly.Location), Reference(typeof(CSharpCompilation).Assembly.Location)]);

    /// <summary>The base library and ASP.NET.</summary>
    public static IReadOnlyList<MetadataReference> Framework => s_framework.Value;

    /// <summary>What our own sources need besides.</summary>
    public static IReadOnlyList<MetadataReference> Roslyn => s_roslyn.Value;

    private static IEnumerable<string> FrameworkFiles()
    {
        var files = PackFiles("Microsoft.NETCore.App.Ref").Concat(PackFiles("Microsoft.AspNetCore.App.Ref"))
            .DistinctBy(Path.GetFileName).ToList();

        // A machine without targeting packs still has the assemblies this program runs on.
        return files.Count > 0 ? files : Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System*.dll");
    }

    private static IEnumerable<string> PackFiles(string pack)
    {
        var root = Path.Combine(BuildPaths.TargetingPacks, pack);
        if (!Directory.Exists(root)) return [];

        var newest = Directory.EnumerateDirectories(root)
            .MaxBy(directory => Version.TryParse(Path.GetFileName(directory).Split('-')[0], out var version) ? version : new Version());
        var framework = newest is null ? null : Directory.EnumerateDirectories(Path.Combine(newest, "ref")).FirstOrDefault();
        return framework is null ? [] : Directory.EnumerateFiles(framework, "*.dll");
    }

    private static MetadataReference Reference(string path) => MetadataReference.CreateFromFile(path);
}
