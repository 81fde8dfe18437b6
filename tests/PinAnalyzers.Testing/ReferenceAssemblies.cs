using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// The framework that test sources compile against. Nothing is downloaded: the reference packs of the SDK that built this assembly and of
/// the package cache are used. A framework whose pack is not there takes the SDK's own, and without any pack the running framework serves.
/// </summary>
public sealed class ReferenceAssemblies
{
    private static readonly ConcurrentDictionary<string, Lazy<ImmutableArray<MetadataReference>>> s_resolved = new();

    public ReferenceAssemblies(string targetFramework) => TargetFramework = targetFramework ?? throw new ArgumentNullException(nameof(targetFramework));

    public static ReferenceAssemblies Default => Net.Net100;

    public string TargetFramework { get; }

    public Task<ImmutableArray<MetadataReference>> ResolveAsync(string? language, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Resolve(TargetFramework));
    }

    internal static string? FindPack(string targetFramework)
    {
        var folders = Packs("ReferencePackRoot", "Microsoft.NETCore.App.Ref").Concat(Packs("NuGetPackageRoot", "microsoft.netcore.app.ref"));
        return folders.Select(pack => Path.Combine(pack, "ref", targetFramework)).FirstOrDefault(Directory.Exists);
    }

    private static ImmutableArray<MetadataReference> Resolve(string targetFramework)
        => s_resolved.GetOrAdd(targetFramework, name => new(() => Load(FindPack(name) ?? OwnPack()))).Value;

    private static ImmutableArray<MetadataReference> Load(string? folder)
    {
        var files = folder is not null
            ? Directory.EnumerateFiles(folder, "*.dll")
            : ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? string.Empty).Split(Path.PathSeparator)
                .Where(file => Path.GetFileName(file) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"));
        return [.. files.Order(StringComparer.Ordinal).Select(file => MetadataReference.CreateFromFile(file))];
    }

    private static string? OwnPack()
    {
        var pack = Path.Combine(Baked("ReferencePackRoot"), "Microsoft.NETCore.App.Ref", Baked("ReferencePackVersion"), "ref");
        return Directory.Exists(pack) ? Directory.EnumerateDirectories(pack).FirstOrDefault() : null;
    }

    // Newest first; the bundled version of the SDK before any other.
    private static IEnumerable<string> Packs(string root, string name)
    {
        var folder = Path.Combine(Baked(root), name);
        return Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder)
                .OrderByDescending(pack => Path.GetFileName(pack) == Baked("ReferencePackVersion"))
                .ThenByDescending(pack => Version.TryParse(Path.GetFileName(pack), out var version) ? version : new Version())
            : [];
    }

    private static string Baked(string key)
        => typeof(ReferenceAssemblies).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == key)?.Value ?? string.Empty;

    public static class Net
    {
        public static ReferenceAssemblies Net80 { get; } = new("net8.0");

        public static ReferenceAssemblies Net90 { get; } = new("net9.0");

        public static ReferenceAssemblies Net100 { get; } = new("net10.0");
    }
}
