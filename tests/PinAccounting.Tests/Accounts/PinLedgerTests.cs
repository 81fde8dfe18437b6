using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class PinLedgerTests
{
    [Fact]
    public void Resource_OfSeveralHolders_IsChargedOnTheFirstAndReleasedOnTheLast()
    {
        var account = new PinAccount("a", 4);
        var ledger = new PinLedger<nint>(account);
        Assert.True(ledger.TryAcquire(0x1000, 4).Succeeded);
        Assert.True(ledger.TryAcquire(0x1000, 4).Succeeded); // at the limit, and it costs nothing
        Assert.Equal((4, 2, 1), (account.Used, ledger.HoldersOf(0x1000), ledger.Count));
        Assert.True(ledger.Release(0x1000));
        Assert.Equal(4, account.Used);
        Assert.True(ledger.Release(0x1000));
        Assert.Equal((0, 0, 0), (account.Used, ledger.HoldersOf(0x1000), ledger.Count));
    }

    [Fact]
    public void TryAcquire_Denied_AddsNoHolder()
    {
        var account = new PinAccount("a", 4);
        var ledger = new PinLedger<string>(account);
        Assert.Equal(ChargeStatus.PolicyLimit, ledger.TryAcquire("page", 5).Status);
        Assert.Equal(0, ledger.HoldersOf("page"));
        Assert.Equal(ChargeStatus.InvalidArgument, ledger.TryAcquire("page", -1).Status);
        account.AssertBalanced();
    }

    [Fact]
    public void TryAcquire_WithAnotherAmountThanTheFirstHolder_IsInvalid()
    {
        var account = new PinAccount("a", 40);
        var ledger = new PinLedger<string>(account);
        Assert.True(ledger.TryAcquire("page", 5).Succeeded);
        Assert.Equal(ChargeStatus.InvalidArgument, ledger.TryAcquire("page", 6).Status);
        Assert.Equal((5, 1), (account.Used, ledger.HoldersOf("page")));
        ledger.Dispose();
        account.AssertBalanced();
    }

    [Fact]
    public void Release_OfWhatNobodyHolds_IsRefusedAndReported()
    {
        var account = new PinAccount("ledger", 40);
        using var seen = new ViolationRecorder(account);
        var ledger = new PinLedger<string>(account);
        Assert.False(ledger.Release("page"));
        Assert.Contains("page", Assert.Single(seen.Violations).Message);
        Assert.Equal(1, account.OverReleases);
    }

    /// <summary>One page, room for one page, and holders that come and go: whoever comes when the last has gone finds room.</summary>
    [Fact]
    public void TryAcquire_RacedByTheLastRelease_IsNeverDenied()
    {
        var account = new PinAccount("a", 1);
        var ledger = new PinLedger<string>(account);
        int denied = 0;
        Thread[] holders = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 200_000; i++)
            {
                if (ledger.TryAcquire("page", 1).Succeeded) ledger.Release("page");
                else Interlocked.Increment(ref denied);
            }
        })).ToArray();
        foreach (Thread holder in holders) holder.Start();
        foreach (Thread holder in holders) holder.Join();
        Assert.Equal(0, denied);
        account.AssertBalanced();
    }

    /// <summary>A comparer is somebody else's code: when it fails in a release, the holder is still one, and may try again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Release_WithAComparerThatThrows_KeepsTheHolder(int at)
    {
        var account = new PinAccount("a", 10);
        var comparer = new BrittleComparer();
        var ledger = new PinLedger<string>(account, comparer);
        Assert.True(ledger.TryAcquire("page", 5).Succeeded);
        comparer.CallsLeft = at - 1;
        try
        {
            ledger.Release("page");
        }
        catch (System.FormatException)
        {
            comparer.CallsLeft = int.MaxValue;
            Assert.Equal((1, 5), (ledger.HoldersOf("page"), account.Used));
            Assert.True(ledger.Release("page"));
        }

        comparer.CallsLeft = int.MaxValue;
        Assert.Equal((0, 0), (ledger.Count, ledger.HoldersOf("page")));
        account.AssertBalanced();
    }

    /// <summary>The probe is somebody else's code, and runs while the ledger is at work.</summary>
    [Fact]
    public void TryAcquire_WithAProbeThatUsesTheLedgerItself_LeavesNothingBehind()
    {
        PinLedger<string> ledger = null!;
        var disposes = new CallingProbe(() => ledger.Dispose());
        PinAccount account = Privileged(disposes);
        ledger = new PinLedger<string>(account);
        Assert.Throws<ObjectDisposedException>(() => ledger.TryAcquire("page", 5));
        Assert.Equal((0, 0), (ledger.Count, account.Used));

        var acquires = new CallingProbe(() => ledger.TryAcquire("page", 5));
        account = Privileged(acquires);
        ledger = new PinLedger<string>(account);
        Assert.Equal(ChargeStatus.Charged, ledger.TryAcquire("page", 5).Status);
        Assert.Equal((2, 5), (ledger.HoldersOf("page"), account.Used));
        ledger.Dispose();
        account.AssertBalanced();

        static PinAccount Privileged(ICapabilityProbe probe) =>
            new(new PinAccountOptions { Limit = 1, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = probe });
    }

    [Fact]
    public void Dispose_ReleasesEverything()
    {
        var account = new PinAccount("a", 40);
        var ledger = new PinLedger<int>(account);
        for (int i = 0; i < 6; i++) Assert.True(ledger.TryAcquire(i / 2, 5).Succeeded);
        Assert.Equal(15, account.Used);
        ledger.Dispose();
        ledger.Dispose();
        account.AssertBalanced();
        Assert.Throws<System.ObjectDisposedException>(() => ledger.TryAcquire(1, 5));
    }

    [Fact]
    public void TryAcquire_ForAnOwnerWhoIsGone_AddsNoHolderAndTheOthersMayStillLeave()
    {
        var user = new PinAccount("user", 40);
        var account = new PinAccount(new PinAccountOptions { Name = "process", Parent = user });
        var ledger = new PinLedger<string>(account);
        Assert.True(ledger.TryAcquire("page", 5).Succeeded);
        user.Retire();
        ChargeResult result = ledger.TryAcquire("page", 5);
        Assert.Equal((ChargeStatus.OwnerGone, user), (result.Status, result.DeniedBy));
        Assert.Equal((1, 5), (ledger.HoldersOf("page"), account.Used));
        Assert.True(ledger.Release("page"));
        Assert.Equal((0, 0), (account.Used, user.Used));
    }

    [Fact]
    public void Dispose_RacedByHolders_LeavesNothingCharged()
    {
        for (int round = 0; round < 200; round++)
        {
            var account = new PinAccount("a", 100);
            var ledger = new PinLedger<int>(account);
            Parallel.For(0, 4, i =>
            {
                if (i == 3)
                {
                    ledger.Dispose();
                    return;
                }

                try
                {
                    for (int key = 0; key < 20; key++)
                        if (ledger.TryAcquire(key % 5, 3).Succeeded && key % 2 == 0) ledger.Release(key % 5);
                }
                catch (System.ObjectDisposedException)
                {
                    // Told so, and charged nothing.
                }
            });
            ledger.Dispose();
            Assert.Equal((0, 0), (account.Used, account.OutstandingCharges));
            Assert.Equal(0, account.OverReleases);
        }
    }

    [Fact]
    public void FirstHoldersThatRace_AreChargedOnceAndNoneIsDenied()
    {
        var account = new PinAccount("a", 5);
        using var ledger = new PinLedger<int>(account);
        for (int round = 0; round < 300; round++)
        {
            ChargeResult[] results = new ChargeResult[4];
            Parallel.For(0, 4, i => results[i] = ledger.TryAcquire(1, 5));
            Assert.True(results.All(static result => result.Succeeded));
            Assert.Equal(5, account.Used);
            Parallel.For(0, 4, _ => ledger.Release(1));
            Assert.Equal(0, account.Used);
        }
    }

    private sealed class BrittleComparer : IEqualityComparer<string>
    {
        internal int CallsLeft { get; set; } = int.MaxValue;

        public bool Equals(string? x, string? y) => x == y;

        public int GetHashCode(string obj) => CallsLeft-- > 0 ? obj.Length : throw new System.FormatException();
    }

    /// <summary>Vouches, and does something else the first time.</summary>
    private sealed class CallingProbe(Action first) : ICapabilityProbe
    {
        private Action? _first = first;

        public bool CanExceedLimit(PinAccount account, long amount)
        {
            Interlocked.Exchange(ref _first, null)?.Invoke();
            return true;
        }
    }
}
