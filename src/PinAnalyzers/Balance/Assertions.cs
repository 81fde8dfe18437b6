using System;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Graphs;

namespace PinAnalyzers.Balance;

/// <summary>
/// <c>Assert.IsTrue(taken)</c>, <c>taken.Should().BeTrue()</c>: methods of test libraries that return only if what they are given is as it should be. Few say so by <c>[DoesNotReturnIf]</c>, and their
/// bodies are out of sight, so they are told by their names. What the name does not say, whether it should be true or false, is not guessed.
/// </summary>
internal static class Assertions
{
    public static bool Contains(IMethodSymbol method) => !method.IsConditional && (IsAssertion(method.Name) || method.ContainingType is { } type && IsAssertion(type.Name));

    /// <summary>The argument of <c>Assert.True(taken)</c>, <c>taken.AssertFalse()</c>, and the value for which it throws.</summary>
    public static (int Ordinal, bool Value)? StopsWhen(IMethodSymbol method, Compilation compilation)
    {
        bool isTrue = method.Name.EndsWith("True", StringComparison.Ordinal);
        if (!method.ReturnsVoid || (!isTrue && !method.Name.EndsWith("False", StringComparison.Ordinal)) || method.Name.IndexOf("Not", StringComparison.Ordinal) >= 0) return null;
        return method.Parameters.Length > 0 && method.Parameters[0].Type.SpecialType == SpecialType.System_Boolean && Contains(method) && !method.IsWrittenIn(compilation) ? (0, !isTrue) : null;
    }

    /// <summary>Throws to end a test that has failed, which ends whatever it holds as well.</summary>
    public static bool EndsTest(IMethodSymbol method)
    {
        INamespaceSymbol? space = method.ContainingNamespace;
        while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer }) space = outer;
        return space?.Name is "Xunit" or "NUnit" or "FluentAssertions" or "AwesomeAssertions" or "Shouldly" or "TUnit" || method.ContainingType?.ContainingNamespace is { Name: "UnitTesting", ContainingNamespace.Name: "TestTools" };
    }

    private static bool IsAssertion(string name) => name.IndexOf("Assert", StringComparison.Ordinal) >= 0 || (name.StartsWith("Should", StringComparison.Ordinal)
        && (name.Length == 6 || name.StartsWith("ShouldBe", StringComparison.Ordinal) || name.StartsWith("ShouldNot", StringComparison.Ordinal) || name.StartsWith("ShouldEqual", StringComparison.Ordinal)));
}
