using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Symbols;

/// <summary>
/// A release that gives back what a member says, where that member is written exactly where the charge is taken: <c>if (!bypass) { Charge(n); _held += n; }</c> and
/// <c>Uncharge(_held)</c>. What was not charged is not in it, so the amount is the recorded decision.
/// </summary>
internal static class RecordedArguments
{
    public static bool WrittenBeside(IOperation charge, IOperation release)
    {
        if (StatementOf(charge.Syntax) is not { Parent: BlockSyntax block } charging) return false;
        foreach (IOperation amount in AmountsOf(release))
        {
            if (MemberIn(amount) is not { } member) continue;
            foreach (StatementSyntax statement in block.Statements)
            {
                if (Writes(statement, member.Name) && !IsDecidedBetween(block, statement, charging)) return true;
            }
        }

        return false;
    }

    /// <summary>The values that a release is given.</summary>
    public static IEnumerable<IOperation> AmountsOf(IOperation release) => release switch
    {
        ICompoundAssignmentOperation subtraction => [subtraction.Value],
        IInvocationOperation call => call.Arguments.Select(static a => a.Value),
        _ => [],
    };

    private static ISymbol? MemberIn(IOperation value) => value switch
    {
        IConversionOperation { OperatorMethod: null } conversion => MemberIn(conversion.Operand),
        IFieldReferenceOperation { Field.IsReadOnly: false, Instance: IInstanceReferenceOperation } field => field.Field,
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation, Arguments.IsEmpty: true } property => property.Property,
        _ => null,
    };

    private static bool Writes(StatementSyntax statement, string name) => statement is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { Left: var left } }
        && (left is IdentifierNameSyntax { Identifier.ValueText: var own } && own == name || left is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name.Identifier.ValueText: var member } && member == name);

    /// <summary>One of the two statements of the block may run without the other.</summary>
    public static bool IsDecidedBetween(BlockSyntax block, StatementSyntax left, StatementSyntax right)
    {
        int first = Math.Min(block.Statements.IndexOf(left), block.Statements.IndexOf(right)), last = Math.Max(block.Statements.IndexOf(left), block.Statements.IndexOf(right));
        return block.Statements.Take(last).Skip(first + 1).Any(static between => between is not (ExpressionStatementSyntax or LocalDeclarationStatementSyntax));
    }

    /// <summary>The statement that charges.</summary>
    public static StatementSyntax? StatementOf(SyntaxNode node)
    {
        StatementSyntax? statement = node.FirstAncestorOrSelf<StatementSyntax>();

        // `if (!TryCharge(n)) return;` is the statement that charges.
        return statement is IfStatementSyntax { Condition: var condition } && !condition.Span.Contains(node.Span) ? null : statement;
    }
}
