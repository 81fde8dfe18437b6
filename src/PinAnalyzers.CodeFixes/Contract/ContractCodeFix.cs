using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Balance;

namespace PinAnalyzers.CodeFixes.Contract;

/// <summary>One edit for one rule: offered only when it can be made, and made once more from the same text when it is chosen.</summary>
public abstract class ContractCodeFix : CodeFixProvider
{
    private readonly string _id;
    private readonly string _title;
    private readonly string _key;

    private protected ContractCodeFix(string id, string title, string key)
    {
        _id = id;
        _title = title;
        _key = key;
    }

    public sealed override ImmutableArray<string> FixableDiagnosticIds => ImmutableArray.Create(_id);

    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        if (await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false) is not { } model) return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue("fix", out string? fix) || fix is null) continue;
            SyntaxNode at = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (Apply(root, at, fix, diagnostic, model) is not { } edited || await CheckedEdits.TryAsync(context.Document, edited, context.CancellationToken).ConfigureAwait(false) is not { } changed) continue;
            if (!await FlowProof.IsUntouchedAsync(context.Document, changed, context.CancellationToken).ConfigureAwait(false)) continue;
            context.RegisterCodeFix(CodeAction.Create(_title, cancellation => FileConventions.KeepAsync(context.Document, changed, cancellation), _key), diagnostic);
        }
    }

    /// <summary>The edited tree; null when no edit is right.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="at">The node that is reported.</param>
    /// <param name="fix">What the analyzer says the fix needs.</param>
    /// <param name="diagnostic">The diagnostic, for its sites.</param>
    /// <param name="model">What names mean.</param>
    private protected abstract SyntaxNode? Apply(SyntaxNode root, SyntaxNode at, string fix, Diagnostic diagnostic, SemanticModel model);

    /// <summary>The statement around a node when another can be put in front of it.</summary>
    private protected static StatementSyntax? StatementInList(SyntaxNode at) =>
        at.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax or SwitchSectionSyntax, ContainsDirectives: false } statement && statement is not (WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or LocalFunctionStatementSyntax) ? statement : null;

    /// <summary>Puts a statement in front of another, below its comments: on a line of its own, or on the line that it shares with others.</summary>
    private protected static SyntaxNode InsertBefore(SyntaxNode root, StatementSyntax statement, string text)
    {
        SyntaxTriviaList leading = statement.GetLeadingTrivia();
        SyntaxTrivia indent = leading.Count > 0 && leading[leading.Count - 1].IsKind(SyntaxKind.WhitespaceTrivia) ? leading[leading.Count - 1] : SyntaxFactory.Whitespace(string.Empty);
        bool isFirstOnLine = statement.GetFirstToken().GetPreviousToken().TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);
        SyntaxTrivia endOfLine = !isFirstOnLine ? SyntaxFactory.Space : SyntaxFactory.EndOfLine(root.ToFullString().Contains("\r\n") ? "\r\n" : "\n");
        StatementSyntax inserted = SyntaxFactory.ParseStatement(text).WithLeadingTrivia(leading).WithTrailingTrivia(endOfLine);
        return root.ReplaceNode(statement, new[] { inserted, statement.WithLeadingTrivia(indent) });
    }
}
