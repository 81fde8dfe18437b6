using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Compiles a solution and runs analyzers over it, concurrently as a build does.</summary>
internal sealed class DiagnosticCollector(ImmutableArray<DiagnosticAnalyzer> analyzers, Func<Project, AnalyzerOptions> options, bool reportSuppressed)
{
    public static bool IsFromCompiler(Diagnostic diagnostic) => diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.Compiler);

    /// <summary>All diagnostics in source order.</summary>
    public async Task<ImmutableArray<Diagnostic>> CollectAsync(Solution solution, CancellationToken cancellationToken)
    {
        var all = new List<Diagnostic>();
        foreach (var project in solution.Projects)
        {
            var compilation = await CompileAsync(project, cancellationToken).ConfigureAwait(false);
            all.AddRange(analyzers.IsEmpty ? compilation.GetDiagnostics(cancellationToken) : await Driver(compilation, project).GetAllDiagnosticsAsync(cancellationToken).ConfigureAwait(false));
        }

        return [.. Sorted(all)];
    }

    /// <summary>Fails where another order of the files makes the analyzers report something else than what was collected.</summary>
    public async Task VerifyOrderAsync(Solution solution, ImmutableArray<Diagnostic> diagnostics, IVerifier verifier, CancellationToken cancellationToken)
    {
        if (analyzers.IsEmpty)
            return;
        foreach (var project in solution.Projects)
        {
            var compilation = await CompileAsync(project, cancellationToken).ConfigureAwait(false);
            var trees = compilation.SyntaxTrees.ToImmutableArray();
            if (trees.Length < 2)
                continue;
            var reversed = compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(trees.Reverse());
            var again = await Driver(reversed, project).GetAnalyzerDiagnosticsAsync(cancellationToken).ConfigureAwait(false);
            var first = solution.ProjectIds.Count == 1 ? diagnostics : await Driver(compilation, project).GetAnalyzerDiagnosticsAsync(cancellationToken).ConfigureAwait(false);
            verifier.SequenceEqual(
                Sorted(first).Where(diagnostic => !IsFromCompiler(diagnostic)).Select(diagnostic => diagnostic.ToString()),
                Sorted(again).Where(diagnostic => !IsFromCompiler(diagnostic)).Select(diagnostic => diagnostic.ToString()),
                message: "The order of the files changes what is reported. In order:" + Environment.NewLine + DiagnosticFormatter.Describe(first)
                    + "Reversed:" + Environment.NewLine + DiagnosticFormatter.Describe(again));
        }
    }

    private static async Task<Compilation> CompileAsync(Project project, CancellationToken cancellationToken)
        => await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException($"{project.Name} has no compilation.");

    private CompilationWithAnalyzers Driver(Compilation compilation, Project project)
        => compilation.WithAnalyzers(analyzers, new CompilationWithAnalyzersOptions(
            options(project), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: reportSuppressed));

    private static IOrderedEnumerable<Diagnostic> Sorted(IEnumerable<Diagnostic> diagnostics)
        => diagnostics
            .OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path ?? string.Empty, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.End)
            .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
