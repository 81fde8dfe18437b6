using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// What <c>Volatile</c> accesses, by the name of the outermost type that does it: a cell is judged by its own type alone, and other types have fields called <c>_state</c> too.
/// Filled at the start of a compilation, only read after that.
/// </summary>
internal sealed class VolatileCells
{
    private readonly Dictionary<string, HashSet<string>> _byType = [];

    public bool IsEmpty => _byType.Count == 0;

    public ImmutableHashSet<string> Names => _byType.Values.SelectMany(static cells => cells).ToImmutableHashSet();

    public void Add(SyntaxNode access, string cell)
    {
        if (OutermostType(access) is not { } type) return;
        if (!_byType.TryGetValue(type, out HashSet<string>? cells)) _byType.Add(type, cells = []);
        cells.Add(cell);
    }

    /// <summary>A name of a cell of the member's own type stands in it where nothing says that it is accessed as one that others access.</summary>
    public bool MayBeAccessedPlainly(SyntaxNode member, NameHits hits)
    {
        if (IsEmpty || member is ConstructorDeclarationSyntax or EqualsValueClauseSyntax || !hits.Any(member)) return false;
        if (OutermostType(member) is not { } type || !_byType.TryGetValue(type, out HashSet<string>? cells)) return false;
        SyntaxNode root = member.SyntaxTree.GetRoot();
        foreach (int hit in hits.In(member))
        {
            SyntaxToken token = root.FindToken(hit);
            if (token.IsKind(SyntaxKind.IdentifierToken) && token.Span.Contains(hit) && cells.Contains(token.ValueText) && !IsGivenByReference(token)) return true;
        }

        return false;
    }

    private static bool IsGivenByReference(SyntaxToken token)
    {
        for (SyntaxNode? node = token.Parent; node is ExpressionSyntax or ArgumentSyntax; node = node.Parent)
        {
            // An index on the way is read.
            if (node is ArgumentSyntax argument) return argument.RefKindKeyword.IsKind(SyntaxKind.RefKeyword);
        }

        return false;
    }

    private static string? OutermostType(SyntaxNode node)
    {
        string? name = null;
        for (SyntaxNode? current = node; current is not null; current = current.Parent)
        {
            if (current is TypeDeclarationSyntax type) name = type.Identifier.ValueText;
        }

        return name;
    }
}
