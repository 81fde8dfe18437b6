using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Races;

/// <summary>PIN1011, PIN1012, PIN1016 and PIN1020: counters that several threads update.</summary>
internal sealed class RaceCheck : ITypeCheck
{
    private static readonly ImmutableHashSet<string> Signs = ImmutableHashSet.Create("Interlocked", "Volatile", "volatile", "lock", "Counter", "CounterAttribute", "EnterScope", "Monitor", "EnterWriteLock");

    private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<int>> _signs = new();
    private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<int>> _steps = new();
    private readonly Func<SyntaxTree, ImmutableArray<int>> _scanSigns;
    private readonly ReleaseMembers _releases;

    private RaceCheck(Func<SyntaxTree, ImmutableArray<int>> scanSigns, ReleaseMembers releases)
    {
        _scanSigns = scanSigns;
        _releases = releases;
    }

    public static RaceCheck Create(CompilationStart start, ReleaseMembers releases) => new(start.ScanFor(Signs), releases);

    public bool IsCandidate(SyntaxNode part) =>
        NameScan.Hits(_signs.GetOrAdd(part.SyntaxTree, _scanSigns), part.FullSpan)
        || NameScan.Hits(_steps.GetOrAdd(part.SyntaxTree, static tree => StepScan.Find(tree.GetText())), part.FullSpan);

    public void Check(TypeParts type, Action<Diagnostic> report)
    {
        FieldAccesses accesses = new(type);
        HashSet<(string Id, SyntaxTree Tree, TextSpan Span)> seen = [];
        foreach (RaceFinding finding in MixedAccesses.Find(accesses)
            .Concat(UnguardedUpdates.Find(accesses))
            .Concat(SplitLimitChecks.Find(accesses))
            .Concat(LimitArithmetic.Find(accesses, _releases)))
        {
            if (seen.Add((finding.Rule.Id, finding.At.Syntax.SyntaxTree, finding.At.Syntax.Span))) report(finding.ToDiagnostic());
        }
    }
}
