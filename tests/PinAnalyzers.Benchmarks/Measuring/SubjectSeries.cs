namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>All repetitions of one subject over one input. Medians, which one disturbed run does not move, and the quickest runs, which no other work on the machine moves.</summary>
internal sealed class SubjectSeries(Subject subject)
{
    private readonly List<Measurement> _measurements = [];

    public Subject Subject { get; } = subject;

    public bool TimedOut { get; set; }

    public bool IsEmpty => TimedOut || _measurements.Count == 0;

    public double Cpu => Median(_measurements.Select(measurement => measurement.Cpu.TotalMilliseconds));

    public double Callbacks => Median(_measurements.Select(measurement => measurement.Callbacks.TotalMilliseconds));

    public double Allocated => Median(_measurements.Select(measurement => (double)measurement.Allocated));

    public double Peak => Median(_measurements.Select(measurement => (double)measurement.Peak));

    public int Findings => _measurements[^1].Findings;

    public int Failures => _measurements[^1].Failures;

    public void Add(Measurement measurement) => _measurements.Add(measurement);

    /// <summary>What this subject adds to another, from the runs of the same rounds.</summary>
    public double CpuOver(SubjectSeries floor) =>
        Median(_measurements.Zip(floor._measurements, (mine, theirs) => (mine.Cpu - theirs.Cpu).TotalMilliseconds));

    /// <summary>The same from the quickest run of each: other work on the machine only ever adds, so this is what a quiet one would say.</summary>
    public double LeastCpuOver(SubjectSeries floor) => Least - floor.Least;

    public double Least => _measurements.Min(measurement => measurement.Cpu.TotalMilliseconds);

    /// <summary>Half the distance between the quartiles, as a measure of what the figures can tell apart.</summary>
    public double Noise
    {
        get
        {
            var sorted = _measurements.Select(measurement => measurement.Cpu.TotalMilliseconds).Order().ToArray();
            return (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / 2;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) return double.NaN;
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
