using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>What every descriptor must be, without a list of them anywhere.</summary>
public sealed partial class DescriptorTests
{
    [Fact]
    public void Id_IsDeclaredOnce()
        => Assert.Empty(Shipped.DeclaredDescriptors.GroupBy(declared => declared.Descriptor.Id).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Field_IsNamedAfterTheId()
        => Assert.Empty(Shipped.DeclaredDescriptors.Where(declared => !declared.Field.StartsWith(declared.Descriptor.Id + "_", StringComparison.Ordinal)).Select(declared => declared.Field));

    [Fact]
    public void Id_HasFourDigits()
        => Assert.DoesNotContain(Ids(), id => !PinId().IsMatch(id));

    [Fact]
    public void DeclaredAndSupported_AreTheSame()
        => Assert.Equal(Ids().Order(StringComparer.Ordinal), Shipped.SupportedDescriptors.Select(descriptor => descriptor.Id).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void OneIdInTwoAnalyzers_IsOneDescriptor()
        => Assert.Empty(Shipped.SupportedDescriptors.GroupBy(descriptor => descriptor.Id).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void Category_FollowsTheNumber()
        => Assert.Empty(Descriptors().Where(descriptor => !IsRightCategory(descriptor)).Select(descriptor => $"{descriptor.Id}: {descriptor.Category}"));

    [Fact]
    public void HelpLink_LeadsToThePageOfThisProject()
        => Assert.All(Descriptors(), descriptor =>
        {
            Assert.Equal($"{RepositoryFiles.ProjectAddress}/blob/main/docs/rules/{descriptor.Id}.md", descriptor.HelpLinkUri);
            Assert.True(File.Exists(RepositoryFiles.PathOf("docs", "rules", Path.GetFileName(descriptor.HelpLinkUri))), descriptor.HelpLinkUri);
        });

    [Fact]
    public void TitleAndDescription_AreThere()
        => Assert.Empty(Descriptors().Where(descriptor => string.IsNullOrWhiteSpace(descriptor.Title.ToString()) || string.IsNullOrWhiteSpace(descriptor.Description.ToString())).Select(descriptor => descriptor.Id));

    [Fact]
    public void ReleaseFiles_ListEveryRuleAsItIs()
    {
        var released = ReleaseLines().ToList();
        Assert.Empty(released.GroupBy(line => line.Id).Where(group => group.Count() > 1).Select(group => $"{group.Key} twice"));
        Assert.Equal(
            Descriptors().Select(descriptor => (descriptor.Id, descriptor.Category, descriptor.IsEnabledByDefault ? descriptor.DefaultSeverity.ToString() : "Disabled")).Order(),
            released.Order());
    }

    internal static IEnumerable<DiagnosticDescriptor> Descriptors() => Shipped.DeclaredDescriptors.Select(declared => declared.Descriptor);

    private static IEnumerable<string> Ids() => Descriptors().Select(descriptor => descriptor.Id);

    // PIN0xxx are about the analysis itself, and belong to none of the four.
    private static bool IsRightCategory(DiagnosticDescriptor descriptor) => descriptor.Id[3] switch
    {
        '1' => descriptor.Category == "Pin.Balance",
        '2' => descriptor.Category == "Pin.Authority",
        '3' => descriptor.Category == "Pin.SharedMemory",
        '4' => descriptor.Category == "Pin.Contract",
        _ => descriptor.Category.StartsWith("Pin.", StringComparison.Ordinal),
    };

    private static IEnumerable<(string Id, string Category, string Severity)> ReleaseLines()
        => new[] { "AnalyzerReleases.Shipped.md", "AnalyzerReleases.Unshipped.md" }
            .SelectMany(file => RepositoryFiles.Read("src", "PinAnalyzers", file).Split('\n'))
            .Select(line => ReleaseLine().Match(line)).Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value));

    [GeneratedRegex(@"^PIN[0-4]\d{3}$")]
    private static partial Regex PinId();

    [GeneratedRegex(@"^\s*(PIN\d{4})\s*\|\s*(\S+)\s*\|\s*(\S+)\s*\|")]
    private static partial Regex ReleaseLine();
}
