using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>The <c>Volatile</c> form of an access. <c>Volatile</c> has overloads for the primitive types and for classes only; enums and char are reinterpreted.</summary>
/// <param name="model">Binds names where the cell is.</param>
/// <param name="cell">The cell to be accessed.</param>
/// <param name="type">Its type.</param>
/// <param name="position">Where names are bound.</param>
internal sealed class VolatileForms(SemanticModel model, ExpressionSyntax cell, ITypeSymbol? type, int position)
{
    private readonly ITypeSymbol? _type = type;

    public VolatileForms(SemanticModel model, ExpressionSyntax cell)
        : this(model, cell, model.GetTypeInfo(cell).Type, cell.SpanStart)
    {
    }

    /// <summary><c>Volatile.Read(ref cell)</c>; null where there is no form for the type.</summary>
    public ExpressionSyntax? Read()
    {
        if (Reference() is not { } reference) return null;
        string read = $"{Named("System.Threading", "Volatile")}.Read({reference})";
        return SyntaxFactory.ParseExpression(IsReinterpreted ? $"({Name(_type!)}){read}" : read);
    }

    public ExpressionSyntax? Write(ExpressionSyntax value)
    {
        if (Reference() is not { } reference) return null;
        string text = value.WithoutTrivia().ToFullString();
        return SyntaxFactory.ParseExpression($"{Named("System.Threading", "Volatile")}.Write({reference}, {(IsReinterpreted ? $"({Primitive}){Parenthesized(value, text)}" : text)})");
    }

    /// <summary>The shortest name by which a type of the framework is known at the cell.</summary>
    public string Named(string space, string name) => Named(model, position, space, name);

    public static string Named(SemanticModel model, int position, string space, string name)
    {
        ISymbol[] known = model.LookupNamespacesAndTypes(position, name: name).ToArray();
        if (known.Length == 1 && known[0].ContainingNamespace?.ToDisplayString() == space && known[0].ContainingType is null) return name;
        ISymbol[] system = model.LookupNamespacesAndTypes(position, name: "System").ToArray();
        return system.Length == 1 && system[0] is INamespaceSymbol { ContainingNamespace.IsGlobalNamespace: true } ? $"{space}.{name}" : $"global::{space}.{name}";
    }

    /// <summary>The cell itself, out of its parentheses.</summary>
    public static ExpressionSyntax Bare(ExpressionSyntax expression)
    {
        while (expression is ParenthesizedExpressionSyntax parenthesized) expression = parenthesized.Expression;
        return expression;
    }

    /// <summary>The node with its parentheses.</summary>
    public static ExpressionSyntax Outermost(ExpressionSyntax expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax parent) expression = parent;
        return expression;
    }

    private string? Reference()
    {
        if (_type is null || !HasForm(_type)) return null;
        string text = cell.WithoutTrivia().ToFullString();
        return IsReinterpreted ? $"ref {Named("System.Runtime.CompilerServices", "Unsafe")}.As<{Name(_type)}, {Primitive}>(ref {text})" : $"ref {text}";
    }

    private bool HasForm(ITypeSymbol type) => type.IsReferenceType || IsReinterpreted || type.SpecialType
        is >= SpecialType.System_SByte and <= SpecialType.System_UInt64 or SpecialType.System_Boolean or SpecialType.System_Single or SpecialType.System_Double
        or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    private bool IsReinterpreted => _type is { TypeKind: TypeKind.Enum } or { SpecialType: SpecialType.System_Char };

    private string Primitive => _type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? Name(underlying) : "ushort";

    private string Name(ITypeSymbol type) => type.ToMinimalDisplayString(model, position);

    private static string Parenthesized(ExpressionSyntax value, string text) => value is IdentifierNameSyntax or LiteralExpressionSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax ? text : $"({text})";
}
