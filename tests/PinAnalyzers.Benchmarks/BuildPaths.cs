using System.Reflection;

namespace PinAnalyzers.Benchmarks;

/// <summary>Places known only when this program is built; the project file writes them into the assembly.</summary>
internal static class BuildPaths
{
    public static string RepositoryRoot => Read("RepositoryRoot");

    public static string TargetingPacks => Read("TargetingPacks");

    public static string NetAnalyzers => Read("NetAnalyzers");

    public static string IDisposableAnalyzers => Read("IDisposableAnalyzers");

    private static string Read(string key) =>
        typeof(BuildPaths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value
        ?? throw new InvalidOperationException($"The build left the path '{key}' empty.");
}
