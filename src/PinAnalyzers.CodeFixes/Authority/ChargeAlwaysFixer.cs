using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using PinAnalyzers.Authority;
using PinAnalyzers.Balance;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>PIN2002: charges whoever asks; privilege bypasses the limit, where there is one. Only where every release gives back without asking.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ChargeAlwaysFixer))]
[Shared]
public sealed class ChargeAlwaysFixer : CodeFixProvider
{
    public const string Key_ChargeAlways = "PIN2002.ChargeAlways";

    private static readonly string[] LimitWords = ["limit", "quota", "max", "budget", "allowance"];

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN2002");

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        Solution solution = context.Document.Project.Solution;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (await AccountEdit.FindAsync(solution, diagnostic, context.CancellationToken).ConfigureAwait(false) is not { } edit) continue;
            if (edit.Releases.IsEmpty || !edit.Checks.IsEmpty || await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model) continue;
            SyntaxNode root = await model.SyntaxTree.GetRootAsync(context.CancellationToken).ConfigureAwait(false);
            if (root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax check) continue;
            SyntaxEditor editor = new(root, solution.Workspace.Services);
            if (!TryApply(editor, model, check, edit)) continue;
            Document changed = context.Document.WithSyntaxRoot(Edits.RemoveMarked(editor.GetChangedRoot()));
            if (!await CheckedEdits.IsAsGoodAsync(solution, changed.Project.Solution, [changed.Id], context.CancellationToken).ConfigureAwait(false)) continue;
            context.RegisterCodeFix(CodeAction.Create("Charge always, and let privilege bypass only the limit", cancellation => FileConventions.KeepAsync(context.Document, changed, cancellation), Key_ChargeAlways), diagnostic);
        }
    }

    private static bool TryApply(SyntaxEditor editor, SemanticModel model, ExpressionSyntax check, AccountEdit edit)
    {
        SyntaxNode? member = check.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        List<AccountSite> charges = edit.Charges.Where(site => site.Operation.SyntaxTree == check.SyntaxTree && site.Operation.FirstAncestorOrSelf<MemberDeclarationSyntax>() == member).ToList();
        if (charges.Count != 1 || charges[0].Signal is not (AuthorityProperties.Always or AuthorityProperties.WhenExchanged)) return false;
        ExpressionSyntax charge = charges[0].Operation;
        if (charges[0].Amount is { } amount && check.FirstAncestorOrSelf<ConditionalExpressionSyntax>() is { } choice && amount.Span.Contains(choice.Span)) return OutOfAmount(editor, check, choice);
        if (CapabilityTest.Find(new CheckSite(edit.Charges[0].Document, check, Says(check)), model) is not { Rest: null } test || test.If is not { Else: null, Parent: BlockSyntax block } || test.If.ContainsDirectives) return false;
        bool isWrapped = test.If.Statement.Span.Contains(charge.Span);
        if (isWrapped)
        {
            if (test.If.Statement is not ExpressionStatementSyntax && test.If.Statement is not BlockSyntax { Statements.Count: 1 }) return false;
            StatementSyntax only = test.If.Statement is BlockSyntax { Statements: var inner } ? inner[0] : test.If.Statement;
            if (only is not ExpressionStatementSyntax) return false;
            editor.ReplaceNode(test.If, only.WithLeadingTrivia(test.If.GetLeadingTrivia().Concat(only.GetLeadingTrivia().Where(static t => t.IsKind(SyntaxKind.SingleLineCommentTrivia)))).WithTrailingTrivia(test.If.GetTrailingTrivia()).WithAdditionalAnnotations(Formatter.Annotation));
        }
        else
        {
            if (!OnlyLeaves(test.If.Statement, member!, charge) || !block.Span.Contains(charge.Span) || charge.SpanStart < test.If.SpanStart) return false;
            List<IfStatementSyntax> refusals = block.DescendantNodes().OfType<IfStatementSyntax>()
                .Where(s => s.SpanStart > test.If.Span.End && s.Span.End < charge.SpanStart && s.DescendantNodes().Any(static n => n is ReturnStatementSyntax or ThrowStatementSyntax)).ToList();
            if (refusals.Count > 1 || refusals.Any(s => s.Else is not null || !CapabilityTest.Leaves(s.Statement) || !IsLimit(s.Condition, edit.Properties.Account))) return false;
            string privileged = test.Local is { } local ? local.Declaration.Variables[0].Initializer!.Value.ToString() : test.If.Condition.ToString();
            foreach (IfStatementSyntax refusal in refusals)
            {
                string over = refusal.Condition is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } or ConditionalExpressionSyntax or AssignmentExpressionSyntax ? $"({refusal.Condition})" : refusal.Condition.ToString();
                editor.ReplaceNode(refusal.Condition, SyntaxFactory.ParseExpression($"{over} && {Negated(privileged)}"));
            }

            Edits.Mark(editor, test.If);
        }

        if (test.Local is { } declaration) Edits.Mark(editor, declaration);
        return true;
    }

    /// <summary>Whoever was let through without a charge loses nothing when the branch goes: it did nothing, and returned what is returned behind the charge.</summary>
    private static bool OnlyLeaves(StatementSyntax branch, SyntaxNode member, ExpressionSyntax charge) => branch switch
    {
        BlockSyntax { Statements: { Count: 1 } only } => OnlyLeaves(only[0], member, charge),
        ReturnStatementSyntax leaving => member.DescendantNodes().OfType<ReturnStatementSyntax>().Where(later => later.SpanStart > charge.SpanStart)
            .All(later => leaving.Expression is null ? later.Expression is null : later.Expression is { } returned && SyntaxFactory.AreEquivalent(returned, leaving.Expression)),
        _ => false,
    };

    /// <summary>Here it only matters where the condition stands, not what the answer means: the analyzer has seen that it skips the charge.</summary>
    private static char Says(ExpressionSyntax check) => check is null ? AuthorityProperties.Unclear : AuthorityProperties.Privileged;

    private static string Negated(string condition)
    {
        ExpressionSyntax parsed = SyntaxFactory.ParseExpression(condition);
        return parsed switch
        {
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not => not.Operand.ToString(),
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression } test => $"{test.Left} != {test.Right}",
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression } test => $"{test.Left} == {test.Right}",
            IdentifierNameSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax or AwaitExpressionSyntax => "!" + condition,
            _ => $"!({condition})",
        };
    }

    private static bool OutOfAmount(SyntaxEditor editor, ExpressionSyntax check, ConditionalExpressionSyntax choice)
    {
        if (!choice.Condition.Span.Contains(check.Span) || choice.Condition is BinaryExpressionSyntax) return false;
        ExpressionSyntax? amount = IsZero(choice.WhenTrue) ? choice.WhenFalse : IsZero(choice.WhenFalse) ? choice.WhenTrue : null;
        if (amount is null) return false;
        editor.ReplaceNode(choice, amount.WithTriviaFrom(choice));
        return true;
    }

    private static bool IsZero(ExpressionSyntax expression) => expression is LiteralExpressionSyntax { Token.Value: 0 or 0L or 0u or 0UL };

    /// <summary>What is refused is more than may be had: the counter is compared, or something that is called a limit.</summary>
    private static bool IsLimit(ExpressionSyntax condition, string counter) =>
        condition.DescendantNodesAndSelf().OfType<BinaryExpressionSyntax>().Any(static b => b.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression or SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression)
            && condition.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText == counter || LimitWords.Any(word => name.Identifier.ValueText.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0))
        || condition.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(static name => name.Identifier.ValueText is "over" or "seen" or "used" or "isOver");
}
