using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Emit;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>What no analyzer may do, whichever it is.</summary>
internal static class RobustnessChecks
{
    /// <summary>Source that stops after any token, as it does while somebody types, throws nothing.</summary>
    /// <param name="samples">How many of the token boundaries are tried, spread evenly.</param>
    public static async Task SurvivesPrefixesAsync(string source, int samples, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        var root = await AnalyzerRun.Parse(source).GetRootAsync();
        var ends = root.DescendantTokens().Select(token => token.Span.End).Distinct().ToList();
        var step = Math.Max(1.0, ends.Count / (double)samples);
        for (var at = 0.0; at < ends.Count; at += step)
        {
            var prefix = source[..ends[(int)at]];
            try
            {
                await AnalyzerRun.RunAsync(await AnalyzerRun.CompileAsync(AnalyzerRun.Parse(prefix)), analyzers);
            }
            catch (InvalidOperationException failure)
            {
                throw new InvalidOperationException($"After '…{prefix[Math.Max(0, prefix.Length - 80)..]}': {failure.Message}", failure);
            }
        }
    }

    /// <summary>
    /// An editor hands projects over as sources to those that refer to them, a build as assemblies: nothing is thrown in the one, and both say the same. Each file is
    /// compiled by itself against a library of all of them, so that whatever it uses of the others is another project's.
    /// </summary>
    public static async Task SaysTheSameAsBuiltAsync(IReadOnlyList<(string Path, string Source)> files, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        const string Name = "Separate";
        var library = (await AnalyzerRun.CompileAsync([.. files.Select(file => AnalyzerRun.Parse(file.Source, file.Path)), AnalyzerRun.Parse($"[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{Name}\")]")]))
            .WithAssemblyName("Library");
        using var assembly = new MemoryStream();
        var emitted = library.Emit(assembly, options: new EmitOptions(metadataOnly: true, tolerateErrors: true));
        if (!emitted.Success)
            throw new InvalidOperationException($"The library could not be built: {string.Join("; ", emitted.Diagnostics.Where(static found => found.Severity == DiagnosticSeverity.Error))}");
        var built = MetadataReference.CreateFromImage(assembly.ToArray());
        foreach (var (path, source) in files)
        {
            var edited = await RunAsync(library.ToMetadataReference());
            var asBuilt = await RunAsync(built);
            if (!edited.SequenceEqual(asBuilt))
                throw new InvalidOperationException($"{path}: only where the other project is sources: {string.Join("; ", edited.Except(asBuilt))}. Only where it is an assembly: {string.Join("; ", asBuilt.Except(edited))}.");

            async Task<string[]> RunAsync(MetadataReference reference)
            {
                var alone = (await AnalyzerRun.CompileAsync(AnalyzerRun.Parse(source, path))).WithAssemblyName(Name).AddReferences(reference);
                try
                {
                    return [.. (await AnalyzerRun.RunAsync(alone, analyzers)).Select(AnalyzerRun.Describe)];
                }
                catch (InvalidOperationException failure)
                {
                    throw new InvalidOperationException($"{path}: {failure.Message}", failure);
                }
            }
        }
    }

    /// <summary>The order of files and the luck of threads change nothing.</summary>
    public static async Task IsDeterministicAsync(IReadOnlyList<SyntaxTree> trees, int runs, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        string[]? first = null;
        for (var run = 0; run < runs; run++)
        {
            // A fixed seed for each run: a failure can be repeated.
            var order = trees.ToArray();
            new Random(run).Shuffle(order);
            var diagnostics = await AnalyzerRun.RunAsync(await AnalyzerRun.CompileAsync(order), analyzers);
            string[] reported = [.. diagnostics.Select(AnalyzerRun.Describe)];
            first ??= reported;
            if (!first.SequenceEqual(reported))
                throw new InvalidOperationException($"Run {run} differs from run 0. Only in run 0: {string.Join("; ", first.Except(reported))}. Only in run {run}: {string.Join("; ", reported.Except(first))}.");
        }
    }
}
