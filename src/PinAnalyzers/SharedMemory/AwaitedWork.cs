using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Work that another thread does while the member that handed it over waits for it: what it uses is there until it is through.</summary>
internal static class AwaitedWork
{
    /// <summary>The task or thread that a call makes is waited for: there, or by the variable that keeps it.</summary>
    public static bool IsWaitedFor(ExpressionSyntax call, SyntaxNode body)
    {
        for (SyntaxNode? node = call; node is not null and not StatementSyntax and not MemberDeclarationSyntax; node = node.Parent)
        {
            if (IsWait(node.Parent)) return true;
            if (KeptIn(node) is { } kept) return IsWaitedFor(kept, body, call.Span.End);
        }

        return false;
    }

    /// <summary>The variable that the value is kept in, alone or with others of its kind.</summary>
    private static string? KeptIn(SyntaxNode value) => value.Parent switch
    {
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } => declarator.Identifier.ValueText,
        AssignmentExpressionSyntax { Left: var left } assignment when assignment.Right == value => (left as IdentifierNameSyntax ?? (left as ElementAccessExpressionSyntax)?.Expression as IdentifierNameSyntax)?.Identifier.ValueText,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Add", Expression: IdentifierNameSyntax list } } } => list.Identifier.ValueText,
        _ => null,
    };

    private static bool IsWaitedFor(string kept, SyntaxNode body, int from)
    {
        HashSet<string> names = [kept];
        foreach (SyntaxNode node in body.DescendantNodes().Where(node => node.SpanStart >= from))
        {
            if (node is ForEachStatementSyntax each && Mentions(each.Expression, names)) names.Add(each.Identifier.ValueText);
            if (node is VariableDeclaratorSyntax { Initializer.Value: var value } declarator && Mentions(value, names)) names.Add(declarator.Identifier.ValueText);
            if (IsWait(node) && node.FirstAncestorOrSelf<StatementSyntax>() is { } statement && Mentions(statement, names)) return true;
        }

        return false;
    }

    private static bool Mentions(SyntaxNode node, HashSet<string> names) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => names.Contains(name.Identifier.ValueText));

    private static bool IsWait(SyntaxNode? node) => node is AwaitExpressionSyntax
        or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WaitAll" } }
        or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Wait" or "Join" or "GetAwaiter" or "Result" };
}
