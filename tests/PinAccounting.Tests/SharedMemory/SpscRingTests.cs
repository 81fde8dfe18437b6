using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using PinAccounting.SharedMemory;
using Xunit;

namespace PinAccounting.Tests.SharedMemory;

public sealed class SpscRingTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly SharedRegion _region;

    public SpscRingTests() => _region = SharedRegion.CreateFile(_path, 8192);

    public void Dispose()
    {
        _region.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void Entries_ComeOutInOrder_UntilItIsEmpty_AndGoInUntilItIsFull()
    {
        using SpscRing<int> ring = SpscRing<int>.Create(_region, 4);
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < 4; i++)
                Assert.Equal(RingStatus.Done, ring.Write(10 * round + i));
            Assert.Equal(RingStatus.Full, ring.Write(99));
            for (int i = 0; i < 4; i++)
            {
                Assert.True(ring.TryRead(out int item));
                Assert.Equal(10 * round + i, item);
            }
            Assert.Equal(RingStatus.Empty, ring.Read(out _));
        }
        Assert.Equal(0, ring.Refusals);
    }

    [Fact]
    public void Batches_TakeWhatFits()
    {
        using SpscRing<Job> ring = SpscRing<Job>.Create(_region, 8);
        Job[] jobs = [.. Enumerable.Range(0, 11).Select(static i => Job.Of(i))];
        Assert.Equal(8, ring.Write(jobs, out RingStatus status));
        Assert.Equal(RingStatus.Full, status);
        Assert.Equal(0, ring.Write([], out status));
        Assert.Equal(RingStatus.Done, status);
        Job[] taken = new Job[5];
        Assert.Equal(5, ring.Read(taken, out status));
        Assert.Equal(RingStatus.Done, status);
        Assert.Equal([0, 1, 2, 3, 4], taken.Select(static job => job.Number));
        Assert.Equal(3, ring.Write(jobs.AsSpan(8), out status));
        Assert.Equal(RingStatus.Done, status);
        taken = new Job[9];
        Assert.Equal(6, ring.Read(taken, out status));
        Assert.Equal(RingStatus.Empty, status);
        Assert.Equal([5, 6, 7, 8, 9, 10], taken.Take(6).Select(static job => job.Number));
        Assert.All(taken.Take(6), static job => Assert.True(job.IsWhole));
    }

    [Fact]
    public void Indexes_WrapAt32Bits()
    {
        SpscRing<byte>.Create(_region, 16).Dispose();
        SetIndexes(head: uint.MaxValue - 1, tail: uint.MaxValue);
        using SpscRing<byte> ring = SpscRing<byte>.Attach(_region);
        Assert.True(ring.TryRead(out _));
        for (int i = 0; i < 100; i++)
        {
            Assert.True(ring.TryWrite((byte)i));
            Assert.True(ring.TryRead(out byte item));
            Assert.Equal(i, item);
        }
        Assert.Equal(0, ring.Refusals);
    }

    [Fact]
    public void Attach_GoesOnWhereThePeerIs()
    {
        using SpscRing<long> mine = SpscRing<long>.Create(_region, 8);
        mine.TryWrite(1);
        mine.TryWrite(2);
        using SharedRegion again = SharedRegion.OpenFile(_path);
        using (SpscRing<long> peer = SpscRing<long>.Attach(again))
        {
            Assert.Equal(8u, peer.Capacity);
            Assert.True(peer.TryRead(out long first));
            Assert.Equal(1, first);
        }
        using SpscRing<long> restarted = SpscRing<long>.Attach(again);
        Assert.True(restarted.TryRead(out long second));
        Assert.Equal(2, second);
        Assert.False(restarted.TryRead(out _));
        Assert.Equal(0, restarted.Refusals + mine.Refusals);
    }

    public static TheoryData<long, uint, string> Damages() => new()
    {
        { 0, 0, "no ring" },
        { 0, 0x50494E52, "no ring" },
        { 4, 2, "version" },
        { 8, 0, "power of two" },
        { 8, 3, "power of two" },
        { 8, 1u << 31, "power of two" },
        { 8, 1u << 30, "bytes" },
        { 8, 4096, "bytes" },
        { 12, 8, "entries have 8 bytes" },
        { 12, uint.MaxValue, "entries have" },
        { RingLayout.TailOffset, 9, "further apart" },
        { RingLayout.HeadOffset, 1, "further apart" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Attach_ToSomethingElse_SaysWhatIsWrongAndWhere(long offset, uint value, string expected)
    {
        SpscRing<int>.Create(_region, 8).Dispose();
        _region.UInt32At(offset).StoreRelease(value);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => SpscRing<int>.Attach(_region));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains(_path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attach_ToARegionThatIsTooShort_IsRefused()
    {
        string path = _path + ".short";
        using SharedRegion tiny = SharedRegion.CreateFile(path, 100);
        File.Delete(path);
        Assert.Throws<InvalidDataException>(() => SpscRing<int>.Attach(tiny));
        Assert.Throws<ArgumentException>(() => SpscRing<int>.Create(tiny, 1));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(uint.MaxValue)]
    public void Create_WithACapacityThatIsNone_Throws(uint capacity)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SpscRing<int>.Create(_region, capacity));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpscRing<int>.RequiredLength(capacity));
    }

    [Theory]
    [InlineData(5u)]
    [InlineData(uint.MaxValue)]
    [InlineData(1u << 31)]
    public void Read_WhenTheTailIsImpossible_RefusesCountsAndRecovers(uint tail)
    {
        using SpscRing<int> ring = SpscRing<int>.Create(_region, 4);
        _region.UInt32At(RingLayout.TailOffset).StoreRelease(tail);
        Assert.Equal(RingStatus.PeerRefused, ring.Read(out int item));
        Assert.Equal(0, item);
        Assert.Equal(0, ring.Read(new int[3], out RingStatus status));
        Assert.Equal(RingStatus.PeerRefused, status);
        Assert.Equal(RingStatus.PeerRefused, ring.PrepareToWaitForEntries());
        Assert.Equal(3, ring.Refusals);
        Assert.True(ring.TryWrite(7));
        Assert.True(ring.TryRead(out item));
        Assert.Equal(7, item);
    }

    [Theory]
    [InlineData(5u)]
    [InlineData(uint.MaxValue)]
    public void Write_WhenTheHeadIsImpossible_RefusesCountsAndRecovers(uint head)
    {
        using SpscRing<int> ring = SpscRing<int>.Create(_region, 4);
        Assert.Equal(4, ring.Write([1, 2, 3, 4], out _));
        _region.UInt32At(RingLayout.HeadOffset).StoreRelease(head);
        Assert.Equal(RingStatus.PeerRefused, ring.Write(1));
        Assert.Equal(RingStatus.PeerRefused, ring.Write(1, out bool wake));
        Assert.False(wake);
        Assert.Equal(RingStatus.PeerRefused, ring.PrepareToWaitForRoom());
        Assert.Equal(3, ring.Refusals);
        _region.UInt32At(RingLayout.HeadOffset).StoreRelease(1);
        Assert.True(ring.TryWrite(1));
    }

    [Fact]
    public void WakeUps_AreAskedForAndSeen()
    {
        using SpscRing<int> ring = SpscRing<int>.Create(_region, 2);
        Assert.Equal(RingStatus.Done, ring.Write(1, out bool wake));
        Assert.False(wake);
        Assert.Equal(RingStatus.Done, ring.PrepareToWaitForEntries());
        Assert.Equal(RingStatus.Done, ring.Read(out _, out wake));
        Assert.False(wake);
        Assert.Equal(RingStatus.Empty, ring.PrepareToWaitForEntries());
        Assert.Equal(RingStatus.Done, ring.Write(2, out wake));
        Assert.True(wake);
        ring.StopWaitingForEntries();
        Assert.Equal(RingStatus.Done, ring.Write(3, out wake));
        Assert.False(wake);
        Assert.Equal(RingStatus.Full, ring.PrepareToWaitForRoom());
        Assert.Equal(RingStatus.Done, ring.Read(out _, out wake));
        Assert.True(wake);
        ring.StopWaitingForRoom();
        Assert.Equal(RingStatus.Done, ring.PrepareToWaitForRoom());
    }

    [Fact]
    public void Everything_AfterDispose_Throws()
    {
        SpscRing<int> ring = SpscRing<int>.Create(_region, 2);
        ring.Dispose();
        ring.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ring.TryWrite(1));
        Assert.Throws<ObjectDisposedException>(() => ring.TryRead(out _));
        Assert.Throws<ObjectDisposedException>(() => ring.PrepareToWaitForRoom());
        Assert.Equal(0, ring.Refusals);
    }

    [Fact]
    public void Enter_WhileAnotherThreadIsAtWork_Throws()
    {
        RingSideState side = RingSideState.Producer(new RingCells(_region), capacity: 4, head: 0, tail: 0);
        side.Enter(_region);
        Assert.Throws<InvalidOperationException>(() => side.Enter(_region));
        side.Exit();
        Assert.True(side.TryTakeOne(out uint index, out _));
        Assert.Throws<InvalidOperationException>(() => side.Enter(_region));
        side.PublishOne(index);
        side.Enter(_region);
        side.Exit();
    }

    [Fact]
    public void Close_OfASideThatLooksAtWorkForEver_GivesUpAndRefusesAllTheSame()
    {
        RingCells cells = new(_region);
        RingSideState side = RingSideState.Producer(cells, capacity: 4, head: 0, tail: 0);
        Assert.True(side.TryTakeOne(out _, out _)); // and never published, as when another thread's index was published instead
        Assert.False(side.Close(patience: 1));
        Assert.False(side.TryTakeOne(out _, out uint gain));
        ObjectDisposedException closed = Assert.Throws<ObjectDisposedException>(() => side.Withdraw(_region, gain, RingStatus.Full));
        Assert.Contains(_region.Name, closed.Message, StringComparison.Ordinal);

        RingSideState idle = RingSideState.Producer(cells, capacity: 4, head: 0, tail: 0);
        Assert.True(idle.Close(patience: 0));
    }

    /// <summary>Every state of a ring of four that an honest pair can reach, around the wrap, against every value the peer may then show.</summary>
    [Fact]
    public void Looking_AcceptsExactlyWhatAnHonestPeerCanPublish()
    {
        const uint capacity = 4;
        RingCells cells = new(_region);
        foreach (uint head in new[] { 0u, 17u, uint.MaxValue - 3, uint.MaxValue })
        {
            for (uint entries = 0; entries <= capacity; entries++)
            {
                uint tail = unchecked(head + entries);
                for (uint step = 0; step < 20; step++)
                {
                    uint shown = unchecked(head - 8 + step);
                    uint read = unchecked(shown - head), written = unchecked(shown - tail);

                    // The producer looks at the head: an honest consumer has read between none and all of the entries.
                    cells.Head.StoreRelease(shown);
                    RingSideState producer = RingSideState.Producer(cells, capacity, head, tail);
                    Assert.Equal(read <= entries, producer.TryHave(capacity + 1, out uint room));
                    Assert.Equal(read <= entries ? capacity - entries + read : capacity - entries, room);
                    Assert.Equal(read <= entries ? 0 : 1, producer.Refusals);

                    // The consumer, which has seen the entries, looks at the tail: an honest producer has filled between none and all of the free slots.
                    cells.Tail.StoreRelease(tail);
                    RingSideState consumer = RingSideState.Consumer(cells, capacity, head);
                    Assert.True(consumer.TryHave(capacity + 1, out uint available));
                    Assert.Equal(entries, available);
                    cells.Tail.StoreRelease(shown);
                    Assert.Equal(written <= capacity - entries, consumer.TryHave(capacity + 1, out available));
                    Assert.Equal(written <= capacity - entries ? entries + written : entries, available);
                    Assert.Equal(written <= capacity - entries ? 0 : 1, consumer.Refusals);
                }
            }
        }
    }

    [Fact]
    public void TakingOne_LooksOnlyWhenWhatWasGrantedIsUsedUp_AndThenBelievesOnlyAnHonestPeer()
    {
        RingCells cells = new(_region);
        RingSideState producer = RingSideState.Producer(cells, capacity: 4, head: uint.MaxValue, tail: uint.MaxValue);
        cells.Head.StoreRelease(12345);
        for (uint i = 0; i < 4; i++)
        {
            Assert.True(producer.TryTakeOne(out uint index, out _));
            Assert.Equal(unchecked(uint.MaxValue + i), index);
            producer.PublishOne(index);
        }

        Assert.Equal(0, producer.Refusals);
        foreach (uint shown in new[] { 12345u, uint.MaxValue - 1, 4u })
        {
            cells.Head.StoreRelease(shown);
            Assert.False(producer.TryTakeOne(out _, out uint gain));
            Assert.Equal(RingStatus.PeerRefused, producer.Withdraw(_region, gain, RingStatus.Full));
        }

        Assert.Equal(3, producer.Refusals);
        cells.Head.StoreRelease(uint.MaxValue);
        Assert.False(producer.TryTakeOne(out _, out uint none));
        Assert.Equal(RingStatus.Full, producer.Withdraw(_region, none, RingStatus.Full));
        cells.Head.StoreRelease(3);
        Assert.True(producer.TryTakeOne(out uint next, out _));
        Assert.Equal(3u, next);
    }

    [Fact]
    public void Region_DisposedUnderARing_StaysMappedUntilTheRingIsDisposed()
    {
        using SpscRing<int> ring = SpscRing<int>.Create(_region, 2);
        _region.Dispose();
        Assert.True(ring.TryWrite(5));
        Assert.True(ring.TryRead(out int item));
        Assert.Equal(5, item);
    }

    [Fact]
    public async Task Dispose_UnderUse_EndsBothSidesWithoutAFault()
    {
        for (int round = 0; round < 100; round++)
        {
            SharedRegion region = SharedRegion.OpenFile(_path);
            SpscRing<Job> ring = SpscRing<Job>.Create(region, 16);
            region.Dispose();
            Task writer = Task.Run(() => UntilDisposed(() => ring.TryWrite(Job.Of(1))));
            Task reader = Task.Run(() => UntilDisposed(() => ring.TryRead(out _)));
            await Task.Yield();
            ring.Dispose();
            await Task.WhenAll(writer, reader);
        }

        static void UntilDisposed(Func<bool> step)
        {
            try
            {
                while (true)
                    step();
            }
            catch (ObjectDisposedException)
            {
                // What the loop waits for.
            }
        }
    }

    [Fact]
    public async Task TwoThreads_PassEveryEntryOnceAndWhole()
    {
        const int count = 200_000;
        using SpscRing<Job> ring = SpscRing<Job>.Create(_region, 64);
        Task writer = Task.Run(() =>
        {
            Patience patience = new();
            for (int i = 0; i < count; i++)
                while (!ring.TryWrite(Job.Of(i)))
                    patience.Wait();
        });
        Patience patience = new();
        for (int i = 0; i < count; i++)
        {
            Job job;
            while (!ring.TryRead(out job))
                patience.Wait();
            if (job.Number != i || !job.IsWhole)
                Assert.Fail($"Entry {i} came as {job.Number}.");
        }
        await writer;
        Assert.Equal(0, ring.Refusals);
    }

    [Theory]
    [InlineData(typeof(byte), 1)]
    [InlineData(typeof(int), 4)]
    [InlineData(typeof(long), 8)]
    [InlineData(typeof(Guid), 16)]
    [InlineData(typeof(Job), 24)]
    public void Stride_OfAnEntry_IsAlignedForItsCells(Type type, int expected)
        => Assert.Equal(expected, RingLayout.Stride(System.Runtime.InteropServices.Marshal.SizeOf(type)));

    [Fact]
    public void OddSizedEntries_DoNotOverlap()
    {
        using SpscRing<(short, byte)> ring = SpscRing<(short, byte)>.Create(_region, 32);
        List<(short, byte)> sent = [];
        for (short i = 0; i < 32; i++)
        {
            sent.Add((i, (byte)(200 - i)));
            Assert.True(ring.TryWrite(sent[i]));
        }
        (short, byte)[] got = new (short, byte)[32];
        Assert.Equal(32, ring.Read(got, out _));
        Assert.Equal(sent, got);
    }

    private void SetIndexes(uint head, uint tail)
    {
        _region.UInt32At(RingLayout.HeadOffset).StoreRelease(head);
        _region.UInt32At(RingLayout.TailOffset).StoreRelease(tail);
    }
}
