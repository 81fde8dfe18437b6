using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>PIN2005: swaps the operands, so that the cheap test comes first.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AskProbeLastFixer))]
[Shared]
public sealed class AskProbeLastFixer : CodeFixProvider
{
    public const string Key_AskProbeLast = "PIN2005.AskProbeLast";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN2005");

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (TestOf(root, diagnostic) is not { } test || Chain(test, diagnostic.AdditionalLocations.Count) is not { } chain) continue;
            context.RegisterCodeFix(
                CodeAction.Create("Ask for the capability last", cancellation => SwapAsync(context.Document, chain, cancellation), Key_AskProbeLast), diagnostic);
        }
    }

    /// <summary>The test of which the probe is the left side and the site that the analyzer named is the right.</summary>
    private static BinaryExpressionSyntax? TestOf(SyntaxNode root, Diagnostic diagnostic)
    {
        if (diagnostic.AdditionalLocations.Count == 0) return null;
        SyntaxNode probe = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        for (SyntaxNode? node = probe; node is ExpressionSyntax; node = node.Parent)
        {
            if (node is not BinaryExpressionSyntax test || !(test.IsKind(SyntaxKind.LogicalAndExpression) || test.IsKind(SyntaxKind.LogicalOrExpression)) || !test.Left.Span.Contains(probe.Span)) continue;
            bool isIt = Bare(test.Right).Span == diagnostic.AdditionalLocations[0].SourceSpan;
            return isIt && !test.ContainsDirectives && !IsGrouped(test.Left) ? test : null;
        }

        return null;
    }

    /// <summary><c>(a &amp;&amp; Probe())</c>: whoever set it in parentheses wants it together, and a swap of the whole would ask <c>a</c> later.</summary>
    private static bool IsGrouped(ExpressionSyntax left) => left is ParenthesizedExpressionSyntax && Bare(left) is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression };

    private static ExpressionSyntax Bare(ExpressionSyntax expression)
    {
        while (expression is ParenthesizedExpressionSyntax parenthesized) expression = parenthesized.Expression;
        return expression;
    }

    /// <summary>The probe and the tests behind it, which stand side by side in one chain; null where something else is among them.</summary>
    private static List<ExpressionSyntax>? Chain(BinaryExpressionSyntax test, int count)
    {
        // In `a && Probe() && b`, what stands first stays first: it may be what makes the rest safe to ask.
        List<ExpressionSyntax> chain = [test.Left is BinaryExpressionSyntax before && before.IsKind(test.Kind()) ? before.Right : test.Left];
        for (BinaryExpressionSyntax? link = test; link is not null; link = link.Parent is BinaryExpressionSyntax outer && outer.IsKind(link.Kind()) && outer.Left == link ? outer : null)
        {
            if (link.ContainsDirectives) return null;
            chain.Add(link.Right);
            if (chain.Count > count) return chain;
        }

        return null;
    }

    /// <summary>Each test moves to where the operand before it was, and the probe behind the last of them; comments stay in their places.</summary>
    private static async Task<Document> SwapAsync(Document document, List<ExpressionSyntax> chain, CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        SyntaxNode swapped = root.ReplaceNodes(chain, (old, _) => chain[(chain.IndexOf(old) + 1) % chain.Count].WithTriviaFrom(old));
        return await FileConventions.KeepAsync(document, document.WithSyntaxRoot(swapped), cancellation).ConfigureAwait(false);
    }
}
