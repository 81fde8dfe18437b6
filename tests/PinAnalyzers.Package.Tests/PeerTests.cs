using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;
using Xunit.Abstractions;

namespace PinAnalyzers.Package.Tests;

/// <summary>What docs/comparison.md says of others is what they say of our samples: one build with all of them on.</summary>
[Collection(LocalFeedCollection.Name)]
public sealed class PeerTests(LocalFeed feed, ITestOutputHelper log)
{
    // What each of them has for resources that are lost, released twice or locked; their other rules have other subjects.
    private static readonly string[] Resources = ["PIN1001", "PIN1002", "PIN1003", "PIN1004", "PIN1005", "CA2000", "CA2213", "S2222", "S2930", "S2931", "S3966"];
    private static readonly Regex Warning = new(@"(?<file>\w+\.cs)\((?<line>\d+),\d+\): warning (?<id>(?:PIN|CA|IDISP|S)\d+)", RegexOptions.CultureInvariant);
    private static readonly Regex Listed = new(@"^(?<file>\w+\.cs)\((?<line>\d+)\): (?<ids>[\w, ]+)$", RegexOptions.Multiline | RegexOptions.CultureInvariant);

    [Fact]
    public async Task SameProgram_IsReportedAsThePageSays()
    {
        using var consumer = new Consumer(feed, "// Everything else is in the other files.\n")
        {
            Properties = "<OutputType>Exe</OutputType>",
            PackageReferences = """
                <PackageReference Include="PinAnalyzers" Version="$(PinVersion)" PrivateAssets="all" />
                <PackageReference Include="IDisposableAnalyzers" Version="4.0.8" PrivateAssets="all" />
                <PackageReference Include="SonarAnalyzer.CSharp" Version="10.36.0.15337" PrivateAssets="all" />
                """,
        };
        foreach (string room in new[] { "Leaky", "Shared" })
        {
            foreach (string file in Directory.GetFiles(Repository.PathTo("samples", "PinnedCopy", room), "*.cs"))
                consumer.Write(Path.GetFileName(file), File.ReadAllText(file));
        }

        consumer.Write("Header.cs", ConsumerSources.UndisposedStream);
        consumer.Write(".editorconfig", "root = true\n[*.cs]\n" + string.Concat(Resources.Skip(5).Select(id => $"dotnet_diagnostic.{id}.severity = warning\n")));
        DotNetResult build = (await consumer.BuildAsync()).ShouldSucceed();

        string[] said = [.. Warning.Matches(build.Output).Where(m => IsAboutResources(m.Groups["id"].Value)).Select(m => $"{m.Groups["file"].Value}({m.Groups["line"].Value}): {m.Groups["id"].Value}")
            .Distinct().Order(StringComparer.Ordinal)];
        log.WriteLine(string.Join('\n', said));
        string page = File.ReadAllText(Repository.PathTo("docs", "comparison.md")).ReplaceLineEndings("\n");
        Assert.Contains(ConsumerSources.UndisposedStream.ReplaceLineEndings("\n").Trim(), page, StringComparison.Ordinal);
        Assert.Equal(
            Listed.Matches(page).SelectMany(m => m.Groups["ids"].Value.Split(", ").Select(id => $"{m.Groups["file"].Value}({m.Groups["line"].Value}): {id}")).Order(StringComparer.Ordinal),
            said);
    }

    private static bool IsAboutResources(string id) => id.StartsWith("IDISP", StringComparison.Ordinal) || Resources.Contains(id);
}
