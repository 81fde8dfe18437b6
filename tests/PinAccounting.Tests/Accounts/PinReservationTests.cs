using System;
using System.Collections.Generic;
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
