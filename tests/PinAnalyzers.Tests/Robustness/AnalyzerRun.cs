using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>Runs analyzers over sources that need not compile.</summary>
internal static class AnalyzerRun
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest, DocumentationMode.Parse);

    private static readonly Lazy<Task<CSharpCompilation>> s_empty = new(async () => CSharpCompilation.Create(
        "Robustness",
        references: (await ReferenceAssemblies.Net.Net100.ResolveAsync(LanguageNames.CSharp, CancellationToken.None))
            .Add(MetadataReference.CreateFromFile(Path.Combine(AppContext.BaseDirectory, "PinAccounting.dll"))),
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable)));

    public static SyntaxTree Parse(string source, string path = "/0/Test0.cs") => CSharpSyntaxTree.ParseText(source, s_parse, path);

    /// <summary>All of them share one set of references, so that Roslyn binds the framework once.</summary>
    public static async Task<CSharpCompilation> CompileAsync(params IEnumerable<SyntaxTree> trees) => (await s_empty.Value).AddSyntaxTrees(trees);

    /// <summary>What the analyzers report, in source order.</summary>
    /// <exception cref="InvalidOperationException">An analyzer threw; the message has the exception.</exception>
    public static async Task<ImmutableArray<Diagnostic>> RunAsync(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers, AnalyzerOptions? analyzerOptions = null)
    {
        if (analyzers.IsEmpty)
            return [];
        Exception? thrown = null;
        var options = new CompilationWithAnalyzersOptions(
            analyzerOptions ?? new AnalyzerOptions([]),
            onAnalyzerException: (exception, analyzer, _) => Interlocked.CompareExchange(ref thrown, new InvalidOperationException($"{analyzer.GetType().Name} threw: {exception}", exception), null),
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false);
        var diagnostics = await compilation.WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync();
        if (thrown is not null)
            throw thrown;
        if (diagnostics.FirstOrDefault(diagnostic => diagnostic.Id.StartsWith("AD", StringComparison.Ordinal)) is { } crash)
            throw new InvalidOperationException(crash.ToString());
        return [.. diagnostics.OrderBy(Describe, StringComparer.Ordinal)];
    }

    /// <summary>Everything that a user sees of a diagnostic, in one line.</summary>
    public static string Describe(Diagnostic diagnostic)
        => $"{diagnostic} [{string.Join(", ", diagnostic.AdditionalLocations.Select(location => location.GetLineSpan()))}]";
}
