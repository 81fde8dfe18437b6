using Microsoft.CodeAnalysis.CSharp;

namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>What one row block of the benchmark is about: a checkout, or one generated project.</summary>
internal sealed class SourceSet(string name, IReadOnlyList<SourceProject> projects)
{
    public string Name { get; } = name;

    public IReadOnlyList<SourceProject> Projects { get; } = projects;

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
            var references = Reachable(project).Select(Compile).OfType<CSharpCompilation>().Select(compilation => compilation.ToMetadataReference());
            return done[project.Name] = project.Compile([.. references]);
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
