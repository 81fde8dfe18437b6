using System;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>Where in each file one set of names occurs; a file is scanned once, when first asked about.</summary>
internal sealed class NameHits(Func<SyntaxTree, ImmutableArray<int>> scan)
{
    private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<int>> _hits = new();

    public bool Any(SyntaxNode node) => NameScan.Hits(Of(node.SyntaxTree), node.FullSpan);

    public ImmutableArray<int> In(SyntaxNode node) => NameScan.In(Of(node.SyntaxTree), node.FullSpan);

    public ImmutableArray<int> Of(SyntaxTree tree) => _hits.GetOrAdd(tree, scan);
}
