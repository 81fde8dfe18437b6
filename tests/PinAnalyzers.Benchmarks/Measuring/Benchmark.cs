using PinAnalyzers.Benchmarks.Inputs;

namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>Measures all subjects over one input, interleaved, so that a slow minute of the machine hits all of them.</summary>
internal sealed class Benchmark(IReadOnlyList<Subject> subjects, int repetitions, TimeSpan limit)
{
    private readonly AnalyzerRun _run = new(AnalyzerSettings.Default);

    /// <summary>Lets the JIT finish with everybody's hot paths before anything counts.</summary>
    public void WarmUp(SourceSet input)
    {
        for (var round = 0; round < 3; round++)
        {
            foreach (var subject in subjects) _ = Measurement.Take(input, subject, _run, limit);
        }
    }

    public SubjectSeries[] Measure(SourceSet input)
    {
        // Every input brings code paths of the compiler that no other did: compile them once before any subject pays for it.
        foreach (var subject in subjects.Where(subject => subject.Role is SubjectRole.Binding or SubjectRole.Floor)) _ = Measurement.Take(input, subject, _run, limit);

        var series = subjects.Select(subject => new SubjectSeries(subject)).ToArray();
        for (var round = 0; round < repetitions; round++)
        {
            // Each round starts with another subject: none always runs after the same neighbour.
            for (var turn = 0; turn < series.Length; turn++)
            {
                var current = series[(round + turn) % series.Length];
                if (current.TimedOut) continue;
                if (Measurement.Take(input, current.Subject, _run, limit) is { } measurement) current.Add(measurement);
                else current.TimedOut = true;
            }
        }

        return series;
    }
}
