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
        if (operation is not IConditionalOperation { Syntax: IfStatementSyntax branch } conditional) yield break;
        foreach (IMemberReferenceOperation read in conditional.Condition.DescendantsAndSelf().OfType<IMemberReferenceOperation>())
        {
            if (read is not (IFieldReferenceOperation or IPropertyReferenceOperation { Arguments.IsEmpty: true }) || read.Instance is not ILocalReferenceOperation { Local: { } copy }) continue;
            if (!IsState(context, read.Member) || SourceOf(conditional.WhenTrue, copy, read.Member) is not { } source) continue;
            if (!IsFreshAndUnset(copy, read.Member, branch)) continue;
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

    /// <summary>Where the branch copies the member from: another object of a type that has it.</summary>
    private static IOperation? SourceOf(IOperation? branch, ILocalSymbol copy, ISymbol member)
    {
        if (branch is null) return null;
        foreach (ISimpleAssignmentOperation assignment in branch.DescendantsAndSelf().OfType<ISimpleAssignmentOperation>())
        {
            if (assignment.Target is not IMemberReferenceOperation { Instance: ILocalReferenceOperation { Local: { } target } } written || !SymbolEqualityComparer.Default.Equals(target, copy)) continue;
            if (!SymbolEqualityComparer.Default.Equals(written.Member, member)) continue;
            IMemberReferenceOperation? read = assignment.Value.DescendantsAndSelf().OfType<IMemberReferenceOperation>().FirstOrDefault(other =>
                SymbolEqualityComparer.Default.Equals(other.Member, member) && other.Instance is { } instance
                && !(instance is ILocalReferenceOperation { Local: { } local } && SymbolEqualityComparer.Default.Equals(local, copy)));
            if (read is { Instance: { } source }) return source;
        }

        return null;
    }

    private static bool IsFreshAndUnset(ILocalSymbol copy, ISymbol member, IfStatementSyntax branch)
    {
        if (copy.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not VariableDeclaratorSyntax { Initializer.Value: BaseObjectCreationExpressionSyntax creation } declarator) return false;
        if (creation.ArgumentList is { Arguments.Count: > 0 } || !LeavesUnset(creation.Initializer, member) || !LeavesUnset(copy.Type, member)) return false;
        if (declarator.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>() is not { Parent: BlockSyntax scope } || !scope.Span.Contains(branch.Span)) return false;

        // A loop around the test but not around the creation comes back with what the branch has set.
        if (branch.Ancestors().TakeWhile(node => node != scope).Any(static node => node is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)) return false;
        foreach (IdentifierNameSyntax use in scope.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (use.Identifier.ValueText != copy.Name || use.SpanStart >= branch.Condition.SpanStart) continue;
            // Reading another member, or setting one, leaves this one as it is; everything else may set it.
            if (use.Parent is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: { } name } access || access.Expression != use) return false;
            if (access.Parent is InvocationExpressionSyntax || name == member.Name || access.Parent is ArgumentSyntax { RefKindKeyword.RawKind: not 0 }) return false;
        }

        return !scope.DescendantNodes().Any(static node => node is LabeledStatementSyntax);
    }

    private static bool LeavesUnset(InitializerExpressionSyntax? initializer, ISymbol member) =>
        initializer is null || initializer.Expressions.All(expression => expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } && name.Identifier.ValueText != member.Name);

    /// <summary>Nothing that runs on creation names the member.</summary>
    private static bool LeavesUnset(ITypeSymbol type, ISymbol member)
    {
        if (type is not INamedTypeSymbol named || !SymbolEqualityComparer.Default.Equals(named.OriginalDefinition, member.ContainingType.OriginalDefinition) || named.DeclaringSyntaxReferences.IsEmpty) return false;
        foreach (SyntaxReference reference in member.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is VariableDeclaratorSyntax { Initializer: not null } or PropertyDeclarationSyntax { Initializer: not null } or PropertyDeclarationSyntax { ExpressionBody: not null } or ParameterSyntax) return false;
            if (reference.GetSyntax() is PropertyDeclarationSyntax { AccessorList: { } accessors } && accessors.Accessors.Any(static a => a.Body is not null || a.ExpressionBody is not null)) return false;
        }

        IMethodSymbol? constructor = named.InstanceConstructors.FirstOrDefault(static c => c.Parameters.IsEmpty);
        if (constructor is null) return false;
        if (constructor.IsImplicitlyDeclared) return true;
        return constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ConstructorDeclarationSyntax { Initializer: null } declaration
            && declaration.DescendantNodes().OfType<SimpleNameSyntax>().All(name => name.Identifier.ValueText != member.Name)
            && !declaration.DescendantNodes().Any(static node => node.IsKind(SyntaxKind.InvocationExpression));
    }
}
