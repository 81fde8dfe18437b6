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

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>PIN2007: moves what lets go of the owner behind the release to it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReleaseBeforeDropFixer))]
[Shared]
public sealed class ReleaseBeforeDropFixer : CodeFixProvider
{
    public const string Key_ReleaseFirst = "PIN2007.ReleaseFirst";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN2007");

    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (MoveFor(root, diagnostic) is not { } move) continue;
            Document changed = Make([move], context.Document, root);
            if (!await CheckedEdits.IsAsGoodAsync(context.Document.Project.Solution, changed.Project.Solution, [changed.Id], context.CancellationToken).ConfigureAwait(false)) continue;
            context.RegisterCodeFix(CodeAction.Create("Release first, then let go of the owner", cancellation => FileConventions.KeepAsync(context.Document, changed, cancellation), Key_ReleaseFirst), diagnostic);
        }
    }

    /// <summary>Several findings may ask for one and the same move, which is made once.</summary>
    private static async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return null;
        HashSet<(StatementSyntax, StatementSyntax)> moves = [];
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (MoveFor(root, diagnostic) is not { } move || moves.Contains(move)) continue;
            Document changed = Make([move], document, root);
            if (await CheckedEdits.IsAsGoodAsync(document.Project.Solution, changed.Project.Solution, [changed.Id], context.CancellationToken).ConfigureAwait(false)) moves.Add(move);
        }

        return moves.Count == 0 ? null : await FileConventions.KeepAsync(document, Make(moves, document, root), context.CancellationToken).ConfigureAwait(false);
    }

    /// <summary>What lets go of the owner, and what it is to stand behind; null where it cannot.</summary>
    private static (StatementSyntax Drop, StatementSyntax Release)? MoveFor(SyntaxNode root, Diagnostic diagnostic)
    {
        if (diagnostic.AdditionalLocations.Count < 2 || StatementAt(root, diagnostic.AdditionalLocations[0]) is not ExpressionStatementSyntax { Parent: BlockSyntax block } drop) return null;
        SyntaxNode read = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        if (block.Statements.FirstOrDefault(s => s.Span.Contains(read.Span)) is not { } first || first.SpanStart <= drop.SpanStart) return null;
        StatementSyntax release = LastRelease(root, diagnostic, block, first, read);

        // What follows must come to its end, or the owner would be kept where it was not.
        bool mayLeave = block.Statements.Any(s => s.SpanStart > drop.SpanStart && s.SpanStart <= release.SpanStart && MayLeave(s));
        return mayLeave || drop.ContainsDirectives || release.ContainsDirectives ? null : (drop, release);
    }

    /// <summary>Several releases to one owner have one place behind them: whichever of them is fixed, or all at once, lets go there.</summary>
    private static StatementSyntax LastRelease(SyntaxNode root, Diagnostic diagnostic, BlockSyntax block, StatementSyntax first, SyntaxNode read)
    {
        Location at = diagnostic.AdditionalLocations[diagnostic.AdditionalLocations.Count - 1];
        if (!root.FullSpan.Contains(at.SourceSpan) || NameOf(root.FindNode(at.SourceSpan, getInnermostNodeForTie: true)) is not { } name) return first;
        return block.Statements.Last(s => s == first || s.SpanStart > first.SpanStart && s is ExpressionStatementSyntax
            && s.DescendantNodes().Any(node => NameOf(node) == name) && s.DescendantNodes().Any(node => SyntaxFactory.AreEquivalent(node, read)));
    }

    private static string? NameOf(SyntaxNode node) => (node as InvocationExpressionSyntax)?.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        _ => null,
    };

    private static Document Make(IReadOnlyCollection<(StatementSyntax Drop, StatementSyntax Release)> moves, Document document, SyntaxNode root)
    {
        ILookup<SyntaxNode, (StatementSyntax Drop, StatementSyntax Release)> byBlock = moves.ToLookup(static move => move.Drop.Parent!);
        return document.WithSyntaxRoot(root.ReplaceNodes(byBlock.Select(static group => (BlockSyntax)group.Key), (original, changed) =>
        {
            List<StatementSyntax> order = [.. original.Statements];
            foreach ((StatementSyntax drop, StatementSyntax release) in byBlock[original])
            {
                order.Remove(drop);
                order.Insert(order.IndexOf(release) + 1, drop);
            }

            // Inner blocks may have been changed too: their statements stand where they stood.
            return changed.WithStatements(SyntaxFactory.List(order.Select(statement => changed.Statements[original.Statements.IndexOf(statement)])));
        }));
    }

    private static StatementSyntax? StatementAt(SyntaxNode root, Location location) =>
        root.FullSpan.Contains(location.SourceSpan) ? root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<StatementSyntax>() : null;

    private static bool MayLeave(StatementSyntax statement) => statement.DescendantNodesAndSelf(static n => n is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(static n => n is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or YieldStatementSyntax or GotoStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax);
}
