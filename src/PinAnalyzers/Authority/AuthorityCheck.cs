using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Flow.Graphs;
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
    private readonly Subtractions _subtractions;
    private readonly Compilation _compilation;
    private readonly PairCatalog _catalog;
    private readonly AuthorityContext _context;

    private AuthorityCheck(CompilationStart start, PairCatalog catalog, AuthorityNames names)
    {
        _compilation = start.Compilation;
        _catalog = catalog;
        _subtractions = start.Subtractions;
        _capabilities = new MentionScan(start, names.Capabilities);
        _ambients = new MentionScan(start, names.Ambients, names.Privates.MeantIn);
        _uncharges = new MentionScan(start, names.Uncharges);
        _limits = new MentionScan(start, names.Limits, ForeignLimits.ReadFromAnother);
        _context = new AuthorityContext(start.Compilation, catalog, _capabilities.Hits, _ambients.NamesIn, start.Cancellation);
    }

    public static AuthorityCheck Create(CompilationStart start, PairCatalog catalog) => new(start, catalog, AuthorityNames.Find(start.Compilation, catalog, start.Cancellation));

    /// <summary>Whether a member answers if the caller is privileged.</summary>
    public bool IsCapability(ISymbol member, SyntaxTree tree) => _context.Summaries.MayAnswer(member, tree);

    public bool IsCandidate(SyntaxNode member) => _capabilities.Hits(member) || MentionsOwner(member);

    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation) =>
        Means(_capabilities, member, model, _context.Summaries.MayAnswer, cancellation)
        || Means(_ambients, member, model, _context.Ambients.MayDepend, cancellation)
        || Means(_uncharges, member, model, IsUncharge, cancellation)
        || ReadsForeignLimit(member) || SubtractsInRelease(member);

    public void Check(MemberCode member)
    {
        foreach (MemberBody body in member.Bodies) Check(body);
    }

    private void Check(MemberBody body)
    {
        if (body.Graph.Blocks.Length > MaxBlocks)
        {
            body.NotAnalysed("it has too many branches for the authority rules");
            return;
        }

        HashSet<(string Id, TextSpan Span)> seen = [];
        foreach (AuthorityFinding finding in Findings(body.Graph, body.Owner, body.Member.Syntax))
        {
            if (seen.Add((finding.Rule.Id, finding.At.Syntax.Span))) body.Member.Report(AuthorityDiagnostics.Create(finding));
        }
    }

    /// <summary>Some name that was hit is bound to what it is looked for as.</summary>
    private static bool Means(MentionScan scan, SyntaxNode member, SemanticModel model, Func<ISymbol, SyntaxTree, bool> isMeant, CancellationToken cancellation)
    {
        foreach (SimpleNameSyntax name in scan.NamesIn(member))
        {
            if (model.GetSymbolInfo(name, cancellation) is var bound && (bound.Symbol ?? bound.CandidateSymbols.FirstOrDefault()) is { } symbol && isMeant(symbol, member.SyntaxTree)) return true;
        }

        return false;
    }

    private bool IsUncharge(ISymbol symbol, SyntaxTree tree) =>
        symbol is IMethodSymbol method && (method.OriginalDefinition.IsWrittenIn(_compilation) || !_catalog.ReleasesOf(method.ReducedFrom ?? method).IsEmpty);

    private IEnumerable<AuthorityFinding> Findings(ControlFlowGraph graph, ISymbol owner, SyntaxNode syntax)
    {
        IEnumerable<AuthorityFinding> all = [];
        if (_capabilities.Hits(syntax))
        {
            CapabilityFlow flow = _context.FlowOf(graph, syntax.SyntaxTree);
            all = DecidedReleases.Find(_context, flow, graph, owner).Concat(SkippedCharges.Find(_context, flow, graph, owner)).Concat(EagerProbes.Find(_context, graph));
        }

        bool isAmbient = _ambients.Hits(syntax), isUncharge = _uncharges.Hits(syntax);
        if (isAmbient) all = all.Concat(AmbientOwners.Find(_context, graph, owner));
        if (isAmbient || isUncharge || ReadsForeignLimit(syntax)) all = all.Concat(ForeignLimits.Find(_context, graph, owner));
        if (isAmbient || isUncharge || SubtractsInRelease(syntax)) all = all.Concat(RederivedOwners.Find(_context, graph, owner)).Concat(DroppedOwners.Find(_context, graph, owner));
        return all;
    }

    private bool MentionsOwner(SyntaxNode member) => _ambients.Hits(member) || _uncharges.Hits(member) || ReadsForeignLimit(member) || SubtractsInRelease(member);

    private bool ReadsForeignLimit(SyntaxNode member) => _limits.NamesIn(member).Any(ForeignLimits.MayBe);

    private bool SubtractsInRelease(SyntaxNode member) => _subtractions.MayBeIn(member) && member is MethodDeclarationSyntax or DestructorDeclarationSyntax && IsReleaseName(member) && SubtractsFromAnother(member);

    private bool IsReleaseName(SyntaxNode member) => member is DestructorDeclarationSyntax
        || member is MethodDeclarationSyntax { Identifier.ValueText: var name } && _catalog.Options.For(member.SyntaxTree).ReleaseNames.Contains(name);

    /// <summary>Seen without binding: a member of another object is counted down.</summary>
    private static bool SubtractsFromAnother(SyntaxNode body) => BodyShapes.Has(body, BodyShape.Subtraction | BodyShape.Decrement | BodyShape.RefArgument) && body.DescendantNodes().Any(static node => node switch
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

    /// <summary>Where names of one kind occur; of those in a file, what <c>narrow</c> leaves.</summary>
    private sealed class MentionScan(CompilationStart start, ImmutableHashSet<string> names, Func<SyntaxTree, ImmutableArray<int>, ImmutableArray<int>>? narrow = null)
    {
        private readonly NameHits? _hits = names.IsEmpty ? null : HitsOf(start.ScanFor(names), narrow);

        private static NameHits HitsOf(NameHits all, Func<SyntaxTree, ImmutableArray<int>, ImmutableArray<int>>? narrow) => narrow is null ? all : NameHits.From(tree => narrow(tree, all.Of(tree)));

        public bool Hits(SyntaxNode node) => _hits?.Any(node) == true;

        public IEnumerable<SimpleNameSyntax> NamesIn(SyntaxNode member)
        {
            if (_hits is null) yield break;
            SyntaxNode root = member.SyntaxTree.GetRoot();
            foreach (int hit in _hits.In(member))
            {
                if (NamedCalls.IsName(root, hit, names, out SyntaxToken token) && token.Parent is SimpleNameSyntax name) yield return name;
            }
        }
    }
}
