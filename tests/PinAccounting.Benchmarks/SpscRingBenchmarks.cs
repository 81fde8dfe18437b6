using System;
using System.IO;
using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using PinAccounting.SharedMemory;

namespace PinAccounting.Benchmarks;

/// <summary>One entry written and read: by one thread in turn, or from one thread to another as fast as both can.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class SpscRingBenchmarks
{
    private const int Entries = 200_000;
    private const uint Capacity = 1024;

    private readonly long[] _sent = new long[64];
    private readonly long[] _got = new long[64];
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private SharedRegion? _region;
    private SpscRing<long> _ring = null!;
    private VolatileRing _hand = null!;
    private Channel<long> _channel = null!;
    private PassingCrew _crew = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _region = SharedRegion.CreateFile(_path, SpscRing<long>.RequiredLength(Capacity));
        _ring = SpscRing<long>.Create(_region, Capacity);
        _hand = new VolatileRing(Capacity);
        _channel = Channel.CreateBounded<long>(new BoundedChannelOptions((int)Capacity) { SingleReader = true, SingleWriter = true });
        _crew = new PassingCrew();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _crew.Dispose();
        _ring.Dispose();
        _hand.Dispose();
        _region!.Dispose();
        File.Delete(_path);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Entries, Description = "two Volatile indexes by hand"), BenchmarkCategory("1 thread")]
    public long HandInTurn()
    {
        long sum = 0;
        for (int i = 0; i < Entries; i++)
        {
            _hand.TryWrite(i);
            _hand.TryRead(out long item);
            sum += item;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Entries, Description = "SpscRing"), BenchmarkCategory("1 thread")]
    public long RingInTurn()
    {
        long sum = 0;
        for (int i = 0; i < Entries; i++)
        {
            _ring.TryWrite(i);
            _ring.TryRead(out long item);
            sum += item;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Entries, Description = "SpscRing, batches of 64"), BenchmarkCategory("1 thread")]
    public long RingBatches()
    {
        long sum = 0;
        for (int i = 0; i < Entries; i += 64)
        {
            _ring.Write(_sent, out _);
            sum += _ring.Read(_got, out _);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Entries, Description = "Channel, bounded"), BenchmarkCategory("1 thread")]
    public long ChannelInTurn()
    {
        long sum = 0;
        for (int i = 0; i < Entries; i++)
        {
            _channel.Writer.TryWrite(i);
            _channel.Reader.TryRead(out long item);
            sum += item;
        }

        return sum;
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Entries, Description = "two Volatile indexes by hand"), BenchmarkCategory("2 threads")]
    public void HandAcross() => _crew.Run(new ByHand(_hand), Entries);

    [Benchmark(OperationsPerInvoke = Entries, Description = "SpscRing"), BenchmarkCategory("2 threads")]
    public void RingAcross() => _crew.Run(new ByRing(_ring), Entries);

    [Benchmark(OperationsPerInvoke = Entries, Description = "Channel, bounded"), BenchmarkCategory("2 threads")]
    public void ChannelAcross() => _crew.Run(new ByChannel(_channel), Entries);

    private readonly struct ByHand(VolatileRing ring) : IPassage
    {
        public bool TryWrite(long item) => ring.TryWrite(item);

        public bool TryRead(out long item) => ring.TryRead(out item);
    }

    private readonly struct ByRing(SpscRing<long> ring) : IPassage
    {
        public bool TryWrite(long item) => ring.TryWrite(item);

        public bool TryRead(out long item) => ring.TryRead(out item);
    }

    private readonly struct ByChannel(Channel<long> channel) : IPassage
    {
        public bool TryWrite(long item) => channel.Writer.TryWrite(item);

        public bool TryRead(out long item) => channel.Reader.TryRead(out item);
    }
}
