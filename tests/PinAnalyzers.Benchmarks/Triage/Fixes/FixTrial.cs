using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>One fix, applied to the code that it was offered for, and what compiler and analyzers say about it then.</summary>
internal sealed class FixTrial(Project project, Func<CSharpCompilation, CompilationWithAnalyzers> drive)
{
    private readonly Dictionary<DocumentId, FileState> _before = [];

    public async Task<FixOutcome> ApplyAsync(Finding finding, CodeAction action)
    {
        var watch = Stopwatch.StartNew();
        var operations = await action.GetOperationsAsync(CancellationToken.None).ConfigureAwait(false);
        watch.Stop();
        var changed = operations.OfType<ApplyChangesOperation>().SingleOrDefault()?.ChangedSolution ?? project.Solution;

        List<string> objections = [];
        List<string> difference = [];
        foreach (var id in changed.GetProject(project.Id)!.GetChanges(project).GetChangedDocuments().ToList())
        {
            // Judged is what a user would have: the tree that the text parses to.
            var (old, made) = (project.GetDocument(id)!, changed.GetDocument(id)!);
            var text = await made.GetTextAsync().ConfigureAwait(false);
            if (!await ParsesToAsync(made, text.ToString()).ConfigureAwait(false)) objections.Add("the text parses to another tree");
            changed = changed.WithDocumentText(id, text);
            difference.AddRange(LineDifference.Between((await old.GetTextAsync().ConfigureAwait(false)).ToString(), text.ToString()));
        }

        if (difference.Count == 0) objections.Add("changes nothing");
        foreach (var document in changed.GetProject(project.Id)!.GetChanges(project).GetChangedDocuments().Select(id => changed.GetDocument(id)!))
            objections.AddRange(Objections(finding, await BeforeAsync(document.Id).ConfigureAwait(false), await LookAsync(document).ConfigureAwait(false)));
        return new FixOutcome(action.Title, watch.Elapsed, objections, difference);
    }

    private static IEnumerable<string> Objections(Finding finding, FileState before, FileState after)
    {
        foreach (var error in More(before.Errors, after.Errors)) yield return $"new error {error}";
        foreach (var raised in More(before.Findings, after.Findings)) yield return $"new finding {raised}";
        var key = FileState.Key(finding);
        if (before.Findings.Contains(key) && after.Findings.Count(other => other == key) >= before.Findings.Count(other => other == key)) yield return "the finding stays";
    }

    private static IEnumerable<string> More(ImmutableArray<string> before, ImmutableArray<string> after)
    {
        var known = before.CountBy(text => text).ToDictionary();
        return after.CountBy(text => text).Where(group => group.Value > known.GetValueOrDefault(group.Key)).Select(group => group.Key);
    }

    private async Task<FileState> BeforeAsync(DocumentId id)
    {
        if (!_before.TryGetValue(id, out var state)) _before[id] = state = await LookAsync(project.GetDocument(id)!).ConfigureAwait(false);
        return state;
    }

    private async Task<FileState> LookAsync(Document document)
    {
        var tree = (await document.GetSyntaxTreeAsync().ConfigureAwait(false))!;
        var compilation = (CSharpCompilation)(await document.Project.GetCompilationAsync().ConfigureAwait(false))!;
        var driver = drive(compilation);
        var model = driver.Compilation.GetSemanticModel(tree);
        var found = await driver.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, CancellationToken.None).ConfigureAwait(false);
        return FileState.Of(model.GetDiagnostics(), found);
    }

    private static async Task<bool> ParsesToAsync(Document made, string text)
    {
        var root = (await made.GetSyntaxRootAsync().ConfigureAwait(false))!;
        var parsed = await CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)root.SyntaxTree.Options).GetRootAsync().ConfigureAwait(false);
        return Shape(root).SequenceEqual(Shape(parsed));
    }

    private static IEnumerable<(int Kind, int Children, string? Text)> Shape(SyntaxNode root) =>
        root.DescendantNodesAndTokensAndSelf().Select(part => (part.RawKind, part.ChildNodesAndTokens().Count, part.IsToken ? part.ToString() : null));

    /// <summary>What is said about one file, without lines, which every fix moves.</summary>
    private sealed record FileState(ImmutableArray<string> Errors, ImmutableArray<string> Findings)
    {
        public static FileState Of(ImmutableArray<Diagnostic> compiler, ImmutableArray<Diagnostic> analyzers) => new(
            [.. compiler.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id)],
            [.. analyzers.Select(Finding.At).Select(Key)]);

        public static string Key(Finding finding) => $"{finding.Id} {finding.Diagnostic.Severity} in {finding.Member}";
    }
}
