using System;
using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Balance.Races;
using PinAnalyzers.Symbols;

namespace PinAnalyzers;

/// <summary>What one category does with the bodies that the host hands it. Made once per compilation; thread-safe.</summary>
internal interface IMemberCheck
{
    /// <summary>Whether the category has anything to look for in this member; asked of syntax alone.</summary>
    bool IsCandidate(SyntaxNode member);

    /// <summary>Whether what the names promised is there, asked of symbols: what says no here costs no operation tree and no graph. Only for candidates.</summary>
    bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation);

    /// <summary>Judges the member, lambdas and local functions in it included.</summary>
    void Check(MemberCode member);
}

/// <summary>What a category is made from at the start of a compilation.</summary>
internal sealed class CompilationStart
{
    private readonly ScanGroups _scans;

    public CompilationStart(Compilation compilation, AnalyzerOptions options, ScanGroups scans, Func<SyntaxTree, Steps> steps, CancellationToken cancellation)
    {
        _scans = scans;
        Compilation = compilation;
        Options = options;
        Cancellation = cancellation;
        PerTree<Steps> known = new(steps);
        Steps = NameHits.From(tree => known.Of(tree).Telling);
        Arithmetic = NameHits.From(tree => known.Of(tree).All);
        Subtractions = new Subtractions(Arithmetic, scans.Add(Subtractions.Words));
    }

    public Compilation Compilation { get; }

    public AnalyzerOptions Options { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>Where something is counted up or down; see <see cref="StepScan"/>.</summary>
    public NameHits Steps { get; }

    /// <summary>Where something is written with a plus or a minus.</summary>
    public NameHits Arithmetic { get; }

    /// <summary>Where something may be subtracted.</summary>
    public Subtractions Subtractions { get; }

    /// <summary>A scan of files for names; the driver keeps its results as long as it keeps the file.</summary>
    public NameHits ScanFor(ImmutableHashSet<string> names) => _scans.Add(names);
}
