using System;
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
    private const int Count = 200_000;
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

    [Benchmark(Baseline = true, OperationsPerInvoke = Count, Description = "hand-written CAS pair"), BenchmarkCategory("raw")]
    public void Cas() => _crew.Run(() => CasPairs(Count));

    [Benchmark(OperationsPerInvoke = Count, Description = "PinAccount raw pair"), BenchmarkCategory("raw")]
    public void Raw() => _crew.Run(() => RawPairs(_account, Count));

    [Benchmark(OperationsPerInvoke = Count, Description = "PinAccount raw pair, sharded"), BenchmarkCategory("raw")]
    public void ShardedRaw() => _crew.Run(() => RawPairs(_sharded, Count));

    [Benchmark(Baseline = true, OperationsPerInvoke = Count, Description = "SemaphoreSlim"), BenchmarkCategory("token")]
    public void Semaphore() => _crew.Run(() => SemaphorePairs(Count));

    [Benchmark(OperationsPerInvoke = Count, Description = "ConcurrencyLimiter"), BenchmarkCategory("token")]
    public void Limiter() => _crew.Run(() => LimiterPairs(Count));

    [Benchmark(OperationsPerInvoke = Count, Description = "PinAccount token pair"), BenchmarkCategory("token")]
    public void Token() => _crew.Run(() => TokenPairs(_account, Count));

    [Benchmark(OperationsPerInvoke = Count, Description = "PinAccount token pair, sharded"), BenchmarkCategory("token")]
    public void ShardedToken() => _crew.Run(() => TokenPairs(_sharded, Count));

    /// <summary>The same pairs, each as often as it is told, for measurements that the framework cannot take.</summary>
    internal (string Name, Action<int> Work)[] Pairs() =>
    [
        ("hand-written CAS pair", CasPairs),
        ("PinAccount raw pair", count => RawPairs(_account, count)),
        ("PinAccount raw pair, sharded", count => RawPairs(_sharded, count)),
        ("SemaphoreSlim", SemaphorePairs),
        ("ConcurrencyLimiter", LimiterPairs),
        ("PinAccount token pair", count => TokenPairs(_account, count)),
        ("PinAccount token pair, sharded", count => TokenPairs(_sharded, count)),
    ];

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
