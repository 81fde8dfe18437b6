using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs;

/// <summary>
/// All sources of pairs behind one question. A method is asked about by its original definition; what it overrides or implements answers for it
/// when it says nothing itself. Answers are kept for the life of the compilation.
/// </summary>
internal sealed class PairCatalog : IPairCatalog
{
    private readonly BuiltInPairs _builtIn = new();
    private readonly ConcurrentDictionary<IMethodSymbol, MethodSpecs> _specs = new(SymbolEqualityComparer.Default);

    private PairCatalog(ImmutableHashSet<string> chargeNames, ImmutableHashSet<string> releaseNames)
    {
        ChargeNames = chargeNames;
        ReleaseNames = releaseNames;
    }

    public bool IsEmpty => ChargeNames.IsEmpty && ReleaseNames.IsEmpty;

    public ImmutableHashSet<string> ChargeNames { get; }

    public ImmutableHashSet<string> ReleaseNames { get; }

    public static PairCatalog Create(Compilation compilation, AnalyzerOptions options, CancellationToken cancellationToken)
    {
        var charges = ImmutableHashSet.CreateBuilder<string>();
        var releases = ImmutableHashSet.CreateBuilder<string>();
        BuiltInPairs.CollectNames(compilation, charges, releases, cancellationToken);
        foreach (var entry in BuiltInTable.ByEntryPoint)
        {
            foreach (var row in entry.Value)
            {
                if (row.Charge is not null)
                    charges.Add(entry.Key);
                if (row.Release is not null)
                    releases.Add(entry.Key);
            }
        }
        return new PairCatalog(charges.ToImmutable(), releases.ToImmutable());
    }

    public ImmutableArray<ChargeSpec> ChargesOf(IMethodSymbol method, ITypeSymbol? receiverType = null) => SpecsOf(method, receiverType).Charges;

    public ImmutableArray<ReleaseSpec> ReleasesOf(IMethodSymbol method, ITypeSymbol? receiverType = null) => SpecsOf(method, receiverType).Releases;

    public bool IsTracked(Pair pair, SyntaxTree tree) => true;

    public bool TakesObligation(IParameterSymbol parameter) => false;

    public bool TakesObligation(ISymbol fieldOrProperty) => false;

    public bool TryGetPassThrough(IMethodSymbol method, out int ordinal) => BuiltInPairs.TryGetPassThrough(Definition(method), out ordinal);

    public bool TryGetCounter(IFieldSymbol field, [NotNullWhen(true)] out CounterSpec? counter)
    {
        counter = null;
        return false;
    }

    private MethodSpecs SpecsOf(IMethodSymbol method, ITypeSymbol? receiverType)
    {
        var definition = Definition(method);
        var name = definition.SourceName();
        if (!ChargeNames.Contains(name) && !ReleaseNames.Contains(name) && !definition.IsStatic)
            return MethodSpecs.None;

        var specs = _specs.GetOrAdd(definition, SpecsOfDefinition);
        if (receiverType is null)
            return specs;
        if (_builtIn.DependsOnReceiver(definition))
            specs = specs.Union(_builtIn.Of(definition, receiverType));
        // Through an interface (which is how a using statement disposes) the implementation is what runs.
        if (specs.IsEmpty
            && definition.ContainingType.TypeKind == TypeKind.Interface
            && receiverType is INamedTypeSymbol { TypeKind: not TypeKind.Interface }
            && receiverType.FindImplementationForInterfaceMember(method) is IMethodSymbol implementation)
        {
            return _specs.GetOrAdd(Definition(implementation), SpecsOfDefinition);
        }
        return specs;
    }

    private MethodSpecs SpecsOfDefinition(IMethodSymbol definition)
    {
        for (var current = definition; current is not null; current = current.OverriddenMethod?.OriginalDefinition)
        {
            var specs = OwnSpecs(current);
            if (!specs.IsEmpty)
                return specs;
        }
        foreach (var contract in InterfaceMembers.ImplementedBy(definition))
        {
            var specs = OwnSpecs(contract.OriginalDefinition);
            if (!specs.IsEmpty)
                return specs;
        }
        return MethodSpecs.None;
    }

    private MethodSpecs OwnSpecs(IMethodSymbol definition) => _builtIn.Of(definition, receiverType: null);

    private static IMethodSymbol Definition(IMethodSymbol method)
    {
        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        return definition.PartialDefinitionPart ?? definition;
    }
}
