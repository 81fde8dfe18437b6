using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using System.Threading;

namespace PinAnalyzers.Symbols;

/// <summary>Where in each file a name occurs that may charge or release; a file is scanned once, when first asked about.</summary>
internal sealed class NameHits(Func<SyntaxTree, ImmutableArray<int>> charges, Func<SyntaxTree, ImmutableArray<int>> releases)
{
    private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<int>> _charges = new();
    private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<int>> _releases = new();

    /// <summary>A charge name, or one that a wrapper of a charge goes by, occurs in the node.</summary>
    public bool MayCharge(SyntaxNode node) => NameScan.Hits(_charges.GetOrAdd(node.SyntaxTree, charges), node.FullSpan);

    public bool MayRelease(SyntaxNode node) => NameScan.Hits(_releases.GetOrAdd(node.SyntaxTree, releases), node.FullSpan);

    /// <summary>How many release names occur in the node.</summary>
    public int CountReleases(SyntaxNode node) => NameScan.Count(_releases.GetOrAdd(node.SyntaxTree, releases), node.FullSpan);

    /// <summary>Where release names occur in the node.</summary>
    public IEnumerable<int> ReleasesIn(SyntaxNode node) => NameScan.In(_releases.GetOrAdd(node.SyntaxTree, releases), node.FullSpan);

    public ImmutableArray<int> ChargesIn(SyntaxTree tree) => _charges.GetOrAdd(tree, charges);
}

internal static class LocalFunctions
{
    /// <summary>The graph of a local function declared in this body or around it; null when it is neither.</summary>
    public static ControlFlowGraph? FindLocalFunction(this ControlFlowGraph graph, IMethodSymbol local, CancellationToken cancellation)
    {
        for (ControlFlowGraph? scope = graph; scope is not null; scope = scope.Parent)
        {
            foreach (IMethodSymbol candidate in scope.LocalFunctions)
            {
                if (SymbolEqualityComparer.Default.Equals(candidate, local.OriginalDefinition)) return scope.GetLocalFunctionControlFlowGraph(candidate, cancellation);
            }
        }

        return null;
    }
}
