using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using PinAccounting.SharedMemory;
using Xunit;

namespace PinAccounting.Tests.SharedMemory;

/// <summary>Whatever a peer has written where, an operation touches nothing in the region but the cells of its own side and the slots it was granted.</summary>
public sealed unsafe class RingFootprintTests : IDisposable
{
    private const int Episodes = 100;
    private const int Steps = 40;

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(1u, 1)]
    [InlineData(2u, 2)]
    [InlineData(8u, 3)]
    [InlineData(4u, 4)]
    [InlineData(64u, 5)]
    public void Operations_OnBytes_TouchOnlyWhatIsTheirs(uint capacity, int seed) => Run<byte>(capacity, seed);

    [Theory]
    [InlineData(1u, 6)]
    [InlineData(4u, 7)]
    [InlineData(16u, 8)]
    public void Operations_OnLongs_TouchOnlyWhatIsTheirs(uint capacity, int seed) => Run<long>(capacity, seed);

    [Theory]
    [InlineData(1u, 9)]
    [InlineData(2u, 10)]
    [InlineData(8u, 11)]
    public void Operations_OnEntriesOfOddSize_TouchOnlyWhatIsTheirs(uint capacity, int seed) => Run<(ushort, byte, ushort, ushort, ushort, ushort)>(capacity, seed);

    [Theory]
    [InlineData(2u, 12)]
    [InlineData(16u, 13)]
    public void Operations_OnEntriesThatCanBeTorn_TouchOnlyWhatIsTheirs(uint capacity, int seed) => Run<Job>(capacity, seed);

    private void Run<T>(uint capacity, int seed) where T : unmanaged
    {
        Random random = new(seed);
        long length = SpscRing<T>.RequiredLength(capacity);
        using SharedRegion region = SharedRegion.CreateFile(_path, length);
        using SharedRegion.Hold hold = region.Use();
        Span<byte> memory = new(region.AddressOf(0, length), (int)length);
        long done = 0, refused = 0;
        // A ring whose two cells are both garbage stays useless, as it should; so begin anew now and then.
        for (int episode = 0; episode < Episodes; episode++)
            RunEpisode<T>(region, memory, capacity, random, $"Episode {episode} (seed {seed})", ref done, ref refused);
        Assert.True(done > Episodes && refused > Episodes, $"{done} entries, {refused} refusals: too tame.");
    }

    private static void RunEpisode<T>(SharedRegion region, Span<byte> memory, uint capacity, Random random, string where, ref long done, ref long refused) where T : unmanaged
    {
        SpscRing<T>.Create(region, capacity).Dispose();
        // Somewhere near the wrap.
        uint from = uint.MaxValue - (uint)random.Next(Steps);
        region.UInt32At(RingLayout.HeadOffset).StoreRelease(from);
        region.UInt32At(RingLayout.TailOffset).StoreRelease(from);
        using SpscRing<T> ring = SpscRing<T>.Attach(region);
        uint head = from, tail = from;
        long refusedHere = 0;
        for (int step = 0; step < Steps; step++)
        {
            if (random.Next(3) == 0)
                Scribble(memory, random, head, tail, capacity);
            byte[] before = memory.ToArray();
            bool writes = random.Next(2) == 0;
            (RingStatus status, int entries) = Step(ring, writes, random, capacity);
            Assert.InRange(entries, 0, (int)capacity);
            done += entries;
            if (status == RingStatus.PeerRefused)
                refusedHere++;
            Assert.Equal(refusedHere, ring.Refusals);
            uint passed = writes ? tail : head;
            if (writes)
                tail += (uint)entries;
            else
                head += (uint)entries;

            int own = writes ? RingLayout.TailOffset : RingLayout.HeadOffset;
            int flags = writes ? RingLayout.ProducerFlagsOffset : RingLayout.ConsumerFlagsOffset;
            HashSet<int> slots = [];
            int stride = RingLayout.Stride(sizeof(T));
            for (uint i = 0; writes && i < entries; i++)
                slots.Add((int)(unchecked(passed + i) & (capacity - 1)));
            if (entries > 0)
                Assert.Equal(unchecked(passed + (uint)entries), BitConverter.ToUInt32(memory[own..]));
            for (int i = 0; i < memory.Length; i++)
            {
                if (memory[i] == before[i] || (i >= own && i < own + 4) || (i >= flags && i < flags + 4))
                    continue;
                int slot = (i - RingLayout.EntriesOffset) / stride;
                Assert.True(i >= RingLayout.EntriesOffset && slots.Contains(slot), $"{where}, step {step} ({(writes ? "write" : "read")} of {entries}) has changed byte {i}.");
            }
        }
        refused += refusedHere;
    }

    private static (RingStatus Status, int Entries) Step<T>(SpscRing<T> ring, bool writes, Random random, uint capacity) where T : unmanaged
    {
        int wanted = random.Next((int)capacity + 3);
        T[] batch = new T[wanted];
        foreach (ref T item in batch.AsSpan())
            item = Any<T>(random);
        RingStatus status;
        int count;
        switch (random.Next(5), writes)
        {
            case (0, true): count = ring.Write(batch, out status); return (status, count);
            case (0, false): count = ring.Read(batch, out status); return (status, count);
            case (1, true): status = ring.Write(Any<T>(random), out _); break;
            case (1, false): status = ring.Read(out _, out _); break;
            case (2, true): return (ring.PrepareToWaitForRoom(), 0);
            case (2, false): return (ring.PrepareToWaitForEntries(), 0);
            case (3, true): ring.StopWaitingForRoom(); return (RingStatus.Done, 0);
            case (3, false): ring.StopWaitingForEntries(); return (RingStatus.Done, 0);
            case (_, true): status = ring.Write(Any<T>(random)); break;
            default: status = ring.Read(out _); break;
        }
        return (status, status == RingStatus.Done ? 1 : 0);
    }

    private static T Any<T>(Random random) where T : unmanaged
    {
        T item;
        random.NextBytes(new Span<byte>(&item, sizeof(T)));
        return item;
    }

    private static void Scribble(Span<byte> memory, Random random, uint head, uint tail, uint capacity)
    {
        int cell = random.Next(2) == 0 ? RingLayout.TailOffset : RingLayout.HeadOffset;
        switch (random.Next(10))
        {
            case 0: random.NextBytes(memory[..RingLayout.TailOffset]); break;
            case 1: random.NextBytes(memory[RingLayout.ConsumerFlagsOffset..]); break;
            case 2: random.NextBytes(memory.Slice(cell, 4)); break;
            case 3: BitConverter.TryWriteBytes(memory[cell..], unchecked(head + (uint)random.Next(-1, (int)capacity + 2))); break; // nearly what could be
            default:
                BitConverter.TryWriteBytes(memory[RingLayout.HeadOffset..], head);
                BitConverter.TryWriteBytes(memory[RingLayout.TailOffset..], tail);
                break;
        }
    }
}
