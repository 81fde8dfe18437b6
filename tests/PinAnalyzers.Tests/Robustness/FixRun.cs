using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>An edit that was offered for a finding, and the file with it.</summary>
internal sealed record MadeEdit(Diagnostic Finding, string Title, SyntaxNode Made, string Text);

/// <summary>Asks fixers for everything they offer in sources that need not compile, and makes the edits.</summary>
internal static class FixRun
{
    /// <exception cref="InvalidOperationException">A fixer or an analyzer threw; the message has the exception.</exception>
    public static async Task<IReadOnlyList<MadeEdit>> RunAsync(string source)
    {
        var compilation = await AnalyzerRun.CompileAsync();
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Robustness", "Robustness", LanguageNames.CSharp,
            compilationOptions: compilation.Options, parseOptions: AnalyzerRun.Parse("").Options, metadataReferences: compilation.References));
        var document = project.AddDocument("Test0.cs", SourceText.From(source), filePath: "/0/Test0.cs");
        var known = (CSharpCompilation)(await document.Project.GetCompilationAsync())!;

        List<MadeEdit> edits = [];
        foreach (var found in await AnalyzerRun.RunAsync(known, Shipped.Analyzers))
        {
            foreach (var fixer in Shipped.Fixers.Where(fixer => fixer.FixableDiagnosticIds.Contains(found.Id)))
            {
                try
                {
                    edits.AddRange(await EditsAsync(document, found, fixer));
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    throw new InvalidOperationException($"{fixer.GetType().Name} threw for {found}: {failure}", failure);
                }
            }
        }

        return edits;
    }

    private static async Task<List<MadeEdit>> EditsAsync(Document document, Diagnostic found, CodeFixProvider fixer)
    {
        List<CodeAction> offered = [];
        await fixer.RegisterCodeFixesAsync(new CodeFixContext(document, found, (action, _) => offered.Add(action), CancellationToken.None));
        List<MadeEdit> edits = [];
        foreach (var action in offered)
        {
            var changed = (await action.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
            edits.Add(new MadeEdit(found, action.Title, (await changed.GetSyntaxRootAsync())!, (await changed.GetTextAsync()).ToString()));
        }

        return edits;
    }
}
