using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>A fix, applied to the code that it was offered for, and what compiler and analyzers say about it then.</summary>
internal sealed class FixTrial(Project project, Func<CSharpCompilation, CompilationWithAnalyzers> drive)
{
    private readonly Dictionary<DocumentId, FileState> _before = [];

    /// <summary>The findings are all that the action is to fix: one, or, where it fixes all, more.</summary>
    public async Task<FixOutcome> ApplyAsync(IReadOnlyCollection<Finding> findings, CodeAction action)
    {
        var watch = Stopwatch.StartNew();
        var operations = await action.GetOperationsAsync(CancellationToken.None).ConfigureAwait(false);
        watch.Stop();
        var changed = operations.OfType<ApplyChangesOperation>().SingleOrDefault()?.ChangedSolution ?? project.Solution;

        List<string> objections = [];
        foreach (var id in changed.GetProject(project.Id)!.GetChanges(project).GetChangedDocuments().ToList())
        {
            // Judged is what a user would have: the tree that the text parses to.
            var made = changed.GetDocument(id)!;
            var text = await made.GetTextAsync().ConfigureAwait(false);
            if (!await ParsesToAsync(made, text.ToString()).ConfigureAwait(false)) objections.Add("the text parses to another tree");
            changed = changed.WithDocumentText(id, text);
        }

        var after = changed.GetProject(project.Id)!;
        var difference = await LineDifference.BetweenAsync(project, after).ConfigureAwait(false);
        if (difference.Count == 0) objections.Add("changes nothing");
        foreach (var document in difference.Select(file => file.Changed))
            objections.AddRange(Objections(findings.Where(finding => finding.Diagnostic.Location.SourceTree?.FilePath == document.FilePath), await BeforeAsync(document.Id).ConfigureAwait(false), await LookAsync(document).ConfigureAwait(false)));
        return new FixOutcome(action.Title, watch.Elapsed, objections, difference, after);
    }

    /// <summary>What is found in the file. Of a type with parts in other files nothing is, unless all of them are looked at.</summary>
    public async Task<ImmutableArray<Finding>> FindingsAsync(Document document, bool isPartial)
    {
        var (driver, tree) = await DriverAsync(document).ConfigureAwait(false);
        var found = isPartial
            ? (await driver.GetAnalyzerDiagnosticsAsync(CancellationToken.None).ConfigureAwait(false)).Where(diagnostic => diagnostic.Location.SourceTree == tree)
            : await driver.GetAnalyzerSemanticDiagnosticsAsync(driver.Compilation.GetSemanticModel(tree), filterSpan: null, CancellationToken.None).ConfigureAwait(false);
        return [.. found.Select(Finding.At).OrderBy(finding => finding.Diagnostic.Location.SourceSpan.Start)];
    }

    private static IEnumerable<string> Objections(IEnumerable<Finding> findings, FileState before, FileState after)
    {
        foreach (var error in More(before.Errors, after.Errors)) yield return $"new error {error}";
        foreach (var raised in More(before.Findings, after.Findings)) yield return $"new finding {raised}";
        foreach (var (key, fixedOnes) in findings.CountBy(FileState.Key))
        {
            var known = before.Findings.Count(other => other == key);
            if (known > 0 && after.Findings.Count(other => other == key) is var left && left > known - fixedOnes) yield return fixedOnes == 1 ? "the finding stays" : $"{left} of {fixedOnes} stay: {key}";
        }
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
        var (driver, tree) = await DriverAsync(document).ConfigureAwait(false);
        var model = driver.Compilation.GetSemanticModel(tree);
        var found = await driver.GetAnalyzerSemanticDiagnosticsAsync(model, filterSpan: null, CancellationToken.None).ConfigureAwait(false);
        return FileState.Of(model.GetDiagnostics(), found);
    }

    private async Task<(CompilationWithAnalyzers Driver, SyntaxTree Tree)> DriverAsync(Document document)
    {
        var compilation = (CSharpCompilation)(await document.Project.GetCompilationAsync().ConfigureAwait(false))!;
        return (drive(compilation), (await document.GetSyntaxTreeAsync().ConfigureAwait(false))!);
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
