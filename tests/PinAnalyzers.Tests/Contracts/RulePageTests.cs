using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>Pages and descriptors say the same, and the code in the pages does what they say.</summary>
public sealed class RulePageTests
{
    [Fact]
    public void EveryRule_HasAPage()
        => Assert.Equal(
            DescriptorTests.Descriptors().Select(descriptor => descriptor.Id).Order(StringComparer.Ordinal),
            RulePage.All().Select(page => page.Id));

    [Fact]
    public void Page_MatchesItsDescriptor()
    {
        var descriptors = DescriptorTests.Descriptors().ToDictionary(descriptor => descriptor.Id);
        Assert.Empty(RulePage.All().Where(page => descriptors.ContainsKey(page.Id)).SelectMany(page => Failures(page, descriptors[page.Id])));
    }

    [Fact]
    public async Task Code_DoesWhatThePageSays()
    {
        var failures = new List<string>();
        foreach (var page in RulePage.All())
        {
            foreach (var block in page.Blocks.Where(block => block.Role is "violation" or "fixed" or "silent"))
                failures.AddRange(await CodeBlockCheck.FailuresAsync(page.Id, block, Shipped.Analyzers));
        }

        Assert.Empty(failures);
    }

    internal static IEnumerable<string> Failures(RulePage page, DiagnosticDescriptor descriptor)
    {
        var title = $"# {descriptor.Id}: {descriptor.Title.ToString(CultureInfo.InvariantCulture)}";
        if (page.Title != title)
            yield return $"{page.Id}.md: the title is '{page.Title}', the descriptor's is '{title}'";
        if (page.Cell("Category") != descriptor.Category)
            yield return $"{page.Id}.md: category '{page.Cell("Category")}', the descriptor's is '{descriptor.Category}'";
        var severity = descriptor.IsEnabledByDefault ? descriptor.DefaultSeverity.ToString() : "Off";
        if (page.Cell("Severity") != severity)
            yield return $"{page.Id}.md: severity '{page.Cell("Severity")}', the descriptor's is '{severity}'";
        var hasFix = Shipped.Fixers.Any(fixer => fixer.FixableDiagnosticIds.Contains(descriptor.Id)) ? "Yes" : "No";
        if (page.Cell("Fix available") != hasFix)
            yield return $"{page.Id}.md: fix available '{page.Cell("Fix available")}', but '{hasFix}' is right";
        if (!page.Sections.SequenceEqual(RulePage.SectionNames))
            yield return $"{page.Id}.md: sections are {string.Join(", ", page.Sections)}; they must be {string.Join(", ", RulePage.SectionNames)}";
        // What is about the analysis itself has no code that violates it.
        if (descriptor.Id.StartsWith("PIN0", StringComparison.Ordinal))
            yield break;
        if (!page.Blocks.Any(block => block is { Section: "Violation", Role: "violation" }))
            yield return $"{page.Id}.md: no violation block in 'Violation'";
        if (!page.Blocks.Any(block => block is { Section: "Fix", Role: "fixed" }))
            yield return $"{page.Id}.md: no fixed block in 'Fix'";
        foreach (var block in page.Blocks.Where(block => block.Role is not ("" or "violation" or "fixed" or "silent")))
            yield return $"{page.Id}.md, block at line {block.Line}: unknown role '{block.Role}'";
    }
}
