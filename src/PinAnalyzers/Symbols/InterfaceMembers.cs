using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>The interface members that a method implements, explicitly or by its name.</summary>
internal static class InterfaceMembers
{
    public static IEnumerable<IMethodSymbol> ImplementedBy(IMethodSymbol method)
    {
        foreach (var contract in method.ExplicitInterfaceImplementations)
            yield return contract;
        if (method.MethodKind != MethodKind.Ordinary || method.IsStatic || method.DeclaredAccessibility != Accessibility.Public || method.ContainingType is not { } type)
            yield break;
        foreach (var contract in type.AllInterfaces)
        {
            foreach (var member in contract.GetMembers(method.Name))
            {
                if (member is IMethodSymbol candidate
                    && candidate.Parameters.Length == method.Parameters.Length
                    && SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(candidate), method))
                {
                    yield return candidate;
                }
            }
        }
    }
}
