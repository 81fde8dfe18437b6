using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>The source of a type, member by member, without binding any.</summary>
internal static class TypeBodies
{
    /// <summary>All parts of the outermost type around a member; none of a type of another compilation.</summary>
    public static IEnumerable<SyntaxNode> DeclarationsOf(ISymbol member, Compilation compilation, CancellationToken cancellation)
    {
        INamedTypeSymbol? type = member as INamedTypeSymbol ?? member.ContainingType;
        while (type?.ContainingType is { } outer) type = outer;
        if (type is null) yield break;
        foreach (SyntaxReference reference in type.PartsIn(compilation)) yield return reference.GetSyntax(cancellation);
    }

    /// <summary>The members in a declaration, nested types' included, in which an identifier occurs.</summary>
    public static IEnumerable<MemberDeclarationSyntax> MembersMentioning(SyntaxNode declaration, string name)
    {
        IdentifierIndex index = IdentifierIndex.Of(declaration.SyntaxTree.GetText());
        if (!index.Mentions(name, declaration.FullSpan)) yield break;
        foreach (SyntaxNode node in declaration.DescendantNodes(static n => n is BaseTypeDeclarationSyntax))
        {
            if (node is MemberDeclarationSyntax member and not BaseTypeDeclarationSyntax && index.Mentions(name, member.Span) && Mentions(member, name)) yield return member;
        }
    }

    public static bool IsNamed(ExpressionSyntax expression, string name) => expression switch
    {
        IdentifierNameSyntax identifier => identifier.Identifier.ValueText == name,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText == name,
        _ => false,
    };

    private static bool Mentions(SyntaxNode member, string name) =>
        member.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name);
}
