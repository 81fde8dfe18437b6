using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Which parameters of source methods select memory without a check on the way: a caller that hands over what a peer wrote must check it first. Computed when
/// a value from shared memory is handed over, kept for the life of the compilation.
/// </summary>
internal sealed class SinkParameters(SharedContext context)
{
    private readonly ConcurrentDictionary<IMethodSymbol, IReadOnlyCollection<int>> _known = new(SymbolEqualityComparer.Default);

    /// <summary>Values that a call hands to such parameters.</summary>
    public IEnumerable<IOperation> In(IOperation operation)
    {
        (IMethodSymbol? method, ImmutableArray<IArgumentOperation> arguments) = operation switch
        {
            IInvocationOperation call => ((IMethodSymbol?)call.TargetMethod, call.Arguments),
            IObjectCreationOperation creation => (creation.Constructor, creation.Arguments),
            _ => (null, ImmutableArray<IArgumentOperation>.Empty),
        };
        if (method is null || method.DeclaringSyntaxReferences.IsEmpty || method.IsVirtual || method.IsAbstract || method.IsOverride) return [];
        return arguments.Where(argument => argument.Parameter is { RefKind: RefKind.None } parameter && IsNumber(parameter.Type) && Of(method).Contains(parameter.Ordinal)).Select(static argument => argument.Value);
    }

    private IReadOnlyCollection<int> Of(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        return context.Open.Ask(_known, method, [], Read);
    }

    private IReadOnlyCollection<int> Read(IMethodSymbol method)
    {
        if (BodyGraphs.Create(method, context.Compilation, context.Cancellation) is not { } graph) return [];
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            // What is bound for a local function is the member around it.
            (graph, method) = BodyGraphs.Nested(graph, context.Cancellation).FirstOrDefault(nested => nested.Symbol.Locations.SequenceEqual(method.Locations));
            if (graph is null) return [];
        }

        Dictionary<CellAccess, int> seeds = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.RefKind != RefKind.None || !IsNumber(parameter.Type)) continue;
            IdentifierNameSyntax name = SyntaxFactory.IdentifierName(parameter.Name);
            seeds.Add(new CellAccess(new Place(parameter, "", SharedTraits.Certain, null, ImmutableArray<ISymbol>.Empty), AccessKind.PlainRead, name, name), parameter.Ordinal);
        }

        if (seeds.Count == 0) return [];
        FetchFlow flow = new(new BodyFlow(graph, Enumerable.Empty<CellAccess>().ToLookup(static access => (SyntaxNode)access.Site)), seeds.Keys);
        HashSet<int> reached = [];
        flow.Visit(operation =>
        {
            foreach (IOperation value in Sinks.In(operation).Concat(In(operation)))
            {
                foreach (CellAccess seed in flow.SourcesOf(value, FetchFact.Unchecked))
                {
                    if (seeds.TryGetValue(seed, out int ordinal)) reached.Add(ordinal);
                }
            }
        });
        return reached;
    }

    private static bool IsNumber(ITypeSymbol type) => type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64 or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
