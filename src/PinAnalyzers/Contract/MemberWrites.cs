using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>Who else writes a member, or replaces the object that it is in. Asked only about what would be reported otherwise.</summary>
internal static class MemberWrites
{
    /// <summary>Somebody writes it outside of the branch, where nothing is only being made.</summary>
    public static bool AreElsewhere(ContractContext context, IMemberReferenceOperation target, IfStatementSyntax branch)
    {
        SyntaxNode? setter = branch.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        List<ISymbol> members = [target.Member];
        if (target.Instance is IMemberReferenceOperation { Member: { } holder }) members.Add(holder);
        bool isWhole = target is { Instance: IInstanceReferenceOperation, Member.ContainingType.IsValueType: true };
        return Places(context, target.Member, branch).SelectMany(static place => place.DescendantNodes()).Any(node =>
            (Written(node).Any(place => members.Any(member => NameOf(place) == member.Name && IsOf(context, place, member))) || isWhole && node is AssignmentExpressionSyntax { Left: ThisExpressionSyntax })
            && !branch.Statement.Span.Contains(node.Span) && !IsInitialization(node, setter));
    }

    /// <summary>The setter's type, the member's, and where that is not enough, every file that mentions the member.</summary>
    private static IEnumerable<SyntaxNode> Places(ContractContext context, ISymbol member, SyntaxNode branch)
    {
        foreach (SyntaxReference part in member.ContainingType.PartsIn(context.Compilation)) yield return part.GetSyntax();
        if (branch.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } own) yield return own;
        if (member.DeclaredAccessibility == Accessibility.Private) yield break;
        NameScan scan = new([member.Name]);
        foreach (SyntaxTree tree in context.Compilation.SyntaxTrees)
        {
            if (!scan.Find(tree.GetText()).IsEmpty) yield return tree.GetRoot();
        }
    }

    private static bool IsInitialization(SyntaxNode write, SyntaxNode? setter) =>
        write.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member && member != setter && member is ConstructorDeclarationSyntax or FieldDeclarationSyntax
        || write.Parent is InitializerExpressionSyntax { RawKind: not (int)SyntaxKind.WithInitializerExpression };

    /// <summary>The name is bound only where it is the right one.</summary>
    private static bool IsOf(ContractContext context, ExpressionSyntax place, ISymbol member) =>
        SemanticModels.Of(place.SyntaxTree, context.Compilation).GetSymbolInfo(place).Symbol is not { } written || SymbolEqualityComparer.Default.Equals(written.OriginalDefinition, member.OriginalDefinition);

    private static IEnumerable<ExpressionSyntax> Written(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax { Left: TupleExpressionSyntax several } => several.Arguments.Select(static argument => argument.Expression),
        AssignmentExpressionSyntax assignment when !assignment.IsKind(SyntaxKind.OrAssignmentExpression) => [assignment.Left],
        ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => [argument.Expression],
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostDecrementExpression } step => [step.Operand],
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreDecrementExpression } step => [step.Operand],
        _ => [],
    };

    /// <summary>The last name of a variable or member.</summary>
    public static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
