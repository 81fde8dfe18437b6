using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>What a method's own attributes say about whether it returns. Reading attributes is not free: callers that ask often keep the answers.</summary>
public static class CallContracts
{
    /// <summary><c>[DoesNotReturn]</c>, or an API that ends the process.</summary>
    public static bool NeverReturns(IMethodSymbol method) =>
        ((method.ReturnsVoid || !method.DeclaringSyntaxReferences.IsEmpty) && Find(method.GetAttributes(), "DoesNotReturnAttribute") is not null)
        || method is { Name: "FailFast" or "Exit", ContainingType: { Name: "Environment", ContainingNamespace.Name: "System" } };

    /// <summary>The argument of <c>[DoesNotReturnIf]</c> and its value. <c>Debug.Assert</c> is compiled out of the builds that matter: it proves nothing.</summary>
    public static (int Ordinal, bool Value)? StopsWhen(IMethodSymbol method)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.Type.SpecialType == SpecialType.System_Boolean
                && Find(parameter.GetAttributes(), "DoesNotReturnIfAttribute") is { ConstructorArguments: { Length: 1 } arguments } && arguments[0].Value is bool value)
                return Find(method.GetAttributes(), "ConditionalAttribute") is null ? (parameter.Ordinal, value) : null;
        }

        return null;
    }

    /// <summary>What is known of the first argument once one of the framework's guards has returned; null for other methods.</summary>
    public static Fact? Ensures(IMethodSymbol method) => !method.ReturnsVoid || !method.IsStatic || !method.Name.StartsWith("Throw", StringComparison.Ordinal) ? null
        : (method.ContainingType.Name, method.Name) switch
        {
            ("ArgumentNullException" or "ArgumentException", "ThrowIfNull" or "ThrowIfNullOrEmpty" or "ThrowIfNullOrWhiteSpace") => Fact.NonZero,
            ("ArgumentOutOfRangeException", "ThrowIfNegative") or ("Marshal", "ThrowExceptionForHR") => Fact.Range(0, long.MaxValue),
            ("ArgumentOutOfRangeException", "ThrowIfNegativeOrZero") => Fact.Range(1, long.MaxValue),
            ("ArgumentOutOfRangeException", "ThrowIfZero") => Fact.NonZero,
            _ => null,
        };

    private static AttributeData? Find(ImmutableArray<AttributeData> attributes, string name)
    {
        foreach (AttributeData attribute in attributes)
        {
            if (attribute.AttributeClass?.Name == name) return attribute;
        }

        return null;
    }
}
