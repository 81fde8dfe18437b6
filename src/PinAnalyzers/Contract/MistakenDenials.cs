using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>PIN4002: a limit reported as a machine that ran out, the reverse, or one retry for both.</summary>
internal static class MistakenDenials
{
    private const string Denied = "PolicyLimit";
    private const string Exhausted = "ResourceExhausted";

    public static IEnumerable<ContractFinding> Find(ContractContext context, IOperation operation) => operation switch
    {
        IObjectCreationOperation { Type: { } type } creation when IsOutOfMemory(type) => JudgeThrow(context, creation),
        IFieldReferenceOperation { Field: { Name: Denied or Exhausted } status } reference when IsStatus(status) => JudgeStatus(reference),
        IConditionalOperation or IWhileLoopOperation or IForLoopOperation => JudgeRetry(operation),
        ISwitchOperation { Syntax: SwitchStatementSyntax choice } => JudgeSections(choice, operation.SemanticModel),
        _ => [],
    };

    /// <summary><c>throw new OutOfMemoryException()</c> because an account or a limit said no.</summary>
    private static IEnumerable<ContractFinding> JudgeThrow(ContractContext context, IObjectCreationOperation creation)
    {
        if (!IsThrown(creation.Syntax)) yield break;
        for (SyntaxNode? node = creation.Syntax; node is not null and not MemberDeclarationSyntax and not AnonymousFunctionExpressionSyntax; node = node.Parent)
        {
            (SyntaxNode? condition, bool whenTrue) = node.Parent switch
            {
                IfStatementSyntax branch when node == branch.Statement => (branch.Condition, true),
                ElseClauseSyntax { Parent: IfStatementSyntax branch } => (branch.Condition, false),
                ConditionalExpressionSyntax choice when node == choice.WhenTrue => (choice.Condition, true),
                ConditionalExpressionSyntax choice when node == choice.WhenFalse => (choice.Condition, false),
                CatchClauseSyntax { Declaration: { } caught } => ((SyntaxNode?)caught, true),
                SwitchSectionSyntax { Labels: { Count: 1 } only } => (only[0], true),
                SwitchExpressionArmSyntax arm when node == arm.Expression => (arm.Pattern, true),
                BlockSyntax { Statements: var all } when node is StatementSyntax last && all.IndexOf(last) is > 0 and var index && all[index - 1] is IfStatementSyntax { Else: null } before && Leaves(before.Statement) => (before.Condition, false),
                _ => (null, true),
            };
            if (condition is null || creation.SemanticModel is not { } model) continue;
            (string? reason, bool isOther) = ReasonOf(context, condition, whenTrue, model);
            if (isOther) yield break;
            if (reason is null) continue;
            yield return new ContractFinding(Descriptors.PIN4002_DenialIsNotExhaustion, creation.Syntax, $"'{creation.Type!.Name}' says that the machine has run out, but {reason}")
            {
                Fix = "exception",
            };
            yield break;
        }
    }

    /// <summary>What was denied; or that something else was asked and failed, which whatever stands around it does not change.</summary>
    private static (string? Reason, bool IsOther) ReasonOf(ContractContext context, SyntaxNode condition, bool whenTrue, SemanticModel model)
    {
        if (condition is CatchDeclarationSyntax caught)
            return model.GetTypeInfo(caught.Type).Type is { Name: "PinLimitExceededException" } ? ("a limit denied the charge", false) : default;
        bool isNegated = false;
        while (Inner(condition, ref isNegated) is { } inner) condition = inner;
        if (condition is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Right: var given }) condition = given;
        IReadOnlyList<SyntaxNode> asked = condition is IdentifierNameSyntax answer && model.GetSymbolInfo(answer).Symbol is ILocalSymbol ? LastAnswers.Of(answer) : condition is InvocationExpressionSyntax ? [condition] : [];
        if (asked.Count > 0)
        {
            List<IMethodSymbol> methods = asked.Select(call => model.GetSymbolInfo(call).Symbol).OfType<IMethodSymbol>().Where(method => IsAccount(context, method)).ToList();
            if (whenTrue != isNegated) return default;
            return methods.Count == asked.Count ? ($"'{methods[0].Name}' was denied by a limit", false) : (null, true);
        }

        if (isNegated || !whenTrue || condition.DescendantNodesAndSelf().Any(IsNegation)) return default;
        foreach (SyntaxNode part in condition.DescendantNodesAndSelf())
        {
            if (part is not SimpleNameSyntax name) continue;
            if (name.Identifier.ValueText == Denied && model.GetSymbolInfo(name).Symbol is IFieldSymbol status && IsStatus(status) && Names(condition, Exhausted) == 0) return ("the status is that of a limit", false);
        }

        return condition is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.GreaterThanExpression or (int)SyntaxKind.GreaterThanOrEqualExpression or (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.LessThanOrEqualExpression } comparison
            && LimitIn(comparison, model) is { } limit ? ($"the limit '{limit}' is what was exceeded", false) : default;
    }

    /// <summary>What stands in parentheses, behind <c>!</c>, or beside <c>== false</c>; null where nothing does.</summary>
    private static SyntaxNode? Inner(SyntaxNode condition, ref bool isNegated)
    {
        switch (condition)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return parenthesized.Expression;
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not:
                isNegated = !isNegated;
                return not.Operand;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression, Right.RawKind: (int)SyntaxKind.FalseLiteralExpression or (int)SyntaxKind.TrueLiteralExpression } test:
                isNegated ^= test.IsKind(SyntaxKind.EqualsExpression) == test.Right.IsKind(SyntaxKind.FalseLiteralExpression);
                return test.Left;
            case IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.FalseLiteralExpression or (int)SyntaxKind.TrueLiteralExpression } constant } test:
                isNegated ^= constant.Expression.IsKind(SyntaxKind.FalseLiteralExpression);
                return test.Expression;
            default:
                return null;
        }
    }

    private static bool IsAccount(ContractContext context, IMethodSymbol method) => context.Catalog.ChargesOf(method).Any(static charge =>
        charge.Success == Pairs.SuccessSignal.True && charge.Pair.HasAmount && charge.Pair.Family is Pairs.PairFamily.Declared or Pairs.PairFamily.Accounting);

    private static bool Leaves(StatementSyntax branch) => branch is ReturnStatementSyntax or ThrowStatementSyntax || branch is BlockSyntax { Statements: { Count: > 0 } statements } && Leaves(statements[statements.Count - 1]);

    /// <summary>The member that some counter names as its limit, where both are compared.</summary>
    private static string? LimitIn(BinaryExpressionSyntax comparison, SemanticModel model)
    {
        foreach (SimpleNameSyntax name in comparison.DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is not IFieldSymbol counter || Annotations.Find(counter.GetAttributes(), Annotations.Counter) is not { } attribute) continue;
            if (Annotations.Named<string>(attribute, "Limit") is { } limit && Names(comparison, limit) > 0) return limit;
        }

        return null;
    }

    /// <summary><c>e is OutOfMemoryException ? PolicyLimit : …</c>, and what else makes one of the other.</summary>
    private static IEnumerable<ContractFinding> JudgeStatus(IFieldReferenceOperation reference)
    {
        SyntaxNode at = reference.Syntax;
        string wrong = reference.Field.Name;
        for (SyntaxNode node = at; node.Parent is { } parent and not MemberDeclarationSyntax and not AnonymousFunctionExpressionSyntax; node = parent)
        {
            SyntaxNode? cause = parent switch
            {
                ConditionalExpressionSyntax choice when node == choice.WhenTrue => choice.Condition,
                SwitchExpressionArmSyntax arm when node == arm.Expression => arm.Pattern,
                IfStatementSyntax branch when node == branch.Statement => branch.Condition,
                // Whatever the filter asks besides the type may be what tells.
                CatchClauseSyntax { Declaration: { } caught, Filter: null } clause when node == clause.Block => caught.Type,
                CatchClauseSyntax { Filter.FilterExpression: (IsPatternExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression }) and var filter } clause when node == clause.Block => filter,
                SwitchSectionSyntax { Labels: { Count: 1 } only } when node is StatementSyntax => only[0],
                _ => null,
            };
            if (parent is BinaryExpressionSyntax or IsPatternExpressionSyntax or CaseSwitchLabelSyntax or PatternSyntax) yield break;
            if (cause is null) continue;
            bool ranOut = Names(cause, "OutOfMemoryException") > 0 || Names(cause, "InsufficientMemoryException") > 0;
            bool wasDenied = Names(cause, "PinLimitExceededException") > 0;
            if (cause.DescendantNodesAndSelf().Any(IsNegation) || ranOut == wasDenied) yield break;
            if (wrong == Denied ? !ranOut : !wasDenied) yield break;
            yield return new ContractFinding(
                Descriptors.PIN4002_DenialIsNotExhaustion, at, ranOut ? $"The machine ran out, but '{wrong}' says that a limit denied it" : $"A limit denied it, but '{wrong}' says that the machine ran out")
            {
                Fix = ranOut ? Exhausted : Denied,
            };
            yield break;
        }
    }

    /// <summary>A loop or branch that tries again for both.</summary>
    private static IEnumerable<ContractFinding> JudgeRetry(IOperation operation)
    {
        (ExpressionSyntax? condition, bool isRetry) = operation.Syntax switch
        {
            WhileStatementSyntax loop => (loop.Condition, true),
            DoStatementSyntax loop => (loop.Condition, true),
            ForStatementSyntax loop => (loop.Condition, true),
            IfStatementSyntax branch => ((ExpressionSyntax?)branch.Condition, TriesAgain(branch.Statement)),
            _ => (null, false),
        };

        // What is done before the next try may differ.
        if (condition?.Parent?.ChildNodes().OfType<StatementSyntax>().FirstOrDefault() is { } body && Names(body, Denied) + Names(body, Exhausted) > 0) yield break;
        if (condition is null || !isRetry || operation.SemanticModel is not { } model) yield break;
        foreach (SyntaxNode both in condition.DescendantNodesAndSelf())
        {
            bool isEither = both is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } or BinaryPatternSyntax { RawKind: (int)SyntaxKind.OrPattern };
            if (!isEither || Names(both, Denied) == 0 || Names(both, Exhausted) == 0 || both.DescendantNodes().Any(IsNegation) || both.Ancestors().TakeWhile(a => a != condition.Parent).Any(IsNegation)) continue;
            if (!both.DescendantNodes().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText == Denied && model.GetSymbolInfo(name).Symbol is IFieldSymbol status && IsStatus(status))) continue;
            yield return new ContractFinding(Descriptors.PIN4002_DenialIsNotExhaustion, condition, SameRetry);
            yield break;
        }
    }

    /// <summary>One section of a switch answers both, and tries again.</summary>
    private static IEnumerable<ContractFinding> JudgeSections(SwitchStatementSyntax choice, SemanticModel? model)
    {
        foreach (SwitchSectionSyntax section in choice.Sections)
        {
            if (section.Statements.LastOrDefault() is not { } last || !TriesAgain(last) || last is GotoStatementSyntax { CaseOrDefaultKeyword.RawKind: not 0 }) continue;
            if (section.Labels.Sum(static label => Names(label, Denied)) == 0 || section.Labels.Sum(static label => Names(label, Exhausted)) == 0 || section.Statements.Any(static s => Names(s, Denied) + Names(s, Exhausted) > 0) || section.Labels.Any(static label => label.DescendantNodes().Any(IsNegation))) continue;
            if (model is null || !section.Labels.SelectMany(static label => label.DescendantNodes()).OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText == Denied && model.GetSymbolInfo(name).Symbol is IFieldSymbol status && IsStatus(status))) continue;
            yield return new ContractFinding(Descriptors.PIN4002_DenialIsNotExhaustion, choice.Expression, SameRetry);
            yield break;
        }
    }

    private const string SameRetry = "The same retry answers a limit and a machine that has run out; only one of them may pass by waiting";

    private static bool TriesAgain(StatementSyntax branch) =>
        branch is ContinueStatementSyntax or GotoStatementSyntax || branch is BlockSyntax { Statements: { Count: > 0 } statements } && statements[statements.Count - 1] is ContinueStatementSyntax or GotoStatementSyntax;

    private static bool IsNegation(SyntaxNode node) => node is PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } or UnaryPatternSyntax
        || node.IsKind(SyntaxKind.NotEqualsExpression);

    private static bool IsThrown(SyntaxNode creation)
    {
        SyntaxNode? parent = creation.Parent;
        while (parent is ParenthesizedExpressionSyntax or ConditionalExpressionSyntax) parent = parent.Parent;
        return parent is ThrowStatementSyntax or ThrowExpressionSyntax;
    }

    private static bool IsOutOfMemory(ITypeSymbol type) => type is { Name: "OutOfMemoryException" or "InsufficientMemoryException", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool IsStatus(IFieldSymbol status) => status.ContainingType is { Name: "ChargeStatus", TypeKind: TypeKind.Enum };

    private static int Names(SyntaxNode node, string name) => node.DescendantNodesAndSelf().Count(part => part is SimpleNameSyntax simple && simple.Identifier.ValueText == name);
}
