using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>The front page names every rule, and leads to what is there.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Table_HasEachRuleOnceInOrder()
        => Assert.Equal(
            DescriptorTests.Descriptors().Select(descriptor => descriptor.Id).Order(StringComparer.Ordinal),
            Rows().SelectMany(row => RuleLink().Matches(row.First)).Select(link => link.Groups[1].Value));

    [Fact]
    public void Table_LinksEachRuleToItsPage()
        => Assert.All(Rows().SelectMany(row => RuleLink().Matches(row.First)), link => Assert.Equal(link.Groups[1].Value, link.Groups[2].Value));

    [Fact]
    public void Table_SaysOffWhereARuleIsOff()
    {
        var off = DescriptorTests.Descriptors().Where(descriptor => !descriptor.IsEnabledByDefault).Select(descriptor => descriptor.Id);
        Assert.Equal(off.Order(StringComparer.Ordinal), Rows().Where(row => row.Last == "off").SelectMany(row => RuleLink().Matches(row.First)).Select(link => link.Groups[1].Value));
    }

    [Fact]
    public void Links_LeadToFiles()
        => Assert.Empty(Pages().SelectMany(page => Link().Matches(Code().Replace(File.ReadAllText(page), "")).Select(link => link.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target)))
            .Select(target => $"{Path.GetFileName(page)}: {target}")));

    // Files that are read without a build repeat the address.
    [Theory]
    [InlineData("docs", "api-specification.schema.json")]
    [InlineData("samples", "ApiContract", "specification.json")]
    public void Schema_IsThisProjects(params string[] file)
        => Assert.Contains($"\"{RepositoryFiles.ProjectAddress}/raw/main/docs/api-specification.schema.json\"", RepositoryFiles.Read(file), StringComparison.Ordinal);

    private static IEnumerable<string> Pages()
        => new[] { RepositoryFiles.PathOf("README.md"), RepositoryFiles.PathOf("CONTRIBUTING.md") }
            .Concat(Directory.EnumerateFiles(RepositoryFiles.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateDirectories(RepositoryFiles.PathOf("samples")).Select(sample => Path.Combine(sample, "README.md")).Where(File.Exists));

    private static IEnumerable<(string First, string Last)> Rows()
        => RepositoryFiles.Read("README.md").ReplaceLineEndings("\n").Split('\n')
            .Where(line => line.StartsWith("| [PIN", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|'))
            .Select(cells => (cells[0].Trim(), cells[^1].Trim()));

    [GeneratedRegex(@"\[(PIN\d{4})\]\(docs/rules/(PIN\d{4})\.md\)")]
    private static partial Regex RuleLink();

    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();

    /// <summary>Blocks and spans of code, where brackets mean something else.</summary>
    [GeneratedRegex(@"^```.*?^```|^ {4}.*?$|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();
}
