using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>PIN3014: a fence that stands only behind a plain publish, where it orders nothing that matters.</summary>
internal static class Barriers
{
    public static IEnumerable<(CellAccess Store, SharedFinding Finding)> Find(SharedBody body)
    {
        if (body.IsConstruction) yield break;
        foreach (CellAccess store in body.Shared)
        {
            if (store.Kind != AccessKind.PlainWrite || store.IsVolatileField || store.Site.Parent is not ExpressionStatementSyntax statement || BarrierAfter(statement, body) is not { } barrier) continue;
            foreach (BodyFlow flow in body.Flows)
            {
                FlowEvent? start = flow.All.FirstOrDefault(happening => happening.Operation.Syntax == barrier.Expression);
                if (start is null) continue;
                bool isFencedBefore = flow.All.Any(earlier => earlier.Operation.Syntax.SpanStart < store.Site.SpanStart && Fences.IsBarrier(earlier.Called));
                // With a load behind it the fence is there for the load, with a store behind it that store is the publish.
                if (isFencedBefore || flow.After(start, static _ => false).Any(static later => later.Access is { Place.Shared: not null } && later.Access.Kind != AccessKind.ByReference)) continue;
                yield return (store, new SharedFinding(Descriptors.PIN3014_BarrierShouldPrecedePublish, store.Expression, store.Expression.WithoutTrivia().ToString())
                {
                    Path = ImmutableArray.Create<SyntaxNode>(barrier.Expression),
                    Sites = ImmutableArray.Create<SyntaxNode>(barrier.Expression),
                });
            }
        }
    }

    private static ExpressionStatementSyntax? BarrierAfter(StatementSyntax statement, SharedBody body)
    {
        if (statement.Parent is not BlockSyntax block) return null;
        int index = block.Statements.IndexOf(statement);
        return index + 1 < block.Statements.Count && block.Statements[index + 1] is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } next && Fences.IsBarrier(body.Reader.SymbolOf(call) as IMethodSymbol) ? next : null;
    }
}
