using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs;

/// <summary>Which members give resources back: by annotation, by name, or as finalizers.</summary>
internal sealed class ReleaseMembers(IPairCatalog catalog, PinOptionsProvider options)
{
    public bool Contains(IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.Destructor) return true;
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation)) return false;
        if (HasReleaseName(method) || !catalog.ReleasesOf(method).IsEmpty) return true;
        for (IMethodSymbol? current = method; current is not null; current = current.OverriddenMethod)
        {
            if (Annotations.Has(current, Annotations.ReleasePath)) return true;
        }

        return InterfaceMembers.ImplementedBy(method).Any(static contract => Annotations.Has(contract, Annotations.ReleasePath));
    }

    /// <summary>By the names that the options of its file give to release paths.</summary>
    public bool HasReleaseName(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration && options.For(declaration.SyntaxTree).ReleaseNames.Contains(method.SourceName());
}
