using System;
using System.Text;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>Names of symbols as metadata spells them.</summary>
internal static class SymbolNames
{
    /// <summary>Full metadata name of a type definition: <c>System.Threading.Lock+Scope</c>, <c>System.Memory`1</c>.</summary>
    public static string FullMetadataName(this INamedTypeSymbol type)
    {
        if (type.ContainingType is null && type.ContainingNamespace is not { IsGlobalNamespace: false })
            return type.MetadataName;
        var name = new StringBuilder(type.MetadataName);
        var outer = type.ContainingType;
        for (; outer is not null; outer = outer.ContainingType)
            name.Insert(0, '+').Insert(0, outer.MetadataName);
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
            name.Insert(0, '.').Insert(0, space.MetadataName);
        return name.ToString();
    }

    /// <summary>The name by which source calls a method: without the interface of an explicit implementation, and the type's for a constructor.</summary>
    public static string SourceName(this IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.Constructor)
            return method.ContainingType.Name;
        var name = method.Name;
        if (method.MethodKind != MethodKind.ExplicitInterfaceImplementation)
            return name;
        return name.Substring(name.LastIndexOf('.') + 1);
    }

    /// <summary>True when the type, a base of it or an interface of it is <paramref name="other"/>, whatever the type arguments.</summary>
    public static bool IsOrInherits(this ITypeSymbol type, ITypeSymbol other)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, other.OriginalDefinition))
                return true;
        }
        foreach (var contract in type.AllInterfaces)
        {
            if (SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, other.OriginalDefinition))
                return true;
        }
        return false;
    }

    /// <summary>True when the type, a base of it or an interface of it has the metadata name.</summary>
    public static bool IsOrInherits(this ITypeSymbol type, string metadataName)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (Is(current, metadataName))
                return true;
        }
        foreach (var contract in type.AllInterfaces)
        {
            if (Is(contract, metadataName))
                return true;
        }
        if (type is ITypeParameterSymbol parameter)
        {
            foreach (var constraint in parameter.ConstraintTypes)
            {
                if (constraint.IsOrInherits(metadataName))
                    return true;
            }
        }
        return false;
    }

    private static bool Is(ITypeSymbol type, string metadataName) =>
        type is INamedTypeSymbol named
        && metadataName.EndsWith(named.MetadataName, StringComparison.Ordinal)
        && string.Equals(named.OriginalDefinition.FullMetadataName(), metadataName, StringComparison.Ordinal);
}
