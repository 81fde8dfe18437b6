using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Balance;

/// <summary>What a <c>using</c> accepts.</summary>
internal static class Disposables
{
    public static bool Is(ITypeSymbol type, Compilation compilation)
    {
        INamedTypeSymbol disposable = compilation.GetSpecialType(SpecialType.System_IDisposable);
        if (SymbolEqualityComparer.Default.Equals(type, disposable) || type.AllInterfaces.Contains(disposable, SymbolEqualityComparer.Default)) return true;
        return type.IsRefLikeType && type.GetMembers("Dispose").Any(static m => m is IMethodSymbol { Parameters.IsEmpty: true, ReturnsVoid: true, DeclaredAccessibility: Accessibility.Public });
    }
}
