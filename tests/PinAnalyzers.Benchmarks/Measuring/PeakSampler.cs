namespace PinAnalyzers.Benchmarks.Measuring;

/// <summary>The most the managed heap grew while something ran. Sampled: a short spike between two samples is missed.</summary>
internal sealed class PeakSampler : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(10);

    private readonly long _start = GC.GetTotalMemory(forceFullCollection: false);
    private readonly Timer _timer;
    private long _peak;

    public PeakSampler() => _timer = new Timer(_ => Sample(), null, s_period, s_period);

    public long Stop()
    {
        Sample();
        return Interlocked.Read(ref _peak);
    }

    public void Dispose() => _timer.Dispose();

    private void Sample()
    {
        var grown = GC.GetTotalMemory(forceFullCollection: false) - _start;
        for (var seen = Interlocked.Read(ref _peak); grown > seen;)
        {
            var current = Interlocked.CompareExchange(ref _peak, grown, seen);
            if (current == seen) return;
            seen = current;
        }
    }
}
