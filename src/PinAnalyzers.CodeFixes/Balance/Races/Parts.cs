using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance.Races;

/// <summary>Expressions that fixes of racing counters are made of.</summary>
internal static class Parts
{
    /// <summary>A call of <c>Interlocked</c> or <c>Volatile</c> on a field.</summary>
    public static ExpressionSyntax Call(BalanceTarget target, string type, string method, ExpressionSyntax field, params ExpressionSyntax[] values)
    {
        string arguments = string.Concat(values.Select(static value => ", " + value.WithoutTrivia()));
        return SyntaxFactory.ParseExpression(ReleaseCall.Shorten($"global::System.Threading.{type}.{method}(ref {field.WithoutTrivia()}{arguments})", target, target.Sites.At.SpanStart));
    }

    public static ExpressionSyntax Negated(ExpressionSyntax value) => value switch
    {
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus => Bare(minus.Operand),
        _ => SyntaxFactory.PrefixUnaryExpression(SyntaxKind.UnaryMinusExpression, Operand(value)),
    };

    /// <summary>In parentheses, where it would not stay together without.</summary>
    public static ExpressionSyntax Operand(ExpressionSyntax value)
    {
        value = value.WithoutTrivia();
        return value is IdentifierNameSyntax or LiteralExpressionSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ParenthesizedExpressionSyntax or ElementAccessExpressionSyntax or ThisExpressionSyntax
            ? value
            : SyntaxFactory.ParenthesizedExpression(value);
    }

    public static ExpressionSyntax Bare(ExpressionSyntax value)
    {
        while (value is ParenthesizedExpressionSyntax parenthesized) value = parenthesized.Expression;
        return value;
    }

    /// <summary>Can be evaluated again, earlier or later, and means the same: no calls but atomic reads, no assignments.</summary>
    public static bool IsPure(SyntaxNode value) => value.DescendantNodesAndSelf().All(static node => node switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Read", Expression: var type } } => type.ToString() is "Volatile" or "Interlocked",
        InvocationExpressionSyntax or AssignmentExpressionSyntax or AwaitExpressionSyntax or BaseObjectCreationExpressionSyntax or AnonymousFunctionExpressionSyntax or PostfixUnaryExpressionSyntax => false,
        PrefixUnaryExpressionSyntax prefix => !prefix.IsKind(SyntaxKind.PreIncrementExpression) && !prefix.IsKind(SyntaxKind.PreDecrementExpression),
        _ => true,
    });

    /// <summary>Nobody looks at the value.</summary>
    public static bool IsUnused(ExpressionSyntax expression, SemanticModel model) => expression.Parent switch
    {
        ExpressionStatementSyntax => true,
        ParenthesizedExpressionSyntax => false,
        ArrowExpressionClauseSyntax { Parent: AccessorDeclarationSyntax accessor } => !accessor.IsKind(SyntaxKind.GetAccessorDeclaration),
        ArrowExpressionClauseSyntax { Parent: ConstructorDeclarationSyntax or DestructorDeclarationSyntax } => true,
        ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method } => model.GetDeclaredSymbol(method) is IMethodSymbol { ReturnsVoid: true },
        AnonymousFunctionExpressionSyntax lambda => model.GetSymbolInfo(lambda).Symbol is IMethodSymbol { ReturnsVoid: true },
        _ => false,
    };
}
