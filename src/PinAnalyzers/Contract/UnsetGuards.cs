using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>
/// PIN4010: <c>if (copy.F …) copy.F = source.F</c> where <c>copy</c> was just made and nothing has set <c>F</c> yet. Only what cannot have been set in any
/// way that is seen here counts.
/// </summary>
internal static class UnsetGuards
{
    public static IEnumerable<ContractFinding> Find(ContractContext context, IOperation operation)
    {
        if (operation is not IConditionalOperation { Syntax: IfStatementSyntax or ConditionalExpressionSyntax } conditional) yield break;
        SyntaxNode branch = conditional.Syntax;
        foreach (IMemberReferenceOperation read in conditional.Condition.DescendantsAndSelf().OfType<IMemberReferenceOperation>())
        {
            if (!IsState(context, read.Member) || MemberPath.Of(read) is not { Root: ILocalReferenceOperation { Local: { } copy } } path) continue;
            if (HoldsUnset(read) || SourceOf(conditional, path) is not { } source || !IsFreshAndUnset(copy, path, branch, context.Compilation)) continue;

            // The syntax of a "this" that is not written is the member's name.
            string from = source is IInstanceReferenceOperation { IsImplicit: true } ? "this" : source.Syntax.ToString();
            yield return new ContractFinding(Descriptors.PIN4010_GuardMustTestTheSource, read.Syntax, read.Syntax.ToString(), from)
            {
                Sites = [source.Syntax],
                Fix = from,
            };
            yield break;
        }
    }

    /// <summary>State that an annotation names: the member itself, the enum it holds, or another member of the same object.</summary>
    private static bool IsState(ContractContext context, ISymbol member)
    {
        if (Annotations.Has(member, Annotations.Inherited) || Annotations.Has(member, Annotations.Counter) || context.IsFlags(TypeOf(member))) return true;
        return member.ContainingType.GetMembers().Any(static other => other is IFieldSymbol or IPropertySymbol && Annotations.Has(other, Annotations.Inherited));
    }

    internal static ITypeSymbol? TypeOf(ISymbol member) => (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;

    /// <summary>Asks whether it is still unset, so nothing is lost: <c>copy.F == 0</c>, <c>copy.F is null</c>, <c>!copy.F</c>.</summary>
    private static bool HoldsUnset(IMemberReferenceOperation read)
    {
        IOperation asked = read;
        while (asked.Parent is IConversionOperation or IParenthesizedOperation or IBinaryOperation { OperatorKind: BinaryOperatorKind.And }) asked = asked.Parent;
        return asked.Parent switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equality => StickySetters.IsZero(equality.LeftOperand == asked ? equality.RightOperand : equality.LeftOperand),
            IIsPatternOperation { Pattern: IConstantPatternOperation constant } => StickySetters.IsZero(constant.Value),
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } => true,
            _ => false,
        };
    }

    /// <summary>Where the branch copies the member from: another object that has it at the end of the same path.</summary>
    private static IOperation? SourceOf(IConditionalOperation conditional, MemberPath path)
    {
        // `copy.F = copy.F … ? source.F : …`
        IOperation? outer = conditional.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation) outer = outer.Parent;
        IEnumerable<ISimpleAssignmentOperation> assignments = conditional.Syntax is ConditionalExpressionSyntax
            ? outer is ISimpleAssignmentOperation whole ? [whole] : []
            : conditional.WhenTrue?.DescendantsAndSelf().OfType<ISimpleAssignmentOperation>() ?? [];
        foreach (ISimpleAssignmentOperation assignment in assignments)
        {
            if (MemberPath.Of(assignment.Target, path.Members.Length) is not { } target || !target.EndsLike(path) || !target.HasRootOf(path)) continue;
            foreach (IMemberReferenceOperation read in (conditional.Syntax is ConditionalExpressionSyntax ? conditional.WhenTrue! : assignment.Value).DescendantsAndSelf().OfType<IMemberReferenceOperation>())
            {
                if (MemberPath.Of(read, path.Members.Length) is { } source && source.EndsLike(path) && !source.HasRootOf(path)) return source.Root;
            }
        }

        return null;
    }

    private static bool IsFreshAndUnset(ILocalSymbol copy, MemberPath path, SyntaxNode branch, Compilation compilation)
    {
        if (copy.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax creation } declarator) return false;
        if (!path.IsUnsetIn(creation, copy.Type, compilation)) return false;
        if (declarator.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is not { Parent: BlockSyntax scope } || !scope.Span.Contains(branch.Span)) return false;

        // A loop around the test but not around the creation comes back with what the branch has set.
        if (branch.Ancestors().TakeWhile(node => node != scope).Any(static node => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)) return false;
        foreach (IdentifierNameSyntax use in scope.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (use.Identifier.ValueText != copy.Name || use.SpanStart >= branch.SpanStart || IsTargetOf(use, branch)) continue;
            if (path.MayBeSetThrough(use)) return false;
        }

        return !scope.DescendantNodes().Any(static node => node is LabeledStatementSyntax);
    }

    /// <summary>What the choice itself is assigned to stands before it.</summary>
    private static bool IsTargetOf(SyntaxNode use, SyntaxNode branch) =>
        branch is ConditionalExpressionSyntax && branch.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { Left: { } target } && target.Span.Contains(use.Span);
}
