using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class PinChargeTests
{
    [Fact]
    public void Dispose_Twice_ReleasesOnce()
    {
        var account = new PinAccount();
        PinCharge first = account.Charge(2), second = account.Charge(3);
        first.Dispose();
        first.Dispose();
        Assert.Equal(3, account.Used);
        Assert.True(first.IsReleased);
        Assert.Equal(0, first.Amount);
        Assert.Same(account, first.Account);
        second.Dispose();
        account.AssertBalanced();
    }

    [Fact]
    public void Dispose_OfAStaleChargeWhoseSentinelIsInUseAgain_DoesNotTouchTheNewCharge()
    {
        var account = new PinAccount();
        PinCharge stale = account.Charge(1);
        stale.Dispose();
        using PinCharge current = account.Charge(7);
        stale.Dispose();
        Assert.Equal(7, account.Used);
        Assert.Equal(1, account.OutstandingCharges);
        Assert.False(current.IsReleased);
    }

    [Fact]
    public async Task Dispose_OnAnotherThread_Releases()
    {
        var account = new PinAccount();
        PinCharge charge = account.Charge(2);
        await Task.Run(charge.Dispose);
        account.AssertBalanced();
    }

    [Fact]
    public void Dispose_RacedByManyThreads_ReleasesOnce()
    {
        var account = new PinAccount();
        for (int round = 0; round < 200; round++)
        {
            using PinCharge anchor = account.Charge(1);
            PinCharge charge = account.Charge(5);
            Parallel.For(0, 4, _ => charge.Dispose());
            Assert.Equal(1, account.Used);
        }

        Assert.Equal(0, account.OverReleases);
    }

    [Fact]
    public void Dispose_OfAnInterruptedThread_Releases()
    {
        var account = new PinAccount(new PinAccountOptions { Shards = 2 });
        Exception? thrown = null;
        PinCharge charge = account.Charge(2);
        var thread = new Thread(() =>
        {
            Thread.CurrentThread.Interrupt();
            try
            {
                charge.Dispose();
            }
            catch (Exception failure)
            {
                thrown = failure;
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
        account.AssertBalanced();
    }

    [Fact]
    public void SettleTo_Less_ReturnsTheRest()
    {
        var account = new PinAccount();
        PinCharge charge = account.Charge(10);
        charge.SettleTo(4);
        Assert.Equal((4, 4), (charge.Amount, account.Used));
        charge.SettleTo(0);
        Assert.Equal(0, account.Used);
        Assert.False(charge.IsReleased);
        charge.Dispose();
        account.AssertBalanced();
    }

    [Theory]
    [InlineData(11)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void SettleTo_MoreOrNegative_ThrowsAndChangesNothing(long actual)
    {
        var account = new PinAccount();
        using PinCharge charge = account.Charge(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => charge.SettleTo(actual));
        Assert.Throws<ArgumentOutOfRangeException>(() => charge.Split(actual));
        Assert.Equal((10, 10), (charge.Amount, account.Used));
    }

    [Fact]
    public void TryGrow_WithinTheLimit_AddsToTheCharge()
    {
        var account = new PinAccount("a", 10);
        PinCharge charge = account.Charge(4);
        Assert.True(charge.TryGrow(6));
        Assert.Equal((10, 10, 1), (charge.Amount, account.Used, account.OutstandingCharges));
        Assert.False(charge.TryGrow(1, out ChargeResult result));
        Assert.Equal(ChargeStatus.PolicyLimit, result.Status);
        Assert.False(charge.TryGrow(-1, out result));
        Assert.Equal(ChargeStatus.InvalidArgument, result.Status);
        Assert.Equal((10, 10), (charge.Amount, account.Used));
        charge.Dispose();
        account.AssertBalanced();
    }

    [Fact]
    public void TryGrow_OverTheLimitByCapability_RecordsTheWholeCharge()
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 5, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = new Probe(true) });
        PinCharge charge = account.Charge(4);
        Assert.True(charge.TryGrow(4, out ChargeResult result));
        Assert.Equal(ChargeStatus.ChargedOverLimit, result.Status);
        Assert.True(charge.ExceededLimit);
        Assert.Equal((8, 8), (account.Used, account.OverLimitUsed));
        charge.SettleTo(3);
        Assert.Equal((3, 3), (account.Used, account.OverLimitUsed));
        charge.Dispose();
        Assert.Equal((0, 0), (account.Used, account.OverLimitUsed));
    }

    [Fact]
    public void TryGrow_BeyondWhatAChargeCanHold_IsOverflowAndChangesNothing()
    {
        var account = new PinAccount();
        long most = (1L << 60) - 1;
        using PinCharge charge = account.Charge(most);
        Assert.False(charge.TryGrow(1, out ChargeResult result));
        Assert.Equal(ChargeStatus.Overflow, result.Status);
        Assert.Equal((most, most), (charge.Amount, account.Used));
    }

    [Fact]
    public void Split_DividesTheChargeWithoutCharging()
    {
        var account = new PinAccount("a", 10);
        PinCharge charge = account.Charge(10);
        charge.Inheritable = true;
        PinCharge part = charge.Split(3);
        Assert.Equal((7, 3, 10, 2), (charge.Amount, part.Amount, account.Used, account.OutstandingCharges));
        Assert.True(part.Inheritable);
        charge.Dispose();
        Assert.Equal(3, account.Used);
        part.Dispose();
        account.AssertBalanced();
    }

    [Fact]
    public void Split_OfAnOverLimitCharge_KeepsTheDecisionInBothParts()
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 1, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = new Probe(true) });
        PinCharge charge = account.Charge(10);
        PinCharge part = charge.Split(4);
        Assert.True(part.ExceededLimit && charge.ExceededLimit);
        charge.Dispose();
        Assert.Equal((4, 4), (account.Used, account.OverLimitUsed));
        part.Dispose();
        Assert.Equal((0, 0), (account.Used, account.OverLimitUsed));
    }

    [Fact]
    public void Detach_MovesTheDuty()
    {
        var account = new PinAccount();
        PinCharge moved;
        using (PinCharge charge = account.Charge(5))
        {
            charge.Inheritable = true;
            moved = charge.Detach();
            Assert.True(charge.IsReleased);
        }

        Assert.Equal((5, 5, 1), (account.Used, moved.Amount, account.OutstandingCharges));
        Assert.True(moved.Inheritable);
        moved.Dispose();
        account.AssertBalanced();
    }

    [Fact]
    public void EveryChange_OfAReleasedCharge_ThrowsAndSaysWhose()
    {
        var account = new PinAccount("mine", 100);
        PinCharge charge = account.Charge(5);
        charge.Dispose();
        Action[] changes =
        [
            () => charge.SettleTo(0), () => charge.Split(0), () => charge.Detach(), () => charge.TryGrow(1), () => charge.Inheritable = true,
            () => charge.TryTransferTo(new PinAccount()),
        ];
        Assert.All(changes, change => Assert.Throws<ObjectDisposedException>(change));
        Assert.Contains("mine", Assert.Throws<ObjectDisposedException>(() => charge.SettleTo(0)).Message, StringComparison.Ordinal);
        Assert.Equal(0, account.Used);
    }

    [Fact]
    public void TryTransferTo_ChargesTheNewOwnerAndReleasesTheOld()
    {
        PinAccount from = new("from", 10), to = new("to", 10);
        PinCharge charge = from.Charge(5);
        Assert.True(charge.TryTransferTo(to, out ChargeResult result));
        Assert.Same(to, result.Account);
        Assert.Same(to, charge.Account);
        Assert.Equal((0, 5, 0, 1), (from.Used, to.Used, from.OutstandingCharges, to.OutstandingCharges));
        charge.Dispose();
        from.AssertBalanced();
        to.AssertBalanced();
    }

    [Fact]
    public void TryTransferTo_AnOwnerWhoMayNot_ChangesNothing()
    {
        PinAccount from = new("from", 10), small = new("small", 4), gone = new("gone", 10);
        gone.Retire();
        using PinCharge charge = from.Charge(5);
        Assert.False(charge.TryTransferTo(small, out ChargeResult denied));
        Assert.Equal((ChargeStatus.PolicyLimit, small), (denied.Status, denied.DeniedBy));
        Assert.False(charge.TryTransferTo(gone, out ChargeResult dead));
        Assert.Equal((ChargeStatus.OwnerGone, gone), (dead.Status, dead.DeniedBy));
        Assert.Throws<ArgumentException>(() => charge.TryTransferTo(new PinAccount(new PinAccountOptions { Unit = PinUnit.Bytes })));
        Assert.Same(from, charge.Account);
        Assert.Equal((5, 5, 0), (charge.Amount, from.Used, small.Used));
        Assert.True(charge.TryTransferTo(from));
        Assert.Equal(5, from.Used);
    }

    [Fact]
    public void TryTransferTo_ASiblingUnderAFullParent_DoesNotChargeTheParentTwice()
    {
        var user = new PinAccount("user", 5);
        var from = new PinAccount(new PinAccountOptions { Parent = user });
        var to = new PinAccount(new PinAccountOptions { Parent = user });
        PinCharge charge = from.Charge(5);
        Assert.True(charge.TryTransferTo(to));
        Assert.Equal((5, 0, 5), (user.Used, from.Used, to.Used));
        Assert.True(charge.TryTransferTo(user));
        Assert.Equal((5, 0, 0), (user.Used, from.Used, to.Used));
        Assert.True(charge.TryTransferTo(from));
        Assert.Equal((5, 5, 0), (user.Used, from.Used, to.Used));
        charge.Dispose();
        Assert.Equal(0, user.Used);
    }

    [Fact]
    public void TryTransferTo_FromARetiredOwner_Works()
    {
        PinAccount from = new("from", 10), to = new("to", 10);
        PinCharge charge = from.Charge(5);
        from.Retire();
        Assert.True(charge.TryTransferTo(to));
        Assert.Equal((0, 5), (from.Used, to.Used));
        charge.Dispose();
    }

    [Fact]
    public void TryTransferTo_KeepsWhatWasDecided()
    {
        var user = new PinAccount("user", 100);
        var from = new PinAccount(new PinAccountOptions { Limit = 1, Parent = user, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = new Probe(true) });
        var to = new PinAccount(new PinAccountOptions { Limit = 10, Parent = user });
        PinCharge charge = from.Charge(5);
        Assert.True(charge.TryTransferTo(to));
        Assert.True(charge.ExceededLimit);
        Assert.Equal((0, 5, 5), (from.OverLimitUsed, to.OverLimitUsed, user.OverLimitUsed));
        charge.Dispose();
        Assert.Equal(0, new[] { from, to, user }.Sum(static account => account.OverLimitUsed + account.Used));
    }
}
