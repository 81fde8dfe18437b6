using System;
using System.Runtime.InteropServices;
using PinAccounting.SharedMemory;
using Xunit;

namespace PinAccounting.Tests.SharedMemory;

public sealed unsafe class RingIndexTests : IDisposable
{
    private readonly uint* _memory = (uint*)NativeMemory.AlignedAlloc(64, 64);

    public void Dispose() => NativeMemory.AlignedFree(_memory);

    private SharedUInt32 Own => new(_memory);

    private SharedUInt32 Peer => new(_memory + 1);

    [Fact]
    public void Advance_IsNotSeenBeforePublish()
    {
        Own.StoreRelease(7);
        OwnedIndex index = new(Own, initial: 7);
        Assert.Equal(7u, index.Advance());
        Assert.Equal(8u, index.Advance(3));
        Assert.Equal((11u, 7u, 4u), (index.Value, index.Published, index.Unpublished));
        Assert.Equal(7u, Own.LoadAcquire());
        index.Publish();
        Assert.Equal(11u, Own.LoadAcquire());
        Assert.Equal(0u, index.Unpublished);
    }

    /// <summary>A forgotten cell is found where the index is made, not by the first publish, after which everything else has happened.</summary>
    [Fact]
    public void NoCell_IsRefused()
    {
        Assert.Equal("cell", Assert.Throws<ArgumentException>(() => new OwnedIndex(default)).ParamName);
        Assert.Equal("cell", Assert.Throws<ArgumentException>(() => new PeerIndex(default, 4, PeerRole.Producer)).ParamName);
        Assert.Throws<NullReferenceException>(() => default(SharedUInt32).LoadAcquire());
        Assert.Throws<NullReferenceException>(() => default(SharedUInt64).StoreRelease(1));
    }

    [Fact]
    public void Rewind_GoesBackToWhatIsPublishedAndNoFurther()
    {
        OwnedIndex index = new(Own, initial: uint.MaxValue);
        index.Advance(2);
        index.Rewind();
        Assert.Equal(0u, index.Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Rewind(2));
        Assert.Equal(0u, index.Value);
        index.Publish();
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Rewind());
    }

    [Fact]
    public void Advance_ByMoreThanTheIndexCanTell_ThrowsAndChangesNothing()
    {
        OwnedIndex index = new(Own);
        index.Advance(uint.MaxValue);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Advance());
        Assert.Equal(uint.MaxValue, index.Value);
    }

    [Fact]
    public void Publish_NeverReadsBackWhatThePeerWroteIntoOurCell()
    {
        OwnedIndex index = new(Own);
        index.Advance();
        index.Publish();
        Own.StoreRelease(12345);
        index.Advance();
        index.Publish();
        Assert.Equal(2u, Own.LoadAcquire());
    }

    [Theory]
    [InlineData(0u, false)]
    [InlineData(1u, true)]
    [InlineData(2u, false)]
    [InlineData(3u, true)]
    public void PublishAndTest_TestsOnlyTheMask(uint flags, bool expected)
    {
        OwnedIndex index = new(Own);
        index.Advance();
        Peer.StoreRelease(flags);
        Assert.Equal(expected, index.PublishAndTest(Peer, 1));
        Assert.Equal(1u, Own.LoadAcquire());
    }

    /// <summary>After the index is out it is too late: the peer would have been seen to sleep by nobody.</summary>
    [Fact]
    public void PublishAndTest_OfNoFlags_IsRefusedBeforeAnythingIsPublished()
    {
        Own.StoreRelease(0);
        OwnedIndex index = new(Own);
        index.Advance();
        Assert.Equal("flags", Assert.Throws<ArgumentException>(() => index.PublishAndTest(default, 1)).ParamName);
        Assert.Equal((0u, 0u, 1u), (Own.LoadAcquire(), index.Published, index.Unpublished));
    }

    [Theory]
    [InlineData(0u, PeerRole.Producer)]
    [InlineData((1u << 31) + 1, PeerRole.Producer)]
    [InlineData(4u, (PeerRole)2)]
    public void PeerIndex_OfWhatCannotBe_Throws(uint capacity, PeerRole role)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new PeerIndex(Peer, capacity, role));

    /// <summary>Every state of a ring of four that an honest pair can reach, around the wrap, against every value the peer may then show.</summary>
    [Fact]
    public void TryGetAvailable_AcceptsExactlyWhatAnHonestPeerCanPublish()
    {
        const uint capacity = 4;
        foreach (uint from in new[] { 0u, 17u, uint.MaxValue - 3, uint.MaxValue })
        {
            // Consumer's view: what we handed back <= where we are <= what we have accepted <= handed back + capacity.
            for (uint accepted = 0; accepted <= capacity; accepted++)
            for (uint unpublished = 0; unpublished <= accepted; unpublished++)
            for (int offset = -9; offset <= 9; offset++)
            {
                uint shown = unchecked(from + (uint)offset);
                bool honest = offset >= accepted && offset <= capacity;
                Check(PeerRole.Producer, from, accepted, unpublished, shown, honest, honest ? (uint)offset - unpublished : 0);
            }

            // Producer's view: the head we have accepted lies up to capacity behind what we published, plus what we have not.
            for (uint behind = 0; behind <= capacity; behind++)
            for (uint unpublished = 0; unpublished <= capacity - behind; unpublished++)
            for (int offset = -9; offset <= 9; offset++)
            {
                uint published = from;
                uint shown = unchecked(published + (uint)offset);
                bool honest = offset <= 0 && -offset <= behind;
                uint room = honest ? capacity - (uint)-offset - unpublished : 0;
                Check(PeerRole.Consumer, published, unchecked(0 - behind), unpublished, shown, honest, room);
            }
        }

        void Check(PeerRole role, uint published, uint acceptedOffset, uint unpublished, uint shown, bool honest, uint expected)
        {
            OwnedIndex own = new(Own, published);
            own.Advance(unpublished);
            uint accepted = unchecked(published + acceptedOffset);
            PeerIndex peer = new(Peer, capacity, role, accepted);
            Peer.StoreRelease(shown);
            Assert.Equal(honest, peer.TryGetAvailable(own, out uint available));
            Assert.Equal(expected, available);
            Assert.Equal(honest ? 0 : 1, peer.Refusals);
            Assert.Equal(honest ? shown : accepted, peer.Accepted);
            if (!honest)
                Assert.Equal(shown, peer.LastRefused);
        }
    }

    [Fact]
    public void TryGetAvailable_WhenWeWentAheadOfWhatWeMay_GivesNothing()
    {
        OwnedIndex own = new(Own);
        own.Advance(9);
        Peer.StoreRelease(0);
        Assert.True(new PeerIndex(Peer, 4, PeerRole.Consumer).TryGetAvailable(own, out uint room));
        Assert.Equal(0u, room);
        Peer.StoreRelease(3);
        Assert.True(new PeerIndex(Peer, 4, PeerRole.Producer).TryGetAvailable(own, out uint entries));
        Assert.Equal(0u, entries);
    }
}
