using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Makes a solution in a workspace of its own.</summary>
internal sealed class SolutionFactory(
    CompilationOptions compilationOptions,
    ParseOptions parseOptions,
    string extension,
    ReferenceAssemblies referenceAssemblies,
    ImmutableArray<DiagnosticAnalyzer> analyzers,
    ImmutableArray<string> disabledDiagnostics,
    ImmutableArray<Func<Solution, ProjectId, Solution>> transforms)
{
    public Solution Create(EvaluatedState state)
    {
        var projects = state.Others.Prepend(state.Main).ToList();
        var ids = projects.ToDictionary(project => project.Settings.Name, project => ProjectId.CreateNewId(project.Settings.Name));
        var solution = new AdhocWorkspace().CurrentSolution;
        foreach (var project in projects)
            solution = AddProject(solution, ids[project.Settings.Name], project);
        foreach (var project in projects)
        {
            foreach (var name in project.Settings.AdditionalProjectReferences)
                solution = solution.AddProjectReference(ids[project.Settings.Name], new ProjectReference(ids[name]));
        }

        foreach (var transform in transforms)
        {
            foreach (var project in projects)
                solution = transform(solution, ids[project.Settings.Name]);
        }

        return solution;
    }

    private Solution AddProject(Solution solution, ProjectId id, EvaluatedProject project)
    {
        var settings = project.Settings;
        var references = (settings.ReferenceAssemblies ?? referenceAssemblies).ResolveAsync(settings.Language, CancellationToken.None).GetAwaiter().GetResult();
        var parse = settings.DocumentationMode is { } mode ? parseOptions.WithDocumentationMode(mode) : parseOptions;
        var options = settings.OutputKind is { } kind ? compilationOptions.WithOutputKind(kind) : compilationOptions;
        solution = solution
            .AddProject(id, settings.Name, settings.AssemblyName, settings.Language)
            .WithProjectFilePath(id, $"/{settings.Name}/{settings.Name}.{extension}proj")
            .WithProjectParseOptions(id, parse)
            .WithProjectCompilationOptions(id, options.WithSpecificDiagnosticOptions(Severities(options)))
            .AddMetadataReferences(id, references)
            .AddMetadataReferences(id, settings.AdditionalReferences);
        foreach (var (path, content) in project.Sources)
            solution = solution.AddDocument(DocumentId.CreateNewId(id, path), Path.GetFileName(path), content, Folders(path), path);
        foreach (var (path, content) in project.AdditionalFiles)
            solution = solution.AddAdditionalDocument(DocumentId.CreateNewId(id, path), Path.GetFileName(path), content, Folders(path), path);
        foreach (var (path, content) in project.AnalyzerConfigFiles)
            solution = solution.AddAnalyzerConfigDocument(DocumentId.CreateNewId(id, path), Path.GetFileName(path), content, Folders(path), path);
        return solution;
    }

    /// <summary>Rules that are off by default are on in a test; a crash of an analyzer is an error; what the test disables is off.</summary>
    private ImmutableDictionary<string, ReportDiagnostic> Severities(CompilationOptions options)
    {
        var severities = ImmutableDictionary.CreateBuilder<string, ReportDiagnostic>();
        foreach (var descriptor in analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).Where(descriptor => !descriptor.IsEnabledByDefault))
        {
            severities[descriptor.Id] = descriptor.DefaultSeverity switch
            {
                DiagnosticSeverity.Hidden => ReportDiagnostic.Hidden,
                DiagnosticSeverity.Info => ReportDiagnostic.Info,
                DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
                _ => ReportDiagnostic.Error,
            };
        }

        severities["AD0001"] = ReportDiagnostic.Error;
        foreach (var id in disabledDiagnostics)
            severities[id] = ReportDiagnostic.Suppress;
        foreach (var (id, severity) in options.SpecificDiagnosticOptions)
            severities[id] = severity;
        return severities.ToImmutable();
    }

    private static IEnumerable<string> Folders(string path)
        => (Path.GetDirectoryName(path) ?? string.Empty).Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);
}
