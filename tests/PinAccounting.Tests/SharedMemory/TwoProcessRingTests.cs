using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using PinAccounting.SharedMemory;
using PinAccounting.Tests.ChildProcesses;
using Xunit;
using Xunit.Abstractions;

namespace PinAccounting.Tests.SharedMemory;

[SupportedOSPlatform("linux")]
public sealed class TwoProcessRingTests(ITestOutputHelper output)
{
    private static double HostileSeconds
        => double.TryParse(Environment.GetEnvironmentVariable("PINACCOUNTING_HOSTILE_SECONDS"), CultureInfo.InvariantCulture, out double seconds) ? seconds : 5;

    [TwoProcessFact]
    public void Echo_ThroughAnotherProcess_ComesBackInOrder()
    {
        const int count = 20_000;
        using SharedRegion requests = SharedRegion.CreateSealed("requests", SpscRing<Job>.RequiredLength(256));
        using SharedRegion answers = SharedRegion.CreateSealed("answers", SpscRing<Job>.RequiredLength(64));
        using SpscRing<Job> writer = SpscRing<Job>.Create(requests, 256);
        using SpscRing<Job> reader = SpscRing<Job>.Create(answers, 64);
        using Process peer = ChildProcess.Start([], "ring-peer", "echo", PathOf(requests), PathOf(answers), count.ToString(CultureInfo.InvariantCulture));
        Patience patience = new();
        for (int sent = 0, got = 0; got < count;)
        {
            bool moved = sent < count && writer.TryWrite(Job.Of(sent));
            if (moved)
                sent++;
            if (reader.TryRead(out Job job))
            {
                if (job.Number != got || !job.IsWhole)
                    Assert.Fail($"Entry {got} came back as {job.Number}.");
                got++;
                moved = true;
            }
            if (!moved)
                patience.Wait();
        }
        Assert.Equal("0", peer.StandardOutput.ReadToEnd().Trim());
        peer.WaitForExit();
        Assert.Equal(0, peer.ExitCode);
        Assert.Equal(0, writer.Refusals + reader.Refusals);
    }

    /// <summary>
    /// The other process writes random values over the whole mapping while both sides work here. Set PINACCOUNTING_HOSTILE_SECONDS for a longer run.
    /// </summary>
    [TwoProcessFact]
    public async Task HostilePeer_CannotCrashHangOrOverrunUs_AndEveryRefusalIsCounted()
    {
        const uint capacity = 64;
        double seconds = HostileSeconds;
        // The ring ends where the file does. The rest of its last page is mapped and nobody's: the peer leaves it alone, and so must we. The page after it is not there.
        long length = SpscRing<Job>.RequiredLength(capacity);
        using SharedRegion region = SharedRegion.CreateSealed("hostile", length);
        using Process peer = ChildProcess.Start([], "ring-peer", "scribble", PathOf(region), seconds.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("scribbling", await peer.StandardOutput.ReadLineAsync());
        Task<string?> scribbling = peer.StandardOutput.ReadLineAsync();
        Tally written = new(), read = new();
        long attached = 0, refused = 0, rings = 0;
        while (!scribbling.IsCompleted)
        {
            // A ring whose cells are all garbage at a moment when neither side has anything left to publish stays useless, as it should; so begin anew now and then.
            using SpscRing<Job> ring = SpscRing<Job>.Create(region, capacity);
            long before = written.Refused + read.Refused;
            using CancellationTokenSource stop = new();
            Task writing = Task.Factory.StartNew(() => Work(ring, written, Write, stop.Token), TaskCreationOptions.LongRunning);
            Task reading = Task.Factory.StartNew(() => Work(ring, read, Read, stop.Token), TaskCreationOptions.LongRunning);
            for (int i = 0; i < 20; i++)
            {
                if (TryAttach(region))
                    attached++;
                else
                    refused++;
                await Task.Delay(1);
            }
            await stop.CancelAsync();
            await Task.WhenAll(writing, reading).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(written.Refused + read.Refused - before, ring.Refusals);
            rings++;
        }
        string? writes = await scribbling;
        await peer.WaitForExitAsync();

        output.WriteLine($"{seconds} s, {writes} hostile writes, {rings} rings. Writer: {written}. Reader: {read}. Attached {attached} times, refused {refused} times.");
        Assert.Equal(0, peer.ExitCode);
        Assert.True(written.Entries > 0 && read.Entries > 0, "Nothing went through, so nothing was tried.");
        Assert.True(written.Refused > 0 && read.Refused > 0, "The peer was not hostile enough.");
        AssertNothingBehindTheEnd(region);
        // It works on as soon as the peer shows what it may: an empty ring made anew.
        using SpscRing<Job> anew = SpscRing<Job>.Create(region, capacity);
        Assert.True(anew.TryWrite(Job.Of(3)));
        Assert.True(anew.TryRead(out Job job));
        Assert.True(job.IsWhole);
    }

    private static unsafe void AssertNothingBehindTheEnd(SharedRegion region)
    {
        using SharedRegion.Hold hold = region.Use();
        int rest = (int)(-region.Length & (Environment.SystemPageSize - 1));
        Assert.True(rest > 0, "The file fills its last page, so that a write past its end would not show.");
        Assert.Equal(-1, new ReadOnlySpan<byte>(region.AddressOf(0, region.Length) + region.Length, rest).IndexOfAnyExcept((byte)0));
    }

    private static void Work(SpscRing<Job> ring, Tally tally, Func<SpscRing<Job>, int, Job[], (RingStatus Status, int Entries)> step, CancellationToken stop)
    {
        Job[] batch = new Job[100];
        while (!stop.IsCancellationRequested)
        {
            (RingStatus status, int entries) = step(ring, (int)(tally.Calls % 5), batch);
            tally.Calls++;
            tally.Entries += entries;
            if (status == RingStatus.PeerRefused)
                tally.Refused++;
            if (entries > ring.Capacity)
                throw new InvalidOperationException($"{entries} entries of a ring of {ring.Capacity}.");
        }
    }

    private static (RingStatus Status, int Entries) Write(SpscRing<Job> ring, int how, Job[] batch)
    {
        RingStatus status;
        switch (how)
        {
            case 0:
                int count = ring.Write(batch, out status);
                return (status, count);
            case 1:
                status = ring.Write(Job.Of(how), out _);
                break;
            case 2:
                status = ring.PrepareToWaitForRoom();
                ring.StopWaitingForRoom();
                return (status, 0);
            default:
                status = ring.Write(Job.Of(how));
                break;
        }
        return (status, status == RingStatus.Done ? 1 : 0);
    }

    private static (RingStatus Status, int Entries) Read(SpscRing<Job> ring, int how, Job[] batch)
    {
        RingStatus status;
        switch (how)
        {
            case 0:
                int count = ring.Read(batch, out status);
                return (status, count);
            case 1:
                status = ring.Read(out _, out _);
                break;
            case 2:
                status = ring.PrepareToWaitForEntries();
                ring.StopWaitingForEntries();
                return (status, 0);
            default:
                status = ring.Read(out _);
                break;
        }
        return (status, status == RingStatus.Done ? 1 : 0);
    }

    private static bool TryAttach(SharedRegion region)
    {
        try
        {
            using SpscRing<Job> other = SpscRing<Job>.Attach(region);
            // Only to look: a second consumer would not be part of the bargain.
            return SpscRing<Job>.RequiredLength(other.Capacity) <= region.Length ? true : throw new InvalidOperationException($"Attached to a ring of {other.Capacity} entries.");
        }
        catch (InvalidDataException)
        {
            // The usual answer: the header is garbage.
            return false;
        }
    }

    private static string PathOf(SharedRegion region) => $"/proc/{Environment.ProcessId}/fd/{region.FileHandle.DangerousGetHandle()}";

    private sealed class Tally
    {
        public long Calls;
        public long Entries;
        public long Refused;

        public override string ToString() => $"{Calls} calls, {Entries} entries, {Refused} refusals";
    }
}
