using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>What is measured: a set of analyzers, or (with none) the compiler's own binding.</summary>
internal sealed record Subject(string Name, ImmutableArray<DiagnosticAnalyzer> Analyzers, string? OnlyId = null)
{
    public static Subject Binding { get; } = new("binding", []);

    /// <summary>The floor: a driver that has to run, with one analyzer that does nothing.</summary>
    public static Subject NoOp { get; } = new("no-op driver", [new NoOpAnalyzer()]);

    public static Subject Ours { get; } = new("PinAnalyzers", AnalyzersIn(Path.Combine(AppContext.BaseDirectory, "PinAnalyzers.dll"), null));

    public static Subject Ca2000 { get; } = FromPackage("CA2000", BuildPaths.NetAnalyzers, "Microsoft.CodeAnalysis.NetAnalyzers.dll", "CA2000");

    public static Subject DisposableAnalyzers { get; } = FromPackage("IDisposableAnalyzers", BuildPaths.IDisposableAnalyzers, "IDisposableAnalyzers.dll", null);

    public bool IsBinding => Analyzers.IsEmpty && this == Binding;

    private static Subject FromPackage(string name, string package, string file, string? onlyId)
    {
        var path = Directory.EnumerateFiles(Path.Combine(package, "analyzers"), file, SearchOption.AllDirectories).First();
        return new Subject(name, AnalyzersIn(path, onlyId), onlyId);
    }

    private static ImmutableArray<DiagnosticAnalyzer> AnalyzersIn(string path, string? onlyId)
    {
        var reference = new AnalyzerFileReference(path, new Loader());
        reference.AnalyzerLoadFailed += (_, failure) =>
        {
            // An assembly without analyzers is no failure here: it has none yet.
            if (failure.ErrorCode != AnalyzerLoadFailureEventArgs.FailureErrorCode.NoAnalyzers) throw new InvalidOperationException(failure.Message, failure.Exception);
        };
        return [.. reference.GetAnalyzers(LanguageNames.CSharp).Where(analyzer => onlyId is null || analyzer.SupportedDiagnostics.Any(rule => rule.Id == onlyId))];
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        // Assemblies beside it are found by the runtime once it was loaded by path.
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
