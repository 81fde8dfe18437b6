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

/// <summary>What the other members of a type do with an account; asked only where a capability check was found near it.</summary>
internal sealed class TypeEvents(Compilation compilation, IPairCatalog catalog, AccountingEvents events, CancellationToken cancellation)
{
    /// <summary>True when a subtraction from the counter gives back what another member of the type has added to it.</summary>
    public bool IsCounter(AccountingEvent release, ISymbol owner)
    {
        if (release.Counter is IFieldSymbol field && catalog.TryGetCounter(field, out _)) return true;
        return Others(owner, release).Any(other => !other.Event.IsRelease);
    }

    /// <summary>Charges and releases of the same account in other members of the type, with the bodies they are in.</summary>
    public IEnumerable<(AccountingEvent Event, ControlFlowGraph Graph, IMethodSymbol Member)> Others(ISymbol owner, AccountingEvent account)
    {
        INamedTypeSymbol? type = owner.ContainingType;
        ISymbol? self = owner;
        while (self is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction }) self = self.ContainingSymbol;
        if (type is null) yield break;
        foreach (IMethodSymbol member in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (SymbolEqualityComparer.Default.Equals(member, self) || BodyGraphs.BodyOf(member, cancellation) is not { } body) continue;
            if (account.Counter is { } counter && !Mentions(body, counter.Name)) continue;
            if (BodyGraphs.Create(member, compilation, cancellation) is not { } graph) continue;
            foreach (ControlFlowGraph part in WithNested(graph))
            {
                foreach (AccountingEvent other in events.In(part))
                {
                    if (other.IsOfSameAccount(account)) yield return (other, part, member);
                }
            }
        }
    }

    private IEnumerable<ControlFlowGraph> WithNested(ControlFlowGraph graph) =>
        ImmutableArray.Create(graph).AddRange(BodyGraphs.Nested(graph, cancellation).Select(static nested => nested.Graph));

    private static bool Mentions(SyntaxNode body, string name) =>
        body.DescendantNodes().Any(node => node is SimpleNameSyntax simple && simple.Identifier.ValueText == name);
}
