using System;
using System.IO;
using System.Threading;
using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace PinAccounting.Benchmarks;

/// <summary>One charge and its release, by each of one or two threads.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class AccountBenchmarks
{
    private const int Pairs = 200_000;
    private const int Limit = 1 << 20;

    private readonly PinAccount _account = new("benchmark", Limit);
    private readonly PinAccount _sharded = new(new PinAccountOptions { Name = "sharded", Limit = Limit, Shards = Environment.ProcessorCount });
    private readonly CasPair _cas = new(Limit);
    private readonly SemaphoreSlim _semaphore = new(Limit, Limit);
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = Limit, QueueLimit = 0 });
    private Crew _crew = new(0);

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _crew.Dispose();
        _crew = new Crew(Threads - 1);
    }

    [GlobalCleanup]
    public void CleanUp() => _crew.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Pairs, Description = "hand-written CAS pair"), BenchmarkCategory("raw")]
    public void Cas() => _crew.Run(() => CasPairs(Pairs));

    [Benchmark(OperationsPerInvoke = Pairs, Description = "PinAccount raw pair"), BenchmarkCategory("raw")]
    public void Raw() => _crew.Run(() => RawPairs(_account, Pairs));

    [Benchmark(OperationsPerInvoke = Pairs, Description = "PinAccount raw pair, sharded"), BenchmarkCategory("raw")]
    public void ShardedRaw() => _crew.Run(() => RawPairs(_sharded, Pairs));

    [Benchmark(Baseline = true, OperationsPerInvoke = Pairs, Description = "SemaphoreSlim"), BenchmarkCategory("token")]
    public void Semaphore() => _crew.Run(() => SemaphorePairs(Pairs));

    [Benchmark(OperationsPerInvoke = Pairs, Description = "ConcurrencyLimiter"), BenchmarkCategory("token")]
    public void Limiter() => _crew.Run(() => LimiterPairs(Pairs));

    [Benchmark(OperationsPerInvoke = Pairs, Description = "PinAccount token pair"), BenchmarkCategory("token")]
    public void Token() => _crew.Run(() => TokenPairs(_account, Pairs));

    [Benchmark(OperationsPerInvoke = Pairs, Description = "PinAccount token pair, sharded"), BenchmarkCategory("token")]
    public void ShardedToken() => _crew.Run(() => TokenPairs(_sharded, Pairs));

    internal static void CompareUnderContention(TextWriter output)
    {
        var pairs = new AccountBenchmarks();
        Contention.Compare(
            output,
            ("hand-written CAS pair", pairs.CasPairs),
            ("PinAccount raw pair", count => RawPairs(pairs._account, count)),
            ("PinAccount raw pair, sharded", count => RawPairs(pairs._sharded, count)),
            ("SemaphoreSlim", pairs.SemaphorePairs),
            ("ConcurrencyLimiter", pairs.LimiterPairs),
            ("PinAccount token pair", count => TokenPairs(pairs._account, count)),
            ("PinAccount token pair, sharded", count => TokenPairs(pairs._sharded, count)));
    }

    private void CasPairs(int count)
    {
        CasPair cas = _cas;
        for (int i = 0; i < count; i++)
            if (cas.TryCharge(1)) cas.Uncharge(1);
    }

    private void SemaphorePairs(int count)
    {
        SemaphoreSlim semaphore = _semaphore;
        for (int i = 0; i < count; i++)
            if (semaphore.Wait(0)) semaphore.Release();
    }

    private void LimiterPairs(int count)
    {
        ConcurrencyLimiter limiter = _limiter;
        for (int i = 0; i < count; i++)
            using (limiter.AttemptAcquire(1))
            {
            }
    }

    private static void RawPairs(PinAccount account, int count)
    {
        for (int i = 0; i < count; i++)
            if (account.TryCharge(1)) account.Uncharge(1);
    }

    private static void TokenPairs(PinAccount account, int count)
    {
        for (int i = 0; i < count; i++)
            if (account.TryCharge(1, out PinCharge? charge, out _)) charge.Dispose();
    }
}
