using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Package.Tests;

/// <summary>Both packages, packed once a run into a feed of their own, and a package folder that nothing else has written to.</summary>
public sealed class LocalFeed : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>New in every run, so that no cache anywhere can answer for today's packages.</summary>
    public string Version { get; } = string.Create(CultureInfo.InvariantCulture, $"0.1.0-test.{DateTime.UtcNow.Ticks}");

    internal string Directory => _directory.PathTo("feed");

    internal IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    internal string Package(string name, string extension = "nupkg") => Path.Combine(Directory, $"{name}.{Version}.{extension}");

    /// <summary>A <c>nuget.config</c> that knows this feed and the public one, and whose packages come from nowhere else.</summary>
    internal string NuGetConfig =>
        $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="under-test" value="{Directory}" />
            <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
          </packageSources>
          <packageSourceMapping>
            <packageSource key="under-test"><package pattern="PinAnalyzers" /><package pattern="PinAccounting" /><package pattern="Vendor.*" /></packageSource>
            <packageSource key="nuget.org"><package pattern="*" /></packageSource>
          </packageSourceMapping>
        </configuration>
        """;

    public async Task InitializeAsync()
    {
        Environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = _directory.PathTo("packages") };
        await PackAsync(Repository.PathTo("nuget", "PinAnalyzers", "PinAnalyzers.Package.csproj"), Directory);
        await PackAsync(Repository.PathTo("src", "PinAccounting", "PinAccounting.csproj"), Directory);
    }

    public Task DisposeAsync()
    {
        _directory.Dispose();
        return Task.CompletedTask;
    }

    internal async Task PackAsync(string project, string into) =>
        (await DotNet.RunAsync(
            Repository.Root, new Dictionary<string, string>(), "pack", project, "--no-build", "--nologo", "-v", "q",
            "-c", Repository.Configuration, "-o", into, $"-p:PackageVersion={Version}")).ShouldSucceed();
}

[CollectionDefinition(Name)]
public sealed class LocalFeedCollection : ICollectionFixture<LocalFeed>
{
    public const string Name = "Local feed";
}
