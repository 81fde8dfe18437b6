using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>What one row block of the benchmark is about: a checkout, or one generated project.</summary>
internal sealed class SourceSet(string name, IReadOnlyList<SourceProject> projects)
{
    public string Name { get; } = name;

    public IReadOnlyList<SourceProject> Projects { get; } = projects;

    /// <summary>Projects see one another as assemblies, as in a build, and not as sources, as in an editor. What either says must be the same.</summary>
    public bool AsBuilt { get; init; }

    /// <summary>Set for inputs whose cost is to be told per branch.</summary>
    public int Branches { get; init; }

    public int LineCount => Projects.Sum(project => project.LineCount);

    /// <summary>Compiles every project anew, referenced ones first.</summary>
    public IReadOnlyList<(SourceProject Project, CSharpCompilation Compilation)> Compile()
    {
        var byName = Projects.ToDictionary(project => project.Name);
        var done = new Dictionary<string, CSharpCompilation?>();
        return [.. Projects.Select(project => (project, Compile(project)!))];

        CSharpCompilation? Compile(SourceProject project)
        {
            // Null marks a project whose references are being compiled: a reference cycle is cut there.
            if (done.TryGetValue(project.Name, out var known)) return known;
            done[project.Name] = null;
            var references = Reachable(project).Select(Compile).OfType<CSharpCompilation>().Select(ReferenceTo);
            return done[project.Name] = project.Compile([.. references]);
        }

        MetadataReference ReferenceTo(CSharpCompilation compilation)
        {
            if (!AsBuilt) return compilation.ToMetadataReference();
            using var assembly = new MemoryStream();
            compilation.Emit(assembly, options: new EmitOptions(metadataOnly: true, tolerateErrors: true));
            return MetadataReference.CreateFromImage(assembly.ToArray());
        }

        // Project references flow on, as MSBuild's do.
        IEnumerable<SourceProject> Reachable(SourceProject from)
        {
            var seen = new HashSet<string> { from.Name };
            var waiting = new Queue<string>(from.References);
            while (waiting.TryDequeue(out var name))
            {
                if (!byName.TryGetValue(name, out var project) || !seen.Add(name)) continue;
                foreach (var next in project.References) waiting.Enqueue(next);
                yield return project;
            }
        }
    }
}
