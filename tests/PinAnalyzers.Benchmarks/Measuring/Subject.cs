using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>What is measured: a set of analyzers, or (with none) the compiler's own binding.</summary>
internal sealed record Subject(string Name, SubjectRole Role, ImmutableArray<DiagnosticAnalyzer> Analyzers, string? OnlyId = null)
{
    public static Subject Binding { get; } = new("binding", SubjectRole.Binding, []);

    /// <summary>The floor: a driver that has to run, with one analyzer that does nothing.</summary>
    public static Subject NoOp { get; } = new("no-op driver", SubjectRole.Floor, [new NoOpAnalyzer()]);

    public static Subject Ca2000 => FromPackage("CA2000", BuildPaths.NetAnalyzers, "Microsoft.CodeAnalysis.NetAnalyzers.dll", "CA2000");

    public static Subject DisposableAnalyzers => FromPackage("IDisposableAnalyzers", BuildPaths.IDisposableAnalyzers, "IDisposableAnalyzers.dll", null);

    /// <summary>The analyzers of the build beside this program, or those of another one.</summary>
    public static Subject Ours(string? assembly) =>
        new("PinAnalyzers", SubjectRole.Ours, AnalyzersIn(Path.GetFullPath(assembly ?? Path.Combine(AppContext.BaseDirectory, "PinAnalyzers.dll")), null));

    private static Subject FromPackage(string name, string package, string file, string? onlyId)
    {
        var path = Directory.EnumerateFiles(Path.Combine(package, "analyzers"), file, SearchOption.AllDirectories).First();
        return new Subject(name, SubjectRole.Peer, AnalyzersIn(path, onlyId), onlyId);
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

internal enum SubjectRole
{
    /// <summary>The compiler alone.</summary>
    Binding,

    /// <summary>What others are compared with.</summary>
    Floor,

    Ours,

    Peer,
}
