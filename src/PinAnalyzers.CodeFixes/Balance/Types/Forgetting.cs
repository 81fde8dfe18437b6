using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance.Types;

/// <summary>Statements after which a field no longer holds what has to be released.</summary>
internal static class Forgetting
{
    /// <summary>The release goes to the end of what is there, or before the first statement that forgets the field; what that clears need not be cleared twice.</summary>
    public static SyntaxList<StatementSyntax> Place(SyntaxList<StatementSyntax> body, int end, StatementSyntax[] release, string storage)
    {
        int at = body.TakeWhile(statement => !Forgets(statement, storage)).Count();
        if (at >= end) return body.InsertRange(end, release);
        bool clearsTwice = release.Length > 1 && body[at] is ExpressionStatementSyntax forgetting && release[release.Length - 1] is ExpressionStatementSyntax clearing && IsSameKind(forgetting.Expression, clearing.Expression);
        StatementSyntax[] added = clearsTwice ? [.. release.Take(release.Length - 1)] : release;
        if (Edits.WithoutBlankLines(body[at]) is { } close && close.GetLeadingTrivia().Count < body[at].GetLeadingTrivia().Count)
        {
            added = [Edits.Enclose(added[0], body[at]), .. added.Skip(1)];
            body = body.Replace(body[at], close);
        }

        return body.InsertRange(at, added);
    }

    private static bool IsSameKind(ExpressionSyntax forgetting, ExpressionSyntax clearing) => forgetting switch
    {
        AssignmentExpressionSyntax { Right: LiteralExpressionSyntax or DefaultExpressionSyntax or PostfixUnaryExpressionSyntax { Operand: LiteralExpressionSyntax } } => clearing is AssignmentExpressionSyntax,
        InvocationExpressionSyntax call => clearing is InvocationExpressionSyntax && IsClear(call),
        _ => false,
    };

    private static bool Forgets(StatementSyntax statement, string storage) => statement.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == storage && IsForgotten(name));

    private static bool IsForgotten(IdentifierNameSyntax name)
    {
        SyntaxNode node = name;
        while (node.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } or ParenthesizedExpressionSyntax or TupleExpressionSyntax || node.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax, RefKindKeyword.RawKind: 0 }) node = node.Parent;
        return node.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == node,
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access => access.Expression == node && IsClear(call),
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument => argument.RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword || IsClear(call),
            _ => false,
        };
    }

    private static bool IsClear(InvocationExpressionSyntax call) => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Clear" };
}
