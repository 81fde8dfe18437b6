using System;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Pairs.Declared;
using PinAnalyzers.Pairs.Files;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs;

/// <summary>
/// Where the pairs of a compilation come from, and by which names source may mention them. Collecting binds nothing but assembly attributes:
/// these names decide which members are worth binding at all, so they must cost almost nothing.
/// </summary>
internal sealed class PairSources
{
    private readonly Compilation _compilation;
    private readonly LinePairs _linePairs;
    private readonly ImmutableArray<LinePairs.ResolvedLine>.Builder _lines = ImmutableArray.CreateBuilder<LinePairs.ResolvedLine>();

    private PairSources(Compilation compilation)
    {
        _compilation = compilation;
        _linePairs = new LinePairs(compilation);
    }

    public ImmutableHashSet<string>.Builder ChargeNames { get; } = ImmutableHashSet.CreateBuilder<string>();

    public ImmutableHashSet<string>.Builder ReleaseNames { get; } = ImmutableHashSet.CreateBuilder<string>();

    /// <summary>Charge methods that a pairs file or <c>[KnownPair]</c> names: nothing in source tells of them.</summary>
    public ImmutableHashSet<string>.Builder LineChargeNames { get; } = ImmutableHashSet.CreateBuilder<string>();

    /// <summary>Names under which source imports a function of the native table.</summary>
    public ImmutableHashSet<string>.Builder ImportNames { get; } = ImmutableHashSet.CreateBuilder<string>();

    public ImmutableArray<DeclarationProblem>.Builder Problems { get; } = ImmutableArray.CreateBuilder<DeclarationProblem>();

    public ImmutableArray<AnnotatedAssembly> Assemblies { get; private set; } = ImmutableArray<AnnotatedAssembly>.Empty;

    public static PairSources Collect(
        Compilation compilation,
        AnalyzerOptions options,
        Func<SyntaxTree, SourceDeclarations> declarations,
        CancellationToken cancellationToken)
    {
        var sources = new PairSources(compilation);
        var carriers = Annotations.Carriers(compilation);
        BuiltInPairs.CollectNames(compilation, carriers, sources.ChargeNames, sources.ReleaseNames, cancellationToken);
        sources.CollectSource(carriers, declarations, cancellationToken);
        foreach (var carrier in carriers)
        {
            if (!SymbolEqualityComparer.Default.Equals(carrier, compilation.Assembly))
                sources.Assemblies = sources.Assemblies.Add(AnnotatedAssembly.FromReference(carrier, sources.ChargeNames, sources.ReleaseNames, cancellationToken));
            sources.CollectKnownPairs(carrier);
        }
        foreach (var file in options.AdditionalFiles)
        {
            if (PairFile.IsPairFile(file.Path) && file.GetText(cancellationToken) is { } text)
            {
                var (lines, problems) = PairFile.Parse(file.Path, text, cancellationToken);
                sources.Problems.AddRange(problems);
                foreach (var line in lines)
                    sources.AddLine(line);
            }
        }
        return sources;
    }

    public DeclaredPairs BuildDeclared() => DeclaredPairs.Build(_compilation, Assemblies, new LinePairs(_compilation), _lines.ToImmutable());

    private void CollectSource(ImmutableArray<IAssemblySymbol> carriers, Func<SyntaxTree, SourceDeclarations> declarations, CancellationToken cancellationToken)
    {
        var annotated = ImmutableArray.CreateBuilder<SyntaxNode>();
        foreach (var tree in _compilation.SyntaxTrees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var declared = declarations(tree);
            foreach (var import in declared.Imports)
                AddImport(import);
            if (carriers.IsEmpty)
                continue;
            annotated.AddRange(declared.Annotated);
            ChargeNames.UnionWith(declared.ChargeNames);
            ReleaseNames.UnionWith(declared.ReleaseNames);
        }
        if (!carriers.IsEmpty)
            Assemblies = Assemblies.Add(AnnotatedAssembly.FromSource(_compilation.Assembly, annotated.ToImmutable()));
    }

    private void AddImport(ImportDeclaration import)
    {
        // An entry point that is a constant is looked up only when the method is asked about; until then its name may mean either.
        var rows = ImmutableArray<NativeMember>.Empty;
        if (import.EntryPoint is not null && !BuiltInTable.ByEntryPoint.TryGetValue(import.EntryPoint, out rows))
            return;
        ImportNames.Add(import.Name);
        var (charges, releases) = (rows.IsEmpty, rows.IsEmpty);
        foreach (var row in rows)
        {
            charges |= row.Charge is not null;
            releases |= row.Release is not null;
        }
        if (charges)
            ChargeNames.Add(import.Name);
        if (releases)
            ReleaseNames.Add(import.Name);
    }

    private void CollectKnownPairs(IAssemblySymbol assembly)
    {
        foreach (var attribute in assembly.GetAttributes())
        {
            if (!Annotations.Is(attribute, Annotations.KnownPair))
                continue;
            var (charge, release) = (Annotations.Argument(attribute, 0), Annotations.Argument(attribute, 1));
            if (charge is null || release is null)
                continue;
            var location = attribute.ApplicationSyntaxReference is { } syntax ? Location.Create(syntax.SyntaxTree, syntax.Span) : Location.None;
            foreach (var id in new[] { charge, release })
            {
                if (location != Location.None && !id.StartsWith("M:", StringComparison.Ordinal))
                    Problems.Add(new DeclarationProblem(location, $"'{id}' is not the documentation id of a method; expected it to start with 'M:'"));
            }
            var succeeds = Annotations.NamedEnum(attribute, "SucceedsWhen");
            AddLine(new PairLine(charge, release, location)
            {
                Key = Annotations.Named<string>(attribute, "Key"),
                Success = Enum.TryParse<SuccessSignal>(succeeds, out var signal) ? signal : null,
            });
        }
    }

    private void AddLine(PairLine line)
    {
        if (_linePairs.Resolve(line) is not { } resolved)
            return;
        _lines.Add(resolved);
        ChargeNames.Add(PairLine.NameIn(line.ChargeId));
        LineChargeNames.Add(PairLine.NameIn(line.ChargeId));
        ReleaseNames.Add(PairLine.NameIn(line.ReleaseId));
    }
}
