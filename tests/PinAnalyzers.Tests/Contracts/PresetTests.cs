using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>The presets that the package brings know every rule, and what they name they name on purpose: the compiler lifts no severity that a configuration names.</summary>
public sealed partial class PresetTests
{
    [Theory]
    [InlineData("strict.globalconfig", "warning")]
    [InlineData("all.globalconfig", "warning")]
    [InlineData("warnaserror/strict.globalconfig", "error")]
    [InlineData("warnaserror/all.globalconfig", "error")]
    public void StrictAndAll_NameEveryRuleOnce(string preset, string severity)
    {
        bool isStrict = preset.EndsWith("strict.globalconfig", StringComparison.Ordinal);
        Assert.Equal(DescriptorTests.Descriptors().Select(descriptor => (descriptor.Id, SeverityOf(descriptor))).Order(), Named(preset).Order());

        // What is off stays off under Strict; that a member was too large is no mistake of its author's.
        string SeverityOf(DiagnosticDescriptor descriptor) => descriptor.Id.StartsWith("PIN0", StringComparison.Ordinal)
            ? isStrict ? "default" : "warning"
            : isStrict && !descriptor.IsEnabledByDefault ? "default" : severity;
    }

    [Fact]
    public void Recommended_NamesNothing()
        => Assert.Empty(Named("recommended.globalconfig"));

    [Fact]
    public void Annotated_OnlySilences()
    {
        var ids = DescriptorTests.Descriptors().Select(descriptor => descriptor.Id).ToHashSet();
        Assert.All(Named("annotated.globalconfig"), rule =>
        {
            Assert.Equal("none", rule.Severity);
            Assert.Contains(rule.Id, ids);
        });
    }

    private static IEnumerable<(string Id, string Severity)> Named(string preset)
        => Severity().Matches(RepositoryFiles.Read("nuget", "PinAnalyzers", "buildTransitive", "config", preset).ReplaceLineEndings("\n"))
            .Select(line => (line.Groups[1].Value, line.Groups[2].Value));

    [GeneratedRegex(@"^dotnet_diagnostic\.(PIN\d{4})\.severity = (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Severity();
}
