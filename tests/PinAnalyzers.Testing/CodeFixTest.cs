using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A test of a code fix: what the sources become, fix by fix and by fixing all.</summary>
public abstract class CodeFixTest<TVerifier> : CodeActionTest<TVerifier>
    where TVerifier : IVerifier, new()
{
    protected CodeFixTest()
    {
        FixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);
        BatchFixedState = new SolutionState(DefaultTestProjectName, Language, DefaultFilePathPrefix, DefaultFileExt);
    }

    /// <summary>What the test code becomes. Equal to the test code: no fix may be offered.</summary>
    public string FixedCode
    {
        set => FixedState.Sources.Add(value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>What fixing all makes of the test code, where that differs from <see cref="FixedCode"/>.</summary>
    public string BatchFixedCode
    {
        set => BatchFixedState.Sources.Add(value ?? throw new ArgumentNullException(nameof(value)));
    }

    public SolutionState FixedState { get; }

    public SolutionState BatchFixedState { get; }

    /// <summary>How many fixes lead to the fixed state: exactly, or at most where negative. Not set: at most one for each fixable diagnostic.</summary>
    public int? NumberOfIncrementalIterations { get; set; }

    /// <summary>How often all must be fixed. Not set: at most once for each document, project or solution with something to fix.</summary>
    public int? NumberOfFixAllIterations { get; set; }

    public int? NumberOfFixAllInDocumentIterations { get; set; }

    public int? NumberOfFixAllInProjectIterations { get; set; }

    public CodeFixTestBehaviors CodeFixTestBehaviors { get; set; }

    /// <summary>Which fixable diagnostic is fixed next; the first where not set.</summary>
    public Func<ImmutableArray<Diagnostic>, Diagnostic?>? DiagnosticSelector { get; set; }

    protected abstract IEnumerable<CodeFixProvider> GetCodeFixProviders();

    protected override async Task RunImplAsync(CancellationToken cancellationToken)
    {
        await base.RunImplAsync(cancellationToken).ConfigureAwait(false);
        if (!IsFixExpected(FixedState) && !IsFixExpected(BatchFixedState))
            return;
        var verifier = new TVerifier();
        ImmutableHashSet<string> fixableIds = [.. GetCodeFixProviders().SelectMany(provider => provider.FixableDiagnosticIds)];
        var fixedState = FixedState.Inheriting(TestState, fixableIds);
        var batchState = IsFixExpected(BatchFixedState) ? BatchFixedState.Inheriting(TestState, fixableIds) : fixedState;
        var test = Evaluate(TestState, MarkupMode.Allow, fixableIds);
        var after = Evaluate(fixedState, MarkupMode.IgnoreFixable, fixableIds);
        await VerifyDiagnosticsAsync(after, after.Expected, verifier.PushContext("Diagnostics of fixed state"), cancellationToken).ConfigureAwait(false);
        var states = new KnownStates(CreateCollector(reportSuppressed: false));
        var start = await states.OfAsync(CreateSolution(test), cancellationToken).ConfigureAwait(false);
        await VerifyAsync(null, states, start, test, after, NumberOfIncrementalIterations, fixableIds, verifier.PushContext("Iterative code fix application"), cancellationToken).ConfigureAwait(false);

        var afterBatch = batchState == fixedState ? after : Evaluate(batchState, MarkupMode.IgnoreFixable, fixableIds);
        if (batchState != fixedState)
            await VerifyDiagnosticsAsync(afterBatch, afterBatch.Expected, verifier.PushContext("Diagnostics of batch fixed state"), cancellationToken).ConfigureAwait(false);
        foreach (var (scope, skip, iterations) in new[]
        {
            (FixAllScope.Document, CodeFixTestBehaviors.SkipFixAllInDocumentCheck, NumberOfFixAllInDocumentIterations),
            (FixAllScope.Project, CodeFixTestBehaviors.SkipFixAllInProjectCheck, NumberOfFixAllInProjectIterations),
            (FixAllScope.Solution, CodeFixTestBehaviors.SkipFixAllInSolutionCheck, null),
        })
        {
            if (!CodeFixTestBehaviors.HasFlag(skip))
                await VerifyAsync(scope, states, start, test, afterBatch, iterations ?? NumberOfFixAllIterations, fixableIds, verifier.PushContext($"Fix all in {scope}".ToLowerInvariant()), cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsFixExpected(SolutionState state)
        => state.Sources.Count + state.AdditionalFiles.Count + state.AnalyzerConfigFiles.Count + state.AdditionalProjects.Count > 0
            || state.InheritanceMode is not null || state.MarkupHandling is not null;

    /// <param name="scope">Where all is fixed at once; <see langword="null"/> fixes one diagnostic after another.</param>
    /// <param name="states">What has been analysed already: the scopes mostly make the same of one source.</param>
    /// <param name="start">The sources before any fix.</param>
    /// <param name="test">The test's state.</param>
    /// <param name="after">What it must become.</param>
    /// <param name="iterations">How many fixes it takes; see <see cref="NumberOfIncrementalIterations"/>.</param>
    /// <param name="fixableIds">What the fixers fix.</param>
    /// <param name="verifier">Told what is wrong.</param>
    /// <param name="cancellationToken">Cancels.</param>
    private async Task VerifyAsync(
        FixAllScope? scope, KnownStates states, AnalysedSolution start, EvaluatedState test, EvaluatedState after, int? iterations, ImmutableHashSet<string> fixableIds, IVerifier verifier, CancellationToken cancellationToken)
    {
        var providers = GetCodeFixProviders().ToImmutableArray();
        // A fixer without a provider says that it cannot fix all; that is its right.
        if (scope is not null && providers.All(provider => provider.GetFixAllProvider() is null))
            return;
        var applier = new FixApplier(providers, CodeActionValidationMode, offered => Choose(offered, fix => fix.Action, verifier), verifier);
        var (solution, original) = start;
        var diagnostics = original;
        var onlyOne = scope is null && CodeFixTestBehaviors.HasFlag(CodeFixTestBehaviors.FixOne);
        var limit = iterations ?? -DefaultIterations(scope, solution, test, after, original, fixableIds);
        var done = 0;
        while (!(onlyOne && done == 1))
        {
            var fixable = Fixable(diagnostics, fixableIds);
            var next = await applier.ApplyAsync(solution, scope, fixable, cancellationToken).ConfigureAwait(false);
            if (next is null)
                break;
            done++;
            if (done > Math.Abs(limit))
            {
                verifier.Fail(limit == 0
                    ? $"No fix was expected, but one is offered; it makes:{Environment.NewLine}{await SolutionComparer.DescribeAsync(solution, next, cancellationToken).ConfigureAwait(false)}"
                    : $"Expected '{Math.Abs(limit)}' iterations but a further fix is offered; is the fix idempotent? It makes:{Environment.NewLine}{await SolutionComparer.DescribeAsync(solution, next, cancellationToken).ConfigureAwait(false)}");
            }

            (solution, diagnostics) = await states.OfAsync(next, cancellationToken).ConfigureAwait(false);
            FixApplier.VerifyNothingBroken(original, diagnostics, DiagnosticSeverity.Error, after.Expected, verifier);
        }

        await SolutionComparer.CompareAsync(solution, CreateSolution(after), verifier, cancellationToken).ConfigureAwait(false);
        if (iterations > 0 && done != iterations)
            verifier.Fail($"Expected '{iterations}' iterations but found '{done}' iterations.");
        FixApplier.VerifyNothingBroken(original, diagnostics, DiagnosticSeverity.Warning, after.Expected, verifier);
    }

    private ImmutableArray<Diagnostic> Fixable(ImmutableArray<Diagnostic> diagnostics, ImmutableHashSet<string> fixableIds)
    {
        ImmutableArray<Diagnostic> fixable = [.. diagnostics.Where(diagnostic => fixableIds.Contains(diagnostic.Id) && diagnostic.Location.IsInSource && !diagnostic.IsSuppressed)];
        return DiagnosticSelector is not { } select ? fixable : select(fixable) is { } selected ? [selected] : [];
    }

    private static int DefaultIterations(
        FixAllScope? scope, Solution solution, EvaluatedState test, EvaluatedState after, ImmutableArray<Diagnostic> diagnostics, ImmutableHashSet<string> fixableIds)
    {
        if (test.HasSameFiles(after))
            return 0;
        var places = diagnostics.Where(diagnostic => fixableIds.Contains(diagnostic.Id) && diagnostic.Location.IsInSource)
            .Select(diagnostic => solution.GetDocument(diagnostic.Location.SourceTree)!).ToList();
        return scope switch
        {
            null => places.Count,
            FixAllScope.Document => places.Distinct().Count(),
            FixAllScope.Project => places.Select(document => document.Project).Distinct().Count(),
            _ => 1,
        };
    }
}
