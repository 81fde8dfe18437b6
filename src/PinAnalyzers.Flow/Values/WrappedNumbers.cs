using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Flow.Values;

/// <summary>
/// Structs of the source that hold one number and nothing else, as interop declares them (<c>BOOL</c>, <c>HRESULT</c>): the struct and what it holds are one value, so that what is known of the
/// one is known of the other.
/// </summary>
public static class WrappedNumbers
{
    /// <summary>The field or automatic property is all that its struct consists of.</summary>
    public static bool IsWhole(ISymbol member) => member is (IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null or { IsInitOnly: true } }) and { IsStatic: false, ContainingType.TypeKind: TypeKind.Struct }
        && FieldOf(member.ContainingType) is { } field && (SymbolEqualityComparer.Default.Equals(field, member) || SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, member));

    /// <summary>The only field of a struct that holds one number; null for other types. Of metadata not every field is seen.</summary>
    public static IFieldSymbol? FieldOf(INamedTypeSymbol type)
    {
        if (type.TypeKind != TypeKind.Struct || type.DeclaringSyntaxReferences.IsEmpty) return null;
        IFieldSymbol? only = null;
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (field.IsStatic || field.IsConst) continue;
            if (only is not null) return null;
            only = field;
        }

        return only is { IsReadOnly: true } && IsNumber(only.Type) ? only : null;
    }

    /// <summary>The constructor does nothing but take the number: a positional record's, or one that assigns its argument.</summary>
    public static bool IsTakenBy(IMethodSymbol constructor)
    {
        if (constructor is not { MethodKind: MethodKind.Constructor, Parameters: { Length: 1 } parameters } || FieldOf(constructor.ContainingType) is not { } field || !SymbolEqualityComparer.Default.Equals(parameters[0].Type, field.Type)) return false;
        return constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            RecordDeclarationSyntax => field.AssociatedSymbol?.Name == parameters[0].Name,
            ConstructorDeclarationSyntax { ExpressionBody.Expression: { } set, Initializer: null } => IsSetting(set, parameters[0]),
            ConstructorDeclarationSyntax { Body.Statements: { Count: 1 } statements, Initializer: null } => statements[0] is ExpressionStatementSyntax { Expression: var set } && IsSetting(set, parameters[0]),
            _ => false,
        };
    }

    private static bool IsSetting(ExpressionSyntax expression, IParameterSymbol number) =>
        expression is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Right: IdentifierNameSyntax given } && given.Identifier.ValueText == number.Name;

    private static bool IsNumber(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Enum || type.SpecialType is (>= SpecialType.System_Boolean and <= SpecialType.System_UInt64) or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
