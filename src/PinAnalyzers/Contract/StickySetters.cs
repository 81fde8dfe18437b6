using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>PIN4008: <c>if (flags has X) state = …</c> without an else, for state that nothing resets.</summary>
internal static class StickySetters
{
    public static IEnumerable<ContractFinding> Find(ContractContext context, IOperation operation)
    {
        if (operation is not IConditionalOperation { Syntax: IfStatementSyntax branch } conditional) yield break;
        if (FlagsTested(context, conditional.Condition) is not { } flags) yield break;
        foreach (ISimpleAssignmentOperation assignment in TopLevel(conditional.WhenTrue))
        {
            if (assignment.Target is not (IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }) || assignment.Target is not IMemberReferenceOperation target) continue;
            if (target.Instance is ILocalReferenceOperation { Local: { } made } && IsMadeHere(made, conditional) || target.Instance is IInstanceReferenceOperation && IsInitializing(branch)) continue;
            if (IsZero(assignment.Value) || IsAccumulated(assignment.Value, target.Member) || !IsState(context, target.Member, flags, assignment.Value)) continue;
            if (MemberWrites.AreElsewhere(context, target, branch)) continue;
            yield return new ContractFinding(Descriptors.PIN4008_SetterShouldClear, assignment.Syntax, target.Syntax.ToString(), conditional.Condition.Syntax.ToString())
            {
                Sites = [branch],
                Fix = target.Syntax.ToString(),
            };
        }
    }

    /// <summary>The parameter whose flags the condition tests, and nothing else.</summary>
    private static IParameterSymbol? FlagsTested(ContractContext context, IOperation condition)
    {
        IParameterSymbol? flags = null;
        foreach (IOperation part in condition.DescendantsAndSelf())
        {
            switch (part)
            {
                case IParameterReferenceOperation reference when context.IsFlags(reference.Parameter.Type) || context.Parameters.Of(reference.Parameter).Mask is not null:
                    flags ??= reference.Parameter;
                    break;
                case IParameterReferenceOperation or ILocalReferenceOperation or IInstanceReferenceOperation:
                case IInvocationOperation { TargetMethod.Name: not "HasFlag" }:
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr }:
                    return null;
            }
        }

        bool isTest = condition is IInvocationOperation or IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals or BinaryOperatorKind.Equals };
        bool isPositive = condition is not IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equality || !IsZero(equality.RightOperand);
        return isTest && isPositive ? flags : null;
    }

    private static IEnumerable<ISimpleAssignmentOperation> TopLevel(IOperation branch)
    {
        IEnumerable<IOperation> statements = branch is IBlockOperation block ? block.Operations : new[] { branch };
        return statements.OfType<IExpressionStatementOperation>().Select(static statement => statement.Operation).OfType<ISimpleAssignmentOperation>();
    }

    private static bool IsState(ContractContext context, ISymbol member, IParameterSymbol flags, IOperation value)
    {
        if (Annotations.Has(member, Annotations.Inherited)) return true;
        // What a [ValidMask] parameter decides, it should decide both ways.
        return context.Parameters.Of(flags).Mask is not null
            && (SymbolEqualityComparer.Default.Equals(UnsetGuards.TypeOf(member), flags.Type)
                || value.DescendantsAndSelf().Any(part => part is IParameterReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Parameter, flags)));
    }

    /// <summary>A new object has nothing to clear: made here, or by a source method that makes it.</summary>
    private static bool IsMadeHere(ILocalSymbol local, IOperation within)
    {
        if (local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: { } value }) return false;
        if (value is BaseObjectCreationExpressionSyntax) return true;
        return value is InvocationExpressionSyntax && within.SemanticModel?.GetSymbolInfo(value).Symbol is IMethodSymbol { DeclaringSyntaxReferences: { Length: 1 } made } && made[0].GetSyntax().DescendantNodes()
            .Select(static node => node switch { ReturnStatementSyntax { Expression: { } returned } => returned, ArrowExpressionClauseSyntax { Expression: { } whole } => whole, _ => null })
            .OfType<ExpressionSyntax>().All(static returned => returned is BaseObjectCreationExpressionSyntax);
    }

    /// <summary>In a constructor or an <c>init</c> accessor the object itself is new.</summary>
    private static bool IsInitializing(SyntaxNode branch) =>
        branch.FirstAncestorOrSelf<SyntaxNode>(static node => node is ConstructorDeclarationSyntax or AccessorDeclarationSyntax or MemberDeclarationSyntax) is ConstructorDeclarationSyntax or AccessorDeclarationSyntax { RawKind: (int)SyntaxKind.InitAccessorDeclaration };

    /// <summary><c>f = f | x</c> adds to what is there, on purpose.</summary>
    private static bool IsAccumulated(IOperation value, ISymbol member) =>
        value.DescendantsAndSelf().Any(part => part is IMemberReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Member, member));

    public static bool IsZero(IOperation value)
    {
        while (value is IConversionOperation conversion) value = conversion.Operand;
        return value is IDefaultValueOperation || value.ConstantValue is { HasValue: true, Value: null or 0 or 0u or 0L or 0ul or false } || FlagEnums.MemberIn(value) is { Value: 0 };
    }
}
