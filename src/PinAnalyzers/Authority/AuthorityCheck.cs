using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>PIN2xxx: what a caller's privilege decides. Looks only at members that mention a capability, and at nothing where no file does.</summary>
internal sealed class AuthorityCheck : IMemberCheck
{
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN2001_CapabilityMustNotDecideRelease,
        Descriptors.PIN2002_CapabilityMustNotSkipCharge,
        Descriptors.PIN2005_ProbeShouldFollowCheapTest);

    private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<int>> _hits = new();
    private readonly Func<SyntaxTree, ImmutableArray<int>> _scan;
    private readonly AuthorityContext _context;

    private AuthorityCheck(CompilationStart start, PairCatalog catalog, ImmutableHashSet<string> names)
    {
        _scan = start.ScanFor(names);
        _context = new AuthorityContext(start.Compilation, catalog, MentionsCapability, start.Cancellation);
    }

    /// <summary>Null when nothing in the compilation asks for a capability.</summary>
    public static AuthorityCheck? Create(CompilationStart start, PairCatalog catalog)
    {
        ImmutableHashSet<string> names = CapabilityNames.Find(start.Compilation, catalog.Options, start.Cancellation);
        return names.IsEmpty ? null : new AuthorityCheck(start, catalog, names);
    }

    public bool IsCandidate(SyntaxNode member) => MentionsCapability(member);

    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation) => true;

    public void Check(MemberBody body)
    {
        if (body.Graph.Blocks.Length > MaxBlocks)
        {
            body.Report(Diagnostic.Create(
                Descriptors.PIN0001_MemberNotAnalysed, body.Owner.Locations.FirstOrDefault() ?? body.Syntax.GetLocation(), body.Owner.Name, "it has too many branches for the authority rules"));
            return;
        }

        CapabilityFlow flow = _context.FlowOf(body.Graph, body.Syntax.SyntaxTree);
        HashSet<(string Id, TextSpan Span)> seen = [];
        foreach (AuthorityFinding finding in DecidedReleases.Find(_context, flow, body.Graph, body.Owner)
            .Concat(SkippedCharges.Find(_context, flow, body.Graph, body.Owner))
            .Concat(EagerProbes.Find(_context, body.Graph)))
        {
            if (seen.Add((finding.Rule.Id, finding.At.Syntax.Span))) body.Report(AuthorityDiagnostics.Create(finding));
        }
    }

    /// <summary>Post-dominators take a bit for every two blocks.</summary>
    private const int MaxBlocks = 4000;

    private bool MentionsCapability(SyntaxNode node) => NameScan.Hits(_hits.GetOrAdd(node.SyntaxTree, _scan), node.FullSpan);
}
