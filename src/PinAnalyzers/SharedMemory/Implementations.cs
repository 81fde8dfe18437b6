using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Which bodies a call of a virtual, abstract or interface member may run. Answered only where no other assembly can add one, so that what all of them do is
/// what the call does. Looks at declarations alone.
/// </summary>
internal sealed class Implementations(SharedContext context)
{
    private readonly ConcurrentDictionary<ISymbol, ImmutableArray<ISymbol>> _known = new(SymbolEqualityComparer.Default);
    private readonly Lazy<ImmutableArray<INamedTypeSymbol>> _types = new(() => TypesOf(context.Compilation.Assembly.GlobalNamespace).ToImmutableArray());

    /// <summary>The member itself where nothing can take its place; empty where some body is not in sight.</summary>
    public ImmutableArray<ISymbol> Of(ISymbol member)
    {
        member = member.OriginalDefinition;
        if (!IsOpenToOverrides(member)) return ImmutableArray.Create(member);
        return IsSeenWhole(member) ? _known.GetOrAdd(member, Find) : ImmutableArray<ISymbol>.Empty;
    }

    /// <summary>The declaration that a member overrides or implements first of all: two members with one origin may be run by the same call.</summary>
    public static ISymbol OriginOf(ISymbol member)
    {
        member = member.OriginalDefinition;
        while (Overridden(member) is { } overridden) member = overridden.OriginalDefinition;
        return member is IMethodSymbol method && InterfaceMembers.ImplementedBy(method).FirstOrDefault() is { } contract ? contract.OriginalDefinition : member;
    }

    /// <summary>Only this assembly can implement the member or call it.</summary>
    public static bool IsSeenWhole(ISymbol member)
    {
        for (ISymbol? current = member; current is not null and not INamespaceSymbol; current = current.ContainingSymbol)
        {
            if (current.DeclaredAccessibility is Accessibility.Private or Accessibility.Internal or Accessibility.ProtectedAndInternal) return true;
        }

        return false;
    }

    private static bool IsOpenToOverrides(ISymbol member) =>
        (member.IsVirtual || member.IsAbstract || member.IsOverride) && !member.IsSealed && member.ContainingType is { IsSealed: false };

    private ImmutableArray<ISymbol> Find(ISymbol member)
    {
        ImmutableArray<ISymbol>.Builder found = ImmutableArray.CreateBuilder<ISymbol>();
        if (!member.IsAbstract) found.Add(member);
        foreach (INamedTypeSymbol type in _types.Value)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (member.ContainingType.TypeKind == TypeKind.Interface) AddImplementation(type, member, found);
            else if (type.TypeKind == TypeKind.Class && IsBelow(type, member.ContainingType)) found.AddRange(type.GetMembers(member.Name).Where(other => !other.IsAbstract && Overrides(other, member)));
        }

        return found.Distinct(SymbolEqualityComparer.Default).OfType<ISymbol>().ToImmutableArray();
    }

    private static void AddImplementation(INamedTypeSymbol type, ISymbol member, ImmutableArray<ISymbol>.Builder found)
    {
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct)) return;
        foreach (INamedTypeSymbol contract in type.AllInterfaces)
        {
            if (!SymbolEqualityComparer.Default.Equals(contract.OriginalDefinition, member.ContainingType)) continue;
            ISymbol? declared = contract.GetMembers(member.Name).FirstOrDefault(other => SymbolEqualityComparer.Default.Equals(other.OriginalDefinition, member));
            if (declared is not null && type.FindImplementationForInterfaceMember(declared) is { IsAbstract: false } implementation) found.Add(implementation.OriginalDefinition);
        }
    }

    private static bool IsBelow(INamedTypeSymbol type, INamedTypeSymbol other)
    {
        for (INamedTypeSymbol? current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, other)) return true;
        }

        return false;
    }

    private static bool Overrides(ISymbol member, ISymbol other)
    {
        for (ISymbol? current = Overridden(member); current is not null; current = Overridden(current.OriginalDefinition))
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, other)) return true;
        }

        return false;
    }

    private static ISymbol? Overridden(ISymbol member) => member switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        _ => null,
    };

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container)
    {
        foreach (ISymbol member in container.GetMembers())
        {
            if (member is not INamespaceOrTypeSymbol inner) continue;
            if (inner is INamedTypeSymbol type) yield return type;
            foreach (INamedTypeSymbol nested in TypesOf(inner)) yield return nested;
        }
    }
}
