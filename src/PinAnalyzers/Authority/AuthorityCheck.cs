using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>PIN2xxx: what a caller's privilege and identity decide. Looks only at members that mention either, or a release to an owner.</summary>
internal sealed class AuthorityCheck : IMemberCheck
{
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN2001_CapabilityMustNotDecideRelease,
        Descriptors.PIN2002_CapabilityMustNotSkipCharge,
        Descriptors.PIN2003_OwnerMustNotBeAmbient,
        Descriptors.PIN2004_LimitShouldBeTheOwners,
        Descriptors.PIN2005_ProbeShouldFollowCheapTest,
        Descriptors.PIN2006_OwnerShouldBeRecorded,
        Descriptors.PIN2007_OwnerMustOutliveCharge);

    private readonly MentionScan _capabilities;
    private readonly MentionScan _ambients;
    private readonly MentionScan _uncharges;
    private readonly MentionScan _limits;
    private readonly ImmutableHashSet<string> _limitNames;
    private readonly PairCatalog _catalog;
    private readonly AuthorityContext _context;

    private AuthorityCheck(CompilationStart start, PairCatalog catalog, AuthorityNames names)
    {
        _catalog = catalog;
        _capabilities = new MentionScan(start, names.Capabilities);
        _ambients = new MentionScan(start, names.Ambients);
        _uncharges = new MentionScan(start, names.Uncharges);
        _limitNames = names.Limits;
        _limits = new MentionScan(start, names.Limits);
        _context = new AuthorityContext(start.Compilation, catalog, _capabilities.Hits, _ambients.Hits, start.Cancellation);
    }

    public static AuthorityCheck Create(CompilationStart start, PairCatalog catalog) => new(start, catalog, AuthorityNames.Find(start.Compilation, catalog, start.Cancellation));

    public bool IsCandidate(SyntaxNode member) => _capabilities.Hits(member) || MentionsOwner(member);

    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation) => true;

    public void Check(MemberBody body)
    {
        if (body.Graph.Blocks.Length > MaxBlocks)
        {
            body.Report(Diagnostic.Create(
                Descriptors.PIN0001_MemberNotAnalysed, body.Owner.Locations.FirstOrDefault() ?? body.Syntax.GetLocation(), body.Owner.Name, "it has too many branches for the authority rules"));
            return;
        }

        HashSet<(string Id, TextSpan Span)> seen = [];
        foreach (AuthorityFinding finding in Findings(body.Graph, body.Owner, body.Syntax))
        {
            if (seen.Add((finding.Rule.Id, finding.At.Syntax.Span))) body.Report(AuthorityDiagnostics.Create(finding));
        }
    }

    private IEnumerable<AuthorityFinding> Findings(ControlFlowGraph graph, ISymbol owner, SyntaxNode syntax)
    {
        IEnumerable<AuthorityFinding> all = [];
        if (_capabilities.Hits(syntax))
        {
            CapabilityFlow flow = _context.FlowOf(graph, syntax.SyntaxTree);
            all = DecidedReleases.Find(_context, flow, graph, owner).Concat(SkippedCharges.Find(_context, flow, graph, owner)).Concat(EagerProbes.Find(_context, graph));
        }

        return !MentionsOwner(syntax) ? all : all
            .Concat(AmbientOwners.Find(_context, graph, owner))
            .Concat(ForeignLimits.Find(_context, graph, owner))
            .Concat(RederivedOwners.Find(_context, graph, owner))
            .Concat(DroppedOwners.Find(_context, graph, owner));
    }

    private bool MentionsOwner(SyntaxNode member) => _ambients.Hits(member) || _uncharges.Hits(member) || _limits.Hits(member) && ForeignLimits.MayBeIn(member, _limitNames)
        || member is MethodDeclarationSyntax or DestructorDeclarationSyntax && IsReleaseName(member) && SubtractsFromAnother(member);

    private bool IsReleaseName(SyntaxNode member) => member is DestructorDeclarationSyntax
        || member is MethodDeclarationSyntax { Identifier.ValueText: var name } && _catalog.Options.For(member.SyntaxTree).ReleaseNames.Contains(name);

    /// <summary>Seen without binding: a member of another object is counted down.</summary>
    private static bool SubtractsFromAnother(SyntaxNode body) => body.DescendantNodes().Any(static node => node switch
    {
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SubtractAssignmentExpression } subtraction => IsOfAnother(subtraction.Left),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostDecrementExpression } step => IsOfAnother(step.Operand),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreDecrementExpression } step => IsOfAnother(step.Operand),
        ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword } argument => IsOfAnother(argument.Expression),
        _ => false,
    });

    private static bool IsOfAnother(ExpressionSyntax target) => target is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax };

    /// <summary>Post-dominators take a bit for every two blocks.</summary>
    private const int MaxBlocks = 4000;

    /// <summary>Where names of one kind occur; a file is scanned when first asked about.</summary>
    private sealed class MentionScan(CompilationStart start, ImmutableHashSet<string> names)
    {
        private readonly ConcurrentDictionary<SyntaxTree, ImmutableArray<int>> _hits = new();
        private readonly Func<SyntaxTree, ImmutableArray<int>>? _scan = names.IsEmpty ? null : start.ScanFor(names);

        public bool Hits(SyntaxNode node) => _scan is not null && NameScan.Hits(_hits.GetOrAdd(node.SyntaxTree, _scan), node.FullSpan);
    }
}
