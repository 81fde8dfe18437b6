using System;
using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class ParentTests
{
    [Fact]
    public void Charge_OfAChild_IsChargedToTheWholeChain()
    {
        (PinAccount user, PinAccount process, PinAccount ring) = Chain(100, 50, 20);
        PinCharge charge = ring.Charge(5);
        Assert.Equal((5, 5, 5), (user.Used, process.Used, ring.Used));
        charge.Dispose();
        Assert.Equal((0, 0, 0), (user.Used, process.Used, ring.Used));
    }

    [Theory]
    [InlineData(3, 50, 20, "user")]
    [InlineData(100, 3, 20, "process")]
    [InlineData(100, 50, 3, "ring")]
    public void Charge_DeniedAnywhereInTheChain_ChargesNobody(long userLimit, long processLimit, long ringLimit, string denier)
    {
        (PinAccount user, PinAccount process, PinAccount ring) = Chain(userLimit, processLimit, ringLimit);
        Assert.False(ring.TryCharge(4, out PinCharge? charge, out ChargeResult result));
        Assert.Null(charge);
        Assert.Equal(denier, result.DeniedBy!.Name);
        Assert.Equal(3, result.Limit);
        Assert.Equal((0, 0, 0), (user.Used, process.Used, ring.Used));
        Assert.False(ring.TryCharge(4));
        Assert.Equal((0, 0, 0), (user.Used, process.Used, ring.Used));
        Assert.Equal(2, result.DeniedBy.Denied);
    }

    [Fact]
    public void Uncharge_OfAChild_ReleasesTheWholeChain()
    {
        (PinAccount user, PinAccount process, PinAccount ring) = Chain(100, 50, 20);
        Assert.True(ring.TryCharge(5));
        ring.Uncharge(2);
        Assert.Equal((3, 3, 3), (user.Used, process.Used, ring.Used));
    }

    /// <summary>A raw release that was one too many has taken what the charge held: when the charge then finds nothing left below, nothing above is its own either, but a sibling's.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Release_ThatFindsNothingLeftBelow_TakesNothingFromTheSiblingAbove(bool retired, bool overLimit)
    {
        PinAccount user = Privileged(new Probe(true), 10);
        var robbed = new PinAccount(new PinAccountOptions { Name = "robbed", Limit = overLimit ? 1 : 10, Parent = user, BypassPolicy = BypassPolicy.LimitOnly });
        var sibling = new PinAccount(new PinAccountOptions { Name = "sibling", Limit = 10, Parent = user });
        PinCharge charge = robbed.Charge(5);
        Assert.Equal(overLimit, charge.ExceededLimit);
        using PinCharge held = sibling.Charge(5);
        robbed.Uncharge(5);
        Assert.Equal((5, 0, 5), (user.Used, robbed.Used, sibling.Used));
        if (retired) robbed.Retire();

        charge.Dispose();
        Assert.Equal((5, 0, 5), (user.Used, robbed.Used, sibling.Used));
        Assert.Equal((retired ? 0 : 1, 0, 0), (robbed.OverReleases, user.OverReleases, user.OverLimitUsed + robbed.OverLimitUsed));
    }

    /// <summary>However long the chain: a stack that overflows ends the process.</summary>
    [Fact]
    public void Chain_LongerThanAStackIsDeep_IsChargedAndUndone()
    {
        var chain = new List<PinAccount> { new("top", 1) };
        for (int i = 0; i < 5_000; i++) chain.Add(new PinAccount(new PinAccountOptions { Name = "link", Parent = chain[^1] }));
        ChargeResult denied = default;
        var thread = new Thread(
            () =>
            {
                using PinCharge charge = chain[^1].Charge(1);
                Assert.False(chain[^1].TryCharge(1, out _, out denied));
            },
            maxStackSize: 128 * 1024);
        thread.Start();
        thread.Join();
        Assert.Same(chain[0], denied.DeniedBy);
        Assert.All(chain, static account => Assert.Equal(0, account.Used));
    }

    [Fact]
    public void Probe_IsAskedOnlyWhenALimitDenies()
    {
        var probe = new Probe(true);
        PinAccount account = Privileged(probe, 10);
        using PinCharge charge = account.Charge(10);
        Assert.Equal(0, probe.Asked);
        Assert.False(charge.ExceededLimit);
    }

    [Fact]
    public void Probe_IsAskedOnceAboutTheChargedAccount_EvenIfSeveralLimitsDeny()
    {
        var probe = new Probe(true);
        PinAccount user = Privileged(probe, 1);
        var ring = new PinAccount(new PinAccountOptions { Limit = 1, Parent = user, BypassPolicy = BypassPolicy.LimitOnly });
        Assert.True(ring.TryCharge(5, out PinCharge? charge, out ChargeResult result));
        Assert.Equal(ChargeStatus.ChargedOverLimit, result.Status);
        Assert.Equal(1, probe.Asked);
        Assert.Same(ring, probe.AskedAbout);
        Assert.True(charge.ExceededLimit);
        Assert.Equal((5, 5), (user.OverLimitUsed, ring.OverLimitUsed));
        charge.Dispose();
        Assert.Equal((0, 0), (user.OverLimitUsed, ring.OverLimitUsed));
        Assert.True(charge.ExceededLimit); // what was decided stays on record
        Assert.Equal(1, probe.Asked);
    }

    [Fact]
    public void Probe_OfAnAccountThatMayNeverBypass_IsNotAsked()
    {
        var probe = new Probe(true);
        var account = new PinAccount(new PinAccountOptions { Limit = 1, CapabilityProbe = probe });
        Assert.False(account.TryCharge(2, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.PolicyLimit, result.Status);
        Assert.Equal(0, probe.Asked);
    }

    [Fact]
    public void Probe_ThatVouches_DoesNotLiftAStricterParentsLimit()
    {
        var probe = new Probe(true);
        var user = new PinAccount("user", 3);
        var ring = new PinAccount(new PinAccountOptions { Limit = 1, Parent = user, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = probe });
        Assert.False(ring.TryCharge(4, out _, out ChargeResult result));
        Assert.Same(user, result.DeniedBy);
        Assert.Equal((0, 0, 0), (user.Used, ring.Used, ring.OverLimitUsed));
        Assert.True(ring.TryCharge(3, out PinCharge? charge, out _));
        charge.Dispose();
    }

    [Fact]
    public void Probe_ThatRefuses_LeavesThePolicyLimit()
    {
        var probe = new Probe(false);
        Assert.False(Privileged(probe, 1).TryCharge(2, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.PolicyLimit, result.Status);
        Assert.Equal(1, probe.Asked);
    }

    [Fact]
    public void Probe_ThatThrows_LeavesNothingCharged()
    {
        var user = new PinAccount("user", 100);
        var ring = new PinAccount(new PinAccountOptions
        {
            Limit = 1, Parent = user, BypassPolicy = BypassPolicy.LimitOnly,
            CapabilityProbe = new Probe((_, _) => throw new InvalidOperationException()),
        });
        Assert.Throws<InvalidOperationException>(() => ring.Charge(2));
        Assert.Equal((0, 0), (user.Used, ring.Used));
    }

    [Fact]
    public void Probe_RunsWithNothingChargedAndMayChargeItself()
    {
        var seen = new List<long>();
        PinCharge? inner = null;
        PinAccount account = Privileged(new Probe((asked, _) =>
        {
            seen.Add(asked.Used);
            inner = asked.Charge(1);
            return true;
        }), 1);
        using PinCharge charge = account.Charge(2);
        Assert.Equal([0], seen);
        Assert.Equal(3, account.Used);
        inner!.Dispose();
    }

    [Fact]
    public void RawPair_NeverExceedsALimit_BecauseItCouldNotRememberIt()
    {
        var probe = new Probe(true);
        Assert.False(Privileged(probe, 1).TryCharge(2));
        Assert.Equal(0, probe.Asked);
    }

    [Fact]
    public void Release_AfterTheCapabilityIsGone_ReturnsWhatWasTaken()
    {
        bool privileged = true;
        PinAccount account = Privileged(new Probe((_, _) => privileged), 1);
        PinCharge charge = account.Charge(5);
        privileged = false;
        charge.Dispose();
        account.AssertBalanced();
        Assert.Equal(0, account.OverLimitUsed);
    }

    private static PinAccount Privileged(ICapabilityProbe probe, long limit) =>
        new(new PinAccountOptions { Limit = limit, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = probe });

    private static (PinAccount User, PinAccount Process, PinAccount Ring) Chain(long user, long process, long ring)
    {
        var top = new PinAccount("user", user);
        var middle = new PinAccount(new PinAccountOptions { Name = "process", Limit = process, Parent = top });
        return (top, middle, new PinAccount(new PinAccountOptions { Name = "ring", Limit = ring, Parent = middle }));
    }
}
