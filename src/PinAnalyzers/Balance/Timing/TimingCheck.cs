using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.Options;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// PIN1006 across members, PIN1010, PIN1013, PIN1015, PIN1018 and PIN1019: rules about when a body charges and releases and where its tokens go, which its operations tell without being solved.
/// </summary>
internal sealed class TimingCheck(TimingContext context, ConfirmedCalls calls, NameHits charges, NameHits releases, NameHits clones, NameHits arithmetic, Subtractions subtractions, PinOptionsProvider options) : IMemberCheck
{
    public static ImmutableArray<DiagnosticDescriptor> Rules { get; } = ImmutableArray.Create(
        Descriptors.PIN1010_ReleaseShouldNotBeDeferred,
        Descriptors.PIN1013_ChargeMustNotExistTwice,
        Descriptors.PIN1015_ReleasePathShouldNotBeCancellable,
        Descriptors.PIN1018_ChargeShouldPrecedePublication,
        Descriptors.PIN1019_RollbackShouldCoverWhatWasDone);

    public static TimingCheck Create(CompilationStart start, PairCatalog catalog, BalanceContext balance) => new(
        new TimingContext(balance, new ReleaseMembers(catalog, catalog.Options)), balance.Calls, start.ScanFor(catalog.ChargeNames), start.ScanFor(catalog.ReleaseNames), start.ScanFor(TokenCopies.CloneWords), start.Arithmetic, start.Subtractions, catalog.Options);

    private readonly TokenCopies _copies = new(context.Catalog);
    private readonly SummedAmounts _sums = new(context, charges, releases, arithmetic);

    public bool IsCandidate(SyntaxNode member)
    {
        bool mayCharge = charges.Any(member), mayRelease = releases.Any(member);
        if (!mayCharge && !mayRelease) return Subtracts(member) && MayBeCancelled(member) || ClonesItself(member);

        // What charges is bound for the other rules of balance anyway; of what only releases the shape is asked first.
        return mayCharge || HasShape(member, mayCharge: false);
    }

    private bool HasShape(SyntaxNode member, bool mayCharge, SemanticModel? model = null)
    {
        if ((DeferredEvents.MayBeIn(member) && (member is DestructorDeclarationSyntax || member is MemberDeclarationSyntax { AttributeLists.Count: > 0 } || IsInNestedBody(member))) || MayBeCancelled(member) || ClonesItself(member)) return true;
        List<ExpressionSyntax> found = ReleasesIn(member);
        return ReleasesLength(member, found) || _sums.MayBeIn(member) || ((mayCharge || releases.In(member).Length > 1 || TokenCopies.MayClone(member)) && _copies.MayBeIn(member, found, model))
            || (mayCharge && (PublishesAccounted(member) || RollbackBounds.MayBeIn(member, found)));
    }

    private bool PublishesAccounted(SyntaxNode member) => EarlyPublishing.MayBeIn(member) && calls.Charges(member, EarlyPublishing.IsAccounted);

    private static bool ReleasesLength(SyntaxNode member, List<ExpressionSyntax> releases) => RecordedAmounts.MayBeIn(member) && releases.Any(static call =>
        call is InvocationExpressionSyntax { ArgumentList: var list } && list.DescendantNodes().Any(static n => n is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Length" }));

    private List<ExpressionSyntax> ReleasesIn(SyntaxNode member) => !releases.Any(member) ? [] : ConfirmedCalls.CallsIn(member, releases, context.Catalog.ReleaseNames).Select(static c => c.Call).ToList();

    public bool Confirms(SyntaxNode member, SemanticModel model, CancellationToken cancellation) => calls.Charges(member)
        ? HasShape(member, mayCharge: true, model)
        : (!charges.Any(member) || HasShape(member, mayCharge: true, model)) && Accounts(member, model, cancellation);

    private bool Accounts(SyntaxNode member, SemanticModel model, CancellationToken cancellation) =>
        ConfirmedCalls.CallsIn(member, releases, context.Catalog.ReleaseNames).Any(c => calls.MethodOf(c.Call) is { } method && !context.Catalog.ReleasesOf(method).IsEmpty)
        || (MayBeCancelled(member) && Subtracts(member))
        || (ClonesItself(member) && member.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type && model.GetDeclaredSymbol(type, cancellation) is { } symbol && _copies.IsToken(symbol));

    public void Check(MemberCode body)
    {
        if (body.Owner is not IMethodSymbol owner || body.Operation is not { } root) return;
        IEnumerable<Diagnostic> found = DeferredEvents.MayBeIn(body.Syntax) ? DeferredEvents.Find(context, root, owner) : [];
        if (_copies.MayBeIn(body.Syntax, ReleasesIn(body.Syntax), body.Model)) found = found.Concat(_copies.Find(root, owner));
        if (EarlyPublishing.MayBeIn(body.Syntax)) found = found.Concat(EarlyPublishing.Find(context, root, owner));
        if (RecordedAmounts.MayBeIn(body.Syntax)) found = found.Concat(RecordedAmounts.Find(context, root));
        if (_sums.MayBeIn(body.Syntax)) found = found.Concat(_sums.Find(root, body.Syntax));
        if (RollbackBounds.MayBeIn(body.Syntax, ReleasesIn(body.Syntax))) found = found.Concat(RollbackBounds.Find(context, root));
        if (MayBeCancelled(body.Syntax)) found = found.Concat(CancellableReleases.Find(context, root, owner));
        HashSet<(string Id, TextSpan Span)> seen = [];
        foreach (Diagnostic diagnostic in found)
        {
            if (seen.Add((diagnostic.Id, diagnostic.Location.SourceSpan))) body.Report(diagnostic);
        }
    }

    /// <summary>A name that matters stands in a lambda or a local function.</summary>
    private bool IsInNestedBody(SyntaxNode member) => charges.In(member).Concat(releases.In(member)).Any(hit =>
        member.FindToken(hit).Parent?.Ancestors().TakeWhile(a => a != member).Any(static a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) == true);

    /// <summary>A clone of what may be a token need name no charge; its type does.</summary>
    private bool ClonesItself(SyntaxNode member) => clones.Any(member) && member.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type && (charges.Any(type) || releases.Any(type)) && TokenCopies.ClonesItself(member);

    /// <summary>A release path by name or by attribute, as far as syntax tells.</summary>
    private bool MayBeCancelled(SyntaxNode member) => member is MethodDeclarationSyntax method
        && (method.AttributeLists.Count > 0 || options.For(member.SyntaxTree).ReleaseNames.Contains(method.Identifier.ValueText)) && CancellableReleases.MayBeIn(member);

    private bool Subtracts(SyntaxNode member) => subtractions.MayBeIn(member) && member is MethodDeclarationSyntax method && options.For(member.SyntaxTree).ReleaseNames.Contains(method.Identifier.ValueText) && BodyShapes.Has(member, BodyShape.Subtraction);
}
