using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>Statements that leave.</summary>
internal static class Exits
{
    public static bool Is(StatementSyntax statement) => statement is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax;

    /// <summary>The statement, or the last of its block, leaves.</summary>
    public static bool Always(StatementSyntax statement) => Is(statement) || (statement is BlockSyntax block && block.Statements.LastOrDefault() is { } last && Always(last));

    /// <summary>Whether giving back before or after this statement is the same: it reads variables and constants, and calls nothing.</summary>
    public static bool IsSimple(SyntaxNode node) => !node.DescendantNodesAndSelf().Any(static n =>
        n is InvocationExpressionSyntax or AwaitExpressionSyntax or ElementAccessExpressionSyntax or BaseObjectCreationExpressionSyntax or AssignmentExpressionSyntax or YieldStatementSyntax
        || n.IsKind(SyntaxKind.PointerIndirectionExpression));
}
