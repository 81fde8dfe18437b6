using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;

namespace PinAccounting.Benchmarks;

/// <summary>Times two threads that really run at the same time, on a machine that is busy with other work too.</summary>
/// <remarks>
/// Over a whole run the scheduler lets two threads of a busy machine meet by chance only, so a long measurement shows its luck. Here both meet by spinning: when one sees
/// the other arrive, both have a core. They then work for a burst shorter than a time slice, and only bursts count that overlapped throughout.
/// </remarks>
internal sealed class Contention
{
    private const int Pairs = 2_000;
    private const int Meetings = 3_000;

    private readonly Burst[] _mine = new Burst[Meetings];
    private readonly Burst[] _theirs = new Burst[Meetings];
    private readonly StrongBox<int>[] _arrived = [new(), new()];

    /// <summary>Prints the time of a pair for one thread alone and for two that overlap.</summary>
    internal static void Compare(TextWriter output, params (string Name, Action<int> Work)[] rows)
    {
        // Rows share code: without this the first of them would pay for its compilation, which a busy machine puts off.
        foreach ((_, Action<int> work) in rows)
            for (int i = 0; i < 1_000; i++) work(Pairs);
        foreach ((string name, Action<int> work) in rows)
        {
            double alone = Median(Enumerable.Range(0, 500).Select(_ => Timed(work).Nanoseconds));
            List<double> together = new Contention().Meet(work);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-32} alone {alone,6:F1} ns   together {(together.Count == 0 ? double.NaN : Median(together)),6:F1} ns   ({together.Count} bursts of {Meetings} overlapped)"));
        }
    }

    private List<double> Meet(Action<int> work)
    {
        var other = new Thread(() => Run(1, _theirs, work)) { IsBackground = true };
        other.Start();
        // Not on the calling thread, which would stay on its core.
        var one = new Thread(() => Run(0, _mine, work)) { IsBackground = true };
        one.Start();
        one.Join();
        other.Join();
        var together = new List<double>();
        for (int i = Meetings / 10; i < Meetings; i++)
            if (_mine[i].OverlapsMostOf(_theirs[i]))
                together.Add((_mine[i].Nanoseconds + _theirs[i].Nanoseconds) / 2);
        return together;
    }

    private void Run(int who, Burst[] bursts, Action<int> work)
    {
        // A core each: otherwise the scheduler of a busy machine keeps the two on one.
        if (OperatingSystem.IsLinux())
        {
            ulong core = 1ul << who;
            if (SetAffinity(0, sizeof(ulong), in core) != 0) throw new InvalidOperationException($"Core {who} is not ours to use.");
        }

        for (int meeting = 1; meeting <= Meetings; meeting++)
        {
            Volatile.Write(ref _arrived[who].Value, meeting);
            for (int round = 1; Volatile.Read(ref _arrived[1 - who].Value) < meeting; round++)
                if (round % 10_000 == 0) Thread.Yield();
            bursts[meeting - 1] = Timed(work);
        }
    }

    [DllImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static extern int SetAffinity(int thread, nint size, in ulong mask);

    private static Burst Timed(Action<int> work)
    {
        long began = Stopwatch.GetTimestamp();
        work(Pairs);
        return new Burst(began, Stopwatch.GetTimestamp());
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private readonly record struct Burst(long Began, long Ended)
    {
        /// <summary>For one pair.</summary>
        public double Nanoseconds => Stopwatch.GetElapsedTime(Began, Ended).TotalNanoseconds / Pairs;

        /// <summary>Nine tenths of the longer one: a burst that was interrupted is long, and drops out.</summary>
        public bool OverlapsMostOf(Burst other)
            => 10 * (Math.Min(Ended, other.Ended) - Math.Max(Began, other.Began)) >= 9 * Math.Max(Ended - Began, other.Ended - other.Began);
    }
}
