using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Authority;

/// <summary>
/// Charges that hand what was charged to whoever releases it: a token that is made behind the charge on the same way, or that is given the same amount, which may be
/// nothing; or a member of another object that is written beside the charge.
/// </summary>
internal static class HandedOverAmounts
{
    public static bool Contain(AuthorityContext context, AccountingEvent charge, ISymbol charging, AccountingEvent release, ISymbol releasing)
    {
        if (RecordedArguments.StatementOf(charge.Operation.Syntax) is not { Parent: BlockSyntax block } statement) return false;
        bool isToken = !SymbolEqualityComparer.Default.Equals(charging.ContainingType?.OriginalDefinition, releasing.ContainingType?.OriginalDefinition);
        string[] members = RecordedArguments.AmountsOf(release.Operation).Select(MemberOfAnother).OfType<string>().ToArray();
        foreach (SyntaxNode node in block.DescendantNodes().Where(node => node.SpanStart >= statement.SpanStart))
        {
            if (StatementIn(block, node) is not { } beside || beside != statement && RecordedArguments.IsDecidedBetween(block, beside, statement)) continue;
            switch (node)
            {
                case AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } when members.Contains(name) && node.FirstAncestorOrSelf<StatementSyntax>() == beside:
                    return true;
                case BaseObjectCreationExpressionSyntax made when isToken && SymbolEqualityComparer.Default.Equals(context.TypeOf(made)?.OriginalDefinition, releasing.ContainingType?.OriginalDefinition):
                    if (!MayBeNothing(charge.Amount) || made.ArgumentList?.Arguments.Any(argument => argument.Expression.ToString() == charge.Amount!.Syntax.ToString()) == true) return true;
                    break;
            }
        }

        return false;
    }

    /// <summary>
    /// What was charged is returned, or put into a collection of the type, beside the charge, and the release is given that: whoever was not charged has nothing or less to give back.
    /// </summary>
    public static bool AreGivenBack(AccountingEvent charge, ISymbol charging, AccountingEvent release)
    {
        if (charge.Amount is not { } amount || RecordedArguments.StatementOf(charge.Operation.Syntax) is not { Parent: BlockSyntax block } statement) return false;
        foreach (IOperation given in RecordedArguments.AmountsOf(release.Operation))
        {
            IOperation source = Origins.Unwrapped(given);
            while (source is IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } or IMemberReferenceOperation { Instance: not (null or IInstanceReferenceOperation) } and not IPropertyReferenceOperation { Property.IsIndexer: true })
                source = Origins.Unwrapped(source is IUnaryOperation minus ? minus.Operand : ((IMemberReferenceOperation)source).Instance!);
            foreach (StatementSyntax beside in block.Statements.Where(other => other != statement && !RecordedArguments.IsDecidedBetween(block, other, statement)))
            {
                if (source switch
                {
                    IParameterReferenceOperation { Parameter: { } parameter } => Returns(beside, parameter.Type, amount, charging) || IsOutOf(beside, parameter.Type, amount, charging),
                    IInvocationOperation { Instance: IFieldReferenceOperation { Field: { } field } } => Keeps(beside, field, amount),
                    IPropertyReferenceOperation { Property.IsIndexer: true, Instance: IFieldReferenceOperation { Field: { } field } } => Keeps(beside, field, amount),
                    IArrayElementReferenceOperation { ArrayReference: IFieldReferenceOperation { Field: { } field } } => Keeps(beside, field, amount),
                    _ => false,
                }) return true;
            }
        }

        return false;
    }

    /// <summary><c>return n;</c> where who is let through gets something else.</summary>
    private static bool Returns(StatementSyntax statement, ITypeSymbol type, IOperation amount, ISymbol charging) =>
        statement is ReturnStatementSyntax { Expression: { } returned } && charging is IMethodSymbol method && SymbolEqualityComparer.Default.Equals(method.AwaitedReturnType(), type) && Mentions(returned, amount)
        && statement.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes().OfType<ReturnStatementSyntax>().Any(other => other.Expression is { } said && !Mentions(said, amount)) == true;

    private static bool IsOutOf(StatementSyntax statement, ITypeSymbol type, IOperation amount, ISymbol charging) =>
        statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: var name }, Right: var value } } && Mentions(value, amount)
        && charging is IMethodSymbol method && method.Parameters.Any(parameter => parameter.RefKind is RefKind.Out or RefKind.Ref && parameter.Name == name && SymbolEqualityComparer.Default.Equals(parameter.Type, type));

    /// <summary><c>_charged.Enqueue(n)</c>, <c>_charged[id] = n</c>.</summary>
    private static bool Keeps(StatementSyntax statement, IFieldSymbol field, IOperation amount) => statement is ExpressionStatementSyntax { Expression: var expression } && Mentions(expression, amount) && expression switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var name } } } => name == field.Name,
        AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var name } } } => name == field.Name,
        _ => false,
    };

    private static bool Mentions(ExpressionSyntax value, IOperation amount) => value.DescendantNodesAndSelf().Any(part => SyntaxFactory.AreEquivalent(part, amount.Syntax));

    /// <summary>The amount is chosen, so the charge may be one of nothing.</summary>
    private static bool MayBeNothing(IOperation? amount) => amount is IFlowCaptureReferenceOperation
        || amount is ILocalReferenceOperation { Local: { } local } && local.DeclaringSyntaxReferences.Any(static r => r.GetSyntax().DescendantNodes().Any(static n => n is ConditionalExpressionSyntax or SwitchExpressionSyntax));

    private static StatementSyntax? StatementIn(BlockSyntax block, SyntaxNode node) => node.AncestorsAndSelf().OfType<StatementSyntax>().FirstOrDefault(statement => statement.Parent == block);

    private static string? MemberOfAnother(IOperation value) => Origins.Unwrapped(value) is IMemberReferenceOperation { Instance: not (null or IInstanceReferenceOperation), Member: { } member } ? member.Name : null;
}
