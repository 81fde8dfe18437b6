using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>PIN1005, its suggestion: a charge that returns how much it took, or an error, is asked only whether it failed. Fewer than asked is no error and not all either.</summary>
internal static class ShortCounts
{
    public static IEnumerable<BalanceFinding> Find(BalanceContext context, IEnumerable<ChargeSite> sites, CancellationToken cancellation)
    {
        foreach (ChargeSite site in sites)
        {
            if (site.IsGhost || !CountsWhatItTook(site, context) || site.Operation.Syntax is not ExpressionSyntax call) continue;
            SemanticModel model = SemanticModels.Of(call.SyntaxTree, context.Compilation);
            if (OnlyItsSignIsUsed(call, model, cancellation)) yield return new BalanceFinding(BalanceRule.ShortCountIgnored, site.Operation, site, null);
        }
    }

    /// <summary>Any number that is not negative is a success, and several were asked for.</summary>
    private static bool CountsWhatItTook(ChargeSite site, BalanceContext context) =>
        site.Spec is { Success: SuccessSignal.NonNegative, Amount: { Place: ValuePlace.Argument, Ordinal: var ordinal } } && site.Spec.Identity.Place != ValuePlace.Result
        && site.Operation is Microsoft.CodeAnalysis.Operations.IInvocationOperation call
        && call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == ordinal) is { Value.ConstantValue: not { HasValue: true, Value: 1 or 1L or 1u or 1ul } }
        && context.Catalog.IsTracked(site.Pair, call.Syntax.SyntaxTree);

    private static bool OnlyItsSignIsUsed(ExpressionSyntax call, SemanticModel model, CancellationToken cancellation)
    {
        ExpressionSyntax value = Whole(call);
        if (IsSignTest(value)) return true;
        switch (value.Parent)
        {
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator }:
                return model.GetDeclaredSymbol(declarator, cancellation) is ILocalSymbol local && IsOnlyTested(local, declarator, model, cancellation);
            case AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax left } assignment when assignment.Right == value:
                ExpressionSyntax assigned = Whole(assignment);
                return (assigned.Parent is ExpressionStatementSyntax || IsSignTest(assigned)) && model.GetSymbolInfo(left, cancellation).Symbol is ILocalSymbol target && IsOnlyTested(target, assignment, model, cancellation);
            default:
                return false;
        }
    }

    /// <summary>Everywhere in its member the local is written, tested for its sign, or handed on where it is known to be an error; and it is tested somewhere.</summary>
    private static bool IsOnlyTested(ILocalSymbol local, SyntaxNode from, SemanticModel model, CancellationToken cancellation)
    {
        SyntaxNode scope = from.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? from.SyntaxTree.GetRoot(cancellation);
        bool isTested = false;
        foreach (IdentifierNameSyntax name in scope.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (name.Identifier.ValueText != local.Name || !SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, cancellation).Symbol, local)) continue;
            ExpressionSyntax value = Whole(name);
            if (value.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } write && write.Left == value)
            {
                if (write.Parent is ExpressionStatementSyntax) continue;
                value = Whole(write);
            }

            if (IsSignTest(value)) isTested = true;
            else if (!IsWhereItFailed(name)) return false;
        }

        return isTested;
    }

    /// <summary>Inside the branch that is only taken when the same name is negative.</summary>
    private static bool IsWhereItFailed(IdentifierNameSyntax name)
    {
        for (SyntaxNode node = name; node.Parent is { } parent and not MemberDeclarationSyntax; node = parent)
        {
            if (parent is IfStatementSyntax choice && choice.Statement == node && IsErrorTest(choice.Condition, name.Identifier.ValueText)) return true;
            if (parent is ConditionalExpressionSyntax conditional && conditional.WhenTrue == node && IsErrorTest(conditional.Condition, name.Identifier.ValueText)) return true;
        }

        return false;
    }

    private static bool IsErrorTest(ExpressionSyntax condition, string name)
    {
        while (condition is ParenthesizedExpressionSyntax inner) condition = inner.Expression;
        return condition switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.EqualsExpression } test => Names(test.Left, name) && IsBound(test.Right),
            IsPatternExpressionSyntax { Pattern: RelationalPatternSyntax { OperatorToken.RawKind: (int)SyntaxKind.LessThanToken } } pattern => Names(pattern.Expression, name),
            _ => false,
        };
    }

    private static bool Names(ExpressionSyntax expression, string name)
    {
        while (expression is ParenthesizedExpressionSyntax inner) expression = inner.Expression;
        return expression switch
        {
            IdentifierNameSyntax identifier => identifier.Identifier.ValueText == name,
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax written } => written.Identifier.ValueText == name,
            _ => false,
        };
    }

    private static bool IsSignTest(ExpressionSyntax value) => value.Parent switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.LessThanOrEqualExpression or (int)SyntaxKind.GreaterThanExpression
            or (int)SyntaxKind.GreaterThanOrEqualExpression or (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression } test => IsBound(test.Left == value ? test.Right : test.Left),
        IsPatternExpressionSyntax { Pattern: RelationalPatternSyntax pattern } => IsBound(pattern.Expression),
        _ => false,
    };

    /// <summary>Nothing that was asked for: zero, or a number that stands for an error.</summary>
    private static bool IsBound(ExpressionSyntax bound) => bound switch
    {
        LiteralExpressionSyntax literal => literal.Token.Value is 0 or 0L,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax } => true,
        ParenthesizedExpressionSyntax inner => IsBound(inner.Expression),
        _ => false,
    };

    private static ExpressionSyntax Whole(ExpressionSyntax value)
    {
        while (value.Parent is ParenthesizedExpressionSyntax outer) value = outer;
        return value;
    }
}
