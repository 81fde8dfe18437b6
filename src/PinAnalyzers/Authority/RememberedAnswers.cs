using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>Members with the name of a check whose bodies ask nobody: they hand out what a static has kept since it was asked, or calculate. By syntax alone.</summary>
internal static class RememberedAnswers
{
    /// <summary><c>=> s_isElevated</c>, <c>=> s_isElevated.Value</c> of a <c>Lazy</c>, <c>=> s_isElevated ??= Ask()</c>.</summary>
    public static bool Contain(ISymbol member) => member.IsStatic && Returned(member) is { } returned && returned switch
    {
        IdentifierNameSyntax name => Kept(member, name) is { IsReadOnly: true },
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax lazy, Name.Identifier.ValueText: "Value" } => Kept(member, lazy) is { Type.SystemName: "Lazy" },
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression, Left: IdentifierNameSyntax name } => Kept(member, name) is not null,
        _ => false,
    };

    /// <summary>Only parameters and constants decide: <c>static bool IsRoot(int index) => index == 0</c>.</summary>
    public static bool IsArithmetic(ISymbol member) => member is IMethodSymbol { Parameters: { IsEmpty: false } parameters } && Returned(member) is { } returned
        && returned.DescendantNodesAndSelf().All(node => node is LiteralExpressionSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or ParenthesizedExpressionSyntax or IsPatternExpressionSyntax or PatternSyntax
            || node is IdentifierNameSyntax name && (parameters.Any(p => p.Name == name.Identifier.ValueText) || Kept(member, name) is { IsConst: true }));

    private static IFieldSymbol? Kept(ISymbol member, IdentifierNameSyntax name) => member.ContainingType.GetMembers(name.Identifier.ValueText).OfType<IFieldSymbol>().FirstOrDefault(static field => field.IsStatic);

    /// <summary>The one expression that the member comes to.</summary>
    private static ExpressionSyntax? Returned(ISymbol member) => member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
    {
        PropertyDeclarationSyntax { ExpressionBody.Expression: var whole } => whole,
        PropertyDeclarationSyntax { AccessorList.Accessors: var accessors } => accessors.Where(static a => a.IsKind(SyntaxKind.GetAccessorDeclaration)).Select(static a => a.ExpressionBody?.Expression ?? Single(a.Body)).FirstOrDefault(),
        MethodDeclarationSyntax { ExpressionBody.Expression: var whole } => whole,
        MethodDeclarationSyntax { Body: var body } => Single(body),
        _ => null,
    };

    private static ExpressionSyntax? Single(BlockSyntax? body) => body is { Statements: { Count: 1 } only } && only[0] is ReturnStatementSyntax { Expression: var returned } ? returned : null;
}
