using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>The variables that a body may release, as far as syntax tells: what a release is called on or given, and what a <c>using</c> ends.</summary>
internal static class ReleasedNames
{
    public static HashSet<string> In(SyntaxNode member, IReadOnlyCollection<ExpressionSyntax> releases)
    {
        HashSet<string> names = [];
        foreach (ExpressionSyntax release in releases)
        {
            if (release is not InvocationExpressionSyntax { Expression: var called, ArgumentList.Arguments: var arguments } call) continue;
            Add(called is MemberAccessExpressionSyntax access ? access.Expression : call.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression);
            foreach (ArgumentSyntax argument in arguments) Add(argument.Expression);
        }

        if (!BodyShapes.Has(member, BodyShape.Using)) return names;
        foreach (SyntaxNode node in member.DescendantNodes(static node => node is not ExpressionSyntax or AnonymousFunctionExpressionSyntax))
        {
            switch (node)
            {
                case UsingStatementSyntax { Expression: { } used }:
                    Add(used);
                    break;
                case VariableDeclaratorSyntax { Parent.Parent: UsingStatementSyntax or LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } } declared:
                    names.Add(declared.Identifier.ValueText);
                    break;
            }
        }

        return names;

        void Add(ExpressionSyntax? expression)
        {
            while (expression is ParenthesizedExpressionSyntax or CastExpressionSyntax or PostfixUnaryExpressionSyntax)
                expression = expression switch { ParenthesizedExpressionSyntax inner => inner.Expression, CastExpressionSyntax cast => cast.Expression, _ => ((PostfixUnaryExpressionSyntax)expression).Operand };
            if (expression is IdentifierNameSyntax name) names.Add(name.Identifier.ValueText);
        }
    }
}
