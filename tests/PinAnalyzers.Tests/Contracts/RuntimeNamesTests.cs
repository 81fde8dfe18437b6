using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Symbols;
using Xunit;

namespace PinAnalyzers.Tests.Contracts;

/// <summary>The analyzers know the runtime library by names only: every one of them is there.</summary>
public sealed class RuntimeNamesTests
{
    private const string Space = "PinAccounting.Annotations.";

    private static readonly Assembly s_runtime = typeof(PinAccounting.PinAccount).Assembly;

    public static TheoryData<string> AnnotationNames() =>
    [
        .. typeof(Annotations).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => field is { IsLiteral: true, IsPrivate: false })
            .Select(field => (string)field.GetRawConstantValue()!),
    ];

    [Theory]
    [MemberData(nameof(AnnotationNames))]
    public void Annotation_IsAPublicAttributeOfTheRuntime(string name)
    {
        var type = s_runtime.GetType(Space + name + "Attribute");
        Assert.True(type is { IsPublic: true } && type.IsSubclassOf(typeof(Attribute)), $"{Space}{name}Attribute is not in {s_runtime}.");
    }

    [Fact]
    public void AnnotationProperties_ThatTheAnalyzersRead_Exist()
    {
        var properties = s_runtime.GetTypes().Where(type => type.FullName!.StartsWith(Space, StringComparison.Ordinal)).SelectMany(type => type.GetProperties()).Select(property => property.Name).ToHashSet();
        var read = RepositoryFiles.Sources("src", "PinAnalyzers")
            .SelectMany(file => Regex.Matches(System.IO.File.ReadAllText(file), @"Annotations\.Named(?:Flag|Enum|<\w+>)\([^""()]*(?:\([^()]*\)[^""()]*)*,\s*""(?<name>\w+)"""))
            .Select(match => match.Groups["name"].Value)
            .ToHashSet();
        Assert.Contains("ReleasedBy", read);
        Assert.Subset(properties, read);
    }

    [Fact]
    public void BuiltInMembers_OfTheRuntime_Exist()
    {
        KnownMember[] members = [.. CounterPairs.All().Where(member => member.Type.StartsWith("PinAccounting.", StringComparison.Ordinal))];
        Assert.NotEmpty(members);
        Assert.Empty(members.Where(member => !Exists(member)).Select(member => $"{member.Type}.{member.Name}"));
    }

    private static bool Exists(KnownMember member) =>
        s_runtime.GetType(member.Type)?.GetMethods().Any(method => method.Name == member.Name && (member.Parameters < 0 || method.GetParameters().Length == member.Parameters)) == true;
}
