using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// The members that names are followed for. A name is cheap to look for and soon everywhere: one property called Span that returns shared memory would have every span followed. So where a followed name
/// stands, it is bound, and followed on only if it is that of such a member, or of one that may run or be meant in its stead.
/// </summary>
internal sealed class FollowedMembers(Compilation compilation, CancellationToken cancellation)
{
    /// <summary>The members of a name with those that they override or implement, where only this assembly can; null where whatever goes by the name is followed.</summary>
    private readonly Dictionary<string, HashSet<ISymbol>?> _members = [];
    private readonly ConcurrentDictionary<SyntaxNode, ISymbol?> _bound = new();
    private readonly PossibleMeanings _meanings = new(compilation, cancellation);

    /// <summary>Names of private members alone, with the files that can mean them: many a field is called result or writer, and to bind every one costs more than all the rest.</summary>
    private readonly Dictionary<string, HashSet<SyntaxTree>> _files = [];

    /// <summary>Whatever goes by the name is followed; false where it was before.</summary>
    public bool AddAll(string name)
    {
        if (_members.TryGetValue(name, out HashSet<ISymbol>? known) && known is null) return false;
        _members[name] = null;
        _files.Remove(name);
        return true;
    }

    /// <summary>Follows a member; all of its name where it is not known. False where that is nothing new, or nothing of the source can be meant by it.</summary>
    public bool Add(string name, ISymbol? member)
    {
        if (member is null) return AddAll(name);
        if (!member.OriginalDefinition.IsWrittenIn(compilation)) return false;
        if (!_members.TryGetValue(name, out HashSet<ISymbol>? known)) _members.Add(name, known = new HashSet<ISymbol>(SymbolEqualityComparer.Default));
        if (known?.Add(Definition(member)) != true) return false;
        NoteFiles(name, member, known);
        known.UnionWith(OriginsOf(member).Where(Implementations.IsSeenWhole));
        return true;
    }

    public bool AddDeclared(string name, SyntaxNode declaration) => Add(name, DeclaredBy(declaration));

    /// <summary>The declaration is one of a followed member, as far as can be told.</summary>
    public bool Declares(string name, SyntaxNode declaration) => IsFollowed(name, () => DeclaredBy(declaration));

    /// <summary>The name stands there for a followed member, as far as can be told.</summary>
    public bool IsMeant(SyntaxToken token)
    {
        if (_files.TryGetValue(token.ValueText, out HashSet<SyntaxTree>? files) && token.SyntaxTree is { } tree && !files.Contains(tree)) return false;
        if (token.Parent is not SimpleNameSyntax name) return IsFollowed(token.ValueText, () => token.Parent is { } declaration ? DeclaredBy(declaration) : null);
        return !IsLookedUpInVain(name) && IsFollowed(token.ValueText, () => SymbolAt(name));
    }

    /// <summary>What can be meant by the name, as far as it is looked up without binding the body around it, is not followed.</summary>
    private bool IsLookedUpInVain(SimpleNameSyntax name) => _members.TryGetValue(name.Identifier.ValueText, out HashSet<ISymbol>? known) && known is not null && !_bound.ContainsKey(name)
        && _meanings.Of(name, known.Any(static member => member is IMethodSymbol { IsExtensionMethod: true })) is { } meanings && !meanings.Any(member => IsOneOf(known, member));

    private void NoteFiles(string name, ISymbol member, HashSet<ISymbol> known)
    {
        // Whoever sees the contract calls what implements it privately.
        bool isCalledByContract = member is IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false } or IPropertySymbol { ExplicitInterfaceImplementations.IsEmpty: false };
        if (isCalledByContract || member is not { DeclaredAccessibility: Accessibility.Private, ContainingType: { } type })
        {
            _files.Remove(name);
            return;
        }

        IEnumerable<SyntaxTree> parts = type.DeclaringSyntaxReferences.Select(static part => part.SyntaxTree);
        if (known.Count == 1) _files[name] = [.. parts];
        else if (_files.TryGetValue(name, out HashSet<SyntaxTree>? files)) files.UnionWith(parts);
    }

    /// <summary>What a name, a call or a creation is bound to; null where it is not known.</summary>
    public ISymbol? SymbolAt(SyntaxNode node) => _bound.GetOrAdd(node, n => BodyGraphs.IsTooDeep(n) ? null : SemanticModels.Of(n.SyntaxTree, compilation).GetSymbolInfo(n, cancellation).Symbol);

    private bool IsFollowed(string name, System.Func<ISymbol?> bind)
    {
        if (!_members.TryGetValue(name, out HashSet<ISymbol>? known)) return false;
        return known is null || bind() is not { } member || IsOneOf(known, member);
    }

    private static bool IsOneOf(HashSet<ISymbol> known, ISymbol member) => known.Contains(Definition(member)) || OriginsOf(member).Any(known.Contains);

    /// <summary>The member or type that is declared there; null where it is not known.</summary>
    public ISymbol? DeclaredBy(SyntaxNode declaration) => declaration is not BaseTypeDeclarationSyntax && BodyGraphs.IsTooDeep(declaration) ? null : SemanticModels.Of(declaration.SyntaxTree, compilation).GetDeclaredSymbol(declaration, cancellation);

    private static ISymbol Definition(ISymbol member) => member is IMethodSymbol { ReducedFrom: { } extension } ? extension.OriginalDefinition : member.OriginalDefinition;

    /// <summary>What a member overrides, implements or is the other part of.</summary>
    private static IEnumerable<ISymbol> OriginsOf(ISymbol member)
    {
        for (ISymbol? origin = Overridden(Definition(member)); origin is not null; origin = Overridden(origin.OriginalDefinition)) yield return origin.OriginalDefinition;
        if (member is IMethodSymbol { PartialDefinitionPart: { } definition }) yield return definition.OriginalDefinition;
        if (member is IMethodSymbol { PartialImplementationPart: { } implementation }) yield return implementation.OriginalDefinition;
        if (member is not (IMethodSymbol or IPropertySymbol) || member.ContainingType is not { TypeKind: not TypeKind.Interface } type) yield break;
        foreach (INamedTypeSymbol contract in type.AllInterfaces)
        {
            foreach (ISymbol promised in contract.GetMembers(SimpleName(member)))
            {
                if (SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(promised), member)) yield return promised.OriginalDefinition;
            }
        }
    }

    private static string SimpleName(ISymbol member) => member.Name.Substring(member.Name.LastIndexOf('.') + 1);

    private static ISymbol? Overridden(ISymbol member) => member switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        _ => null,
    };

    /// <summary>A field or property may hold a pointer, or a struct with one in it, by its type; an object of the source has fields of its own, and a variable is none.</summary>
    public static bool MayPoint(ISymbol? target)
    {
        if (target is null or IFieldSymbol { RefKind: not RefKind.None } or IPropertySymbol { RefKind: not RefKind.None }) return true;
        return ((target as IFieldSymbol)?.Type ?? (target as IPropertySymbol)?.Type) switch
        {
            null => false,
            { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => true,
            { SpecialType: (>= SpecialType.System_Boolean and <= SpecialType.System_String) or SpecialType.System_Decimal } or { TypeKind: TypeKind.Enum } => false,
            { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false } type => type.Name.EndsWith("Handle", System.StringComparison.Ordinal),
            _ => true,
        };
    }
}
