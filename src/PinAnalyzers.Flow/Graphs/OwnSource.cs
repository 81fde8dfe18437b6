using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Flow.Graphs;

/// <summary>
/// What is written in the compilation that is analysed. An editor hands over the projects that one refers to as sources, a build as assemblies: both must be told
/// the same, and a tree of another compilation cannot be bound in this one.
/// </summary>
public static class OwnSource
{
    public static bool IsWrittenIn(this ISymbol symbol, Compilation compilation) => !symbol.PartsIn(compilation).IsEmpty;

    /// <summary>Where it is declared; empty for what another compilation declares.</summary>
    public static ImmutableArray<SyntaxReference> PartsIn(this ISymbol symbol, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, compilation.Assembly) ? symbol.DeclaringSyntaxReferences : ImmutableArray<SyntaxReference>.Empty;
}
