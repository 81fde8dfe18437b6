using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>What runners of tests and benchmarks do with the methods that are marked for them: BenchmarkDotNet, MSTest, NUnit.</summary>
internal static class Runners
{
    private static readonly ImmutableHashSet<string> Setups = ImmutableHashSet.Create(
        "GlobalSetup", "GlobalCleanup", "IterationSetup", "IterationCleanup", "TestInitialize", "TestCleanup", "ClassInitialize", "ClassCleanup", "SetUp", "TearDown", "OneTimeSetUp", "OneTimeTearDown");

    /// <summary>Called before or after what is measured or tested, and never beside it.</summary>
    public static bool IsSetup(ISymbol? member) => member is IMethodSymbol && member.GetAttributes().Any(static attribute => attribute.AttributeClass is { Name: var name } && Setups.Contains(Bare(name)));

    /// <summary>BenchmarkDotNet runs every benchmark in a process of its own, which ends with it.</summary>
    public static bool HasBenchmarks(INamedTypeSymbol type) =>
        type.GetMembers().Any(static member => member is IMethodSymbol && member.GetAttributes().Any(static attribute => attribute.AttributeClass?.Name is "Benchmark" or "BenchmarkAttribute"));

    private static string Bare(string name) => name.EndsWith("Attribute", System.StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
}
