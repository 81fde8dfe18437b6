using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Benchmarks.Inputs;
using PinAnalyzers.Benchmarks.Measuring;

namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>Every fix that is offered in a checkout, applied alone, then all of a kind at once: its difference, and whether it left code that compiles and that the rules are content with.</summary>
internal sealed class FixesReport(string root, Subject subject, AnalyzerSettings settings)
{
    private readonly FixCatalog _catalog = new();
    private int _findings;
    private int _withFix;
    private int _fixes;
    private int _objected;
    private int _kinds;
    private int _kindsObjected;

    public async Task PrintAsync(SourceSet sources)
    {
        foreach (var (project, compilation) in sources.Compile()) await PrintAsync(project, compilation).ConfigureAwait(false);
        Console.WriteLine();
        Console.WriteLine($"{_findings} findings, {_withFix} of them with a fix; {_fixes} fixes applied, {_objected} with objections; {_kinds} kinds of fix applied to a project, {_kindsObjected} with objections");
    }

    private async Task PrintAsync(SourceProject source, CSharpCompilation compilation)
    {
        using var workspace = new AdhocWorkspace();
        var project = Open(workspace, source, compilation);
        var run = new AnalyzerRun(settings);
        var known = (CSharpCompilation)(await project.GetCompilationAsync().ConfigureAwait(false))!;
        var found = run.Execute(source, known, subject, CancellationToken.None).GetAllDiagnostics().Select(Finding.At).Where(finding => !finding.IsFailure)
            .OrderBy(finding => finding.Diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(finding => finding.Diagnostic.Location.SourceSpan.Start).ToImmutableArray();
        var trial = new FixTrial(project, changed => run.Driver(source, changed, subject));
        List<Offer> all = [];
        foreach (var finding in found)
        {
            _findings++;
            var (offers, failures) = await _catalog.OffersAsync(project, finding).ConfigureAwait(false);
            if (offers.Count > 0) _withFix++;
            foreach (var failure in failures) Print(failure, finding);
            foreach (var offer in offers) await PrintAsync(trial, offer).ConfigureAwait(false);
            all.AddRange(offers);
        }

        var whole = new FixAllTrial(project, _catalog, trial, found);
        foreach (var kind in all.GroupBy(offer => (offer.Provider, offer.Action.EquivalenceKey))) await PrintAsync(whole, source.Name, kind.Key.Provider, kind.Key.EquivalenceKey!, [.. kind]).ConfigureAwait(false);
    }

    private async Task PrintAsync(FixTrial trial, Offer offer)
    {
        _fixes++;
        try
        {
            var outcome = await trial.ApplyAsync([offer.Finding], offer.Action).ConfigureAwait(false);
            if (outcome.Objections.Count > 0) _objected++;
            Print($"{Heading(offer.Finding)}: {outcome.Title}", outcome);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Print($"{offer.Action.Title}: {failure}", offer.Finding);
        }
    }

    private async Task PrintAsync(FixAllTrial trial, string name, CodeFixProvider provider, string key, IReadOnlyList<Offer> offers)
    {
        _kinds++;
        var heading = $"{name}: all of {provider.GetType().Name} {key}, {offers.Count}";
        try
        {
            var outcome = await trial.ApplyAsync(provider, key, [.. offers.Select(offer => offer.Finding).Distinct()]).ConfigureAwait(false);
            if (outcome is not { Objections.Count: 0 }) _kindsObjected++;
            if (outcome is null) Console.WriteLine($"{heading}{Environment.NewLine}  ! is not offered");
            else Print(heading, outcome);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _kindsObjected++;
            Console.WriteLine($"{heading}{Environment.NewLine}  ! throws {failure}");
        }
    }

    private static void Print(string heading, FixOutcome outcome)
    {
        Console.WriteLine($"{heading} ({outcome.Time.TotalMilliseconds:N0} ms)");
        foreach (var objection in outcome.Objections) Console.WriteLine($"  ! {objection}");
        foreach (var line in outcome.Difference.SelectMany(file => file.Lines)) Console.WriteLine($"  {line}");
    }

    private void Print(string failure, Finding finding)
    {
        _objected++;
        Console.WriteLine($"{Heading(finding)}{Environment.NewLine}  ! throws {failure}");
    }

    private string Heading(Finding finding) => $"{Finding.Place(finding.Diagnostic.Location, root)}: {finding.Id} {finding.Diagnostic.Severity} [{finding.Member}]";

    // The compilation as it is: what others it refers to stays bound, and only its own files become documents.
    private static Project Open(AdhocWorkspace workspace, SourceProject source, CSharpCompilation compilation)
    {
        var id = ProjectId.CreateNewId();
        var info = ProjectInfo.Create(
            id,
            VersionStamp.Default,
            source.Name,
            source.Name,
            LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            parseOptions: compilation.SyntaxTrees.FirstOrDefault()?.Options,
            documents: compilation.SyntaxTrees.Select(tree => Document(tree.FilePath, tree.GetText())),
            metadataReferences: compilation.References,
            additionalDocuments: source.PairFiles.Select(path => Document(path, SourceText.From(File.ReadAllText(path)))));
        return workspace.CurrentSolution.AddProject(info).GetProject(id)!;

        DocumentInfo Document(string path, SourceText text) => DocumentInfo.Create(
            DocumentId.CreateNewId(id),
            Path.GetFileName(path),
            loader: TextLoader.From(TextAndVersion.Create(text, VersionStamp.Default, path)),
            filePath: path);
    }
}
