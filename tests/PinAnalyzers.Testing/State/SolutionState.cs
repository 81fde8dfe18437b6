using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What a test works on, before or after a fix.</summary>
public class SolutionState(string name, string language, string defaultPrefix, string defaultExtension)
    : ProjectState(name, language, defaultPrefix, defaultExtension)
{
    /// <summary>What markup means; by default what the role of the state implies.</summary>
    public MarkupMode? MarkupHandling { get; set; }

    /// <summary>What is taken over from the test state.</summary>
    public StateInheritanceMode? InheritanceMode { get; set; }

    public ProjectCollection AdditionalProjects { get; } = new(language, defaultExtension);

    public List<DiagnosticResult> ExpectedDiagnostics { get; } = [];

    /// <summary>This state, with everything it leaves open taken from <paramref name="baseline"/>.</summary>
    internal SolutionState Inheriting(SolutionState baseline, ImmutableHashSet<string> fixableIds)
    {
        var mode = InheritanceMode ?? StateInheritanceMode.AutoInherit;
        if (mode == StateInheritanceMode.Explicit)
            return this;
        var result = new SolutionState(Name, Language, string.Empty, string.Empty)
        {
            AssemblyName = baseline.AssemblyName,
            ReferenceAssemblies = ReferenceAssemblies ?? baseline.ReferenceAssemblies,
            OutputKind = OutputKind ?? baseline.OutputKind,
            DocumentationMode = DocumentationMode ?? baseline.DocumentationMode,
            InheritanceMode = StateInheritanceMode.Explicit,
        };
        TakeFiles(result, this, baseline);
        foreach (var (name, project) in baseline.AdditionalProjects)
            TakeProject(result.AdditionalProjects[name], AdditionalProjects.TryGetValue(name, out var own) ? own : project, project);

        // Nothing changes: what was reported stays reported. Something changes: what can be fixed is gone.
        var same = SameContent(result, baseline);
        result.MarkupHandling = MarkupHandling ?? (same ? MarkupMode.Allow : MarkupMode.IgnoreFixable);
        result.ExpectedDiagnostics.AddRange(ExpectedDiagnostics);
        result.ExpectedDiagnostics.AddRange(baseline.ExpectedDiagnostics.Where(
            expected => same || mode == StateInheritanceMode.AutoInheritAll || !fixableIds.Contains(expected.Id)));
        return result;
    }

    internal static bool SameContent(SolutionState left, SolutionState right)
        => SameFiles(left.Sources, right.Sources)
            && SameFiles(left.AdditionalFiles, right.AdditionalFiles)
            && SameFiles(left.AnalyzerConfigFiles, right.AnalyzerConfigFiles)
            && left.AdditionalProjects.Count == right.AdditionalProjects.Count
            && left.AdditionalProjects.All(project => right.AdditionalProjects.TryGetValue(project.Key, out var other)
                && SameFiles(project.Value.Sources, other.Sources)
                && SameFiles(project.Value.AdditionalFiles, other.AdditionalFiles)
                && SameFiles(project.Value.AnalyzerConfigFiles, other.AnalyzerConfigFiles));

    private static void TakeProject(ProjectState target, ProjectState own, ProjectState baseline)
    {
        target.AssemblyName = baseline.AssemblyName;
        target.ReferenceAssemblies = own.ReferenceAssemblies ?? baseline.ReferenceAssemblies;
        target.OutputKind = own.OutputKind ?? baseline.OutputKind;
        target.DocumentationMode = own.DocumentationMode ?? baseline.DocumentationMode;
        TakeFiles(target, own, baseline);
    }

    private static void TakeFiles(ProjectState target, ProjectState own, ProjectState baseline)
    {
        target.Sources.AddRange(own.Sources.Count > 0 ? own.Sources : baseline.Sources);
        target.AdditionalFiles.AddRange(own.AdditionalFiles.Count > 0 ? own.AdditionalFiles : baseline.AdditionalFiles);
        target.AnalyzerConfigFiles.AddRange(own.AnalyzerConfigFiles.Count > 0 ? own.AnalyzerConfigFiles : baseline.AnalyzerConfigFiles);
        target.AdditionalReferences.AddRange(own.AdditionalReferences.Count > 0 ? own.AdditionalReferences : baseline.AdditionalReferences);
        target.AdditionalProjectReferences.AddRange(own.AdditionalProjectReferences.Count > 0 ? own.AdditionalProjectReferences : baseline.AdditionalProjectReferences);
    }

    // Compared without markup: a fixed code may repeat the test code with or without it.
    private static bool SameFiles(SourceFileCollection left, SourceFileCollection right)
        => left.Select(Plain).SequenceEqual(right.Select(Plain));

    private static (string Path, string Text) Plain((string Path, Text.SourceText Content) file)
        => (file.Path, TestFileMarkupParser.Parse(file.Content.ToString(), positions: true).Text);
}
