using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using PinAnalyzers.Benchmarks.Inputs;

namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>Runs analyzers over one compilation the way the compiler does, but on one thread.</summary>
internal sealed class AnalyzerRun(AnalyzerSettings settings)
{
    public AnalysisResult Execute(SourceProject project, CSharpCompilation compilation, Subject subject, CancellationToken cancellation) =>
        Run(Driver(project, compilation, subject), cancellation);

    private static AnalysisResult Run(CompilationWithAnalyzers driver, CancellationToken cancellation)
    {
        // Whoever asks the first question about a symbol has every reference resolved, which the compiler does in any case: it is nobody's callback.
        _ = driver.Compilation.GlobalNamespace.GetMembers(nameof(System));
        return driver.GetAnalysisResultAsync(cancellation).GetAwaiter().GetResult();
    }

    public CompilationWithAnalyzers Driver(SourceProject project, CSharpCompilation compilation, Subject subject)
    {
        var options = new AnalyzerOptions([.. project.PairFiles.Select(path => new TextFile(path))], settings);
        var configured = compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(Severities(subject)));
        return new CompilationWithAnalyzers(
            configured,
            subject.Analyzers,
            new CompilationWithAnalyzersOptions(options, onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: true));
    }

    public static TimeSpan Callbacks(AnalysisResult result) =>
        result.AnalyzerTelemetryInfo.Values.Aggregate(TimeSpan.Zero, (sum, telemetry) => sum + telemetry.ExecutionTime);

    private Dictionary<string, ReportDiagnostic> Severities(Subject subject)
    {
        var rules = subject.Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).DistinctBy(rule => rule.Id);
        if (subject.OnlyId is { } only) return rules.ToDictionary(rule => rule.Id, rule => rule.Id == only ? ReportDiagnostic.Warn : ReportDiagnostic.Suppress);
        if (subject.Role != SubjectRole.Ours || (settings.Ids.Count == 0 && !settings.AllRules)) return [];

        return rules.ToDictionary(
            rule => rule.Id,
            rule => settings.AllRules || settings.Ids.Contains(rule.Id) ? Level(rule.DefaultSeverity) : ReportDiagnostic.Suppress);
    }

    private static ReportDiagnostic Level(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => ReportDiagnostic.Error,
        DiagnosticSeverity.Warning => ReportDiagnostic.Warn,
        DiagnosticSeverity.Info => ReportDiagnostic.Info,
        _ => ReportDiagnostic.Hidden,
    };

    private sealed class TextFile(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(File.ReadAllText(path));
    }
}
