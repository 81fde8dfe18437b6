using System;
using System.Buffers;
using System.Linq;
using System.Threading.Tasks;
using PinAccounting.Memory;
using Xunit;

namespace PinAccounting.Tests.Memory;

[Collection(nameof(LockedMemory))]
public sealed class LockedMemoryPoolTests : IDisposable
{
    private readonly FaultyPages _system = new();
    private readonly PinAccount _account = new("pool tests", limit: 8);

    private int PageSize => _system.PageSize;

    public void Dispose() => _account.AssertBalanced();

    [Fact]
    public void Rent_AfterAReturn_GetsTheSameBlockClearedWithoutTheSystem()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: PageSize);
        IMemoryOwner<byte> first = pool.Rent();
        first.Memory.Span.Fill(9);
        first.Dispose();
        Assert.Equal(PageSize, pool.RetainedBytes);
        Assert.Equal(1, _account.Used);
        _system.Calls.Clear();

        Assert.True(pool.TryRent(10, out IMemoryOwner<byte>? second, out ChargeResult result));
        Assert.Equal(0, result.Requested);
        Assert.Empty(_system.Calls);
        Assert.Equal(PageSize, second.Memory.Length);
        Assert.Equal(-1, second.Memory.Span.IndexOfAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => first.Memory);
        second.Dispose();
    }

    [Fact]
    public void Memory_OfAReturnedLease_IsNotThatOfTheNextRenter()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: PageSize);
        IMemoryOwner<byte> first = pool.Rent();
        Memory<byte> stale = first.Memory;
        first.Dispose();
        using IMemoryOwner<byte> second = pool.Rent();
        Assert.Throws<ObjectDisposedException>(() => stale.Span[0]);
        Assert.Throws<ObjectDisposedException>(() => stale.Pin());
    }

    /// <summary>What is kept is locked and charged, but a new renter is a new use: for an owner who is gone there is none.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rent_OfAKeptBlock_ForAnOwnerWhoIsGone_IsRefused(bool above)
    {
        PinAccount user = new("user", limit: 8);
        PinAccount account = new(new PinAccountOptions { Name = "gone", Parent = user });
        using LockedMemoryPool pool = new(_system, account, maxRetainedBytes: PageSize);
        pool.Rent().Dispose();
        Assert.Equal(PageSize, pool.RetainedBytes);
        PinAccount gone = above ? user : account;
        gone.Retire();
        Assert.False(pool.TryRent(1, out IMemoryOwner<byte>? owner, out ChargeResult result));
        Assert.Null(owner);
        Assert.Equal((ChargeStatus.OwnerGone, gone), (result.Status, result.DeniedBy));
        Assert.Throws<PinLimitExceededException>(() => pool.Rent());
        pool.Trim();
        Assert.Equal((0, 0), (account.Used, user.Used));
    }

    /// <summary>A lease comes back on a thread that is interrupted while it waits for the pool: kept or freed, but not lost.</summary>
    [Fact]
    public void Return_OnAnInterruptedThread_LosesNothing()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: PageSize);
        object gate = typeof(LockedMemoryPool).GetField("_gate", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(pool)!;
        IMemoryOwner<byte> lease = pool.Rent();
        Exception? thrown = null;
        var thread = new System.Threading.Thread(() => thrown = Record.Exception(lease.Dispose));
        lock (gate)
        {
            thread.Start();
            thread.Interrupt();
            thread.Join();
        }

        Assert.IsType<System.Threading.ThreadInterruptedException>(thrown);
        Assert.Equal((0, 0), (pool.RetainedBytes, _account.Used));
    }

    [Fact]
    public void Return_Twice_ReturnsOnce()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: 8L * PageSize);
        IMemoryOwner<byte> lease = pool.Rent();
        Parallel.For(0, 8, _ => lease.Dispose());
        Assert.Equal(PageSize, pool.RetainedBytes);
    }

    [Fact]
    public void Return_WhilePinned_WaitsForTheUnpin()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: PageSize);
        IMemoryOwner<byte> lease = pool.Rent();
        MemoryHandle pin = lease.Memory.Pin();
        lease.Dispose();
        Assert.Equal(0, pool.RetainedBytes);
        pin.Dispose();
        Assert.Equal(PageSize, pool.RetainedBytes);
    }

    [Fact]
    public void Return_OverWhatIsRetained_Frees()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: PageSize);
        IMemoryOwner<byte>[] leases = [pool.Rent(), pool.Rent(), pool.Rent(2 * PageSize)];
        foreach (IMemoryOwner<byte> lease in leases)
            lease.Dispose();
        Assert.Equal(PageSize, pool.RetainedBytes);
        Assert.Equal(1, _account.Used);
    }

    [Fact]
    public void Rent_WhenRetainedBlocksStandInTheWay_GivesThemBackFirst()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: 8L * PageSize);
        foreach (IMemoryOwner<byte> lease in Enumerable.Range(0, 8).Select(_ => pool.Rent()).ToArray())
            lease.Dispose();
        Assert.Equal(8, _account.Used);
        using IMemoryOwner<byte> large = pool.Rent(8 * PageSize);
        Assert.Equal(8, _account.Used);
        Assert.Equal(0, pool.RetainedBytes);
        Assert.False(pool.TryRent(1, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.PolicyLimit, result.Status);
    }

    [Fact]
    public void Rent_WhenTheSystemRefusesOnce_TriesAgainWithoutWhatItKept()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: 8L * PageSize);
        pool.Rent().Dispose();
        _system.Fails = static (call, number) => call == "Lock" && number == 2 ? ChargeStatus.PolicyLimit : null;
        using IMemoryOwner<byte> lease = pool.Rent(3 * PageSize);
        Assert.Equal(3, _account.Used);
        Assert.Equal(1, _system.MappedRanges);
    }

    [Fact]
    public void Rent_DoesNotWasteALargeBlockOnASmallRequest()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: 8L * PageSize);
        pool.Rent(4 * PageSize).Dispose();
        using IMemoryOwner<byte> small = pool.Rent(1);
        Assert.Equal(PageSize, small.Memory.Length);
        Assert.Equal(5, _account.Used);
    }

    [Fact]
    public void Rent_OfNothing_HoldsNothing()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: PageSize);
        using (IMemoryOwner<byte> nothing = pool.Rent(0))
            Assert.Equal(0, nothing.Memory.Length);
        Assert.Empty(_system.Calls);
    }

    [Fact]
    public void Rent_OfWhatCannotBe_Throws()
    {
        using LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(-2));
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(int.MaxValue));
        Assert.False(pool.TryRent(int.MinValue, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.InvalidArgument, result.Status);
        Assert.Throws<PinLimitExceededException>(() => pool.Rent(9 * PageSize));
    }

    [Fact]
    public void Dispose_WithLeasesOut_LeavesThemUsableAndFreesThemOnReturn()
    {
        LockedMemoryPool pool = new(_system, _account, maxRetainedBytes: 8L * PageSize);
        IMemoryOwner<byte> lease = pool.Rent();
        pool.Rent(2 * PageSize).Dispose();
        pool.Dispose();
        Assert.Equal(1, _account.Used);
        lease.Memory.Span[0] = 1;
        lease.Dispose();
        Assert.Equal(0, _account.Used);
        Assert.Equal(0, _system.MappedRanges);
        Assert.Throws<ObjectDisposedException>(() => pool.Rent());
    }

    [Fact]
    public async Task RentAndReturn_FromManyThreads_StaysWithinTheLimitAndBalances()
    {
        PinAccount account = new("pool stress", limit: 6);
        LockedMemoryPool pool = new(account, maxRetainedBytes: 3L * Environment.SystemPageSize);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            Random random = new(seed);
            for (int i = 0; i < 500; i++)
            {
                if (!pool.TryRent(random.Next(0, 3 * Environment.SystemPageSize), out IMemoryOwner<byte>? lease, out _))
                    continue;
                Assert.Equal(-1, lease.Memory.Span.IndexOfAnyExcept((byte)0));
                lease.Memory.Span.Fill((byte)seed);
                lease.Dispose();
            }
        })));
        pool.Dispose();
        Assert.InRange(account.Peak, 1, 6);
        account.AssertBalanced();
    }
}
