using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>Variables declared among statements that go into a block of their own, and needed behind it: they are declared before it, and assigned where they were declared.</summary>
/// <param name="Declarations">What goes before the block.</param>
/// <param name="Statements">What goes into it.</param>
internal sealed record Hoisting(ImmutableArray<StatementSyntax> Declarations, ImmutableArray<StatementSyntax> Statements)
{
    /// <summary>Null where one of them has no type that can be written, or is not declared by a statement of its own.</summary>
    public static Hoisting? Create(ImmutableArray<StatementSyntax> statements, ImmutableArray<StatementSyntax> behind, BalanceTarget target)
    {
        ImmutableArray<StatementSyntax>.Builder declarations = ImmutableArray.CreateBuilder<StatementSyntax>(), changed = ImmutableArray.CreateBuilder<StatementSyntax>();
        foreach (StatementSyntax statement in statements)
        {
            if (!Names.AreUsed([statement], behind, target))
            {
                changed.Add(statement);
                continue;
            }

            if (statement is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, IsConst: false, Declaration: { Type: not RefTypeSyntax, Variables.Count: 1 } } declared) return null;
            if (declared.Declaration.Variables[0] is not { Initializer: { Value: not InitializerExpressionSyntax and var value } initializer } variable) return null;
            if (target.Model.GetDeclaredSymbol(variable, target.Cancellation) is not ILocalSymbol { RefKind: RefKind.None, Type: { IsRefLikeType: false } type }) return null;
            NullableFlowState state = target.Model.GetTypeInfo(value, target.Cancellation).Nullability.FlowState;
            string name = declared.Declaration.Type.IsVar ? type.ToMinimalDisplayString(target.Model, state, statement.SpanStart) : declared.Declaration.Type.ToString();
            if (name.IndexOf("anonymous", System.StringComparison.Ordinal) >= 0 || type.TypeKind == TypeKind.Error) return null;
            declarations.Add(SyntaxFactory.ParseStatement($"{name} {variable.Identifier.Text};").WithTrailingTrivia(SyntaxFactory.ElasticLineFeed).WithAdditionalAnnotations(Formatter.Annotation));
            AssignmentExpressionSyntax assignment = SyntaxFactory.AssignmentExpression(
                SyntaxKind.SimpleAssignmentExpression,
                SyntaxFactory.IdentifierName(variable.Identifier.WithoutTrivia()).WithLeadingTrivia(statement.GetLeadingTrivia()).WithTrailingTrivia(variable.Identifier.TrailingTrivia),
                initializer.EqualsToken,
                value);
            changed.Add(SyntaxFactory.ExpressionStatement(assignment, declared.SemicolonToken));
        }

        return new Hoisting(declarations.ToImmutable(), changed.ToImmutable());
    }
}
