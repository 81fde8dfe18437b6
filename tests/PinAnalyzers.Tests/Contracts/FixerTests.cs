using System;
using System.Collections.Generic;
using System.Composition;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>What every fixer must be. That each of its actions has an equivalence key is checked whenever a test applies one.</summary>
public sealed class FixerTests
{
    [Fact]
    public void Export_IsComplete()
        => Assert.Empty(Types().Where(type => type.GetCustomAttribute<ExportCodeFixProviderAttribute>() is not { Languages: [LanguageNames.CSharp] } export
            || export.Name != type.Name || !type.IsDefined(typeof(SharedAttribute))).Select(type => type.FullName));

    [Fact]
    public void EquivalenceKeys_ArePublicAndUnique()
    {
        var keys = Types().SelectMany(type => Keys(type).Select(key => (type, key))).ToList();
        Assert.Empty(Types().Where(type => !Keys(type).Any()).Select(type => $"{type.Name} has no public const string Key_…"));
        Assert.Empty(keys.GroupBy(pair => pair.key).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void FixAll_IsOfferedInDocumentProjectAndSolution()
        => Assert.Empty(Shipped.Fixers.Where(fixer => fixer.GetFixAllProvider()?.GetSupportedFixAllScopes() is not { } scopes
            || new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution }.Except(scopes).Any()).Select(fixer => fixer.GetType().Name));

    [Fact]
    public void FixableIds_AreOurs()
    {
        var ids = DescriptorTests.Descriptors().Select(descriptor => descriptor.Id).ToHashSet();
        Assert.DoesNotContain(Shipped.Fixers.SelectMany(fixer => fixer.FixableDiagnosticIds), id => !ids.Contains(id));
    }

    private static IEnumerable<Type> Types() => Shipped.Fixers.Select(fixer => fixer.GetType());

    private static IEnumerable<string> Keys(Type fixer)
        => fixer.GetFields(BindingFlags.Static | BindingFlags.Public)
            .Where(field => field.IsLiteral && field.FieldType == typeof(string) && field.Name.StartsWith("Key_", StringComparison.Ordinal))
            .Select(field => (string)field.GetRawConstantValue()!);
}
