using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>Where in each file one set of names occurs; a file is looked at once, when first asked about. Thread-safe.</summary>
internal abstract class NameHits
{
    /// <param name="find">Start positions, ascending. Asked once for each file.</param>
    public static NameHits From(Func<SyntaxTree, ImmutableArray<int>> find) => new Found(find);

    /// <summary>True when one stands in the node.</summary>
    public abstract bool Any(SyntaxNode node);

    /// <summary>Start positions in a file, ascending.</summary>
    public abstract ImmutableArray<int> Of(SyntaxTree tree);

    /// <summary>Start positions in the node, ascending.</summary>
    public ImmutableArray<int> In(SyntaxNode node) => Any(node) ? NameScan.In(Of(node.SyntaxTree), node.FullSpan) : ImmutableArray<int>.Empty;

    private sealed class Found(Func<SyntaxTree, ImmutableArray<int>> find) : NameHits
    {
        private readonly PerTree<ImmutableArray<int>> _hits = new(find);

        public override bool Any(SyntaxNode node) => _hits.Of(node.SyntaxTree) is { IsEmpty: false } hits && NameScan.Hits(hits, node.FullSpan);

        public override ImmutableArray<int> Of(SyntaxTree tree) => _hits.Of(tree);
    }
}
