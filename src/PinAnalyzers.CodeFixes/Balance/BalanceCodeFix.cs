using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using PinAnalyzers.CodeFixes;

namespace PinAnalyzers.Balance;

/// <summary>
/// One edit for a balance diagnostic. The edit is made, compiled and, where flow reported, followed once more before it is offered: what breaks the member or does not mend it is never shown.
/// All in a document are fixed one after another, each bound again in what the one before it made, because regions nest.
/// </summary>
public abstract class BalanceCodeFix : CodeFixProvider
{
    private readonly string _title;
    private readonly string _key;

    private protected BalanceCodeFix(string title, string key)
    {
        _title = title;
        _key = key;
    }

    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root is null || BalanceSites.Find(root, diagnostic) is not { } sites) continue;
            if (await FixAsync(context.Document, sites, isReported: true, context.CancellationToken).ConfigureAwait(false) is not { } changed) continue;
            context.RegisterCodeFix(CodeAction.Create(_title, cancellation => FileConventions.KeepAsync(context.Document, changed, cancellation), _key), diagnostic);
        }
    }

    /// <summary>The changed root, or null where no edit is certainly right.</summary>
    private protected abstract SyntaxNode? Apply(BalanceTarget target);

    private async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return document;
        ImmutableArray<BalanceSites> all = diagnostics.OrderBy(static d => d.Location.SourceSpan.Start).Select(d => BalanceSites.Find(root, d)).OfType<BalanceSites>().ToImmutableArray();
        Document before = document;
        document = document.WithSyntaxRoot(root.TrackNodes(all.SelectMany(static s => s.All).Distinct()));
        foreach (BalanceSites sites in all)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } current || sites.In(current) is not { } moved) continue;
            document = await FixAsync(document, moved, isReported: false, context.CancellationToken).ConfigureAwait(false) ?? document;
        }

        return await FileConventions.KeepAsync(before, document, context.CancellationToken).ConfigureAwait(false);
    }

    private async Task<Document?> FixAsync(Document document, BalanceSites sites, bool isReported, CancellationToken cancellationToken)
    {
        if (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false) is not { } model) return null;
        if (Apply(new BalanceTarget(document, model, sites, cancellationToken)) is not { } root) return null;
        if (await CheckedEdits.TryAsync(document, root, cancellationToken).ConfigureAwait(false) is not { } changed) return null;
        return await FlowProof.HoldsAsync(document, changed, sites.Id, isReported, cancellationToken).ConfigureAwait(false) ? changed : null;
    }
}
