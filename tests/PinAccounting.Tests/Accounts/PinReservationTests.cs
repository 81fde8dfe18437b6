using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace PinAccounting.Tests.Accounts;

public sealed class PinReservationTests
{
    [Fact]
    public void Commit_IsAMove_TheChargeCarriesTheDutyOn()
    {
        var account = new PinAccount("a", 10);
        PinCharge charge;
        using (PinReservation reservation = account.Reserve(8))
        {
            Assert.Equal(8, account.Used);
            reservation.OnRollback(0, _ => Assert.Fail("was committed"));
            charge = reservation.Commit(5);
            Assert.False(reservation.IsPending);
            Assert.Equal(0, reservation.Amount);
        }

        Assert.Equal((5, 5), (charge.Amount, account.Used));
        charge.Dispose();
        account.AssertBalanced();
    }

    [Fact]
    public void Dispose_WithoutACommit_UndoesInReverseAndThenReleases()
    {
        var account = new PinAccount("a", 10);
        var undone = new List<(string Step, long Used)>();
        using (PinReservation reservation = account.Reserve(8))
        {
            reservation.OnRollback("map", step => undone.Add((step, account.Used)));
            reservation.OnRollback("lock", step => undone.Add((step, account.Used)));
        }

        Assert.Equal([("lock", 8), ("map", 8)], undone);
        account.AssertBalanced();
    }

    [Fact]
    public void Dispose_WithARollbackThatThrows_UndoesTheRestAndReports()
    {
        var account = new PinAccount(new PinAccountOptions { Name = "rollback", Strict = true });
        using var seen = new ViolationRecorder(account);
        bool undone = false;
        PinReservation reservation = account.Reserve(8);
        reservation.OnRollback(0, _ => undone = true);
        reservation.OnRollback(0, _ => throw new InvalidOperationException("no"));
        reservation.Dispose();
        reservation.Dispose();
        Assert.True(undone);
        PinViolation violation = Assert.Single(seen.Violations);
        Assert.Equal(PinViolationKind.RollbackFailed, violation.Kind);
        Assert.IsType<InvalidOperationException>(violation.Exception);
        account.AssertBalanced();
    }

    [Theory]
    [InlineData(9)]
    [InlineData(-1)]
    public void Commit_OfMoreThanReserved_ThrowsAndTheReservationStands(long actual)
    {
        var account = new PinAccount("a", 10);
        using (PinReservation reservation = account.Reserve(8))
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => reservation.Commit(actual));
            Assert.True(reservation.IsPending);
            Assert.Equal(8, reservation.Amount);
        }

        account.AssertBalanced();
    }

    [Fact]
    public void Commit_ASecondTime_Throws()
    {
        using PinReservation reservation = new PinAccount("a", 10).Reserve(8);
        using PinCharge charge = reservation.Commit();
        Assert.Equal(8, charge.Amount);
        Assert.Throws<ObjectDisposedException>(() => reservation.Commit());
        Assert.Throws<ObjectDisposedException>(() => reservation.Commit(1));
        Assert.Throws<ObjectDisposedException>(() => reservation.OnRollback(0, _ => { }));
    }

    /// <summary>What a failed step threw is foreign code too: asking it for its message must not end the rollback with the amount still charged.</summary>
    [Fact]
    public void Dispose_WhenAStepThrowsWhatCannotSayWhatHappened_UndoesTheRestAndReleases()
    {
        var account = new PinAccount("a", 10);
        using var seen = new ViolationRecorder(account);
        bool first = false;
        PinReservation reservation = account.Reserve(8);
        reservation.OnRollback(0, _ => first = true);
        reservation.OnRollback(0, static _ => throw new UnspeakableException());
        reservation.Dispose();
        Assert.True(first);
        account.AssertBalanced();
        PinViolation violation = Assert.Single(seen.Violations);
        Assert.IsType<UnspeakableException>(violation.Exception);
        Assert.Contains(nameof(UnspeakableException), violation.Message, StringComparison.Ordinal);
    }

    /// <summary>A rollback from another thread, while steps are still being registered: each is undone or refused, none is accepted and forgotten.</summary>
    [Fact]
    public void Dispose_WhileStepsAreRegistered_UndoesWhatWasAccepted()
    {
        for (int round = 0; round < 300; round++)
        {
            var account = new PinAccount("a", 10);
            PinReservation reservation = account.Reserve(8);
            int accepted = 0, undone = 0;
            Parallel.Invoke(
                () =>
                {
                    try
                    {
                        for (int i = 0; i < 200; i++)
                        {
                            reservation.OnRollback(0, _ => Interlocked.Increment(ref undone));
                            accepted++;
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                        // Lost against the rollback, and told so.
                    }
                },
                reservation.Dispose);
            Assert.Equal((accepted, 0), (undone, account.Used));
        }
    }

    /// <summary>A commit that is refused must not hide the reservation from a rollback that comes at that very moment.</summary>
    [Fact]
    public void Dispose_RacedByARefusedCommit_Releases()
    {
        var account = new PinAccount("a", 10);
        for (int round = 0; round < 2000; round++)
        {
            PinReservation reservation = account.Reserve(8);
            Parallel.Invoke(
                () => Assert.ThrowsAny<Exception>(() => reservation.Commit(9)),
                reservation.Dispose);
            Assert.Equal(0, account.Used);
        }
    }

    [Fact]
    public void Commit_RacedByDispose_EndsInOneOfThem()
    {
        var account = new PinAccount("a", 10);
        for (int round = 0; round < 1000; round++)
        {
            PinReservation reservation = account.Reserve(8);
            PinCharge? charge = null;
            int undone = 0;
            reservation.OnRollback(0, _ => undone++);
            Parallel.Invoke(
                () =>
                {
                    try
                    {
                        charge = reservation.Commit(5);
                    }
                    catch (ObjectDisposedException)
                    {
                        // Rolled back first.
                    }
                },
                reservation.Dispose);
            Assert.Equal(charge is null ? (0, 1) : (5, 0), (account.Used, undone));
            charge?.Dispose();
        }

        account.AssertBalanced();
    }

    [Fact]
    public void Reserve_Denied_ThrowsOrSaysWhy()
    {
        var account = new PinAccount("a", 10);
        Assert.Throws<PinLimitExceededException>(() => account.Reserve(11));
        Assert.False(account.TryReserve(11, out PinReservation? reservation, out ChargeResult result));
        Assert.Null(reservation);
        Assert.Equal(ChargeStatus.PolicyLimit, result.Status);
        Assert.True(account.TryReserve(10, out reservation, out _));
        reservation.Dispose();
        account.AssertBalanced();
    }
}
