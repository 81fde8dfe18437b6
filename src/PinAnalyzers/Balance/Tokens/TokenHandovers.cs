using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>Signs in the caller that a callee which cannot be looked into has the token from here on.</summary>
internal static class TokenHandovers
{
    public static bool IsHandedOver(IPairCatalog catalog, CallSite call, int ordinal) =>
        call.Operation.Syntax is InvocationExpressionSyntax invocation && call.ArgumentOperations[ordinal]?.Syntax is { } argument
        && (call.Method.ContainingType.SystemName.Length == 0 && (IsForgotten(invocation, argument) || call.Method.IsExtern && (IsGivenBackOnFailure(catalog, invocation, argument) || IsToldHowToGiveBack(catalog, invocation))) || IsExchanged(catalog, invocation, call.Method, ordinal));

    /// <summary><c>SetClipboardData(format, h); h = default;</c>, also only where the call went well: nobody is to free it by this name.</summary>
    private static bool IsForgotten(InvocationExpressionSyntax call, SyntaxNode argument)
    {
        if (Unwrapped(argument) is not IdentifierNameSyntax { Identifier.ValueText: { } name } || call.FirstAncestorOrSelf<StatementSyntax>() is not { } statement) return false;
        StatementSyntax? then = statement is IfStatementSyntax test && test.Condition.Span.Contains(call.Span) ? test.Statement : null;
        if (then is BlockSyntax block) then = block.Statements.FirstOrDefault();
        return Empties(then) || statement.Parent is BlockSyntax around && Empties(around.Statements.ElementAtOrDefault(around.Statements.IndexOf(statement) + 1));

        bool Empties(StatementSyntax? next) => next is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax left } assignment }
            && left.Identifier.ValueText == name && IsNothing(assignment.Right);
    }

    /// <summary><c>if (SetClipboardData(format, h) == 0) { Free(h); throw … }</c>, and not a word of it from there on: native code has it where the call went well.</summary>
    private static bool IsGivenBackOnFailure(IPairCatalog catalog, InvocationExpressionSyntax call, SyntaxNode argument)
    {
        if (Unwrapped(argument) is not IdentifierNameSyntax { Identifier.ValueText: { } name } || call.FirstAncestorOrSelf<StatementSyntax>() is not IfStatementSyntax { Else: null } test || !test.Condition.Span.Contains(call.Span)) return false;
        bool isGivenBack = test.Statement.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(release => release.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: { } method } && catalog.ReleaseNames.Contains(method)
            && release.ArgumentList.Arguments is { Count: > 0 } arguments && Unwrapped(arguments[0]) is IdentifierNameSyntax given && given.Identifier.ValueText == name);
        return isGivenBack && BodyAround(test)?.DescendantNodes().OfType<IdentifierNameSyntax>().Any(mention => mention.SpanStart >= test.Span.End && mention.Identifier.ValueText == name) == false;
    }

    /// <summary><c>table = g_hash_table_new_full(…, Marshal.FreeHGlobal); g_hash_table_insert(table, p);</c>: native code in this body is told how to give back what it is given.</summary>
    private static bool IsToldHowToGiveBack(IPairCatalog catalog, InvocationExpressionSyntax call) =>
        BodyAround(call)?.DescendantNodes().Any(node => node is ArgumentSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: { } name } } && catalog.ReleaseNames.Contains(name)) == true;

    private static SyntaxNode? BodyAround(SyntaxNode node) =>
        node.FirstAncestorOrSelf<SyntaxNode>(static around => around is MemberDeclarationSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    /// <summary><c>old = holder.Swap(rented); pool.Return(old);</c>: what it gives for the array is what it had until now, and goes back in its stead.</summary>
    private static bool IsExchanged(IPairCatalog catalog, InvocationExpressionSyntax call, IMethodSymbol method, int ordinal)
    {
        if (method.IsStatic || method.IsExtern || !SymbolEqualityComparer.Default.Equals(method.ReturnType, method.Parameters[ordinal].Type)) return false;
        string? old = call.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } => declarator.Identifier.ValueText,
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax left } => left.Identifier.ValueText,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax outer } when IsRelease(outer) => "",
            _ => null,
        };
        return old == "" || old is not null && call.FirstAncestorOrSelf<BlockSyntax>() is { } block && block.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(later =>
            later.SpanStart > call.SpanStart && later.ArgumentList.Arguments is { Count: > 0 } arguments && arguments[0].Expression is IdentifierNameSyntax given && given.Identifier.ValueText == old && IsRelease(later));

        bool IsRelease(InvocationExpressionSyntax other) => other.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: { } name } && catalog.ReleaseNames.Contains(name);
    }

    private static bool IsNothing(ExpressionSyntax value) => value switch
    {
        DefaultExpressionSyntax => true,
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.DefaultLiteralExpression) || literal.IsKind(SyntaxKind.NullLiteralExpression) || literal.Token.ValueText == "0",
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Zero" } => true,
        _ => false,
    };

    private static SyntaxNode Unwrapped(SyntaxNode argument) => argument switch
    {
        ArgumentSyntax { RefKindKeyword.RawKind: 0 } plain => Unwrapped(plain.Expression),
        CastExpressionSyntax cast => Unwrapped(cast.Expression),
        ParenthesizedExpressionSyntax parenthesized => Unwrapped(parenthesized.Expression),
        _ => argument,
    };
}
