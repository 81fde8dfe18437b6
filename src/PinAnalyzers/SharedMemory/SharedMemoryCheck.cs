using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3xxx: memory that another process or the kernel writes too. Looks only at members that mention it, and at nothing where no file does.</summary>
internal sealed class SharedMemoryCheck : IMemberCheck
{
    private const int MaxBlocks = 4000;

    private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<int>> _hits = new();
    private readonly Func<SyntaxTree, ImmutableArray<int>> _scan;
    private readonly SharedContext _context;

    private SharedMemoryCheck(CompilationStart start, PinOptionsProvider options, ImmutableHashSet<string> names)
    {
        _scan = start.ScanFor(names);
        _context = new SharedContext(start.Compilation, options, start.Cancellation);
    }

    /// <summary>Null when nothing in the compilation reaches shared memory or accesses anything as volatile.</summary>
    public static SharedMemoryCheck? Create(CompilationStart start, PinOptionsProvider options)
    {
        ImmutableHashSet<string> names = SharedNames.Find(start.Compilation, options, start.Cancellation);
        return names.IsEmpty ? null : new SharedMemoryCheck(start, options, names);
    }

    public bool IsCandidate(SyntaxNode member) => NameScan.Hits(_hits.GetOrAdd(member.SyntaxTree, _scan), member.FullSpan);

    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation) => true;

    public void Check(MemberBody body)
    {
        // Lambdas and local functions are judged with the member that they are in; half-typed code is not judged.
        if (body.Graph.Parent is not null || body.Syntax.ContainsDiagnostics || body.Graph.OriginalOperation.SemanticModel is not { } model) return;
        if (body.Graph.Blocks.Length > MaxBlocks)
        {
            body.Report(Diagnostic.Create(
                Descriptors.PIN0001_MemberNotAnalysed, body.Owner.Locations.FirstOrDefault() ?? body.Syntax.GetLocation(), body.Owner.Name, "it has too many branches for the shared memory rules"));
            return;
        }

        SharedBody shared = new(_context, body, model);
        HashSet<(string Id, TextSpan Span)> seen = [];
        foreach (SharedFinding finding in Find(shared))
        {
            if (seen.Add((finding.Rule.Id, finding.At.Span))) body.Report(finding.ToDiagnostic());
        }
    }

    private static IEnumerable<SharedFinding> Find(SharedBody body) => PlainAccesses.Find(body).Concat(MixedAccesses.Find(body));
}
