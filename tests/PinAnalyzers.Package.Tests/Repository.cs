using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace PinAnalyzers.Package.Tests;

/// <summary>Where the repository is and how this test assembly was built.</summary>
internal static class Repository
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Where the project lives, as its build has it.</summary>
    public static string Address { get; } = Metadata("ProjectAddress");

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value
        ?? throw new InvalidOperationException($"The build left out {key}.");
}
