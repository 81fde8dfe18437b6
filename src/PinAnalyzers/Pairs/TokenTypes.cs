using System.Collections.Concurrent;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs;

/// <summary>Types whose values stand for a charge each: they have the release themselves.</summary>
internal sealed class TokenTypes(IPairCatalog catalog)
{
    private readonly ConcurrentDictionary<INamedTypeSymbol, Pair?> _pairs = new(SymbolEqualityComparer.Default);

    /// <summary>The pair of the charge; null for every other type.</summary>
    public Pair? PairOf(ITypeSymbol type) => type is INamedTypeSymbol named ? _pairs.GetOrFind(named.OriginalDefinition, this, static (self, asked) => self.Find(asked)) : null;

    private Pair? Find(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType?.OriginalDefinition)
        {
            foreach (IMethodSymbol method in current.GetMembers().OfType<IMethodSymbol>())
            {
                if (method.IsStatic || method.MethodKind is not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation) || !catalog.ReleaseNames.Contains(method.Name)) continue;
                if (catalog.ReleasesOf(method).FirstOrDefault(static r => r.Pair.HasToken && r.Identity.Place == ValuePlace.Receiver) is { } release) return release.Pair;
            }
        }

        return null;
    }
}
