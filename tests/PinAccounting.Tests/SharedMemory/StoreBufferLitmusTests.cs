using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using PinAccounting.SharedMemory;
using Xunit;
using Xunit.Abstractions;

namespace PinAccounting.Tests.SharedMemory;

/// <summary>
/// Two sides publish, each its own cell, and then look at the other's. That neither sees the other is what a lost wake-up is made of: release and acquire allow
/// it, the full fence does not.
/// </summary>
public sealed unsafe class StoreBufferLitmusTests(ITestOutputHelper output)
{
    private const int Rounds = 300_000;

    [TwoProcessorsFact]
    public void PublishAndTest_NeverLetsBothSidesMissEachOther()
    {
        // The control: a litmus that cannot fail proves nothing. Tried again where the two sides hardly ever ran at the same time.
        long bothMissed = 0, done = 0;
        for (int attempt = 0; attempt < 10 && bothMissed == 0; attempt++)
        {
            Litmus without = new(fenced: false);
            bothMissed = without.Run();
            done += without.Done;
        }

        output.WriteLine($"Release and acquire alone: in {bothMissed} of {done} rounds neither side saw the other.");
        Assert.True(bothMissed > 0, $"In {done} rounds with Volatile alone the sides never missed each other, so this machine shows nothing about the fence.");

        long bothMissedFenced = 0;
        for (done = 0; done < Rounds;)
        {
            Litmus with = new(fenced: true);
            bothMissedFenced += with.Run();
            done += with.Done;
            Assert.True(with.Done > 1000, "Too few rounds to mean anything.");
        }

        output.WriteLine($"PublishAndTest: in {bothMissedFenced} of {done} rounds.");
        Assert.Equal(0, bothMissedFenced);
    }

    private sealed class Litmus(bool fenced)
    {
        private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(1024, 128);
        private readonly bool[] _missedByOther = new bool[Rounds + 1];
        private long _gate;
        private bool _stop;

        public int Done { get; private set; }

        public long Run()
        {
            NativeMemory.Clear(_memory, 1024);
            SharedUInt32 left = new(_memory);
            SharedUInt32 right = new(_memory + 512);
            bool[] missed = new bool[Rounds + 1];
            Thread other = new(() => Side(right, left, _missedByOther, meet: 1));
            other.Start();
            Side(left, right, missed, meet: 0);
            other.Join();
            NativeMemory.AlignedFree(_memory);
            long both = 0;
            for (int round = 1; round <= Done; round++)
                both += missed[round] && _missedByOther[round] ? 1 : 0;
            return both;
        }

        // In round r both cells go from r - 1 to r, so that the lowest bit tells whether the other side has published yet.
        private void Side(SharedUInt32 own, SharedUInt32 others, bool[] missed, int meet)
        {
            OwnedIndex index = new(own);
            long began = Stopwatch.GetTimestamp();
            for (int round = 1; round <= Rounds; round++)
            {
                if (meet == 0 && round % 1024 == 0 && Stopwatch.GetElapsedTime(began).TotalSeconds > 10)
                    Volatile.Write(ref _stop, true);
                if (!Meet(round))
                    return;
                index.Advance();
                bool odd;
                if (fenced)
                {
                    odd = index.PublishAndTest(others, 1);
                }
                else
                {
                    index.Publish();
                    odd = (others.LoadAcquire() & 1) != 0;
                }
                missed[round] = odd != ((round & 1) != 0);
                if (meet == 0)
                    Done = round;
            }
        }

        /// <summary>Waits until both have come to the round; false when the test is over.</summary>
        private bool Meet(int round)
        {
            Interlocked.Increment(ref _gate);
            SpinWait wait = default;
            for (int spins = 0; Volatile.Read(ref _gate) < 2L * round; spins++)
            {
                if (Volatile.Read(ref _stop))
                    return false;
                // Tight at first, so that both leave together; but the other side may not be running.
                if (spins > 20_000)
                    wait.SpinOnce(sleep1Threshold: -1);
            }
            return true;
        }
    }
}

/// <summary>A test of what two processors do to each other.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TwoProcessorsFactAttribute : FactAttribute
{
    public TwoProcessorsFactAttribute() => Skip = Environment.ProcessorCount >= 2 ? null : "One processor alone has no store buffer that another could miss.";
}
