using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>A diagnostic to fix, bound in the document as it is now: the node it is at, and the sites that the analyzer named.</summary>
internal sealed record SharedTarget(SyntaxNode Root, SyntaxNode At, ImmutableArray<SyntaxNode> Path, ImmutableArray<SyntaxNode> Sites, SemanticModel Model, CancellationToken Cancellation);

/// <summary>
/// Edits for a shared-memory diagnostic. Each is made, and compiled, before it is offered. All in a document are fixed one after another, each bound
/// again in what the one before it made, because accesses nest.
/// </summary>
public abstract class SharedMemoryCodeFix : CodeFixProvider
{
    private readonly ImmutableArray<(string Title, string Key)> _actions;

    private protected SharedMemoryCodeFix(params (string Title, string Key)[] actions)
    {
        _actions = actions.ToImmutableArray();
    }

    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        if (await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            foreach ((string title, string key) in _actions)
            {
                if (await FixAsync(context.Document, NodesOf(root, diagnostic), PathLength(diagnostic), key, context.CancellationToken).ConfigureAwait(false) is not { } changed) continue;
                context.RegisterCodeFix(CodeAction.Create(title, cancellation => FileConventions.KeepAsync(context.Document, changed, cancellation), key), diagnostic);
            }
        }
    }

    /// <summary>The changed root, or null where no edit is certainly right.</summary>
    private protected abstract SyntaxNode? Apply(SharedTarget target, string key);

    private async Task<Document?> FixAllAsync(FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } root) return document;
        List<(ImmutableArray<SyntaxNode> Nodes, int Path)> all = diagnostics.OrderBy(static d => d.Location.SourceSpan.Start).Select(d => (NodesOf(root, d), PathLength(d))).ToList();
        Document before = document;
        document = document.WithSyntaxRoot(root.TrackNodes(all.SelectMany(static site => site.Nodes).Distinct()));
        foreach ((ImmutableArray<SyntaxNode> nodes, int path) in all)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false) is not { } current) continue;
            ImmutableArray<SyntaxNode> moved = nodes.Select(node => current.GetCurrentNode(node)).OfType<SyntaxNode>().ToImmutableArray();
            if (moved.Length != nodes.Length) continue;
            document = await FixAsync(document, moved, path, context.CodeActionEquivalenceKey ?? _actions[0].Key, context.CancellationToken).ConfigureAwait(false) ?? document;
        }

        return await FileConventions.KeepAsync(before, document, context.CancellationToken).ConfigureAwait(false);
    }

    private async Task<Document?> FixAsync(Document document, ImmutableArray<SyntaxNode> nodes, int path, string key, CancellationToken cancellation)
    {
        if (nodes.IsEmpty || await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } model) return null;
        SyntaxNode root = await model.SyntaxTree.GetRootAsync(cancellation).ConfigureAwait(false);
        SharedTarget target = new(root, nodes[0], nodes.Skip(1).Take(path).ToImmutableArray(), nodes.Skip(1 + path).ToImmutableArray(), model, cancellation);
        return Apply(target, key) is { } edited ? await CheckedEdits.TryAsync(document, edited, cancellation).ConfigureAwait(false) : null;
    }

    private static ImmutableArray<SyntaxNode> NodesOf(SyntaxNode root, Diagnostic diagnostic) =>
        ImmutableArray.Create(diagnostic.Location).AddRange(diagnostic.AdditionalLocations)
            .Where(location => location.SourceTree?.FilePath == root.SyntaxTree.FilePath)
            .Select(location => root.FindNode(location.SourceSpan, getInnermostNodeForTie: true)).ToImmutableArray();

    private static int PathLength(Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue("path", out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) ? length : 0;
}
