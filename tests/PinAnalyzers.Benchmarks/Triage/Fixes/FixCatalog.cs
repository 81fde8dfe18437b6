using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>A fix that is offered for a finding.</summary>
internal sealed record Offer(Finding Finding, CodeFixProvider Provider, CodeAction Action);

/// <summary>All fixers, and what they offer.</summary>
internal sealed class FixCatalog
{
    private readonly ILookup<string, CodeFixProvider> _providers =
        System.Reflection.Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "PinAnalyzers.CodeFixes.dll")).GetTypes()
            .Where(type => !type.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(type))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type, nonPublic: true)!)
            .SelectMany(provider => provider.FixableDiagnosticIds.Select(id => (id, provider)))
            .ToLookup(pair => pair.id, pair => pair.provider);

    /// <summary>What is offered, and what the fixers threw.</summary>
    public async Task<(List<Offer> Offers, List<string> Failures)> OffersAsync(Project project, Finding finding)
    {
        List<Offer> offers = [];
        List<string> failures = [];
        if (project.GetDocument(finding.Diagnostic.Location.SourceTree) is not { } document) return (offers, failures);
        foreach (var provider in _providers[finding.Id])
        {
            try
            {
                var context = new CodeFixContext(document, finding.Diagnostic, (action, _) => offers.Add(new Offer(finding, provider, action)), CancellationToken.None);
                await provider.RegisterCodeFixesAsync(context).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failures.Add($"{provider.GetType().Name}: {failure}");
            }
        }

        return (offers, failures);
    }
}
