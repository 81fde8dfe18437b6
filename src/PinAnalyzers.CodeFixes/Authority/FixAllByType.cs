using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace PinAnalyzers.CodeFixes.Authority;

/// <summary>
/// Fixes all, one account of one type after another: several diagnostics are about the same charges and releases, and a type's parts lie in several files.
/// </summary>
internal sealed class FixAllByType(string title, string key) : FixAllProvider
{
    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        ImmutableArray<Diagnostic> diagnostics = context.Scope switch
        {
            FixAllScope.Document when context.Document is { } document => await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false),
            FixAllScope.Project => await context.GetAllDiagnosticsAsync(context.Project).ConfigureAwait(false),
            FixAllScope.Solution => await InSolutionAsync(context).ConfigureAwait(false),
            _ => ImmutableArray<Diagnostic>.Empty,
        };
        return diagnostics.IsEmpty ? null : CodeAction.Create(title, cancellation => FixAsync(context.Solution, diagnostics, cancellation), key);
    }

    private static async Task<ImmutableArray<Diagnostic>> InSolutionAsync(FixAllContext context)
    {
        ImmutableArray<Diagnostic>.Builder all = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (Project project in context.Solution.Projects) all.AddRange(await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false));
        return all.ToImmutable();
    }

    private static async Task<Solution> FixAsync(Solution solution, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        Solution before = solution;
        List<AccountEdit> edits = [];
        HashSet<SyntaxNode> seen = [];
        foreach (Diagnostic diagnostic in diagnostics.OrderBy(static d => d.Location.SourceTree?.FilePath, System.StringComparer.Ordinal).ThenBy(static d => d.Location.SourceSpan.Start))
        {
            // Every diagnostic of an account lists the same sites; the first stands for all.
            if (await AccountEdit.FindAsync(solution, diagnostic, cancellation).ConfigureAwait(false) is { } edit && edit.Releases.All(site => seen.Add(site.Operation))) edits.Add(edit);
        }

        foreach (IGrouping<DocumentId, (DocumentId Document, SyntaxNode Node)> file in edits.SelectMany(static edit => edit.Nodes).GroupBy(static node => node.Document))
        {
            SyntaxNode root = (await solution.GetDocument(file.Key)!.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
            solution = solution.WithDocumentSyntaxRoot(file.Key, root.TrackNodes(file.Select(static node => node.Node).Distinct()));
        }

        foreach (AccountEdit edit in edits)
        {
            cancellation.ThrowIfCancellationRequested();
            Dictionary<DocumentId, SyntaxNode> roots = [];
            foreach (DocumentId document in edit.Nodes.Select(static node => node.Document).Distinct())
                roots.Add(document, (await solution.GetDocument(document)!.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!);
            if (edit.In(roots.ToImmutableDictionary()) is { } moved && await OwnerTracking.ApplyAsync(solution, moved, cancellation).ConfigureAwait(false) is { } changed) solution = changed;
        }

        return await FileConventions.KeepAsync(before, solution, cancellation).ConfigureAwait(false);
    }
}
