using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace PinAnalyzers.Package.Tests;

/// <summary>A diagnostic as the build prints it: id and where.</summary>
internal readonly record struct BuildDiagnostic(string File, int Line, string Id)
{
    private static readonly Regex Printed = new(@"^\s*(?<file>[^(\n]+)\((?<line>\d+),\d+\): (?<level>warning|error) (?<id>PIN\d{4})", RegexOptions.Multiline | RegexOptions.CultureInvariant);
    private static readonly Regex Expected = new(@"// expect: (?<id>PIN\d{4})", RegexOptions.CultureInvariant);

    /// <summary>Each diagnostic once: MSBuild prints warnings twice, and once more for every target framework.</summary>
    public static BuildDiagnostic[] ParseOutput(string output, string level = "warning") =>
        [.. Printed.Matches(output).Where(m => m.Groups["level"].Value == level)
            .Select(m => new BuildDiagnostic(Path.GetFileName(m.Groups["file"].Value), int.Parse(m.Groups["line"].Value, null), m.Groups["id"].Value))
            .Distinct().Order(ByPlace)];

    /// <summary>What a source says about itself, by <c>// expect: PINxxxx</c> at the end of a line.</summary>
    public static BuildDiagnostic[] ParseExpectations(string file, string source) =>
        [.. source.Split('\n').SelectMany((text, index) => Expected.Matches(text).Select(m => new BuildDiagnostic(file, index + 1, m.Groups["id"].Value))).Order(ByPlace)];

    public override string ToString() => $"{File}({Line}): {Id}";

    private static Comparer<BuildDiagnostic> ByPlace { get; } =
        Comparer<BuildDiagnostic>.Create((x, y) => string.CompareOrdinal($"{x.File}:{x.Line:D6}:{x.Id}", $"{y.File}:{y.Line:D6}:{y.Id}"));
}

/// <summary>A project outside the repository that gets our packages as everybody does: from a feed.</summary>
internal sealed class Consumer : IDisposable
{
    private readonly LocalFeed _feed;
    private readonly TemporaryDirectory _directory = new();

    public Consumer(LocalFeed feed, string source)
    {
        _feed = feed;
        Write("nuget.config", feed.NuGetConfig);
        Write(SourceName, source);
        Expected = BuildDiagnostic.ParseExpectations(SourceName, source);
    }

    public static string SourceName => "Consumer.cs";

    public IReadOnlyList<BuildDiagnostic> Expected { get; }

    public string TargetFrameworks { get; init; } = "net10.0";

    /// <summary>Lines for the project's property group.</summary>
    public string Properties { get; set; } = "";

    public string PackageReferences { get; init; } = """<PackageReference Include="PinAnalyzers" Version="$(PinVersion)" PrivateAssets="all" />""";

    public void Write(string name, string content) => _directory.Write(name, content);

    public string Read(string name) => File.ReadAllText(_directory.PathTo(name));

    public Task<DotNetResult> BuildAsync() => RunAsync("build", "--nologo", "-p:UseSharedCompilation=false");

    public Task<DotNetResult> RunAsync(params string[] arguments)
    {
        WriteProject();
        return DotNet.RunAsync(_directory.FullPath, _feed.Environment, arguments);
    }

    public Task<DotNetResult> ShellAsync(string script)
    {
        WriteProject();
        return DotNet.ShellAsync(_directory.FullPath, _feed.Environment, script);
    }

    public void Dispose() => _directory.Dispose();

    private void WriteProject() =>
        Write("Consumer.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFrameworks>{TargetFrameworks}</TargetFrameworks>
                <Nullable>enable</Nullable>
                <LangVersion>latest</LangVersion>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <PinVersion>{_feed.Version}</PinVersion>
                {Properties}
              </PropertyGroup>
              <ItemGroup>
                {PackageReferences}
              </ItemGroup>
            </Project>
            """);
}
