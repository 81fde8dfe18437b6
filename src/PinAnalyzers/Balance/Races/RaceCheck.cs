using System;
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
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN1011_LimitMustBeCheckedAndTakenAtOnce,
        Descriptors.PIN1012_LimitArithmeticMustNotWrap,
        Descriptors.PIN1016_AtomicFieldMustBeAccessedAtomically,
        Descriptors.PIN1020_GuardedCounterMustBeUpdatedUnderItsLock);

    private static readonly ImmutableHashSet<string> Signs = ImmutableHashSet.Create("Interlocked", "Volatile", "volatile", "lock", "Counter", "CounterAttribute", "EnterScope", "Monitor", "ReaderWriterLockSlim", "ReaderWriterLock", "SpinLock", "SemaphoreSlim", "Mutex");

    private static readonly ImmutableHashSet<string> Atomics = ImmutableHashSet.Create("Interlocked", "Volatile");

    private readonly NameHits _signs;
    private readonly NameHits _steps;
    private readonly CounterHits _counters;
    private readonly ReleaseMembers _releases;

    private readonly LockCalls _locks;

    private RaceCheck(NameHits signs, NameHits steps, CounterHits counters, ReleaseMembers releases, LockCalls locks)
    {
        _locks = locks;
        _signs = signs;
        _steps = steps;
        _counters = counters;
        _releases = releases;
    }

    public static RaceCheck Create(CompilationStart start, IPairCatalog catalog, ReleaseMembers releases) =>
        new(
            Known(start.ScanFor(Signs)),
            start.Steps,
            new CounterHits(Known(start.ScanFor(Atomics)), start.Arithmetic),
            releases,
            new LockCalls(catalog, start.Compilation, start.Cancellation));

    private static NameHits Known(NameHits names) => NameHits.From(tree => AtomicNames.Find(tree, names.Of(tree)));

    public bool IsCandidate(SyntaxNode part) => _signs.Any(part) || _steps.Any(part);

    public void Check(TypeParts type, Action<Diagnostic> report)
    {
        FieldAccesses accesses = new(type, _counters, _locks);
        HashSet<(string Id, SyntaxTree Tree, TextSpan Span)> seen = [];
        List<RaceFinding> split = SplitLimitChecks.Find(accesses).ToList();
        foreach (RaceFinding finding in MixedAccesses.Find(accesses)
            .Concat(UnguardedUpdates.Find(accesses))
            .Concat(split)
            .Concat(LimitArithmetic.Find(accesses, _releases)))
        {
            // The read of a check that is told of already is no second mistake.
            if (finding.Severity == DiagnosticSeverity.Info && split.Any(s => s.Path[0].Syntax.SyntaxTree == finding.At.Syntax.SyntaxTree && s.Path[0].Syntax.Span.Contains(finding.At.Syntax.Span))) continue;
            if (seen.Add((finding.Rule.Id, finding.At.Syntax.SyntaxTree, finding.At.Syntax.Span))) report(finding.ToDiagnostic());
        }
    }
}
