using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Parameters of types themselves: any member may name one, as it names a field, and a record has a property for each.</summary>
internal static class PrimaryParameters
{
    /// <summary>The parameter is of a type's own constructor.</summary>
    public static bool Is(ISymbol symbol) => symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor, DeclaringSyntaxReferences: { Length: 1 } references } } && references[0].GetSyntax() is TypeDeclarationSyntax;

    /// <summary>The parameter that a positional property of a record is declared by.</summary>
    public static IParameterSymbol? Of(ISymbol property, CancellationToken cancellation) =>
        property is IPropertySymbol { ContainingType.IsRecord: true, DeclaringSyntaxReferences: { Length: 1 } references } && references[0].GetSyntax(cancellation) is ParameterSyntax declaration
            ? property.ContainingType.InstanceConstructors.SelectMany(static constructor => constructor.Parameters).FirstOrDefault(parameter => parameter.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) == declaration))
            : null;

    /// <summary>By the way it is written.</summary>
    public static bool MayPoint(ParameterSyntax parameter) =>
        parameter.Modifiers.Any(static modifier => modifier.IsKind(SyntaxKind.RefKeyword) || modifier.IsKind(SyntaxKind.InKeyword)) || PointerSyntax.MayPoint(parameter.Type);

    /// <summary>Of classes and structs too, which have had one since C# 12.</summary>
    public static ParameterListSyntax? ListOf(TypeDeclarationSyntax type) => type.ChildNodes().OfType<ParameterListSyntax>().FirstOrDefault();

    /// <summary>Names of the types that the member is in.</summary>
    public static IEnumerable<string> TypesAround(SyntaxNode member) => member.Ancestors().OfType<TypeDeclarationSyntax>().Select(static type => type.Identifier.ValueText);
}
