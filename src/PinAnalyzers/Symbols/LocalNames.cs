using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Symbols;

/// <summary>Tells by syntax which names are variables of a body. What patterns and <c>out</c> arguments declare, and references to something else, are not looked at.</summary>
internal static class LocalNames
{
    /// <summary>A local or a parameter of that name is declared in a block, a loop or a function around.</summary>
    public static bool IsDeclaredAround(SyntaxNode at, string name)
    {
        for (SyntaxNode? outer = at.Parent; outer is not null and not BaseTypeDeclarationSyntax; outer = outer.Parent)
        {
            bool declares = outer switch
            {
                BlockSyntax block => IsDeclaredIn(block, name),
                ForStatementSyntax { Declaration: { } declaration } => IsDeclaredBy(declaration, name),
                ForEachStatementSyntax loop => loop.Identifier.ValueText == name,
                BaseMethodDeclarationSyntax method => IsDeclaredBy(method.ParameterList, name),
                LocalFunctionStatementSyntax function => IsDeclaredBy(function.ParameterList, name),
                _ => false,
            };
            if (declares) return true;
        }

        return false;
    }

    private static bool IsDeclaredIn(BlockSyntax block, string name)
    {
        foreach (StatementSyntax statement in block.Statements)
        {
            if (statement is LocalDeclarationStatementSyntax local && IsDeclaredBy(local.Declaration, name)) return true;
        }

        return false;
    }

    private static bool IsDeclaredBy(VariableDeclarationSyntax declaration, string name)
    {
        if (declaration.Type is RefTypeSyntax) return false;
        foreach (VariableDeclaratorSyntax variable in declaration.Variables)
        {
            if (variable.Identifier.ValueText == name) return true;
        }

        return false;
    }

    private static bool IsDeclaredBy(ParameterListSyntax list, string name)
    {
        foreach (ParameterSyntax parameter in list.Parameters)
        {
            if (parameter.Identifier.ValueText == name) return true;
        }

        return false;
    }
}
