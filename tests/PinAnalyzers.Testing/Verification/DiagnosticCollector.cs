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

    /// <summary>All diagnostics in source order; also fails where another order of the files makes the analyzers report something else.</summary>
    public async Task<ImmutableArray<Diagnostic>> CollectAsync(Solution solution, IVerifier verifier, CancellationToken cancellationToken)
    {
        var all = new List<Diagnostic>();
        foreach (var project in solution.Projects)
        {
            var compilation = await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{project.Name} has no compilation.");
            var diagnostics = await RunAsync(compilation, project, cancellationToken).ConfigureAwait(false);
            all.AddRange(diagnostics);
            var trees = compilation.SyntaxTrees.ToImmutableArray();
            if (analyzers.IsEmpty || trees.Length < 2)
                continue;
            var reversed = compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(trees.Reverse());
            var again = await RunAsync(reversed, project, cancellationToken).ConfigureAwait(false);
            verifier.SequenceEqual(
                Sorted(diagnostics).Where(diagnostic => !IsFromCompiler(diagnostic)).Select(diagnostic => diagnostic.ToString()),
                Sorted(again).Where(diagnostic => !IsFromCompiler(diagnostic)).Select(diagnostic => diagnostic.ToString()),
                message: "The order of the files changes what is reported. In order:" + Environment.NewLine + DiagnosticFormatter.Describe(diagnostics)
                    + "Reversed:" + Environment.NewLine + DiagnosticFormatter.Describe(again));
        }

        return [.. Sorted(all)];
    }

    private async Task<ImmutableArray<Diagnostic>> RunAsync(Compilation compilation, Project project, CancellationToken cancellationToken)
    {
        if (analyzers.IsEmpty)
            return compilation.GetDiagnostics(cancellationToken);
        var settings = new CompilationWithAnalyzersOptions(
            options(project), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: reportSuppressed);
        return await compilation.WithAnalyzers(analyzers, settings).GetAllDiagnosticsAsync(cancellationToken).ConfigureAwait(false);
    }

    private static IOrderedEnumerable<Diagnostic> Sorted(IEnumerable<Diagnostic> diagnostics)
        => diagnostics
            .OrderBy(diagnostic => diagnostic.Location.GetLineSpan().Path ?? string.Empty, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.End)
            .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal)
            .ThenBy(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
