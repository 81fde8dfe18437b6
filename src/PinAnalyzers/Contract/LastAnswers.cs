using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Contract;

/// <summary>Which calls a local may have its value from where it is tested, by the statements that stand before the test.</summary>
internal static class LastAnswers
{
    /// <summary>
    /// The call that the local was given on every way here, with those that may have replaced it; empty where it may hold anything else.
    /// </summary>
    public static IReadOnlyList<InvocationExpressionSyntax> Of(IdentifierNameSyntax local)
    {
        string name = local.Identifier.ValueText;
        List<InvocationExpressionSyntax> calls = [];
        for (SyntaxNode node = local; node.Parent is { } parent; node = parent)
        {
            SyntaxList<StatementSyntax> statements = parent switch
            {
                BlockSyntax block => block.Statements,
                SwitchSectionSyntax section => section.Statements,
                _ => default,
            };
            foreach (StatementSyntax before in statements.TakeWhile(statement => statement != node).Reverse())
            {
                // What is jumped to may come from anywhere.
                if (before is LabeledStatementSyntax) return [];
                bool isWhole = IsGivenBy(before, name);
                foreach (ExpressionSyntax? value in WritesIn(before, name))
                {
                    if (value is not InvocationExpressionSyntax call) return [];
                    calls.Add(call);
                }

                if (isWhole) return calls;
            }

            if (parent is MemberDeclarationSyntax or LabeledStatementSyntax || IsGivenAround(parent, name)) return [];
            // What a condition around the test gives it is given before the test as well.
            if (statements.Count == 0 && parent.ChildNodes().TakeWhile(child => child != node).Any(child => WritesIn(child, name).Any())) return [];
        }

        return [];
    }

    /// <summary>What comes round a loop, into a handler or into a nested body may have given the local a value that does not stand before the test.</summary>
    private static bool IsGivenAround(SyntaxNode region, string name) => region switch
    {
        WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax => WritesIn(region, name).Any(),
        CatchClauseSyntax or FinallyClauseSyntax => WritesIn(region.Parent!, name).Any(),
        AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax => region.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && WritesIn(member, name).Skip(1).Any(),
        _ => false,
    };

    /// <summary>Whoever passes the statement has given the local a value there.</summary>
    private static bool IsGivenBy(StatementSyntax statement, string name) => statement switch
    {
        LocalDeclarationStatementSyntax { Declaration.Variables: var variables } => variables.Any(variable => variable.Identifier.ValueText == name),
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax target } } => target.Identifier.ValueText == name,
        _ => false,
    };

    /// <summary>What the local is given in the region; null for a value that no expression says.</summary>
    private static IEnumerable<ExpressionSyntax?> WritesIn(SyntaxNode region, string name)
    {
        foreach (SyntaxNode node in region.DescendantNodesAndSelf())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax declarator when declarator.Identifier.ValueText == name:
                    yield return declarator.Initializer?.Value;
                    break;
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } assignment when target.Identifier.ValueText == name:
                    yield return assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) ? assignment.Right : null;
                    break;
                case ArgumentSyntax { Expression: IdentifierNameSyntax passed } argument when passed.Identifier.ValueText == name && (!argument.RefKindKeyword.IsKind(SyntaxKind.None) || argument.Parent is TupleExpressionSyntax):
                    yield return null;
                    break;
            }
        }
    }
}
