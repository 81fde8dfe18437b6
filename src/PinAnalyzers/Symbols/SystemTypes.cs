using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>Types of the framework, told from those of other libraries that go by the same name.</summary>
internal static class SystemTypes
{
    extension(ITypeSymbol type)
    {
        /// <summary>The type's name, where it stands in <c>System</c> or below it; otherwise empty.</summary>
        public string SystemName => IsOfSystem(type) ? type.Name : "";
    }

    private static bool IsOfSystem(ITypeSymbol type)
    {
        if (type.ContainingType is not null || type.ContainingNamespace is not { IsGlobalNamespace: false } space) return false;
        while (space.ContainingNamespace is { IsGlobalNamespace: false } outer) space = outer;
        return space.Name == "System";
    }
}
