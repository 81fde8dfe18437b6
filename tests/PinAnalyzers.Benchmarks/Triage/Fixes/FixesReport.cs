using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Benchmarks.Inputs;
using PinAnalyzers.Benchmarks.Measuring;

namespace PinAnalyzers.Benchmarks.Triage.Fixes;

/// <summary>Every fix that is offered in a checkout, applied alone: its difference, and whether it left code that compiles and that the rules are content with.</summary>
internal sealed class FixesReport(string root, Subject subject, AnalyzerSettings settings)
{
    private readonly ILookup<string, CodeFixProvider> _providers = Providers();
    private int _findings;
    private int _withFix;
    private int _fixes;
    private int _objected;

    public async Task PrintAsync(SourceSet sources)
    {
        foreach (var (project, compilation) in sources.Compile()) await PrintAsync(project, compilation).ConfigureAwait(false);
        Console.WriteLine();
        Console.WriteLine($"{_findings} findings, {_withFix} of them with a fix; {_fixes} fixes applied, {_objected} with objections");
    }

    private async Task PrintAsync(SourceProject source, CSharpCompilation compilation)
    {
        using var workspace = new AdhocWorkspace();
        var project = Open(workspace, source, compilation);
        var run = new AnalyzerRun(settings);
        var known = (CSharpCompilation)(await project.GetCompilationAsync().ConfigureAwait(false))!;
        var found = run.Execute(source, known, subject, CancellationToken.None).GetAllDiagnostics().Select(Finding.At).Where(finding => !finding.IsFailure);
        var trial = new FixTrial(project, changed => run.Driver(source, changed, subject));
        foreach (var finding in found.OrderBy(finding => finding.Diagnostic.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(finding => finding.Diagnostic.Location.SourceSpan.Start))
        {
            _findings++;
            var offered = await OfferedAsync(project, finding).ConfigureAwait(false);
            if (offered.Count > 0) _withFix++;
            foreach (var action in offered) await PrintAsync(trial, finding, action).ConfigureAwait(false);
        }
    }

    private async Task PrintAsync(FixTrial trial, Finding finding, CodeAction action)
    {
        _fixes++;
        var place = $"{Finding.Place(finding.Diagnostic.Location, root)}: {finding.Id} {finding.Diagnostic.Severity} [{finding.Member}]";
        try
        {
            var outcome = await trial.ApplyAsync(finding, action).ConfigureAwait(false);
            if (outcome.Objections.Count > 0) _objected++;
            Console.WriteLine($"{place}: {outcome.Title} ({outcome.Time.TotalMilliseconds:N0} ms)");
            foreach (var objection in outcome.Objections) Console.WriteLine($"  ! {objection}");
            foreach (var line in outcome.Difference) Console.WriteLine($"  {line}");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _objected++;
            Console.WriteLine($"{place}: {action.Title}{Environment.NewLine}  ! throws {failure}");
        }
    }

    private async Task<List<CodeAction>> OfferedAsync(Project project, Finding finding)
    {
        List<CodeAction> offered = [];
        if (project.GetDocument(finding.Diagnostic.Location.SourceTree) is not { } document) return offered;
        foreach (var provider in _providers[finding.Id])
        {
            try
            {
                var context = new CodeFixContext(document, finding.Diagnostic, (action, _) => offered.Add(action), CancellationToken.None);
                await provider.RegisterCodeFixesAsync(context).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                _objected++;
                Console.WriteLine($"{Finding.Place(finding.Diagnostic.Location, root)}: {finding.Id}: {provider.GetType().Name}{Environment.NewLine}  ! throws {failure}");
            }
        }

        return offered;
    }

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

    private static ILookup<string, CodeFixProvider> Providers() =>
        System.Reflection.Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "PinAnalyzers.CodeFixes.dll")).GetTypes()
            .Where(type => !type.IsAbstract && typeof(CodeFixProvider).IsAssignableFrom(type))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type, nonPublic: true)!)
            .SelectMany(provider => provider.FixableDiagnosticIds.Select(id => (id, provider)))
            .ToLookup(pair => pair.id, pair => pair.provider);
}
