using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Balance;

/// <summary>The nodes that a diagnostic points to. They can be found again in a tree that other fixes have changed.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Properties">What else it says.</param>
/// <param name="At">Where it is reported.</param>
/// <param name="Path">Charge, decisions and end, as in the message.</param>
/// <param name="Releases">Releases of the same charge.</param>
/// <param name="Ends">Where else paths end that lose it.</param>
internal sealed record BalanceSites(
    string Id, BalanceProperties Properties, SyntaxNode At, ImmutableArray<SyntaxNode> Path, ImmutableArray<SyntaxNode> Releases, ImmutableArray<SyntaxNode> Ends)
{
    public IEnumerable<SyntaxNode> All => Path.Concat(Releases).Concat(Ends).Prepend(At);

    public static BalanceSites? Find(SyntaxNode root, Diagnostic diagnostic)
    {
        if (BalanceProperties.From(diagnostic.Properties) is not { } properties) return null;

        // What rules about types name in other files comes last, and is not for fixes.
        int count = properties.PathCount + properties.SiteCount + properties.EndCount;
        if (diagnostic.AdditionalLocations.Count < count) return null;
        if (diagnostic.AdditionalLocations.Take(count).Any(l => l.SourceTree != root.SyntaxTree || !root.FullSpan.Contains(l.SourceSpan)) || !root.FullSpan.Contains(diagnostic.Location.SourceSpan)) return null;
        ImmutableArray<SyntaxNode> further = diagnostic.AdditionalLocations.Take(count).Select(NodeAt).ToImmutableArray();
        return new BalanceSites(
            diagnostic.Id,
            properties,
            NodeAt(diagnostic.Location),
            ImmutableArray.Create(further, 0, properties.PathCount),
            ImmutableArray.Create(further, properties.PathCount, properties.SiteCount),
            ImmutableArray.Create(further, properties.PathCount + properties.SiteCount, properties.EndCount));

        SyntaxNode NodeAt(Location location) => root.FindNode(location.SourceSpan, getInnermostNodeForTie: true);
    }

    /// <summary>The same nodes in a later root, or null where one of them is gone.</summary>
    public BalanceSites? In(SyntaxNode root)
    {
        BalanceSites moved = this with { At = Now(At)!, Path = NowAll(Path), Releases = NowAll(Releases), Ends = NowAll(Ends) };
        return moved.All.All(static n => n is not null) ? moved : null;

        SyntaxNode? Now(SyntaxNode node) => root.GetCurrentNodes(node).FirstOrDefault();
        ImmutableArray<SyntaxNode> NowAll(ImmutableArray<SyntaxNode> nodes) => nodes.Select(n => Now(n)!).ToImmutableArray();
    }
}
