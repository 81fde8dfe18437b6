using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class ShardedAccountTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void Limit_IsExact_WhateverTheShardsHold(int shards)
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 1000, Shards = shards });
        var charges = new List<PinCharge>();
        for (int i = 0; i < 1000; i++) charges.Add(account.Charge(1));
        Assert.False(account.TryCharge(1));
        Assert.Equal(1000, account.Used);
        charges[0].Dispose();
        Assert.False(account.TryCharge(2));
        Assert.True(account.TryCharge(1));
        account.Uncharge(1);
        foreach (PinCharge charge in charges) charge.Dispose();
        account.AssertBalanced();
        Assert.Equal(1000, account.Peak);
    }

    [Fact]
    public void Denial_ReclaimsIdleCreditFirst()
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 1000, Shards = 8 });
        Assert.True(account.TryCharge(1)); // credit is dealt out to eight shards
        Assert.True(account.TryCharge(999)); // more than any of them has
        Assert.False(account.TryCharge(1));
        account.Uncharge(1000);
        account.AssertBalanced();
    }

    [Fact]
    public async Task Charge_OnOneThread_MayBeReleasedOnAnother()
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 1 << 20, Shards = 4 });
        for (int round = 0; round < 50; round++)
        {
            PinCharge[] charges = await Task.Run(() => Enumerable.Range(0, 100).Select(_ => account.Charge(10)).ToArray());
            await Task.Run(() => Parallel.ForEach(charges, static charge => charge.Dispose()));
        }

        account.AssertBalanced();
    }

    [Fact]
    public void Limit_Raised_TakesEffect()
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 4, Shards = 4 });
        Assert.True(account.TryCharge(4));
        Assert.False(account.TryCharge(1));
        account.Limit = 6;
        Assert.True(account.TryCharge(2));
        Assert.False(account.TryCharge(1));
        account.Uncharge(6);
        account.AssertBalanced();
    }

    [Fact]
    public void OverLimitCharge_KeepsOthersOutUntilUsedIsBelowTheLimitAgain()
    {
        var account = new PinAccount(new PinAccountOptions
        {
            Limit = 10, Shards = 4, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = new Probe(static (_, amount) => amount == 20),
        });
        PinCharge big = account.Charge(20), part = big.Split(5);
        Assert.Equal((20, 20), (account.Used, account.OverLimitUsed));
        part.Dispose(); // credit that must not be lent again
        Assert.False(account.TryCharge(1));
        big.Dispose();
        Assert.True(account.TryCharge(10));
        account.Uncharge(10);
        account.AssertBalanced();
    }

    /// <summary>One thread, at most 5 at a time, wandering over the processors while another reads: nobody may ever see more.</summary>
    [Fact]
    public void Used_ReadMeanwhile_NeverCountsAnAmountTwice()
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 1000, Shards = 8 });
        bool done = false;
        Thread[] users = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                if (!account.TryCharge(5)) continue;
                Thread.Yield();
                account.Uncharge(5);
            }
        })).ToArray();
        foreach (Thread user in users) user.Start();
        long most = 0;
        for (int i = 0; i < 20_000; i++) most = Math.Max(most, account.Used);
        Volatile.Write(ref done, true);
        foreach (Thread user in users) user.Join();
        Assert.InRange(most, 0, 10);
        Assert.InRange(account.Peak, 0, 10);
        account.AssertBalanced();
    }

    [Fact]
    public void Limit_SetByTwoAtOnce_IsTheOneThatBinds()
    {
        for (int round = 0; round < 300; round++)
        {
            var account = new PinAccount(new PinAccountOptions { Limit = 1000, Shards = 4 });
            Parallel.Invoke(() => account.Limit = 10, () => account.Limit = 20);
            long limit = account.Limit;
            Assert.True(account.TryCharge(limit));
            Assert.False(account.TryCharge(1));
        }
    }

    [Fact]
    public void Unlimited_ChargesAndReleases()
    {
        var account = new PinAccount(new PinAccountOptions { Shards = 4 });
        using (account.Charge(1L << 59)) Assert.Equal(1L << 59, account.Used);
        account.AssertBalanced();
    }
}
