using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Work that another thread does while the member that handed it over waits for it: what it uses is there until it is through.</summary>
internal sealed class AwaitedWork(SharedBody body)
{
    /// <summary>The task or thread that a call makes is waited for: there, or by the variable that keeps it.</summary>
    public bool IsWaitedFor(ExpressionSyntax call)
    {
        for (SyntaxNode? node = call; node is not null and not StatementSyntax and not MemberDeclarationSyntax; node = node.Parent)
        {
            if (IsWait(node.Parent)) return true;
            if (KeptIn(node) is { } kept) return IsWaitedFor(kept, call.Span.End);
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

    private bool IsWaitedFor(string kept, int from)
    {
        HashSet<string> names = [kept];
        foreach (SyntaxNode node in body.Syntax.DescendantNodes().Where(node => node.SpanStart >= from))
        {
            if (node is ForEachStatementSyntax each && Mentions(each.Expression, names)) names.Add(each.Identifier.ValueText);
            if (node is VariableDeclaratorSyntax { Initializer.Value: var value } declarator && Mentions(value, names)) names.Add(declarator.Identifier.ValueText);
            if (IsWait(node) && node.FirstAncestorOrSelf<StatementSyntax>() is { } statement && Mentions(statement, names)) return true;
        }

        return false;
    }

    private static bool Mentions(SyntaxNode node, HashSet<string> names) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => names.Contains(name.Identifier.ValueText));

    /// <summary>Goes on only when the work is through: a wait that may give up, after a time or because it is cancelled, is none.</summary>
    private bool IsWait(SyntaxNode? node) => node switch
    {
        AwaitExpressionSyntax => true,
        InvocationExpressionSyntax { ArgumentList.Arguments: var arguments } call => body.Reader.SymbolOf(call) switch
        {
            IMethodSymbol { Name: "Wait" or "Join", ContainingType.SystemName: "Task" or "Thread" } => arguments.Count == 0,
            IMethodSymbol { Name: "WaitAll", ContainingType.SystemName: "Task", Parameters: { Length: 1 } } => true,
            IMethodSymbol { Name: "GetResult", ContainingType: { ContainingNamespace: { Name: "CompilerServices", ContainingNamespace.Name: "Runtime" } } } => true,
            _ => false,
        },
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Result" } access => body.Reader.SymbolOf(access) is IPropertySymbol { ContainingType.SystemName: "Task" or "ValueTask" },
        _ => false,
    };
}
