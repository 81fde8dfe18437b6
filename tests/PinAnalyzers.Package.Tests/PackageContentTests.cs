using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using System.Xml.Linq;
using Xunit;

namespace PinAnalyzers.Package.Tests;

[Collection(LocalFeedCollection.Name)]
public sealed class PackageContentTests(LocalFeed feed)
{
    [Theory]
    [InlineData("PinAnalyzers", "nupkg")]
    [InlineData("PinAccounting", "nupkg")]
    [InlineData("PinAccounting", "snupkg")]
    public void Content_IsTheCheckedInList(string package, string extension)
    {
        string[] expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Content", $"{package}.{extension}.txt"));
        Assert.Equal(expected, Entries(feed.Package(package, extension)).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void AnalyzerPackage_HasNoSymbolPackage() => Assert.False(File.Exists(feed.Package("PinAnalyzers", "snupkg")));

    [Fact]
    public void AnalyzerPackage_IsADevelopmentDependencyWithoutDependencies()
    {
        XElement metadata = Nuspec("PinAnalyzers");
        Assert.Equal("true", Value(metadata, "developmentDependency"));
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
    }

    [Fact]
    public void RuntimePackage_HasNoDependencies() =>
        Assert.DoesNotContain(Nuspec("PinAccounting").Descendants(), element => element.Name.LocalName == "dependency");

    [Theory]
    [InlineData("PinAnalyzers")]
    [InlineData("PinAccounting")]
    public void Metadata_NamesLicenceReadmeIconAndAddress(string package)
    {
        XElement metadata = Nuspec(package);
        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.Equal("icon.png", Value(metadata, "icon"));
        Assert.Equal(Repository.Address, Value(metadata, "projectUrl"));
        Assert.NotEmpty(Value(metadata, "description"));
    }

    [Theory]
    [InlineData("PinAnalyzers", "PinAnalyzers.Package.csproj", "nuget")]
    [InlineData("PinAccounting", "PinAccounting.csproj", "src")]
    public async Task PackingTwice_GivesTheSameFiles(string package, string project, string room)
    {
        using var again = new TemporaryDirectory();
        await feed.PackAsync(Repository.PathTo(room, package, project), again.FullPath);
        Assert.Equal(Entries(feed.Package(package)), Entries(again.PathTo(Path.GetFileName(feed.Package(package)))));
    }

    private XElement Nuspec(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(feed.Package(package));
        using Stream stream = archive.GetEntry(package + ".nuspec")!.Open();
        return XDocument.Load(stream).Root!.Elements().Single();
    }

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    /// <summary>Name and content hash of what we put in; the container's own parts carry a random name.</summary>
    private static SortedDictionary<string, string> Entries(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (entry.FullName.StartsWith("_rels/", StringComparison.Ordinal) || entry.FullName.StartsWith("package/", StringComparison.Ordinal) || entry.FullName == "[Content_Types].xml")
                continue;
            using Stream content = entry.Open();
            entries.Add(entry.FullName, Convert.ToHexString(SHA256.HashData(content)));
        }

        return entries;
    }
}
