using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Contract;

/// <summary>Values of a flags enum that are no sets, or only a part of one, by where they come from: equality asks what it should of them.</summary>
internal static class FlagValues
{
    /// <summary>One flag after another: of <c>Enum.GetValues</c>, or of a list that was written down one by one.</summary>
    public static bool IsMemberOfList(IOperation tested, INamedTypeSymbol flags) => Unwrapped(tested) switch
    {
        ILocalReferenceOperation { Local: { } local } => LoopOf(local) is { } loop && tested.SemanticModel is { } model && IsList(loop.Expression, flags, model),
        IArrayElementReferenceOperation { ArrayReference.Syntax: ExpressionSyntax list } element => element.SemanticModel is { } model && IsList(list, flags, model),
        _ => false,
    };

    /// <summary>What a member returns that masks it.</summary>
    public static bool IsCutOut(IOperation tested)
    {
        ISymbol? member = Unwrapped(tested) switch
        {
            IPropertyReferenceOperation property => property.Property.GetMethod,
            IInvocationOperation call => call.TargetMethod,
            _ => null,
        };
        return member?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } declaration && declaration.DescendantNodes().Any(static node =>
            node.IsKind(SyntaxKind.BitwiseAndExpression) && node.FirstAncestorOrSelf<SyntaxNode>(static n => n is ReturnStatementSyntax or ArrowExpressionClauseSyntax) is not null);
    }

    private static CommonForEachStatementSyntax? LoopOf(ILocalSymbol local) => local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as CommonForEachStatementSyntax;

    private static bool IsList(ExpressionSyntax list, INamedTypeSymbol flags, SemanticModel model)
    {
        // GetValues gives every member; that some of them are sets does not make the others any.
        if (list is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetValues" or "GetEnumValues" } }) return true;
        if (list is CastExpressionSyntax cast) return IsList(cast.Expression, flags, model);
        SyntaxNode? declaration = model.GetSymbolInfo(list).Symbol is IFieldSymbol { IsReadOnly: true } or ILocalSymbol ? model.GetSymbolInfo(list).Symbol!.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() : null;
        InitializerExpressionSyntax? written = (declaration is VariableDeclaratorSyntax { Initializer.Value: { } value } ? value : list) switch
        {
            InitializerExpressionSyntax bare => bare,
            ArrayCreationExpressionSyntax array => array.Initializer,
            ImplicitArrayCreationExpressionSyntax array => array.Initializer,
            _ => null,
        };
        return written is { Expressions.Count: > 0 } && written.Expressions.All(element => element is MemberAccessExpressionSyntax or IdentifierNameSyntax && flags.GetMembers(NameOf(element)).Any());
    }

    private static string NameOf(ExpressionSyntax element) => element is MemberAccessExpressionSyntax access ? access.Name.Identifier.ValueText : ((IdentifierNameSyntax)element).Identifier.ValueText;

    private static IOperation Unwrapped(IOperation operation)
    {
        while (operation is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation) operation = operation is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operation).Operand;
        return operation;
    }
}
