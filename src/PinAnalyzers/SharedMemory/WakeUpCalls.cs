using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// PIN3006 across two methods of a type: one member publishes, perhaps through a method that does nothing after, and then calls the method that tests the flag.
/// </summary>
internal sealed class WakeUpCalls(SharedContext context)
{
    private const int MaxCallers = 16;
    private readonly ConcurrentDictionary<IMethodSymbol, CellAccess?> _publishes = new(SymbolEqualityComparer.Default);

    /// <summary>The publish behind which the member is called, when a load at <paramref name="load"/> may overtake it.</summary>
    public CellAccess? PublishBefore(SharedBody body, BodyFlow flow, FlowEvent load)
    {
        if (((body.Owner as IPropertySymbol)?.GetMethod ?? body.Owner) is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet, DeclaredAccessibility: not Accessibility.Public, IsVirtual: false, IsOverride: false } tested) return null;
        if (!flow.FromEntry(Fences.Orders).Contains(load)) return null;
        int count = 0;
        foreach (SyntaxNode declaration in TypeBodies.DeclarationsOf(tested, context.Compilation, context.Cancellation))
        {
            foreach (MemberDeclarationSyntax member in TypeBodies.MembersMentioning(declaration, tested.AssociatedSymbol?.Name ?? tested.Name))
            {
                if (member is not MethodDeclarationSyntax caller || member.Span.Contains(body.Syntax.Span) || ++count > MaxCallers || FlowOf(caller) is not { } around) continue;
                foreach (FlowEvent call in around.All.Where(happening => Calls(happening, tested)).ToList())
                {
                    foreach (FlowEvent earlier in around.All)
                    {
                        CellAccess? store = earlier.Access is { Kind: not AccessKind.Interlocked } access && OrderRules.IsPublish(access) ? access
                            : earlier.Access is null && earlier.Called is { } method && !Calls(earlier, tested) && SymbolEqualityComparer.Default.Equals(method.ContainingType.OriginalDefinition, tested.ContainingType) ? PublishAtEndOf(method) : null;
                        if (store is not null && !store.Place.IsSameCell(load.Access!.Place) && around.After(earlier, happening => happening != call && Fences.Orders(happening)).Contains(call)) return store;
                    }
                }
            }
        }

        return null;
    }

    private static bool Calls(FlowEvent happening, IMethodSymbol method) => happening.Called is { } called && SymbolEqualityComparer.Default.Equals(called.OriginalDefinition, method);

    /// <summary>The store after which a method returns without a fence.</summary>
    private CellAccess? PublishAtEndOf(IMethodSymbol method)
    {
        method = method.OriginalDefinition;
        if (_publishes.TryGetValue(method, out CellAccess? known)) return known;
        CellAccess? store = null;
        if (!method.IsVirtual && !method.IsAbstract && BodyGraphs.BodyOf(method, context.Compilation, context.Cancellation) is MethodDeclarationSyntax body && FlowOf(body) is { } flow)
        {
            store = flow.All.FirstOrDefault(happening => happening.Access is { Kind: not AccessKind.Interlocked } access && OrderRules.IsPublish(access) && flow.ReachesExit(happening, Fences.Orders))?.Access;
        }

        _publishes.TryAdd(method, store);
        return store;
    }

    private BodyFlow? FlowOf(MethodDeclarationSyntax member)
    {
        if (BodyGraphs.IsTooDeep(member) || !context.Compilation.ContainsSyntaxTree(member.SyntaxTree)) return null;
        SemanticModel model = SemanticModels.Of(member.SyntaxTree, context.Compilation);
        ImmutableArray<CellAccess> accesses = context.AccessesIn(member, model);
        return BodyGraphs.Create(member, model, context.Cancellation) is { } graph ? new BodyFlow(graph, accesses.ToLookup(static access => (SyntaxNode)access.Site)) : null;
    }
}
