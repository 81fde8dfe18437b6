using System.Linq;
using Microsoft.CodeAnalysis;
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

    /// <summary>The amount is chosen, so the charge may be one of nothing.</summary>
    private static bool MayBeNothing(IOperation? amount) => amount is IFlowCaptureReferenceOperation
        || amount is ILocalReferenceOperation { Local: { } local } && local.DeclaringSyntaxReferences.Any(static r => r.GetSyntax().DescendantNodes().Any(static n => n is ConditionalExpressionSyntax or SwitchExpressionSyntax));

    private static StatementSyntax? StatementIn(BlockSyntax block, SyntaxNode node) => node.AncestorsAndSelf().OfType<StatementSyntax>().FirstOrDefault(statement => statement.Parent == block);

    private static string? MemberOfAnother(IOperation value) => Origins.Unwrapped(value) is IMemberReferenceOperation { Instance: not (null or IInstanceReferenceOperation), Member: { } member } ? member.Name : null;
}
