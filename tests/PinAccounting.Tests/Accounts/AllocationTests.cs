using System;
using System.Threading;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(1, true)]
    public void RawPair_AllocatesNothing(int shards, bool withParent)
    {
        PinAccount account = Account(shards, withParent);
        Assert.Equal(0, BytesPerRound(1000, () =>
        {
            if (account.TryCharge(3)) account.Uncharge(3);
        }));
    }

    [Fact]
    public void RawPair_Denied_AllocatesNothing()
    {
        var account = new PinAccount("a", 1);
        Assert.Equal(0, BytesPerRound(1000, () => account.TryCharge(3)));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(1, true)]
    public void TokenPair_AllocatesOneSmallObject(int shards, bool withParent)
    {
        PinAccount account = Account(shards, withParent);
        double bytes = BytesPerRound(1000, () =>
        {
            if (account.TryCharge(3, out PinCharge? charge, out _)) charge.Dispose();
        });
        // A header, a type, who pays and the state: a field more would be felt by every charge.
        Assert.InRange(bytes, 1, 4 * IntPtr.Size);
    }

    [Fact]
    public void TokenCharge_Denied_AllocatesNothing()
    {
        var account = new PinAccount("a", 1);
        Assert.Equal(0, BytesPerRound(1000, () => account.TryCharge(3, out _, out _)));
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(4, false, false)]
    [InlineData(1, true, false)]
    [InlineData(1, true, true)]
    [InlineData(4, true, true)]
    public void Dispose_AllocatesNothing(int shards, bool withParent, bool retired)
    {
        PinAccount account = Account(shards, withParent);
        var charges = new PinCharge[1000];
        int next = 0;
        account.Charge(1).Dispose();
        for (int i = 0; i < charges.Length; i++) charges[i] = account.Charge(1);
        if (retired) account.Retire();
        Assert.Equal(0, BytesPerRound(charges.Length - 1, () => charges[next++].Dispose()));
    }

    [Fact]
    public void Dispose_OfAnOverLimitChargeOnAnotherThread_AllocatesNothing()
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 0, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = new Probe(true) });
        var charges = new PinCharge[1000];
        for (int i = 0; i < charges.Length; i++) charges[i] = account.Charge(1);
        int next = 0;
        double bytes = -1;
        var other = new Thread(() => bytes = BytesPerRound(charges.Length - 1, () => charges[next++].Dispose()));
        other.Start();
        other.Join();
        Assert.Equal(0, bytes);
        account.AssertBalanced();
    }

    [Fact]
    public void SettleTo_AllocatesNothing()
    {
        using PinCharge charge = new PinAccount().Charge(10_000);
        long left = charge.Amount;
        Assert.Equal(0, BytesPerRound(1000, () => charge.SettleTo(--left)));
    }

    private static PinAccount Account(int shards, bool withParent) => new(new PinAccountOptions
    {
        Limit = 1 << 20, Shards = shards, Parent = withParent ? new PinAccount("parent", 1 << 20) : null,
    });

    private static double BytesPerRound(int rounds, Action round)
    {
        round(); // warm: code is compiled, pools are filled
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < rounds; i++) round();
        // A thread that moves to another core may have to fill that core's pool once; a round that allocates does it every time.
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return bytes < rounds ? 0 : (double)bytes / rounds;
    }
}
