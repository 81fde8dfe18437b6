using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Authority;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>One charge or release as the analyzer described it.</summary>
/// <param name="Document">Where it is: a type has parts.</param>
/// <param name="Operation">The call, addition or subtraction.</param>
/// <param name="Owner">Whose account, or the token; null where there is none to record.</param>
/// <param name="Amount">How much; null for one.</param>
/// <param name="Signal">For a charge, how it tells that it was taken.</param>
internal sealed record AccountSite(DocumentId Document, ExpressionSyntax Operation, ExpressionSyntax? Owner, ExpressionSyntax? Amount, char Signal);

/// <summary>A check that decides a release, and what it says when true.</summary>
internal sealed record CheckSite(DocumentId Document, ExpressionSyntax Check, char Says);

/// <summary>The nodes that a diagnostic points to, in all parts of the type.</summary>
internal sealed record AccountEdit(AuthorityProperties Properties, ImmutableArray<AccountSite> Charges, ImmutableArray<AccountSite> Releases, ImmutableArray<CheckSite> Checks)
{
    public IEnumerable<(DocumentId Document, SyntaxNode Node)> Nodes => Charges.Concat(Releases)
        .SelectMany(static site => new (DocumentId, SyntaxNode?)[] { (site.Document, site.Operation), (site.Document, site.Owner), (site.Document, site.Amount) })
        .Where(static pair => pair.Item2 is not null)
        .Select(static pair => (pair.Item1, pair.Item2!))
        .Concat(Checks.Select(static check => (check.Document, (SyntaxNode)check.Check)));

    public static async Task<AccountEdit?> FindAsync(Solution solution, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (AuthorityProperties.From(diagnostic.Properties) is not { } properties) return null;
        int siteCount = properties.Charges.Length + properties.ReleaseCount;
        if (siteCount == 0 || diagnostic.AdditionalLocations.Count != properties.PathCount + (3 * siteCount) + properties.Checks.Length) return null;
        List<(DocumentId Document, ExpressionSyntax Node)> nodes = [];
        foreach (Location location in diagnostic.AdditionalLocations.Skip(properties.PathCount))
        {
            if (solution.GetDocument(location.SourceTree) is not { } document || await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false) is not { } root) return null;
            if (!root.FullSpan.Contains(location.SourceSpan) || root.FindNode(location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax node || node.Span != location.SourceSpan) return null;
            nodes.Add((document.Id, node));
        }

        ImmutableArray<AccountSite>.Builder sites = ImmutableArray.CreateBuilder<AccountSite>();
        for (int i = 0; i < siteCount; i++)
        {
            (DocumentId document, ExpressionSyntax operation) = nodes[3 * i];
            ExpressionSyntax owner = nodes[(3 * i) + 1].Node, amount = nodes[(3 * i) + 2].Node;
            sites.Add(new AccountSite(document, operation, owner == operation ? null : owner, amount == operation ? null : amount, i < properties.Charges.Length ? properties.Charges[i] : AuthorityProperties.Always));
        }

        return new AccountEdit(
            properties,
            sites.Take(properties.Charges.Length).ToImmutableArray(),
            sites.Skip(properties.Charges.Length).ToImmutableArray(),
            nodes.Skip(3 * siteCount).Select((node, i) => new CheckSite(node.Document, node.Node, properties.Checks[i])).ToImmutableArray());
    }

    /// <summary>The same nodes in a solution whose trees track them; null where another fix has replaced one.</summary>
    public AccountEdit? In(ImmutableDictionary<DocumentId, SyntaxNode> roots)
    {
        bool isGone = false;
        AccountEdit moved = this with
        {
            Charges = Charges.Select(Moved).ToImmutableArray(),
            Releases = Releases.Select(Moved).ToImmutableArray(),
            Checks = Checks.Select(check => check with { Check = Current(check.Document, check.Check)! }).ToImmutableArray(),
        };
        return isGone ? null : moved;

        AccountSite Moved(AccountSite site) => site with { Operation = Current(site.Document, site.Operation)!, Owner = Current(site.Document, site.Owner), Amount = Current(site.Document, site.Amount) };

        ExpressionSyntax? Current(DocumentId document, ExpressionSyntax? node)
        {
            if (node is null) return null;
            ExpressionSyntax? current = roots[document].GetCurrentNode(node);
            isGone |= current is null;
            return current;
        }
    }
}
