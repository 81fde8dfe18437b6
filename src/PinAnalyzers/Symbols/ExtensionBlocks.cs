using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Symbols;

/// <summary>
/// <c>extension(T receiver) { … }</c>. Its members look like instance members of a type that has no name, with the receiver as their <c>this</c>; the compiler also makes static
/// methods of them, for callers that write them so.
/// </summary>
internal static class ExtensionBlocks
{
    /// <summary>The kind of such a block among types, which compilers before C# 14 have no name for.</summary>
    private const TypeKind ExtensionBlock = (TypeKind)14;

    public static bool IsInExtensionBlock(this IMethodSymbol method) => method.ContainingType is { TypeKind: ExtensionBlock };

    /// <summary>The static method that is made of a member of a block: what its body names are the parameters of the member, not its own.</summary>
    public static bool IsMadeOfExtensionMember(this IMethodSymbol method)
    {
        if (method is not { IsStatic: true, ContainingType: { IsStatic: true, TypeKind: TypeKind.Class }, DeclaringSyntaxReferences: { IsEmpty: false } parts }) return false;
        return parts[0].GetSyntax().FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type and not (ClassDeclarationSyntax or StructDeclarationSyntax or InterfaceDeclarationSyntax or RecordDeclarationSyntax)
            && type.Parent is TypeDeclarationSyntax;
    }
}
