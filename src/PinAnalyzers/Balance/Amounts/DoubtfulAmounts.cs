using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Bodies that neither charge nor release twice and can still be wrong about an amount: a lone release of something negated or of a result, and an addition to a
/// counter that is no call.
/// </summary>
internal sealed class DoubtfulAmounts(IPairCatalog catalog, ConfirmedCalls calls, NameHits charges, NameHits releases)
{
    /// <summary>As far as syntax tells.</summary>
    public bool MayBeIn(SyntaxNode member) => ReleasesDoubtfully(member);

    public bool AreIn(SyntaxNode member, SemanticModel model, CancellationToken cancellation) =>
        (ReleasesDoubtfully(member) && ConfirmedCalls.CallsIn(member, releases, catalog.ReleaseNames).Any(c => calls.MethodOf(c.Call) is { } method && !catalog.ReleasesOf(method).IsEmpty))
        || AddsToCounter(member, model, cancellation);

    private bool ReleasesDoubtfully(SyntaxNode member) => releases.Any(member) && ConfirmedCalls.CallsIn(member, releases, catalog.ReleaseNames).Any(c =>
        c.Call is InvocationExpressionSyntax call && call.ArgumentList.Arguments.Any(a => IsDoubtful(a.Expression, member)));

    private static bool IsDoubtful(ExpressionSyntax amount, SyntaxNode member) => amount.DescendantNodesAndSelf().Any(static n => n.IsKind(SyntaxKind.UnaryMinusExpression))
        || (amount is IdentifierNameSyntax { Identifier.ValueText: var name } && member.DescendantNodes().Any(n => n is VariableDeclaratorSyntax { Initializer: not null } local && local.Identifier.ValueText == name));

    private bool AddsToCounter(SyntaxNode member, SemanticModel model, CancellationToken cancellation)
    {
        foreach (int hit in charges.In(member))
        {
            if (!NamedCalls.IsName(member, hit, catalog.ChargeNames, out SyntaxToken token) || token.Parent is not SimpleNameSyntax name) continue;
            SyntaxNode target = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
            if (target.Parent is not (AssignmentExpressionSyntax or ArgumentSyntax)) continue;
            if (model.GetSymbolInfo(name, cancellation).Symbol is IFieldSymbol field && catalog.TryGetCounter(field, out _)) return true;
        }

        return false;
    }
}
