using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

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

    private static AttributeData? Find(ImmutableArray<AttributeData> attributes, string name)
    {
        foreach (AttributeData attribute in attributes)
        {
            if (attribute.AttributeClass?.Name == name) return attribute;
        }

        return null;
    }
}
