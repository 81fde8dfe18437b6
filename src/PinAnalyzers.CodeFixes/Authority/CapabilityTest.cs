using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Authority;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>An <c>if</c> whose condition asks for privilege, and what else it asks.</summary>
/// <param name="If">The statement.</param>
/// <param name="IsPrivilegedWhenTrue">What the condition says of the caller when it is true.</param>
/// <param name="Rest">The other operand; null where the condition asks for nothing else.</param>
/// <param name="Local">The declaration of a local that only carries the answer here, and goes with it.</param>
internal sealed record CapabilityTest(IfStatementSyntax If, bool IsPrivilegedWhenTrue, ExpressionSyntax? Rest, LocalDeclarationStatementSyntax? Local)
{
    /// <summary>Null where the check is not one side of an <c>if</c>, or the record could not be asked in its place.</summary>
    public static CapabilityTest? Find(CheckSite check, SemanticModel model)
    {
        char says = char.ToUpperInvariant(check.Says);
        if (says == AuthorityProperties.Unclear) return null;
        (ExpressionSyntax literal, bool isPrivileged) = Literal(check.Check, says == AuthorityProperties.Privileged);
        if (literal.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax block } declaration } } variable })
        {
            List<IdentifierNameSyntax> uses = block.DescendantNodes().OfType<IdentifierNameSyntax>().Where(i => i.Identifier.ValueText == variable.Identifier.ValueText && model.GetSymbolInfo(i).Symbol is ILocalSymbol).ToList();
            if (uses.Count == 0) return null;
            List<CapabilityTest> tests = uses.Select(use => OfLiteral(use, isPrivileged)).OfType<CapabilityTest>().ToList();
            if (tests.Count != 1) return null;
            return uses.Count == 1 ? tests[0] with { Local = declaration } : tests[0];
        }

        return OfTop(literal, isPrivileged);
    }

    private static CapabilityTest? OfLiteral(ExpressionSyntax answer, bool isPrivileged)
    {
        (ExpressionSyntax literal, bool says) = Literal(answer, isPrivileged);
        return OfTop(literal, says);
    }

    private static CapabilityTest? OfTop(ExpressionSyntax literal, bool isPrivileged)
    {
        if (literal.Parent is IfStatementSyntax direct && direct.Condition == literal) return new CapabilityTest(direct, isPrivileged, null, null);
        if (literal.Parent is not BinaryExpressionSyntax both || both.Parent is not IfStatementSyntax { } test || test.Condition != both) return null;

        // The record is emptied by asking, so it is asked only where the release follows: after 'a && !privileged', or where 'a || privileged' was false.
        bool isFit = isPrivileged ? both.IsKind(SyntaxKind.LogicalOrExpression) : both.IsKind(SyntaxKind.LogicalAndExpression);
        ExpressionSyntax rest = both.Left == literal ? both.Right : both.Left;
        if (!isFit || both.Left == literal && rest.DescendantNodesAndSelf().Any(static n => n is InvocationExpressionSyntax or AssignmentExpressionSyntax or AwaitExpressionSyntax or PostfixUnaryExpressionSyntax or ElementAccessExpressionSyntax or DeclarationExpressionSyntax or IsPatternExpressionSyntax or ObjectCreationExpressionSyntax)) return null;
        return new CapabilityTest(test, isPrivileged, rest, null);
    }

    /// <summary>The whole of what only negates the check or compares its answer with a constant.</summary>
    private static (ExpressionSyntax Literal, bool IsPrivileged) Literal(ExpressionSyntax check, bool isPrivileged)
    {
        ExpressionSyntax literal = check;
        while (true)
        {
            switch (literal.Parent)
            {
                case ParenthesizedExpressionSyntax or AwaitExpressionSyntax:
                    break;
                case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression }:
                    isPrivileged = !isPrivileged;
                    break;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } compared when compared.Left == literal && Constant(compared.Right) is { } constant:
                    isPrivileged ^= compared.IsKind(SyntaxKind.EqualsExpression) != constant;
                    break;
                case IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax pattern } when Constant(pattern.Expression) is { } constant:
                    isPrivileged ^= !constant;
                    break;
                default:
                    return (literal, isPrivileged);
            }

            literal = (ExpressionSyntax)literal.Parent;
        }
    }

    /// <summary>True for <c>true</c> and for a user id of zero, which is root's.</summary>
    private static bool? Constant(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } => true,
        LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression } => false,
        LiteralExpressionSyntax { Token.Value: 0 or 0u } => true,
        _ => null,
    };

    /// <summary>The <c>if</c> ends the method, or this round of it, when its condition holds.</summary>
    public static bool Leaves(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax => true,
        BlockSyntax { Statements: { Count: > 0 } statements } => statements[statements.Count - 1] is ReturnStatementSyntax or ThrowStatementSyntax,
        _ => false,
    };
}
