using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Symbols;

/// <summary>From a hit of the name scan to the call that is written there.</summary>
internal static class NamedCalls
{
    /// <summary>Whether an identifier of one of the names starts at the hit: comments, strings and hashes that happen to be equal are none.</summary>
    public static bool IsName(SyntaxNode root, int hit, ImmutableHashSet<string> names, out SyntaxToken token)
    {
        token = root.FindToken(hit);
        return token.IsKind(SyntaxKind.IdentifierToken) && token.Span.Contains(hit) && names.Contains(token.ValueText);
    }

    /// <summary>The call or creation that the identifier names; null where it is only mentioned or declared.</summary>
    public static ExpressionSyntax? CallOf(SyntaxToken identifier)
    {
        if (identifier.Parent is not SimpleNameSyntax name) return null;
        ExpressionSyntax whole = name;
        while ((whole.Parent is MemberAccessExpressionSyntax access && access.Name == whole)
            || (whole.Parent is MemberBindingExpressionSyntax binding && binding.Name == whole)
            || (whole.Parent is QualifiedNameSyntax qualified && qualified.Right == whole)
            || (whole.Parent is AliasQualifiedNameSyntax aliased && aliased.Name == whole)
            || whole.Parent is ParenthesizedExpressionSyntax)
        {
            whole = (ExpressionSyntax)whole.Parent;
        }

        return whole.Parent switch
        {
            InvocationExpressionSyntax call when call.Expression == whole => call,
            ObjectCreationExpressionSyntax creation when creation.Type == whole => creation,
            _ => null,
        };
    }

    /// <summary>The identifier may stand for a type: the value could be made by a <c>new(…)</c> that does not repeat it.</summary>
    public static bool IsType(SyntaxToken identifier) => identifier.Parent is SimpleNameSyntax { Parent: VariableDeclarationSyntax or QualifiedNameSyntax or NullableTypeSyntax or ArrayTypeSyntax or TypeArgumentListSyntax
        or ParameterSyntax or CastExpressionSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax or PropertyDeclarationSyntax };

    /// <summary>The expression a call is made on; null for a static call by its bare name, and for creations.</summary>
    public static ExpressionSyntax? ReceiverOf(ExpressionSyntax call) => call is not InvocationExpressionSyntax { Expression: var called } ? null : called switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        MemberBindingExpressionSyntax => (call.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>())?.Expression,
        _ => null,
    };
}
