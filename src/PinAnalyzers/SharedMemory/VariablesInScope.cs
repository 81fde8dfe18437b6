using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>The variable that a name stands for, found by syntax.</summary>
internal static class VariablesInScope
{
    /// <summary>Whether the name stands for a variable at the place, or may; if not, it names a member or a type.</summary>
    /// <param name="place">A node in a body.</param>
    /// <param name="name">The name that is mentioned there.</param>
    /// <param name="declaration">Of the innermost such variable; null where only binding tells which it is.</param>
    public static bool MayBe(SyntaxNode place, string name, out SyntaxNode? declaration)
    {
        declaration = null;
        SyntaxNode? body = null;
        for (SyntaxNode? outer = place.Parent; outer is not null and not BaseTypeDeclarationSyntax; outer = outer.Parent)
        {
            body = outer;
            declaration = outer switch
            {
                BlockSyntax block => InStatements(block.Statements, name),
                SwitchSectionSyntax section => InStatements(section.Statements, name),
                ForStatementSyntax { Declaration: { } variables } => In(variables, name),
                UsingStatementSyntax { Declaration: { } variables } => In(variables, name),
                FixedStatementSyntax { Declaration: var variables } => In(variables, name),
                ForEachStatementSyntax loop when loop.Identifier.ValueText == name => loop,
                CatchClauseSyntax { Declaration: { } caught } when caught.Identifier.ValueText == name => caught,
                LocalFunctionStatementSyntax { ParameterList: var parameters } => In(parameters, name),
                BaseMethodDeclarationSyntax { ParameterList: var parameters } => In(parameters, name),
                IndexerDeclarationSyntax indexer => indexer.ParameterList.Parameters.FirstOrDefault(parameter => parameter.Identifier.ValueText == name),
                _ => null,
            };
            if (declaration is not null || (outer is AnonymousFunctionExpressionSyntax or QueryExpressionSyntax && Names(outer, name))) return true;
        }

        // Declared in a pattern, by `out var`, in a tuple; or given by the type, or by an accessor.
        return body is null || Names(body, name) || name is "value" or "field" || HasParameter(place, name);
    }

    private static SyntaxNode? InStatements(SyntaxList<StatementSyntax> statements, string name)
    {
        foreach (StatementSyntax statement in statements)
        {
            if (statement is LocalDeclarationStatementSyntax { Declaration: var variables } && In(variables, name) is { } found) return found;
            if (statement is LocalFunctionStatementSyntax function && function.Identifier.ValueText == name) return function;
        }

        return null;
    }

    private static SyntaxNode? In(VariableDeclarationSyntax declaration, string name)
    {
        foreach (VariableDeclaratorSyntax variable in declaration.Variables)
        {
            if (variable.Identifier.ValueText == name) return variable;
        }

        return null;
    }

    private static SyntaxNode? In(ParameterListSyntax list, string name)
    {
        foreach (ParameterSyntax parameter in list.Parameters)
        {
            if (parameter.Identifier.ValueText == name) return parameter;
        }

        return null;
    }

    /// <summary>The name is declared somewhere inside, as something other than a statement or a parameter list declares it.</summary>
    private static bool Names(SyntaxNode body, string name)
    {
        IdentifierIndex index = IdentifierIndex.Of(body.SyntaxTree.GetText());
        if (index.HasEscapes(body.FullSpan)) return true;
        uint hash = IdentifierIndex.Hash(name);
        for (int i = index.FirstAt(body.FullSpan.Start); i < index.Hashes.Length && index.PositionAt(i) < body.FullSpan.End; i++)
        {
            if (index.Hashes[i] == hash && body.FindToken(index.PositionAt(i)) is { Parent: SingleVariableDesignationSyntax or QueryClauseSyntax or QueryContinuationSyntax or ParameterSyntax or JoinIntoClauseSyntax } token && token.ValueText == name) return true;
        }

        return false;
    }

    private static bool HasParameter(SyntaxNode place, string name) => place.Ancestors().OfType<TypeDeclarationSyntax>().Any(type => PrimaryParameters.ListOf(type) is { } list && In(list, name) is not null);
}
