using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PinAnalyzers.Balance;

/// <summary>Names for variables that a fix adds.</summary>
internal static class NewNames
{
    /// <summary><paramref name="wanted"/>, or with the first number that nothing in sight or in the scope is called by.</summary>
    public static string For(string wanted, SemanticModel model, int position, SyntaxNode scope)
    {
        for (int number = 1; ; number++)
        {
            string name = number == 1 ? wanted : wanted + number;
            if (model.LookupSymbols(position, name: name).IsEmpty && !scope.DescendantTokens().Any(t => t.IsKind(SyntaxKind.IdentifierToken) && t.ValueText == name)) return name;
        }
    }
}
