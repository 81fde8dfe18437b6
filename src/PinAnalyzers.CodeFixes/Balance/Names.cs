using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>Questions about variables that are answered by name, to the safe side: a namesake in a nested function counts.</summary>
internal static class Names
{
    public static bool Mentions(SyntaxNode node, string name) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(i => i.Identifier.ValueText == name);

    /// <summary>Written, passed by reference, or captured by a nested function.</summary>
    public static bool MayChange(SyntaxNode node, string name) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(i => i.Identifier.ValueText == name && (IsWritten(i) || IsCaptured(i, node)));

    /// <summary>A member of the variable is assigned, which a readonly variable forbids.</summary>
    public static bool HasMemberWritten(SyntaxNode node, string name) =>
        node.DescendantNodesAndSelf().OfType<AssignmentExpressionSyntax>().Any(a => a.Left is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax owner } && owner.Identifier.ValueText == name);

    /// <summary>Variables that these statements declare for the block they stand in, used elsewhere.</summary>
    public static bool AreUsed(IEnumerable<StatementSyntax> declared, IEnumerable<SyntaxNode> elsewhere, BalanceTarget target)
    {
        HashSet<ISymbol> symbols = new(SymbolEqualityComparer.Default);
        foreach (StatementSyntax statement in declared)
        {
            foreach (SyntaxNode node in statement.DescendantNodesAndSelf().Where(static n => n is VariableDeclaratorSyntax or SingleVariableDesignationSyntax))
            {
                if (target.Model.GetDeclaredSymbol(node, target.Cancellation) is { } symbol) symbols.Add(symbol);
            }
        }

        return symbols.Count > 0 && elsewhere.SelectMany(static n => n.DescendantNodesAndSelf()).OfType<IdentifierNameSyntax>()
            .Any(i => target.Model.GetSymbolInfo(i, target.Cancellation).Symbol is { } used && symbols.Contains(used));
    }

    /// <summary>Whether what the variable holds at the end of the block may be looked at after it, or in the next round of a loop around it: then it may not be given back in the block.</summary>
    public static bool IsUsedBeyond(ILocalSymbol variable, BlockSyntax block, BalanceTarget target)
    {
        if (variable.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(target.Cancellation) is not { } declared || block.Span.Contains(declared.Span)) return false;
        SyntaxNode? scope = declared.FirstAncestorOrSelf<StatementSyntax>()?.Parent;
        SyntaxNode? loop = block.AncestorsAndSelf().TakeWhile(n => n != scope).LastOrDefault(static n => n is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax);
        if (scope is null) return true;
        return scope.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == variable.Name && !(name.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment && assignment.Left == name)
            && (name.SpanStart >= block.Span.End || (loop is not null && loop.Span.Contains(name.Span) && !block.Span.Contains(name.Span)) || (loop is not null && IsBeforeCharge(name))));

        bool IsBeforeCharge(IdentifierNameSyntax name) => block.Span.Contains(name.Span) && target.Charge is { } charge && name.SpanStart < charge.SpanStart;
    }

    /// <summary>An address or a view made of the variable is put into another one that is looked at beyond the block.</summary>
    public static bool IsKeptBeyond(ILocalSymbol variable, IEnumerable<StatementSyntax> statements, BlockSyntax block, BalanceTarget target) =>
        statements.SelectMany(static s => s.DescendantNodes()).OfType<AssignmentExpressionSyntax>().Any(assignment =>
            assignment.Left is IdentifierNameSyntax && Mentions(assignment.Right, variable.Name)
            && target.Model.GetSymbolInfo(assignment.Left, target.Cancellation).Symbol is ILocalSymbol { Type: var type } other
            && (type is { IsRefLikeType: true } or IPointerTypeSymbol or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } || SymbolEqualityComparer.Default.Equals(type, variable.Type))
            && IsUsedBeyond(other, block, target));

    private static bool IsWritten(IdentifierNameSyntax name)
    {
        SyntaxNode node = name;
        while (node.Parent is ParenthesizedExpressionSyntax or TupleExpressionSyntax || node.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax, RefKindKeyword.RawKind: 0 }) node = node.Parent;
        return node.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == node,
            ArgumentSyntax argument => argument.RefKindKeyword.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword,
            RefExpressionSyntax => true,
            PrefixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.AddressOfExpression,
            PostfixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
            _ => false,
        };
    }

    private static bool IsCaptured(SyntaxNode name, SyntaxNode within)
    {
        for (SyntaxNode? node = name; node is not null && node != within.Parent; node = node.Parent)
        {
            if (node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) return true;
        }

        return false;
    }
}
