using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.Declared;

/// <summary>
/// All pairs that users declare, in annotations, <c>[KnownPair]</c> and pairs files, as one table. Built when the first method is asked about,
/// since only then attributes need binding.
/// </summary>
internal sealed class DeclaredPairs
{
    private readonly Dictionary<IMethodSymbol, MethodSpecs> _specs = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<IFieldSymbol, CounterSpec> _counters = new(SymbolEqualityComparer.Default);
    private readonly ImmutableArray<DeclarationProblem>.Builder _problems = ImmutableArray.CreateBuilder<DeclarationProblem>();

    private DeclaredPairs()
    {
    }

    public ImmutableArray<DeclarationProblem> Problems => _problems.ToImmutable();

    public static DeclaredPairs Build(Compilation compilation, ImmutableArray<AnnotatedAssembly> assemblies, LinePairs linePairs, ImmutableArray<LinePairs.ResolvedLine> lines)
    {
        var pairs = new DeclaredPairs();
        foreach (var assembly in assemblies)
            pairs.AddAssembly(assembly, compilation);
        foreach (var line in lines)
            linePairs.Add(line, pairs.Add, pairs._problems.Add);
        return pairs;
    }

    public MethodSpecs Of(IMethodSymbol method) => _specs.TryGetValue(method, out var specs) ? specs : MethodSpecs.None;

    public bool TryGetCounter(IFieldSymbol field, [NotNullWhen(true)] out CounterSpec? counter) => _counters.TryGetValue(field.OriginalDefinition, out counter);

    private void AddAssembly(AnnotatedAssembly assembly, Compilation compilation)
    {
        var charges = new Dictionary<string, ImmutableArray<Annotated>>();
        var releases = new Dictionary<string, ImmutableArray<Annotated>>();
        var isSource = SymbolEqualityComparer.Default.Equals(assembly.Assembly, compilation.Assembly);
        var isAccounting = assembly.Assembly.Name == "PinAccounting";
        foreach (var symbol in assembly.AnnotatedSymbols(compilation))
        {
            if (symbol is IFieldSymbol field)
            {
                AddCounter(field);
                continue;
            }
            if (symbol is not IMethodSymbol method)
                continue;
            if (isSource)
                AnnotationShape.Check(method, Report);
            foreach (var attribute in method.GetAttributes())
            {
                var into = Annotations.Is(attribute, Annotations.Charge) ? charges : Annotations.Is(attribute, Annotations.Release) ? releases : null;
                // While the key is being typed there is nothing to say: the compiler says it.
                if (into is null || Annotations.Argument(attribute, 0) is not { } key)
                    continue;
                into[key] = (into.TryGetValue(key, out var earlier) ? earlier : ImmutableArray<Annotated>.Empty).Add(new Annotated(method, attribute));
            }
        }

        foreach (var key in charges.Keys.Union(releases.Keys))
        {
            var group = new PairGroup(
                key,
                charges.TryGetValue(key, out var chargeMethods) ? chargeMethods : ImmutableArray<Annotated>.Empty,
                releases.TryGetValue(key, out var releaseMethods) ? releaseMethods : ImmutableArray<Annotated>.Empty,
                isAccounting);
            group.Resolve(Add, Report, (group.HasCharges ? releases : charges).Keys.Where(other => other != key));
        }
    }

    private void AddCounter(IFieldSymbol field)
    {
        if (Annotations.Find(field.GetAttributes(), Annotations.Counter) is not { } attribute)
            return;
        AnnotationShape.Check(field, attribute, Report);
        var pair = new Pair(field.ContainingType.Name + "." + field.Name, PairFamily.Counters)
        {
            HasToken = false,
            HasAmount = true,
            ReleaseDisplay = "a matching subtraction",
        };
        _counters[field.OriginalDefinition] = new CounterSpec(pair)
        {
            Limit = Annotations.Named<string>(attribute, "Limit"),
            GuardedBy = Annotations.Named<string>(attribute, "GuardedBy"),
        };
    }

    private void Add(IMethodSymbol method, MethodSpecs specs)
    {
        var definition = method.OriginalDefinition;
        _specs[definition] = Of(definition).Union(specs);
    }

    private void Report(AttributeData attribute, string message)
    {
        if (attribute.ApplicationSyntaxReference is { } syntax)
            _problems.Add(new DeclarationProblem(Location.Create(syntax.SyntaxTree, syntax.Span), message));
    }
}
