using System;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace PinAccounting.Tests.ApiSurface;

/// <summary>The public API is what the checked-in files say. Set PIN_UPDATE_API_SURFACE=1 to write them anew, and read the difference before committing it.</summary>
public sealed class ApiSurfaceTests
{
    private static readonly Assembly s_assembly = typeof(PinAccount).Assembly;

    private static readonly string s_directory = typeof(ApiSurfaceTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(static metadata => metadata.Key == "ApiSurfaceDirectory").Value!;

    public static TheoryData<string> Namespaces()
    {
        var data = new TheoryData<string>();
        foreach (string name in s_assembly.GetExportedTypes().Select(static type => type.Namespace!).Distinct().Order(StringComparer.Ordinal)) data.Add(name);
        return data;
    }

    [Theory]
    [MemberData(nameof(Namespaces))]
    public void PublicApi_OfNamespace_IsAsRecorded(string space)
    {
        string actual = PublicApi.Describe(s_assembly, space);
        string file = Path.Combine(s_directory, space + ".txt");
        if (Environment.GetEnvironmentVariable("PIN_UPDATE_API_SURFACE") == "1") File.WriteAllText(file, actual);
        Assert.True(File.Exists(file), $"{file} is missing; run with PIN_UPDATE_API_SURFACE=1.");
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual);
    }

    [Fact]
    public void RecordedNamespaces_AllExist() =>
        Assert.Equal(
            Directory.GetFiles(s_directory, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
            s_assembly.GetExportedTypes().Select(static type => type.Namespace!).Distinct().Order(StringComparer.Ordinal));
}
