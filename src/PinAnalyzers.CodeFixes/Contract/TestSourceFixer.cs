using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Contract;

/// <summary>PIN4010: the guard asks the object that is copied from.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TestSourceFixer))]
[Shared]
public sealed class TestSourceFixer() : ContractCodeFix("PIN4010", "Test the source", Key_TestSource)
{
    public const string Key_TestSource = "PIN4010.TestSource";

    private protected override SyntaxNode? Apply(SyntaxNode root, SyntaxNode at, string fix, Diagnostic diagnostic, SemanticModel model)
    {
        if (at.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is not { } read || RootOf(read) is not { } || ConditionAround(read) is not { } condition) return null;
        ExpressionSyntax source = SyntaxFactory.ParseExpression(fix);

        // What has effects, or costs, is not to be evaluated twice.
        if (source.ContainsDiagnostics || source.DescendantNodesAndSelf().Any(static node => node is not (IdentifierNameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax))) return null;
        return root.ReplaceNodes(
            condition.DescendantNodesAndSelf().OfType<MemberAccessExpressionSyntax>().Where(access => SyntaxFactory.AreEquivalent(access, read)).Select(RootOf).OfType<IdentifierNameSyntax>(),
            (copy, _) => source.WithTriviaFrom(copy));
    }

    private static ExpressionSyntax? ConditionAround(SyntaxNode read) => read.FirstAncestorOrSelf<SyntaxNode>(static node => node is IfStatementSyntax or ConditionalExpressionSyntax) switch
    {
        IfStatementSyntax branch => branch.Condition,
        ConditionalExpressionSyntax choice => choice.Condition,
        _ => null,
    };

    /// <summary>The variable that a member is reached from: <c>copy</c> in <c>copy.Limits.Mode</c>.</summary>
    private static IdentifierNameSyntax? RootOf(MemberAccessExpressionSyntax read)
    {
        ExpressionSyntax reached = read;
        while (reached is MemberAccessExpressionSyntax access) reached = access.Expression;
        return reached as IdentifierNameSyntax;
    }
}
