using System;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Pairs.Declared;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs;

/// <summary>
/// All sources of pairs behind one question. A method is asked about by its original definition; what it overrides or implements answers for it
/// when it says nothing itself. What the user declares about a method replaces what is built in. Answers are kept for the life of the compilation.
/// </summary>
internal sealed class PairCatalog : IPairCatalog
{
    private static readonly ConditionalWeakTable<Compilation, PairCatalog> s_shared = new();

    private readonly BuiltInPairs _builtIn = new();
    private readonly ConcurrentDictionary<IMethodSymbol, MethodSpecs> _specs = new(SymbolEqualityComparer.Default);
    private readonly AnalyzerOptions _options;
    private readonly Lazy<DeclaredPairs> _declared;
    private readonly bool _hasAnnotations;
    private readonly ImmutableHashSet<string> _importNames;
    private readonly ImmutableArray<DeclarationProblem> _fileProblems;

    private PairCatalog(PairSources sources, AnalyzerOptions options)
    {
        _options = options;
        ChargeNames = sources.ChargeNames.ToImmutable();
        ReleaseNames = sources.ReleaseNames.ToImmutable();
        LineChargeNames = sources.LineChargeNames.ToImmutable();
        Options = new PinOptionsProvider(options.AnalyzerConfigOptionsProvider);
        _importNames = sources.ImportNames.ToImmutable();
        _hasAnnotations = !sources.Assemblies.IsEmpty;
        _fileProblems = sources.Problems.ToImmutable();
        // Several threads may build it at once; the first to finish is everybody's, so a pair is one object.
        _declared = new Lazy<DeclaredPairs>(sources.BuildDeclared, LazyThreadSafetyMode.PublicationOnly);
    }

    public bool IsEmpty => ChargeNames.IsEmpty && ReleaseNames.IsEmpty;

    public ImmutableHashSet<string> ChargeNames { get; }

    public ImmutableHashSet<string> ReleaseNames { get; }

    /// <summary>Those of the charge names that are declared by a pairs file or <c>[KnownPair]</c>.</summary>
    public ImmutableHashSet<string> LineChargeNames { get; }

    public PinOptionsProvider Options { get; }

    /// <summary>What is wrong with pairs files and annotations. Binds every annotation of the compilation, so only the analyzer that reports it asks.</summary>
    public ImmutableArray<DeclarationProblem> Problems => _fileProblems.AddRange(_declared.Value.Problems);

    /// <param name="compilation">The compilation whose methods will be asked about.</param>
    /// <param name="options">Additional files and <c>pin.*</c> options.</param>
    /// <param name="cancellationToken">Cancels the collection of names.</param>
    /// <param name="declarations">What a file declares, from the driver's cache: <c>context.TryGetValue(tree, SourceDeclarations.Provider, …)</c>. Null: every file is read now.</param>
    public static PairCatalog Create(
        Compilation compilation,
        AnalyzerOptions options,
        CancellationToken cancellationToken,
        Func<SyntaxTree, SourceDeclarations>? declarations = null)
    {
        var sources = PairSources.Collect(compilation, options, declarations ?? (tree => SourceDeclarations.Read(tree, cancellationToken)), cancellationToken);
        return new PairCatalog(sources, options);
    }

    /// <summary>As <see cref="Create"/> answers, for analyzers that run side by side over one compilation: what one has collected the others need not.</summary>
    public static PairCatalog Shared(Compilation compilation, AnalyzerOptions options, CancellationToken cancellationToken, Func<SyntaxTree, SourceDeclarations> declarations)
    {
        var shared = s_shared.GetValue(compilation, _ => Create(compilation, options, cancellationToken, declarations));
        return ReferenceEquals(shared._options, options) ? shared : Create(compilation, options, cancellationToken, declarations);
    }

    public ImmutableArray<ChargeSpec> ChargesOf(IMethodSymbol method, ITypeSymbol? receiverType = null) => SpecsOf(method, receiverType).Charges;

    public ImmutableArray<ReleaseSpec> ReleasesOf(IMethodSymbol method, ITypeSymbol? receiverType = null) => SpecsOf(method, receiverType).Releases;

    public bool IsTracked(Pair pair, SyntaxTree tree) => !pair.IsBuiltIn || Options.For(tree).BuiltInFamilies is not { } families || families.Contains(pair.Family);

    public bool TakesObligation(IParameterSymbol parameter)
    {
        if (!_hasAnnotations)
            return false;
        if (Annotations.Has(parameter.OriginalDefinition, Annotations.TransfersObligation))
            return true;
        if (parameter.ContainingSymbol is not IMethodSymbol method)
            return false;
        for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (Annotations.Has(overridden.OriginalDefinition.Parameters[parameter.Ordinal], Annotations.TransfersObligation))
                return true;
        }
        foreach (var contract in InterfaceMembers.ImplementedBy(method))
        {
            if (Annotations.Has(contract.OriginalDefinition.Parameters[parameter.Ordinal], Annotations.TransfersObligation))
                return true;
        }
        return false;
    }

    public bool TakesObligation(ISymbol fieldOrProperty) => _hasAnnotations && Annotations.Has(fieldOrProperty.OriginalDefinition, Annotations.TransfersObligation);

    public bool TryGetPassThrough(IMethodSymbol method, out int ordinal) => BuiltInPairs.TryGetPassThrough(Definition(method), out ordinal);

    public bool TryGetCounter(IFieldSymbol field, [NotNullWhen(true)] out CounterSpec? counter)
    {
        counter = null;
        return _hasAnnotations && ChargeNames.Contains(field.Name) && _declared.Value.TryGetCounter(field, out counter);
    }

    private MethodSpecs SpecsOf(IMethodSymbol method, ITypeSymbol? receiverType)
    {
        var definition = Definition(method);
        var name = definition.SourceName();
        if (definition.ContainingType is null || !(ChargeNames.Contains(name) || ReleaseNames.Contains(name)))
            return MethodSpecs.None;

        var specs = _specs.GetOrFind(definition, this, static (self, asked) => self.SpecsOfDefinition(asked));
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
            return _specs.GetOrFind(Definition(implementation), this, static (self, asked) => self.SpecsOfDefinition(asked));
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
        // An override implements what the method it overrides implements, and only that one is named as the implementation.
        for (var current = definition; current is not null; current = current.OverriddenMethod?.OriginalDefinition)
        {
            foreach (var contract in InterfaceMembers.ImplementedBy(current))
            {
                var specs = OwnSpecs(contract.OriginalDefinition);
                if (!specs.IsEmpty)
                    return specs;
            }
        }
        return MethodSpecs.None;
    }

    private MethodSpecs OwnSpecs(IMethodSymbol definition)
    {
        var declared = _declared.Value.Of(definition);
        if (!declared.IsEmpty)
            return declared;
        var builtIn = _builtIn.Of(definition, receiverType: null);
        return builtIn.IsEmpty && _importNames.Contains(definition.Name) ? NativeImports.Of(definition) : builtIn;
    }

    private static IMethodSymbol Definition(IMethodSymbol method)
    {
        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        return definition.PartialDefinitionPart ?? definition;
    }
}
