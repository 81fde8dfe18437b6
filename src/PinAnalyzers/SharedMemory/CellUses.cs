using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>An access of a cell, with the member that makes it.</summary>
internal sealed record CellUse(CellAccess Access, MemberDeclarationSyntax Member);

/// <summary>How the members of a type access the cells that are reached from one of its fields. Computed when asked, kept for the life of the compilation.</summary>
internal sealed class CellUses(SharedContext context)
{
    private const int MaxMembers = 200;
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<CellUse>> _uses = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, ImmutableArray<CellUse>> _near = new(SymbolEqualityComparer.Default);

    /// <summary>All accesses of cells with this root; empty for a type that is too large to be looked through.</summary>
    public ImmutableArray<CellUse> Of(ISymbol root)
    {
        root = root.OriginalDefinition;
        if (root is not (IFieldSymbol or IPropertySymbol) && !PrimaryParameters.Is(root)) return ImmutableArray<CellUse>.Empty;
        if (_uses.TryGetValue(root, out ImmutableArray<CellUse> known)) return known;
        ImmutableArray<CellUse> uses = Read(root);
        return _uses.GetOrAdd(root, uses);
    }

    /// <summary>The accesses of cells of the same shape.</summary>
    public IEnumerable<CellUse> Of(Place place) => Of(place.Root).Where(use => use.Access.Place.IsSameShape(place));

    /// <summary>
    /// An index of this side: whoever writes it publishes it, and goes on from what it finds there. Only this side writes it, so it may be read back plainly.
    /// </summary>
    public bool IsOwnIndex(Place place, ISymbol owner, MemberDeclarationSyntax? here = null)
    {
        List<CellUse> uses = Of(place).Concat(Near(owner, place)).Where(static use => use.Member is not ConstructorDeclarationSyntax).ToList();
        List<CellUse> writes = uses.Where(static use => use.Access.IsWrite).ToList();
        if (writes.Count == 0 || !writes.All(static write => write.Access.Kind == AccessKind.VolatileWrite)) return false;
        bool isOfOneCall = here is not null && MemberCalls.AreOfOneCall(here, writes.Select(static write => write.Member));
        // A member that publishes the other end of the ring, and never this one, is of the other side.
        if (here is not null && !isOfOneCall && PublishesAnother(here, place)) return false;
        if (writes.All(write => context.AccessesIn(write.Member, SemanticModels.Of(write.Member.SyntaxTree, context.Compilation)).Any(read => read.Kind is AccessKind.PlainRead or AccessKind.VolatileRead && read.Place.IsSameShape(place)))) return true;
        // Nobody takes it for one that others write, and this member runs with the one that publishes it.
        return isOfOneCall && uses.All(static use => use.Access.Kind is AccessKind.PlainRead or AccessKind.VolatileWrite);
    }

    private bool PublishesAnother(MemberDeclarationSyntax member, Place place) =>
        context.AccessesIn(member, SemanticModels.Of(member.SyntaxTree, context.Compilation)).Any(access => access is { Kind: AccessKind.VolatileWrite, Place.Shared: not null }
            && PeerIndexes.IsNamedAsIndex(access.Place) && PeerIndexes.IsNamedAsIndex(place) && !access.Place.IsSameShape(place));

    /// <summary>
    /// How a type, with its bases, accesses as volatile what is reached from members of others: a ring is often laid out by one type and driven by another.
    /// </summary>
    public IEnumerable<CellUse> Near(ISymbol owner)
    {
        for (INamedTypeSymbol? type = owner.ContainingType?.OriginalDefinition; type?.IsWrittenIn(context.Compilation) == true; type = type.BaseType?.OriginalDefinition)
        {
            foreach (CellUse use in _near.GetOrAdd(type, ReadNear)) yield return use;
        }
    }

    public IEnumerable<CellUse> Near(ISymbol owner, Place place) => Near(owner).Where(use => use.Access.Place.IsSameShape(place));

    private ImmutableArray<CellUse> ReadNear(INamedTypeSymbol type)
    {
        ImmutableArray<CellUse>.Builder uses = ImmutableArray.CreateBuilder<CellUse>();
        HashSet<MemberDeclarationSyntax> seen = [];
        foreach (SyntaxReference reference in type.PartsIn(context.Compilation))
        {
            SyntaxNode declaration = reference.GetSyntax(context.Cancellation);
            SemanticModel model = SemanticModels.Of(declaration.SyntaxTree, context.Compilation);
            foreach (MemberDeclarationSyntax member in TypeBodies.MembersMentioning(declaration, "Volatile").Concat(TypeBodies.MembersMentioning(declaration, "Interlocked")))
            {
                if (!seen.Add(member) || seen.Count > MaxMembers || BodyGraphs.IsTooDeep(member)) continue;
                foreach (CellAccess access in context.AccessesIn(member, model))
                {
                    if (access.IsVolatile && access.Place.Shared is not null) uses.Add(new CellUse(access, member));
                }
            }
        }

        return uses.ToImmutable();
    }

    private ImmutableArray<CellUse> Read(ISymbol root)
    {
        ImmutableArray<CellUse>.Builder uses = ImmutableArray.CreateBuilder<CellUse>();
        int count = 0;
        foreach (SyntaxNode declaration in TypeBodies.DeclarationsOf(root, context.Compilation, context.Cancellation))
        {
            SemanticModel model = SemanticModels.Of(declaration.SyntaxTree, context.Compilation);
            foreach (MemberDeclarationSyntax member in TypeBodies.MembersMentioning(declaration, root.Name))
            {
                if (member is BaseFieldDeclarationSyntax) continue;
                if (++count > MaxMembers || BodyGraphs.IsTooDeep(member)) return ImmutableArray<CellUse>.Empty;
                foreach (CellAccess access in context.AccessesIn(member, model))
                {
                    if (SymbolEqualityComparer.Default.Equals(access.Place.Root.OriginalDefinition, root)) uses.Add(new CellUse(access, member));
                }
            }
        }

        return uses.ToImmutable();
    }
}
