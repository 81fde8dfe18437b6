using System;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class PinAccountTests
{
    [Fact]
    public void TryCharge_UpToTheLimit_SucceedsAndNotBeyond()
    {
        var account = new PinAccount("ring", 10);
        Assert.True(account.TryCharge(7));
        Assert.True(account.TryCharge(3));
        Assert.False(account.TryCharge(1));
        Assert.Equal(10, account.Used);
        Assert.Equal(1, account.Denied);
        account.Uncharge(10);
        account.AssertBalanced();
        Assert.Equal(10, account.Peak);
    }

    [Fact]
    public void Account_OfWhatCannotBe_IsRefusedByTheNameOfTheArgument()
    {
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => new PinAccount(null!, 1)).ParamName);
        Assert.Equal("limit", Assert.Throws<ArgumentOutOfRangeException>(() => new PinAccount("a", -1)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => new PinAccount(null!)).ParamName);
        PinAccountOptions[] none =
        [
            new() { Limit = -1 }, new() { Shards = 0 }, new() { Shards = 257 }, new() { BypassPolicy = (BypassPolicy)2 }, new() { Unit = (PinUnit)3 }, new() { Unit = (PinUnit)(-1) },
        ];
        foreach (PinAccountOptions options in none)
            Assert.StartsWith("options", Assert.Throws<ArgumentOutOfRangeException>(() => new PinAccount(options)).ParamName, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void TryCharge_OfZero_SucceedsAndHoldsNothing(int shards)
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 0, Shards = shards });
        Assert.True(account.TryCharge(0));
        Assert.True(account.TryCharge(0, out PinCharge? charge, out ChargeResult result));
        Assert.Equal(ChargeStatus.Charged, result.Status);
        Assert.Equal(0, charge.Amount);
        Assert.Equal(0, account.OutstandingCharges);
        account.AssertBalanced();
        charge.Dispose();
        account.Uncharge(0);
        account.AssertBalanced();
    }

    [Theory]
    [InlineData(-1, ChargeStatus.InvalidArgument)]
    [InlineData(long.MinValue, ChargeStatus.InvalidArgument)]
    [InlineData(1L << 60, ChargeStatus.Overflow)]
    [InlineData(long.MaxValue, ChargeStatus.Overflow)]
    public void TryCharge_OfNoValidAmount_IsRefusedAndChangesNothing(long amount, ChargeStatus expected)
    {
        var parent = new PinAccount();
        var account = new PinAccount(new PinAccountOptions { Parent = parent });
        Assert.False(account.TryCharge(amount));
        Assert.False(account.TryCharge(amount, out PinCharge? charge, out ChargeResult result));
        Assert.Null(charge);
        Assert.Equal(expected, result.Status);
        Assert.Equal(amount, result.Requested);
        Assert.Same(account, result.DeniedBy);
        Assert.Throws<ArgumentOutOfRangeException>(() => account.Charge(amount));
        Assert.Throws<ArgumentOutOfRangeException>(() => account.Reserve(amount));
        Assert.False(parent.TryCharge(amount));
        Assert.Equal(0, account.Used + parent.Used);
    }

    [Fact]
    public void TryCharge_WhoseSumDoesNotFit_IsOverflowAndNeverWraps()
    {
        var account = new PinAccount();
        long most = (1L << 60) - 1;
        for (int i = 0; i < 8; i++) Assert.True(account.TryCharge(most));
        Assert.False(account.TryCharge(most, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.Overflow, result.Status);
        Assert.Equal(8 * most, account.Used);
    }

    [Fact]
    public void Uncharge_OfANegativeAmount_Throws()
    {
        var account = new PinAccount();
        Assert.True(account.TryCharge(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => account.Uncharge(-1));
        Assert.Equal(5, account.Used);
    }

    [Fact]
    public void Charge_Denied_ThrowsWithWhoAndHowMuch()
    {
        var account = new PinAccount("user 1000", 4);
        using PinCharge held = account.Charge(3);
        ChargeResult result = Assert.Throws<PinLimitExceededException>(() => account.Charge(2)).Result;
        Assert.Equal(new ChargeResult(ChargeStatus.PolicyLimit, 2, 3, 4, account), result);
        Assert.Contains("user 1000", result.ToString(), StringComparison.Ordinal);
        Assert.Contains("3 used of 4", result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Limit_LoweredBelowUsed_OnlyBlocksNewCharges(int shards)
    {
        var account = new PinAccount(new PinAccountOptions { Limit = 100, Shards = shards });
        PinCharge first = account.Charge(60), second = account.Charge(30);
        account.Limit = 50;
        Assert.Equal(90, account.Used);
        Assert.False(account.TryCharge(1));
        second.Dispose();
        Assert.False(account.TryCharge(1));
        first.SettleTo(45);
        Assert.True(account.TryCharge(5));
        Assert.False(account.TryCharge(1));
        account.Uncharge(5);
        first.Dispose();
        account.AssertBalanced();
    }

    [Fact]
    public void Limit_Negative_Throws()
    {
        var account = new PinAccount("a", 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => account.Limit = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PinAccount("b", -1));
        Assert.Equal(1, account.Limit);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(257)]
    public void Constructor_WithAnImpossibleNumberOfShards_Throws(int shards) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PinAccount(new PinAccountOptions { Shards = shards }));

    [Fact]
    public void Constructor_WithAParentOfAnotherUnit_Throws()
    {
        var parent = new PinAccount(new PinAccountOptions { Unit = PinUnit.Bytes });
        Assert.Throws<ArgumentException>(() => new PinAccount(new PinAccountOptions { Parent = parent }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Uncharge_OfMoreThanIsHeld_IsRefusedCountedAndReported(int shards)
    {
        var account = new PinAccount(new PinAccountOptions { Name = $"over-release {shards}", Limit = 100, Shards = shards });
        using var seen = new ViolationRecorder(account);
        Assert.True(account.TryCharge(5));
        account.Uncharge(6);
        Assert.Equal(5, account.Used);
        Assert.Equal(1, account.OverReleases);
        PinViolation violation = Assert.Single(seen.Violations);
        Assert.Equal(PinViolationKind.OverRelease, violation.Kind);
        Assert.Equal(6, violation.Amount);
        Assert.Throws<PinViolationException>(account.AssertBalanced);
        account.Uncharge(5);
        Assert.Equal(0, account.Used);
    }

    [Fact]
    public void Uncharge_OfMoreThanIsHeld_LeavesTheParentsAlone()
    {
        var parent = new PinAccount();
        var account = new PinAccount(new PinAccountOptions { Parent = parent });
        Assert.True(parent.TryCharge(10));
        account.Uncharge(3);
        Assert.Equal(10, parent.Used);
        Assert.Equal(1, account.OverReleases);
        Assert.Equal(0, parent.OverReleases);
    }

    [Fact]
    public void Uncharge_OfMoreThanIsHeld_ThrowsInStrictMode()
    {
        var account = new PinAccount(new PinAccountOptions { Strict = true });
        PinViolation violation = Assert.Throws<PinViolationException>(() => account.Uncharge(1)).Violation;
        Assert.Same(account, violation.Account);
        Assert.Equal(0, account.Used);
    }

    /// <summary>Somebody has released to the parent what the child holds; it comes out when the child releases, and a test must not miss it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Uncharge_ThatAParentRefuses_ThrowsInStrictModeAndHasReleasedBelow(int levels)
    {
        var top = new PinAccount(new PinAccountOptions { Name = "top", Strict = true });
        PinAccount bottom = top;
        for (int i = 0; i < levels; i++) bottom = new PinAccount(new PinAccountOptions { Name = "below", Parent = bottom, Strict = true });
        Assert.True(bottom.TryCharge(5));
        top.Uncharge(5);
        Assert.Same(top, Assert.Throws<PinViolationException>(() => bottom.Uncharge(5)).Violation.Account);
        Assert.Equal((0, 0, 1, 0), (bottom.Used, top.Used, top.OverReleases, bottom.OverReleases));

        PinCharge charge = bottom.Charge(5);
        top.Uncharge(5);
        charge.Dispose();
        Assert.Equal((0, 0, 2), (bottom.Used, top.Used, top.OverReleases));
    }

    [Fact]
    public void Dispose_OfAChargeWhoseAmountWasStolen_ReportsAndDoesNotThrowEvenInStrictMode()
    {
        var account = new PinAccount(new PinAccountOptions { Name = "stolen", Strict = true });
        using var seen = new ViolationRecorder(account);
        PinCharge charge = account.Charge(4);
        account.Uncharge(4); // a raw release of what a charge holds
        charge.Dispose();
        Assert.Equal(0, account.Used);
        Assert.Equal(PinViolationKind.OverRelease, Assert.Single(seen.Violations).Kind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Retire_RefusesChargesAndLetsReleasesThrough(int shards)
    {
        var parent = new PinAccount();
        var account = new PinAccount(new PinAccountOptions { Limit = 10, Parent = parent, Shards = shards });
        using var seen = new ViolationRecorder(account);
        PinCharge charge = account.Charge(2);
        Assert.True(account.TryCharge(3));
        account.Retire();
        account.Retire();
        Assert.True(account.IsRetired);
        Assert.False(account.TryCharge(1));
        Assert.False(account.TryCharge(1, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.OwnerGone, result.Status);
        Assert.Same(account, result.DeniedBy);
        Assert.Throws<PinLimitExceededException>(() => account.Charge(1));
        Assert.Equal(5, parent.Used);
        charge.Dispose();
        account.Uncharge(3);
        account.Uncharge(3); // more than is held, but the owner is gone: nothing to say
        Assert.Equal(0, account.Used);
        Assert.Equal(0, parent.Used);
        Assert.Empty(seen.Violations);
        Assert.Equal(0, account.OverReleases);
    }

    [Fact]
    public void Retire_OfAParent_RefusesTheChildrensCharges()
    {
        var parent = new PinAccount();
        var account = new PinAccount(new PinAccountOptions { Parent = parent });
        parent.Retire();
        Assert.False(account.TryCharge(1, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.OwnerGone, result.Status);
        Assert.Same(parent, result.DeniedBy);
        Assert.Equal(0, account.Used);
    }

    [Fact]
    public void Dispose_WithNothingOutstanding_IsSilent()
    {
        var account = new PinAccount(new PinAccountOptions { Name = "quiet", Strict = true });
        using var seen = new ViolationRecorder(account);
        account.Charge(1).Dispose();
        account.Dispose();
        account.Dispose();
        Assert.True(account.IsRetired);
        Assert.Empty(seen.Violations);
    }

    [Fact]
    public void Dispose_DuringUse_ReportsWhatIsOutstandingAndItMayStillBeReleased()
    {
        var account = new PinAccount(new PinAccountOptions { Name = "busy" });
        using var seen = new ViolationRecorder(account);
        PinCharge charge = account.Charge(3);
        account.Dispose();
        PinViolation violation = Assert.Single(seen.Violations);
        Assert.Equal(PinViolationKind.OutstandingAtDispose, violation.Kind);
        Assert.Equal(3, violation.Amount);
        charge.Dispose();
        Assert.Equal(0, account.Used);
        Assert.Equal(0, account.OverReleases);
    }

    [Fact]
    public void Dispose_DuringUse_ThrowsInStrictMode()
    {
        var account = new PinAccount(new PinAccountOptions { Strict = true });
        using PinCharge charge = account.Charge(3);
        Assert.Throws<PinViolationException>(account.Dispose);
    }

    [Fact]
    public void AssertBalanced_WithSomethingOutstanding_ListsIt()
    {
        var account = new PinAccount(new PinAccountOptions { Name = "unbalanced", TrackStacks = true });
        using PinCharge charge = account.Charge(3);
        string message = Assert.Throws<PinViolationException>(account.AssertBalanced).Message;
        Assert.Contains("charge of 3", message, StringComparison.Ordinal);
        Assert.Contains(nameof(AssertBalanced_WithSomethingOutstanding_ListsIt), message, StringComparison.Ordinal);
    }
}
