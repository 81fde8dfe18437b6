using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Indexes that nobody accesses as volatile where everybody should: a cell of a mapping that goes by the name of an index, is never written here, and is
/// compared with, or subtracted from, an index that is volatile. Kept for the life of the compilation.
/// </summary>
internal sealed class PeerIndexes(SharedContext context)
{
    private static readonly string[] s_names = ["head", "tail", "index", "cursor", "position", "sequence", "offset", "producer", "consumer"];
    private readonly ConcurrentDictionary<(ISymbol Root, string Shape), bool> _known = new();

    public bool IsPeerIndex(SharedBody body, Place place) =>
        (place.Root is IFieldSymbol || PrimaryParameters.Is(place.Root)) && IsNamedAsIndex(place) && _known.GetOrAdd((place.Root.OriginalDefinition, place.Shape), _ => IsComparedWithVolatile(place));

    public static bool IsNamedAsIndex(Place place)
    {
        string name = place.Member?.Name ?? place.Root.Name;
        return s_names.Any(part => name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0);
    }

    private bool IsComparedWithVolatile(Place place)
    {
        List<CellUse> uses = context.Uses.Of(place).ToList();
        return !uses.Any(static use => use.Access.IsWrite || use.Access.Kind == AccessKind.ByReference) && uses.Any(IsCompared);
    }

    private bool IsCompared(CellUse use)
    {
        SemanticModel model = SemanticModels.Of(use.Member.SyntaxTree, context.Compilation);
        PlaceReader reader = context.ReaderOf(use.Member, model);
        ILookup<SyntaxNode, CellAccess> accesses = context.AccessesIn(use.Member, model).ToLookup(static access => (SyntaxNode)access.Site);
        return use.Member.DescendantNodes().OfType<BinaryExpressionSyntax>().Any(binary =>
            (binary.IsKind(SyntaxKind.EqualsExpression) || binary.IsKind(SyntaxKind.NotEqualsExpression) || binary.IsKind(SyntaxKind.SubtractExpression))
            && (IsFetch(binary.Left) && IsVolatile(binary.Right) || IsFetch(binary.Right) && IsVolatile(binary.Left)));

        bool IsFetch(ExpressionSyntax value) => Fetched(value).Contains(use.Access);

        bool IsVolatile(ExpressionSyntax value) => Fetched(value) is { Count: > 0 } fetches
            && fetches.All(fetch => fetch.Place.Shared is not null && IsNamedAsIndex(fetch.Place) && context.Uses.Of(fetch.Place).Any(static other => other.Access.IsVolatile));

        // What the expression is, or all that its variable is ever given.
        List<CellAccess> Fetched(ExpressionSyntax value)
        {
            ExpressionSyntax bare = Bindings.Uncast(value);
            IReadOnlyList<ExpressionSyntax> values = reader.SymbolOf(bare) is ILocalSymbol { RefKind: RefKind.None } local ? reader.Bindings.IsMoved(local) ? [] : reader.Bindings.ValuesOf(local) : [bare];
            List<CellAccess> fetches = values.SelectMany(one => accesses[Bindings.Uncast(one)]).Where(static access => access.IsRead).ToList();
            return fetches.Count == values.Count ? fetches : [];
        }
    }
}
