using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>
/// <c>Assert.Throws&lt;ArgumentException&gt;(() =&gt; { var handle = memory.Pin(); })</c>: whoever gets the function expects it to throw. That it ends otherwise is a
/// failure which is told anyway, and what it would hold then is nothing.
/// </summary>
internal static class ExpectedFailures
{
    public static bool Contains(BalanceFinding finding, SemanticModel model)
    {
        if (finding.Rule is not (BalanceRule.Lost or BalanceRule.ResultDropped) || finding.Thrown is not null) return false;
        SyntaxNode? function = finding.Site.Operation.Syntax.FirstAncestorOrSelf<SyntaxNode>(static n => n is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax);
        return function switch
        {
            AnonymousFunctionExpressionSyntax { Parent: ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax call } } argument } =>
                NamesException(call.Expression, model) || call.ArgumentList.Arguments.Any(other => other != argument && NamesException(other.Expression, model)),
            AnonymousFunctionExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax local } } => IsExpectedToThrow(local.Identifier, local, model),
            LocalFunctionStatementSyntax local => IsExpectedToThrow(local.Identifier, local, model),
            _ => false,
        };
    }

    /// <summary><c>Action act = () => …; act.Should().Throw&lt;E&gt;();</c>: one statement that names the function, and an exception.</summary>
    private static bool IsExpectedToThrow(SyntaxToken name, SyntaxNode declaration, SemanticModel model) =>
        declaration.FirstAncestorOrSelf<BlockSyntax>() is { } block && block.DescendantNodes().Any(node => node is IdentifierNameSyntax mention && mention.Identifier.ValueText == name.ValueText
            && mention.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax { Expression: var asked } && NamesException(asked, model));

    /// <summary>By <c>Throws&lt;E&gt;</c>, by <c>typeof(E)</c> or by <c>Throws.TypeOf&lt;E&gt;()</c>.</summary>
    private static bool NamesException(ExpressionSyntax expression, SemanticModel model) => expression is not AnonymousFunctionExpressionSyntax && expression.DescendantNodesAndSelf().Any(node => node switch
    {
        GenericNameSyntax { Arity: 1 } name => IsException(name.TypeArgumentList.Arguments[0], model),
        TypeOfExpressionSyntax type => IsException(type.Type, model),
        _ => false,
    });

    private static bool IsException(TypeSyntax type, SemanticModel model)
    {
        for (ITypeSymbol? named = model.GetTypeInfo(type).Type; named is not null; named = named.BaseType)
        {
            if (named is { Name: "Exception", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }) return true;
        }

        return false;
    }
}
