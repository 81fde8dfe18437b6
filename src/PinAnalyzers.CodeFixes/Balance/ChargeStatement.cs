using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>How a charge stands in its block, and from which statement on it is held.</summary>
/// <param name="Statement">The statement that charges.</param>
/// <param name="Block">The block whose statements run with the charge held.</param>
/// <param name="First">Index of the first of them.</param>
/// <param name="Value">The charge with what wraps it: parentheses, casts, <c>await</c>.</param>
/// <param name="Token">The local that keeps the token, if a local does.</param>
internal sealed record ChargeStatement(StatementSyntax Statement, BlockSyntax Block, int First, ExpressionSyntax Value, ILocalSymbol? Token)
{
    /// <summary>The statements after it run whether it was taken or not: only a release that asks belongs to all of them.</summary>
    public bool MayBeUntaken { get; private init; }

    public static ChargeStatement? Create(BalanceTarget target)
    {
        if (target.Charge is not { } charge) return null;
        ExpressionSyntax value = Outermost(charge);
        SuccessSignal success = target.Properties.Success;
        switch (value.Parent)
        {
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax statement } } declarator }
                when target.Properties.HasToken && statement.UsingKeyword == default && statement.AwaitKeyword == default:
                return After(statement, target.Model.GetDeclaredSymbol(declarator, target.Cancellation) as ILocalSymbol);
            case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: ExpressionStatementSyntax statement, Left: IdentifierNameSyntax left } assignment
                when target.Properties.HasToken && assignment.Right == value && target.Model.GetSymbolInfo(left, target.Cancellation).Symbol is ILocalSymbol local:
                return After(statement, local);
            case ExpressionStatementSyntax statement when success is SuccessSignal.Always:
                return After(statement, null);
            case ExpressionStatementSyntax when success is SuccessSignal.Taken:
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax } } } when !target.Properties.HasToken:
            case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax, Parent: ExpressionStatementSyntax } when !target.Properties.HasToken:
                return After(value.FirstAncestorOrSelf<StatementSyntax>()!, null) is { } after ? after with { MayBeUntaken = true } : null;
            case IfStatementSyntax { Statement: BlockSyntax block } taken when taken.Condition == value && success == SuccessSignal.True:
                return new ChargeStatement(taken, block, 0, value, null);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not
                when success == SuccessSignal.True && WalkUpParentheses(not).Parent is IfStatementSyntax { Else: null } guard && guard.Condition == WalkUpParentheses(not) && Exits.Always(guard.Statement):
                return After(guard, null);
            default:
                return null;
        }

        ChargeStatement? After(StatementSyntax statement, ILocalSymbol? token)
        {
            if (statement.Parent is not BlockSyntax block || token is { IsRef: true }) return null;
            int first = block.Statements.IndexOf(statement) + 1;
            if (token is not null && success is not SuccessSignal.Always)
            {
                // Not given, it must not be given back: only where a test follows at once is it known to be held.
                if (first >= block.Statements.Count || block.Statements[first] is not IfStatementSyntax { Else: null } guard || !TestsForNothing(guard.Condition, token.Name) || !Exits.Always(guard.Statement))
                    return new ChargeStatement(statement, block, first, value, token) { MayBeUntaken = true };
                first++;
            }

            return new ChargeStatement(statement, block, first, value, token);
        }
    }

    /// <summary>The charge with parentheses, casts and <c>await</c> around it.</summary>
    public static ExpressionSyntax Outermost(ExpressionSyntax charge)
    {
        ExpressionSyntax value = charge;
        while (true)
        {
            switch (value.Parent)
            {
                case ParenthesizedExpressionSyntax or CastExpressionSyntax or AwaitExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }:
                    value = (ExpressionSyntax)value.Parent;
                    continue;
                case MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait", Parent: InvocationExpressionSyntax configured } access when access.Expression == value:
                    value = configured;
                    continue;
                default:
                    return value;
            }
        }
    }

    private static ExpressionSyntax WalkUpParentheses(ExpressionSyntax expression)
    {
        while (expression.Parent is ParenthesizedExpressionSyntax outer) expression = outer;
        return expression;
    }

    private static bool TestsForNothing(ExpressionSyntax condition, string token) => condition switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression, Left: IdentifierNameSyntax left, Right: var right } => left.Identifier.ValueText == token && IsNothing(right),
        IsPatternExpressionSyntax { Expression: IdentifierNameSyntax tested, Pattern: ConstantPatternSyntax { Expression: var constant } } => tested.Identifier.ValueText == token && IsNothing(constant),
        _ => false,
    };

    private static bool IsNothing(ExpressionSyntax value) =>
        value.Kind() is SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression or SyntaxKind.DefaultExpression || value is LiteralExpressionSyntax { Token.ValueText: "0" } || value.ToString() is "IntPtr.Zero" or "nint.Zero";
}
