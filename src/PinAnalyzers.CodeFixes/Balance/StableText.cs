using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>Expressions that may be written a second time, further down, and mean the same there.</summary>
internal static class StableText
{
    public static bool Is(ExpressionSyntax expression, int there, BalanceTarget target)
    {
        if (target.Model.GetConstantValue(expression, target.Cancellation).HasValue) return NamesAreKnown(expression, there, target);
        if (!Exits.IsSimple(expression) || expression.DescendantNodesAndSelf().Any(IsStep)) return false;
        return NamesAreKnown(expression, there, target) && expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().All(n => IsSettled(n, target));
    }

    private static bool IsStep(SyntaxNode node) => node.IsKind(SyntaxKind.PostIncrementExpression) || node.IsKind(SyntaxKind.PostDecrementExpression)
        || node.IsKind(SyntaxKind.PreIncrementExpression) || node.IsKind(SyntaxKind.PreDecrementExpression) || node is DeclarationExpressionSyntax or AnonymousFunctionExpressionSyntax;

    /// <summary>What a name means here it means there.</summary>
    private static bool NamesAreKnown(ExpressionSyntax expression, int there, BalanceTarget target) =>
        expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().All(name => target.Model.GetSymbolInfo(name, target.Cancellation).Symbol is { } symbol
            && (symbol is not (ILocalSymbol or IParameterSymbol) || target.Model.LookupSymbols(there, name: symbol.Name).Any(s => SymbolEqualityComparer.Default.Equals(s, symbol))));

    private static bool IsSettled(SimpleNameSyntax name, BalanceTarget target)
    {
        SyntaxNode member = (SyntaxNode?)name.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? target.Root;
        return target.Model.GetSymbolInfo(name, target.Cancellation).Symbol switch
        {
            ILocalSymbol or IParameterSymbol => !Names.MayChange(member, name.Identifier.ValueText),
            IFieldSymbol field => field.IsConst || field.IsReadOnly || (!field.IsVolatile && !Names.MayChange(member, field.Name)),
            IPropertySymbol { Name: "Length", ContainingType.SpecialType: SpecialType.System_Array or SpecialType.System_String } => true,
            IPropertySymbol { IsStatic: true, SetMethod: null } => true,
            IPropertySymbol property => property.SetMethod is null && property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property)),
            INamespaceOrTypeSymbol => true,
            _ => false,
        };
    }
}
