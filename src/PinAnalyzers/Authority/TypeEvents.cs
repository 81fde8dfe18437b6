using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>What the other members of a type do with an account; asked only where something of interest was found near it.</summary>
internal sealed class TypeEvents(Compilation compilation, IPairCatalog catalog, AccountingEvents events, ReleasePaths releasePaths, CancellationToken cancellation)
{
    /// <summary>True when a subtraction from the counter gives back what another member has added to it: one of the subtracting type, or of the counter's own.</summary>
    public bool IsCounter(AccountingEvent release, ISymbol owner)
    {
        if (release.Counter is IFieldSymbol field && catalog.TryGetCounter(field, out _)) return true;
        return Others(owner, release).Any(static other => !other.Event.IsRelease) || IsCounterOfItsType(release);
    }

    /// <summary>Charges and releases of the same account in other members: of the type, the types around and inside it, and its bases.</summary>
    public IEnumerable<(AccountingEvent Event, ControlFlowGraph Graph, IMethodSymbol Member)> Others(ISymbol owner, AccountingEvent account)
    {
        if (owner.ContainingType is not { } type) return [];
        ISymbol self = owner;
        while (self is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction }) self = self.ContainingSymbol;
        return In(Family(type), account, self);
    }

    private bool IsCounterOfItsType(AccountingEvent release)
    {
        if (release.Counter?.ContainingType is not { } type) return false;
        bool isCharged = false, isReleased = false;
        foreach ((AccountingEvent e, _, IMethodSymbol member) in In([type.OriginalDefinition], release with { Through = null }, self: null))
        {
            isCharged |= !e.IsRelease;
            isReleased |= e.IsRelease && releasePaths.IsReleaseMember(member);
        }

        return isCharged && isReleased;
    }

    private IEnumerable<(AccountingEvent Event, ControlFlowGraph Graph, IMethodSymbol Member)> In(List<INamedTypeSymbol> family, AccountingEvent account, ISymbol? self)
    {
        HashSet<string>? names = account.Counter is { } counter ? NamesThatLeadTo(counter) : null;
        foreach (INamedTypeSymbol type in family)
        {
            foreach (IMethodSymbol member in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (SymbolEqualityComparer.Default.Equals(member, self) || BodyGraphs.BodyOf(member, compilation, cancellation) is not { } body || !Mentions(body, names)) continue;
                if (BodyGraphs.Create(member, compilation, cancellation) is not { } graph) continue;
                foreach ((ControlFlowGraph part, IMethodSymbol nested) in BodyGraphs.Nested(graph, cancellation).Prepend((graph, member)))
                {
                    // What a helper of these types does is found in the helper itself.
                    foreach (AccountingEvent other in events.In(part, nested).Concat(events.ThroughHelpers(part).Where(e => !IsIn(family, e.Through!.ContainingType))))
                    {
                        if (other.IsOfSameAccount(account)) yield return (other, part, member);
                    }
                }
            }
        }
    }

    private static bool IsIn(List<INamedTypeSymbol> family, INamedTypeSymbol type) => family.Contains(type.OriginalDefinition, SymbolEqualityComparer.Default);

    private static List<INamedTypeSymbol> Family(INamedTypeSymbol type)
    {
        INamedTypeSymbol outermost = type.OriginalDefinition;
        while (outermost.ContainingType is { } outer) outermost = outer;
        List<INamedTypeSymbol> family = [outermost];
        for (int i = 0; i < family.Count; i++) family.AddRange(family[i].GetTypeMembers());
        for (INamedTypeSymbol? above = type.BaseType?.OriginalDefinition; above is { DeclaringSyntaxReferences.IsEmpty: false }; above = above.BaseType?.OriginalDefinition)
        {
            if (!IsIn(family, above)) family.Add(above);
        }

        return family;
    }

    /// <summary>The counter's name, and those of the methods of its type that mention it: a body that mentions none of them does nothing to it.</summary>
    private HashSet<string> NamesThatLeadTo(ISymbol counter)
    {
        HashSet<string> names = [counter.Name];
        foreach (IMethodSymbol method in counter.ContainingType.GetMembers().OfType<IMethodSymbol>())
        {
            if (method.MethodKind == MethodKind.Ordinary && BodyGraphs.BodyOf(method, compilation, cancellation) is { } body && Mentions(body, [counter.Name])) names.Add(method.Name);
        }

        return names;
    }

    private bool Mentions(SyntaxNode body, HashSet<string>? names) => body.DescendantNodes().Any(node => node switch
    {
        SimpleNameSyntax { Identifier.ValueText: var name } => names?.Contains(name) ?? (catalog.ChargeNames.Contains(name) || catalog.ReleaseNames.Contains(name)),
        _ => false,
    }) || names is null && body is MethodDeclarationSyntax { Identifier.ValueText: var own } && (catalog.ChargeNames.Contains(own) || catalog.ReleaseNames.Contains(own));
}
