using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3004 and PIN3005: what a hostile peer gains from a value that is fetched twice, or used without a check.</summary>
internal static class FetchRules
{
    public static IEnumerable<SharedFinding> Find(SharedBody body)
    {
        if (body.IsConstruction || !body.Accesses.Any(access => access is { IsRead: true, Place.Shared.PeerTrusted: false } && (body.IsShared(access) || body.IsBesideControlCell(access)))) return [];
        List<SharedFinding> findings = [];
        foreach (BodyFlow flow in body.Flows) Find(body, flow, findings);
        return findings;
    }

    private static void Find(SharedBody body, BodyFlow flow, List<SharedFinding> findings)
    {
        FetchFlow fetches = new(body, flow);
        HashSet<CellAccess> twice = [];
        fetches.OnFetch = second =>
        {
            if (second.Place.Shared!.PeerTrusted || fetches.EverTested.Contains(second) || !body.IsShared(second)) return;
            CellAccess? first = fetches.With(FetchFact.Tested).OrderBy(static earlier => earlier.Site.SpanStart).FirstOrDefault(earlier => IsEarlier(earlier, second) && fetches.Is(FetchFact.Fetched, earlier) && !Polls.IsPolled(earlier, body) && !Polls.OnlyDecidesWait(earlier, body));
            if (first is not null && IsUsed(second)) Report(first, second);
        };
        fetches.OnTest = (second, others) =>
        {
            if (second.Place.Shared!.PeerTrusted || Polls.IsPolled(second, body) || Polls.OnlyDecidesWait(second, body) || !body.IsShared(second)) return;
            foreach ((object variable, CellAccess first) in fetches.Held.OrderBy(static held => held.Fetch.Site.SpanStart).ToList())
            {
                // Compared with the first fetch it is the check of a sequence lock.
                if (!IsEarlier(first, second) || !fetches.Is(FetchFact.Fetched, first) || fetches.Is(FetchFact.Tested, first) || others.Contains(first) || !flow.MayFollow(first, second)) continue;
                if (variable is ILocalSymbol local && IsUsedAfter(local, second, body)) Report(first, second);
            }
        };
        List<SharedFinding> unbounded = [];
        fetches.Visit(operation =>
        {
            foreach (IOperation value in Sinks.In(operation).Concat(body.Context.Sinks.In(operation)))
            {
                CellAccess? fetch = fetches.SourcesOf(value, FetchFact.Unchecked).Where(fetch => !fetch.Place.Shared!.PeerTrusted && !IsOurs(fetch, body)).OrderBy(static fetch => fetch.Site.SpanStart).FirstOrDefault();
                if (fetch is null || twice.Contains(fetch)) continue;
                unbounded.Add(new SharedFinding(Descriptors.PIN3005_SharedValueMustBeChecked, value.Syntax, fetch.Expression.WithoutTrivia().ToString()) { Path = ImmutableArray.Create<SyntaxNode>(fetch.Site) });
            }
        });
        findings.AddRange(unbounded.Where(finding => !twice.Any(second => second.Site == finding.Path[0])));

        void Report(CellAccess first, CellAccess second)
        {
            if (twice.Add(second))
                findings.Add(new SharedFinding(Descriptors.PIN3004_SharedValueMustBeFetchedOnce, second.Site, second.Expression.WithoutTrivia().ToString()) { Path = ImmutableArray.Create<SyntaxNode>(first.Site), Sites = ImmutableArray.Create<SyntaxNode>(first.Site) });
        }
    }

    /// <summary>In memory that is only seen to be mapped: a cell that this side writes. Its value is ours as far as anybody can see.</summary>
    private static bool IsOurs(CellAccess fetch, SharedBody body) => !fetch.Place.Shared!.IsCertain && body.UsesOf(fetch.Place).Concat(body.Accesses.Where(access => access.Place.IsSameShape(fetch.Place))).Any(static use => use.IsWrite);

    private static bool IsEarlier(CellAccess first, CellAccess second) => first != second && first.Site.SpanStart < second.Site.SpanStart && first.Place.IsSameCell(second.Place);

    /// <summary>For more than a comparison.</summary>
    private static bool IsUsed(CellAccess fetch)
    {
        SyntaxNode node = fetch.Site;
        while (node.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or CheckedExpressionSyntax) node = node.Parent;
        return node.Parent is not (ExpressionStatementSyntax or BinaryExpressionSyntax
        {
            RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression or (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.LessThanOrEqualExpression
                or (int)SyntaxKind.GreaterThanExpression or (int)SyntaxKind.GreaterThanOrEqualExpression,
        });
    }

    private static bool IsUsedAfter(ILocalSymbol local, CellAccess test, SharedBody body) =>
        body.Syntax.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.SpanStart > test.Site.Span.End && name.Identifier.ValueText == local.Name
            && SymbolEqualityComparer.Default.Equals(body.Reader.SymbolOf(name), local));
}
