using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>What is put right about a copy: members that are set in it, on it or by what it is handed to, and members that it never takes over.</summary>
internal static class CopyCorrections
{
    /// <summary>Members that the <c>with</c> itself sets.</summary>
    public static IEnumerable<string> In(IObjectOrCollectionInitializerOperation? initializer) =>
        (initializer?.Initializers.AsEnumerable() ?? []).OfType<ISimpleAssignmentOperation>().Select(static set => set.Target).OfType<IMemberReferenceOperation>().Select(static target => target.Member.Name);

    /// <summary>Members that the body sets on the local that the copy goes into, that another <c>with</c> sets in the copy, or that a method sets which is called with it.</summary>
    public static HashSet<string> After(IOperation copy)
    {
        HashSet<string> set = [];
        SyntaxNode node = copy.Syntax;
        for (; ; node = node.Parent)
        {
            if (node.Parent is WithExpressionSyntax outer && outer.Expression == node) set.UnionWith(outer.Initializer.Expressions.OfType<AssignmentExpressionSyntax>().Select(static assignment => assignment.Left).OfType<IdentifierNameSyntax>().Select(static name => name.Identifier.ValueText));
            else if (node.Parent is not (CastExpressionSyntax or ParenthesizedExpressionSyntax or BinaryExpressionSyntax or PostfixUnaryExpressionSyntax)) break;
        }

        if (copy.SemanticModel is not { } model || node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } body) return set;
        if (node.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax chained } access && access.Expression == node) set.UnionWith(SetBy(chained, model));
        if (HolderOf(node) is not { } holder) return set;
        foreach (SyntaxNode later in body.DescendantNodes().Where(later => later.SpanStart > copy.Syntax.SpanStart))
        {
            switch (later)
            {
                case AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax target, Name: var assigned } } when target.Identifier.ValueText == holder:
                    set.Add(assigned.Identifier.ValueText);
                    break;
                case ArgumentSyntax { RefKindKeyword.RawKind: not 0, Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax target, Name: var passed } } when target.Identifier.ValueText == holder:
                    set.Add(passed.Identifier.ValueText);
                    break;
                case InvocationExpressionSyntax call when IsGiven(call, holder):
                    set.UnionWith(SetBy(call, model));
                    break;
            }
        }

        return set;
    }

    /// <summary>A record with a copy constructor of its own takes over what that copies, and nothing else.</summary>
    public static IEnumerable<string> LeftOutBy(INamedTypeSymbol record, Compilation compilation)
    {
        IMethodSymbol? copying = record.InstanceConstructors.FirstOrDefault(constructor => !constructor.IsImplicitlyDeclared && constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, record));
        if (copying?.PartsIn(compilation).FirstOrDefault()?.GetSyntax() is not ConstructorDeclarationSyntax { Initializer: not { ThisOrBaseKeyword.RawKind: (int)SyntaxKind.ThisKeyword } } declaration) return [];
        string original = copying.Parameters[0].Name;
        HashSet<string> taken = [.. declaration.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(access => access.Expression is IdentifierNameSyntax name && name.Identifier.ValueText == original).Select(static access => access.Name.Identifier.ValueText)];
        return record.GetMembers().Where(static member => member is IFieldSymbol or IPropertySymbol).Select(static member => member.Name).Where(name => !taken.Contains(name));
    }

    /// <summary>The original gives up, or gets another value, behind the assignment: what it held is in one place still.</summary>
    public static bool IsMoved(ISimpleAssignmentOperation assignment, IMemberReferenceOperation source) =>
        GivenUpAfter(assignment.Syntax).Any(place => AreSame(place, source.Syntax));

    /// <summary>Members that the original gives up behind a copy of the whole.</summary>
    public static IEnumerable<string> MovedAfter(IOperation copy, IOperation? original) => original switch
    {
        IInstanceReferenceOperation => GivenUpAfter(copy.Syntax).Select(Bare).OfType<IdentifierNameSyntax>().Select(static name => name.Identifier.ValueText),
        ILocalReferenceOperation or IParameterReferenceOperation => GivenUpAfter(copy.Syntax).OfType<MemberAccessExpressionSyntax>().Where(place => AreSame(place.Expression, original.Syntax)).Select(static place => place.Name.Identifier.ValueText),
        _ => [],
    };

    /// <summary>Places that get another value than they had, or are handed on by reference, behind a node of the body.</summary>
    private static IEnumerable<ExpressionSyntax> GivenUpAfter(SyntaxNode node)
    {
        foreach (SyntaxNode later in node.FirstAncestorOrSelf<MemberDeclarationSyntax>()?.DescendantNodes().Where(later => later.SpanStart >= node.Span.End) ?? [])
        {
            if (later is ArgumentSyntax { RefKindKeyword.RawKind: not 0, Expression: var passed }) yield return passed;
            else if (later is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: var target, Right: var value } && !value.DescendantNodesAndSelf().OfType<ExpressionSyntax>().Any(part => AreSame(part, target))) yield return target;
        }
    }

    private static bool AreSame(ExpressionSyntax left, SyntaxNode right) => SyntaxFactory.AreEquivalent(Bare(left), Bare(right));

    private static SyntaxNode Bare(SyntaxNode place) => place is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } ? name : place;

    private static string? HolderOf(SyntaxNode copy) => copy.Parent switch
    {
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } => declarator.Identifier.ValueText,
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } => name.Identifier.ValueText,
        IsPatternExpressionSyntax { Pattern: DeclarationPatternSyntax { Designation: SingleVariableDesignationSyntax variable } } => variable.Identifier.ValueText,
        IsPatternExpressionSyntax { Pattern: RecursivePatternSyntax { Designation: SingleVariableDesignationSyntax variable } } => variable.Identifier.ValueText,
        _ => null,
    };

    private static bool IsGiven(InvocationExpressionSyntax call, string holder) =>
        call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver } && receiver.Identifier.ValueText == holder
        || call.ArgumentList.Arguments.Any(argument => argument.Expression is IdentifierNameSyntax name && name.Identifier.ValueText == holder);

    /// <summary>The names that a source method assigns, whoever's members they are.</summary>
    private static IEnumerable<string> SetBy(InvocationExpressionSyntax call, SemanticModel model) =>
        model.GetSymbolInfo(call).Symbol?.OriginalDefinition.PartsIn(model.Compilation).SelectMany(static reference => reference.GetSyntax().DescendantNodes()).Select(static node => node switch
        {
            AssignmentExpressionSyntax { Left: var target } => MemberWrites.NameOf(target),
            ArgumentSyntax { RefKindKeyword.RawKind: not 0, Expression: var passed } => MemberWrites.NameOf(passed),
            _ => null,
        }).OfType<string>() ?? [];
}
