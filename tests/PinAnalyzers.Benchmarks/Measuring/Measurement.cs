using Microsoft.CodeAnalysis;
using PinAnalyzers.Benchmarks.Inputs;

namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>One subject run once over one source set.</summary>
internal sealed record Measurement(TimeSpan Cpu, TimeSpan Callbacks, long Allocated, long Peak, int Findings, int Failures)
{
    /// <summary>Null when it took longer than allowed.</summary>
    public static Measurement? Take(SourceSet input, Subject subject, AnalyzerRun run, TimeSpan limit)
    {
        // Compiling anew, parsing included, stays outside the measured span.
        var compilations = input.Compile();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        using var stop = new CancellationTokenSource();
        using var peak = new PeakSampler();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        stop.CancelAfter(limit);
        var callbacks = TimeSpan.Zero;
        var findings = 0;
        var failures = 0;

        // Processor time, not the clock: a neighbour on the machine must not count. All measured work is on this thread.
        var cpu = Environment.CpuUsage.TotalTime;
        try
        {
            foreach (var (project, compilation) in compilations)
            {
                if (subject.Role == SubjectRole.Binding)
                {
                    findings += compilation.GetDiagnostics(stop.Token).Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
                    continue;
                }

                var result = run.Execute(project, compilation, subject, stop.Token);
                callbacks += AnalyzerRun.Callbacks(result);
                var diagnostics = result.GetAllDiagnostics();
                failures += diagnostics.Count(diagnostic => diagnostic.Id == "AD0001");
                findings += diagnostics.Count(diagnostic => diagnostic.Id != "AD0001");
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        var spent = Environment.CpuUsage.TotalTime - cpu;
        return new Measurement(spent, callbacks, GC.GetTotalAllocatedBytes(precise: true) - allocated, peak.Stop(), findings, failures);
    }
}
