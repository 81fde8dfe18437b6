using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>A local's name that nothing in its member or in sight goes by.</summary>
internal static class UnusedName
{
    public static string For(string wanted, SemanticModel model, int position)
    {
        SyntaxNode root = model.SyntaxTree.GetRoot();
        SyntaxNode scope = root.FindToken(position).Parent?.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? root;
        string name = wanted;
        for (int number = 2; !model.LookupSymbols(position, name: name).IsEmpty || scope.DescendantTokens().Any(t => t.IsKind(SyntaxKind.IdentifierToken) && t.ValueText == name); number++) name = wanted + number;
        return name;
    }
}
