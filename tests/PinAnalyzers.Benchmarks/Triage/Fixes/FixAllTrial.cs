using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>One kind of fix, applied to a whole project at once, beside the same fixes applied one after the other.</summary>
internal sealed class FixAllTrial(Project project, FixCatalog catalog, FixTrial trial, ImmutableArray<Finding> findings)
{
    // A fix that makes its own finding again would never end.
    private const int MostSteps = 200;

    /// <summary>What came of it; null where the fixer has nothing that fixes all.</summary>
    public async Task<FixOutcome?> ApplyAsync(CodeFixProvider provider, string key, IReadOnlyCollection<Finding> fixable)
    {
        if (provider.GetFixAllProvider() is not { } all) return null;
        var context = new FixAllContext(project, provider, FixAllScope.Project, key, provider.FixableDiagnosticIds, new Known(findings), CancellationToken.None);
        if (await all.GetFixAsync(context).ConfigureAwait(false) is not { } action) return null;
        var outcome = await trial.ApplyAsync(fixable, action).ConfigureAwait(false);
        var apart = await LineDifference.BetweenAsync(await OneByOneAsync(provider, key, fixable).ConfigureAwait(false), outcome.Changed).ConfigureAwait(false);
        return apart.Count == 0 ? outcome with { Difference = [] } : outcome with { Objections = [.. outcome.Objections, "one by one makes other code"], Difference = apart };
    }

    private async Task<Project> OneByOneAsync(CodeFixProvider provider, string key, IEnumerable<Finding> fixable)
    {
        var state = project;
        foreach (var id in fixable.Select(finding => project.GetDocument(finding.Diagnostic.Location.SourceTree)!.Id).Distinct().ToList())
        {
            for (var step = 0; step < MostSteps && await FirstAsync(state.GetDocument(id)!, provider, key).ConfigureAwait(false) is { } action; step++)
                state = await AppliedAsync(state, action).ConfigureAwait(false);
        }

        return state;
    }

    private async Task<CodeAction?> FirstAsync(Document document, CodeFixProvider provider, string key)
    {
        var isPartial = (await document.GetSyntaxRootAsync().ConfigureAwait(false))!.DescendantNodes().OfType<TypeDeclarationSyntax>().Any(type => type.Modifiers.Any(SyntaxKind.PartialKeyword));
        foreach (var finding in (await trial.FindingsAsync(document, isPartial).ConfigureAwait(false)).Where(finding => provider.FixableDiagnosticIds.Contains(finding.Id)))
        {
            var (offers, _) = await catalog.OffersAsync(document.Project, finding).ConfigureAwait(false);
            if (offers.FirstOrDefault(offer => offer.Provider == provider && offer.Action.EquivalenceKey == key) is { } offer) return offer.Action;
        }

        return null;
    }

    private static async Task<Project> AppliedAsync(Project state, CodeAction action)
    {
        var operations = await action.GetOperationsAsync(CancellationToken.None).ConfigureAwait(false);
        var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        foreach (var id in changed.GetProject(state.Id)!.GetChanges(state).GetChangedDocuments().ToList())
            changed = changed.WithDocumentText(id, await changed.GetDocument(id)!.GetTextAsync().ConfigureAwait(false));
        return changed.GetProject(state.Id)!;
    }

    private sealed class Known(ImmutableArray<Finding> findings) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            var tree = await document.GetSyntaxTreeAsync(cancellationToken).ConfigureAwait(false);
            return findings.Select(finding => finding.Diagnostic).Where(diagnostic => diagnostic.Location.SourceTree == tree);
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult(Enumerable.Empty<Diagnostic>());

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) => Task.FromResult(findings.Select(finding => finding.Diagnostic));
    }
}
