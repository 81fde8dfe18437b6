using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A code action that a fixer offers for a diagnostic.</summary>
internal sealed record OfferedFix(CodeFixProvider Provider, CodeAction Action, Document Document, Diagnostic Diagnostic);

/// <summary>Asks fixers for their actions and applies the chosen one.</summary>
internal sealed class FixApplier(
    ImmutableArray<CodeFixProvider> providers, CodeActionValidationMode validation, Func<ImmutableArray<OfferedFix>, OfferedFix?> choose, IVerifier verifier)
{
    /// <summary>The solution with the first chosen fix applied, alone or in the whole scope; <see langword="null"/> where no fix is offered.</summary>
    public async Task<Solution?> ApplyAsync(Solution solution, FixAllScope? scope, ImmutableArray<Diagnostic> fixable, CancellationToken cancellationToken)
    {
        foreach (var diagnostic in fixable)
        {
            var offered = await OfferAsync(solution, diagnostic, cancellationToken).ConfigureAwait(false);
            if (choose(offered) is not { } fix)
                continue;
            var action = scope is null ? fix.Action : await FixAllAsync(fix, scope.Value, fixable, cancellationToken).ConfigureAwait(false);
            if (action is null)
                continue;
            var changed = await ApplyAsync(solution, action, cancellationToken).ConfigureAwait(false);
            if (!await SolutionComparer.DiffersAsync(solution, changed, cancellationToken).ConfigureAwait(false))
                verifier.Fail($"The code action '{action.Title}' is offered for {diagnostic}, but changes nothing.");
            return changed;
        }

        return null;
    }

    /// <summary>Fails where the compiler says more than before: errors at every step, warnings in the end.</summary>
    public static void VerifyNothingBroken(
        ImmutableArray<Diagnostic> before, ImmutableArray<Diagnostic> after, DiagnosticSeverity least, ImmutableArray<DiagnosticResult> expected, IVerifier verifier)
    {
        bool Counts(Diagnostic diagnostic) => DiagnosticCollector.IsFromCompiler(diagnostic) && diagnostic.Severity >= least && !diagnostic.IsSuppressed;
        var known = before.Where(Counts).Select(diagnostic => diagnostic.Id).Concat(expected.Select(result => result.Id)).ToLookup(id => id);
        foreach (var group in after.Where(Counts).GroupBy(diagnostic => diagnostic.Id))
        {
            if (group.Count() > known[group.Key].Count())
                verifier.Fail($"The code fix introduces compiler diagnostics:{Environment.NewLine}{DiagnosticFormatter.Describe(group)}");
        }
    }

    private async Task<ImmutableArray<OfferedFix>> OfferAsync(Solution solution, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (solution.GetDocument(diagnostic.Location.SourceTree) is not { } document)
            return [];
        var offered = ImmutableArray.CreateBuilder<OfferedFix>();
        foreach (var provider in providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            var context = new CodeFixContext(document, diagnostic, (action, _) => offered.Add(new OfferedFix(provider, action, document, diagnostic)), cancellationToken);
            await provider.RegisterCodeFixesAsync(context).ConfigureAwait(false);
        }

        return offered.ToImmutable();
    }

    private async Task<CodeAction?> FixAllAsync(OfferedFix fix, FixAllScope scope, ImmutableArray<Diagnostic> fixable, CancellationToken cancellationToken)
    {
        if (fix.Provider.GetFixAllProvider() is not { } provider)
            return null;
        if (!provider.GetSupportedFixAllScopes().Contains(scope))
            verifier.Fail($"{fix.Provider.GetType().Name} does not support to fix all in the scope {scope}.");
        var context = new FixAllContext(
            fix.Document, fix.Provider, scope, fix.Action.EquivalenceKey!, fix.Provider.FixableDiagnosticIds, new KnownDiagnostics(fix.Document.Project.Solution, fixable), cancellationToken);
        var action = await provider.GetFixAsync(context).ConfigureAwait(false);
        if (action is null)
            verifier.Fail($"{fix.Provider.GetType().Name} fixes {fix.Diagnostic} alone, but does not fix it in the scope {scope}.");
        return action;
    }

    private async Task<Solution> ApplyAsync(Solution solution, CodeAction action, CancellationToken cancellationToken)
    {
        var operations = await action.GetOperationsAsync(cancellationToken).ConfigureAwait(false);
        var changed = operations.OfType<ApplyChangesOperation>().SingleOrDefault()?.ChangedSolution ?? solution;
        foreach (var id in changed.Projects.SelectMany(project => project.DocumentIds).ToList())
        {
            var (document, old) = (changed.GetDocument(id)!, solution.GetDocument(id));
            var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
            if (old is not null && (await old.GetTextAsync(cancellationToken).ConfigureAwait(false)).ContentEquals(text))
                continue;
            await VerifyTreeAsync(document, text, cancellationToken).ConfigureAwait(false);
            // The next fix sees what a user would: the tree that the text parses to, without annotations.
            changed = changed.WithDocumentText(id, SourceText.From(text.ToString(), text.Encoding));
        }

        return changed;
    }

    private async Task VerifyTreeAsync(Document document, SourceText text, CancellationToken cancellationToken)
    {
        if (validation == CodeActionValidationMode.None)
            return;
        var made = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
        var tree = (await document.GetSyntaxTreeAsync(cancellationToken).ConfigureAwait(false))!;
        var parsed = await tree.WithChangedText(SourceText.From(string.Empty)).WithChangedText(text).GetRootAsync(cancellationToken).ConfigureAwait(false);
        var same = validation == CodeActionValidationMode.Full ? made.IsEquivalentTo(parsed) : Shape(made).SequenceEqual(Shape(parsed));
        if (!same)
            verifier.Fail($"The fix makes another tree in '{document.Name}' than its text parses to:{Environment.NewLine}{text}");
    }

    // SyntaxFactory.AreEquivalent also sees how a list of one is stored, which differs between parsing a block and replacing the statement in it.
    private static IEnumerable<(int Kind, int Children, string? Text)> Shape(SyntaxNode root)
        => root.DescendantNodesAndTokensAndSelf().Select(part => (part.RawKind, part.ChildNodesAndTokens().Count, part.IsToken ? part.ToString() : null));

    private sealed class KnownDiagnostics(Solution solution, ImmutableArray<Diagnostic> diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
            => Task.FromResult(diagnostics.Where(diagnostic => DocumentOf(diagnostic)?.Id == document.Id));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult(Enumerable.Empty<Diagnostic>());

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult(diagnostics.Where(diagnostic => DocumentOf(diagnostic)?.Project.Id == project.Id));

        private Document? DocumentOf(Diagnostic diagnostic) => solution.GetDocument(diagnostic.Location.SourceTree);
    }
}
