using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance.Plain;

/// <summary>What stands before, between and around the two ends of a <see cref="PlainShape"/>.</summary>
internal static class PlainGuards
{
    public static SyntaxList<StatementSyntax> SiblingsOf(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax block => block.Statements,
        SwitchSectionSyntax section => section.Statements,
        _ => default,
    };

    /// <summary>The local is declared earlier in the same list, and is null, zero or false until it is charged.</summary>
    public static bool IsNothingBefore(StatementSyntax statement, string name, bool isFlag)
    {
        foreach (StatementSyntax earlier in SiblingsOf(statement))
        {
            if (earlier == statement) return false;
            if (earlier is not LocalDeclarationStatementSyntax { Declaration.Variables: var variables }) continue;
            foreach (VariableDeclaratorSyntax variable in variables)
            {
                if (variable.Identifier.ValueText == name) return variable.Initializer is { Value: var value } && (isFlag ? value.IsKind(SyntaxKind.FalseLiteralExpression) : IsNothing(value));
            }
        }

        return false;
    }

    /// <summary><c>t != null</c>, <c>t is not null</c>, <c>t != IntPtr.Zero</c>, <c>t.IsAllocated</c>.</summary>
    public static bool AskForToken(ExpressionSyntax guard, string token, string? liveProperty) => guard switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression } test =>
            (PlainShape.IsName(test.Left, token) && IsNothing(test.Right)) || (PlainShape.IsName(test.Right, token) && IsNothing(test.Left)),
        IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression: var constant } } } test => PlainShape.IsName(test.Expression, token) && IsNothing(constant),
        MemberAccessExpressionSyntax access => PlainShape.IsName(access.Expression, token) && access.Name.Identifier.ValueText == liveProperty,
        _ => false,
    };

    /// <summary>The call may be the release of the token: it is made on it, or gets it first.</summary>
    public static bool Releases(ExpressionSyntax? expression, string token) => expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments: var arguments }
        && (PlainShape.IsName(access.Expression, token) || (arguments.Count > 0 && PlainShape.IsName(arguments[0].Expression, token)));

    /// <summary>Something in the statement may lead elsewhere than to the one behind it; calls that throw aside.</summary>
    public static bool MayLeave(StatementSyntax statement) => statement.DescendantNodesAndSelf().Any(node => node switch
    {
        ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or GotoStatementSyntax or LabeledStatementSyntax or YieldStatementSyntax => true,
        BreakStatementSyntax or ContinueStatementSyntax => !node.Ancestors().TakeWhile(outer => outer != statement.Parent).Any(static outer =>
            outer is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax),
        _ => false,
    });

    /// <summary>A statement of its own that nothing before or around it can keep from running; exceptions aside.</summary>
    public static bool IsAlwaysReached(ExpressionSyntax call, SyntaxNode body)
    {
        SyntaxNode? inner = call.Parent is AwaitExpressionSyntax awaited ? awaited.Parent : call.Parent;
        if (inner is not ExpressionStatementSyntax) return inner is ArrowExpressionClauseSyntax && inner.Parent == body;
        for (; inner.Parent is { } outer && inner != body; inner = outer)
        {
            if (inner is StatementSyntax statement)
            {
                foreach (StatementSyntax earlier in SiblingsOf(statement))
                {
                    if (earlier == statement) break;
                    if (MayLeave(earlier) || earlier is LabeledStatementSyntax) return false;
                }
            }

            if (outer is not (BlockSyntax or UsingStatementSyntax or LockStatementSyntax) && outer is not TryStatementSyntax { Catches.Count: 0 } && outer != body) return false;
        }

        return true;
    }

    private static bool IsNothing(ExpressionSyntax value) => value switch
    {
        LiteralExpressionSyntax literal => literal.RawKind is (int)SyntaxKind.NullLiteralExpression or (int)SyntaxKind.DefaultLiteralExpression || literal.Token.Value is 0,
        DefaultExpressionSyntax => true,
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Zero", Expression: IdentifierNameSyntax { Identifier.ValueText: "IntPtr" or "UIntPtr" } or PredefinedTypeSyntax } => true,
        _ => false,
    };
}
