using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Loops that wait for a cell to change: what they fetch is no check of what is fetched behind them.</summary>
internal static class Polls
{
    /// <summary>The fetch is in the condition of a loop, or in the test by which an endless one is left.</summary>
    public static bool IsPolled(CellAccess fetch, SharedBody body)
    {
        foreach (SyntaxNode node in fetch.Site.Ancestors())
        {
            switch (node)
            {
                case WhileStatementSyntax loop:
                    return loop.Condition.Span.Contains(fetch.Site.Span);
                case DoStatementSyntax loop:
                    return loop.Condition.Span.Contains(fetch.Site.Span);
                case ForStatementSyntax loop:
                    return loop.Condition is { } condition && condition.Span.Contains(fetch.Site.Span);
                case IfStatementSyntax test:
                    return test.Condition.Span.Contains(fetch.Site.Span) && (test.Parent is BlockSyntax block ? block.Parent : test.Parent) is { } around && IsEndless(around)
                        && !body.Accesses.Any(other => other != fetch && around.Span.Contains(other.Site.Span) && other.Place.IsSameCell(fetch.Place));
                case StatementSyntax or MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax:
                    return false;
            }
        }

        return false;
    }

    /// <summary><c>if (read == 0) Wait();</c>: it decides how long to wait, and nothing of what comes after.</summary>
    public static bool OnlyDecidesWait(CellAccess fetch, SharedBody body) =>
        fetch.Site.FirstAncestorOrSelf<StatementSyntax>() is IfStatementSyntax { Else: null } wait && wait.Condition.Span.Contains(fetch.Site.Span) && IsWait(wait.Statement, body);

    private static bool IsWait(StatementSyntax statement, SharedBody body) => statement switch
    {
        BlockSyntax block => block.Statements.Count > 0 && block.Statements.All(inner => IsWait(inner, body)),
        ExpressionStatementSyntax { Expression: var expression } => (expression is AwaitExpressionSyntax waited ? waited.Expression : expression) is InvocationExpressionSyntax call
            && body.Reader.SymbolOf(call) is IMethodSymbol method && Fences.IsWait(method),
        _ => false,
    };

    private static bool IsEndless(SyntaxNode loop) => loop switch
    {
        WhileStatementSyntax { Condition: var condition } => condition.IsKind(SyntaxKind.TrueLiteralExpression),
        DoStatementSyntax { Condition: var condition } => condition.IsKind(SyntaxKind.TrueLiteralExpression),
        ForStatementSyntax { Condition: var condition } => condition is null || condition.IsKind(SyntaxKind.TrueLiteralExpression),
        _ => false,
    };
}
