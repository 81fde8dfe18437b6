using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>
/// Names that only the file of their type can mean, because all that go by them are private fields of types in one piece: a <c>[ThreadStatic] static int count</c> says nothing of the counts of other
/// files.
/// </summary>
internal sealed class PrivateNames
{
    /// <summary>The files in which a name is declared privately; null for one that may be meant anywhere.</summary>
    private readonly Dictionary<string, HashSet<SyntaxTree>?> _files = [];

    /// <summary>A field is declared by which the name may be meant: nowhere else, or anywhere.</summary>
    public void Add(string name, FieldDeclarationSyntax field)
    {
        if (!IsPrivate(field)) _files[name] = null;
        else if (!_files.TryGetValue(name, out HashSet<SyntaxTree>? files)) _files.Add(name, [field.SyntaxTree]);
        else files?.Add(field.SyntaxTree);
    }

    /// <summary>Something else goes by a name that was private until now; false where it was not.</summary>
    public bool Widen(string name)
    {
        if (!IsPrivate(name)) return false;
        _files[name] = null;
        return true;
    }

    public bool IsPrivate(string name) => _files.TryGetValue(name, out HashSet<SyntaxTree>? files) && files is not null;

    public bool MayBeMeant(string name, SyntaxTree tree) => !_files.TryGetValue(name, out HashSet<SyntaxTree>? files) || files is null || files.Contains(tree);

    /// <summary>The hits in a file without those of names that are private to others.</summary>
    public ImmutableArray<int> MeantIn(SyntaxTree tree, ImmutableArray<int> hits)
    {
        if (hits.IsEmpty || _files.Count == 0) return hits;
        HashSet<uint> foreign = [.. _files.Keys.Where(name => !MayBeMeant(name, tree)).Select(IdentifierIndex.Hash)];
        if (foreign.Count == 0) return hits;
        IdentifierIndex index = IdentifierIndex.Of(tree.GetText());
        return hits.RemoveAll(hit => foreign.Contains(index.Hashes[index.FirstAt(hit)]));
    }

    private static bool IsPrivate(FieldDeclarationSyntax field)
    {
        if (field.Parent is InterfaceDeclarationSyntax || field.Modifiers.Any(static m => m.IsKind(SyntaxKind.PublicKeyword) || m.IsKind(SyntaxKind.InternalKeyword) || m.IsKind(SyntaxKind.ProtectedKeyword))) return false;
        return field.Ancestors().OfType<TypeDeclarationSyntax>().All(static type => !type.Modifiers.Any(SyntaxKind.PartialKeyword));
    }
}
