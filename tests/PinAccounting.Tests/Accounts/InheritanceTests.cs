using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static PinAccounting.MemoryLockFlags;

namespace PinAccounting.Tests.Accounts;

public sealed class InheritanceTests
{
    [Theory]
    [InlineData(Current)]
    [InlineData(Future)]
    [InlineData(Current | Future)]
    [InlineData(Current | Inherit)]
    [InlineData(Future | Inherit | Recursive)]
    public void SetLockPolicy_Replaces(MemoryLockFlags flags)
    {
        var account = new PinAccount();
        account.SetLockPolicy(Current | Future | Inherit | Recursive);
        account.SetLockPolicy(flags);
        Assert.Equal(flags, account.LockPolicy.ToFlags());
        Assert.Equal((flags & Inherit) != 0, account.LockPolicy.Inherits);
        Assert.Equal((flags & Recursive) != 0, account.LockPolicy.IsRecursive);
        Assert.Equal((flags & Current) != 0, account.LockPolicy.LocksCurrent);
        Assert.Equal((flags & Future) != 0, account.LockPolicy.LocksFuture);
        account.SetLockPolicy(None);
        Assert.Equal(default, account.LockPolicy);
    }

    [Theory]
    [InlineData(Inherit)]
    [InlineData(Recursive)]
    [InlineData(Inherit | Recursive)]
    [InlineData(Current | Recursive)]
    [InlineData((MemoryLockFlags)16)]
    [InlineData((MemoryLockFlags)(1 | int.MinValue))]
    public void SetLockPolicy_ThatMeansNothing_ThrowsAndKeepsTheOld(MemoryLockFlags flags)
    {
        var account = new PinAccount();
        account.SetLockPolicy(Future);
        Assert.Throws<ArgumentException>(() => account.SetLockPolicy(flags));
        Assert.Equal(Future, account.LockPolicy.ToFlags());
    }

    [Fact]
    public void Flags_HaveTheValuesOfTheProposal() => Assert.Equal([0, 1, 2, 4, 8], new[] { None, Current, Future, Inherit, Recursive }.Select(static flag => (int)flag));

    [Theory]
    [InlineData(None)]
    [InlineData(Current | Future)]
    public void Fork_WithoutInherit_StartsAtZeroWithoutAPolicy(MemoryLockFlags flags)
    {
        PinAccount parent = Holding(flags, out PinCharge charge), child = new("child", 100);
        Assert.True(parent.Fork(child, out IReadOnlyList<PinCharge> inherited).Succeeded);
        Assert.Empty(inherited);
        Assert.Equal((0, default), (child.Used, child.LockPolicy));
        Assert.Equal(flags, parent.LockPolicy.ToFlags());
        charge.Dispose();
    }

    [Fact]
    public void Fork_WithInherit_ChargesAgainWhatIsInheritableAndUsesThePolicyUp()
    {
        PinAccount parent = Holding(Current | Future | Inherit, out PinCharge charge), child = new("child", 100);
        using PinCharge dma = parent.Charge(30); // not marked: stays the parent's
        Assert.True(parent.TryCharge(7)); // raw: nothing says what for
        Assert.True(parent.Fork(child, out IReadOnlyList<PinCharge> inherited).Succeeded);
        PinCharge again = Assert.Single(inherited);
        Assert.Equal((5, 5, child), (again.Amount, child.Used, again.Account));
        Assert.Equal(42, parent.Used);
        Assert.Equal(Current | Future, child.LockPolicy.ToFlags());

        var grandchild = new PinAccount("grandchild", 100);
        Assert.True(child.Fork(grandchild, out IReadOnlyList<PinCharge> none).Succeeded);
        Assert.Empty(none);
        Assert.Equal(0, grandchild.Used);

        charge.Dispose(); // each generation releases its own
        Assert.Equal(5, child.Used);
        again.Dispose();
        child.AssertBalanced();
    }

    [Fact]
    public void Fork_WithRecursive_ReachesEveryGeneration()
    {
        PinAccount account = Holding(Current | Inherit | Recursive, out _);
        for (int generation = 0; generation < 4; generation++)
        {
            var child = new PinAccount("child", 100);
            Assert.True(account.Fork(child, out IReadOnlyList<PinCharge> inherited).Succeeded);
            Assert.Equal(5, child.Used);
            Assert.Single(inherited);
            Assert.Equal(Current | Inherit | Recursive, child.LockPolicy.ToFlags());
            account = child;
        }
    }

    [Fact]
    public void Fork_ThatTheChildsLimitDenies_ChargesNothing()
    {
        PinAccount parent = Holding(Current | Inherit, out PinCharge first), child = new("child", 9);
        using PinCharge second = parent.Charge(5);
        second.Inheritable = true;
        ChargeResult result = parent.Fork(child, out IReadOnlyList<PinCharge> inherited);
        Assert.Equal((ChargeStatus.PolicyLimit, child), (result.Status, result.DeniedBy));
        Assert.Empty(inherited);
        Assert.Equal((0, 0, default), (child.Used, child.OutstandingCharges, child.LockPolicy));
        Assert.Equal(10, parent.Used);
        first.Dispose();
    }

    [Fact]
    public void Fork_AsksTheChildsCapabilityNotTheParents()
    {
        var ofChild = new Probe(true);
        PinAccount parent = Holding(Current | Inherit, out PinCharge charge);
        var child = new PinAccount(new PinAccountOptions { Limit = 1, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = ofChild });
        Assert.Equal(ChargeStatus.ChargedOverLimit, parent.Fork(child, out IReadOnlyList<PinCharge> inherited).Status);
        Assert.True(Assert.Single(inherited).ExceededLimit);
        Assert.Same(child, ofChild.AskedAbout);
        Assert.False(charge.ExceededLimit);
    }

    [Fact]
    public void Fork_OntoAnAccountThatIsNotFresh_IsRefused()
    {
        PinAccount parent = Holding(Current | Inherit, out _), used = new("used", 100), gone = new("gone", 100);
        Assert.True(used.TryCharge(1));
        gone.Retire();
        Assert.Equal(ChargeStatus.InvalidArgument, parent.Fork(used, out _).Status);
        Assert.Equal(ChargeStatus.InvalidArgument, parent.Fork(parent, out _).Status);
        Assert.Equal(ChargeStatus.OwnerGone, parent.Fork(gone, out _).Status);
        Assert.Equal(ChargeStatus.InvalidArgument, parent.Exec(used).Status);
        Assert.Equal(ChargeStatus.InvalidArgument, parent.Exec(parent).Status);
        Assert.Equal(ChargeStatus.OwnerGone, parent.Exec(gone).Status);
        Assert.False(parent.IsRetired);
    }

    [Theory]
    [InlineData(None, None)]
    [InlineData(Current | Future, None)]
    [InlineData(Current | Future | Inherit, Future)]
    [InlineData(Current | Inherit, None)]
    [InlineData(Current | Future | Inherit | Recursive, Current | Future | Inherit | Recursive)]
    public void Exec_StartsAtZeroAndKeepsWhatSurvives(MemoryLockFlags before, MemoryLockFlags after)
    {
        PinAccount old = Holding(before, out PinCharge charge), successor = new("successor", 100);
        Assert.True(old.Exec(successor).Succeeded);
        Assert.True(old.IsRetired);
        Assert.Equal((0, after), (successor.Used, successor.LockPolicy.ToFlags()));
        Assert.Same(old, charge.Account);
        Assert.Equal(5, old.Used);
    }

    [Fact]
    public void Release_OfAChargeFromBeforeExec_CannotUnderflowTheSuccessor()
    {
        var user = new PinAccount("user", 100);
        PinAccount old = new(new PinAccountOptions { Name = "old", Parent = user }), successor = new(new PinAccountOptions { Name = "new", Parent = user });
        PinCharge before = old.Charge(5);
        Assert.True(old.Exec(successor).Succeeded);
        Assert.Equal(ChargeStatus.OwnerGone, old.Exec(new PinAccount()).Status);
        using PinCharge after = successor.Charge(2);
        before.Dispose();
        Assert.Equal((0, 2, 2), (old.Used, successor.Used, user.Used));
        Assert.Equal(0, successor.OverReleases + old.OverReleases + user.OverReleases);
    }

    [Fact]
    public void Exec_RacedByAnother_HasOneSuccessor()
    {
        for (int round = 0; round < 300; round++)
        {
            PinAccount old = Holding(Current | Future | Inherit | Recursive, out PinCharge charge);
            PinAccount[] successors = [new("first", 100), new("second", 100), new("third", 100)];
            ChargeResult[] results = new ChargeResult[successors.Length];
            Parallel.For(0, successors.Length, i => results[i] = old.Exec(successors[i]));
            Assert.Single(results, static result => result.Succeeded);
            Assert.All(results.Where(static result => !result.Succeeded), result => Assert.Equal((ChargeStatus.OwnerGone, old), (result.Status, result.DeniedBy)));
            Assert.Single(successors, static successor => successor.LockPolicy != default);
            charge.Dispose();
        }
    }

    /// <summary>Charges that come and go while the account forks: the child has what its charges say, and no more.</summary>
    [Fact]
    public void Fork_DuringUse_LeavesTheChildWithItsOwnCharges()
    {
        var parent = new PinAccount("parent", 1000);
        parent.SetLockPolicy(Current | Inherit);
        bool done = false;
        var user = new Thread(() =>
        {
            var random = new Random(1);
            var mine = new List<PinCharge>();
            while (!Volatile.Read(ref done))
            {
                if (mine.Count < 20 && parent.TryCharge(random.Next(1, 9), out PinCharge? charge, out _))
                {
                    charge.Inheritable = true;
                    mine.Add(charge);
                }
                else
                {
                    mine[^1].Dispose();
                    mine.RemoveAt(mine.Count - 1);
                }
            }

            foreach (PinCharge charge in mine) charge.Dispose();
        });
        user.Start();
        for (int round = 0; round < 300; round++)
        {
            var child = new PinAccount("child", round % 2 == 0 ? 1000 : 40);
            ChargeResult result = parent.Fork(child, out IReadOnlyList<PinCharge> inherited);
            Assert.Equal(inherited.Sum(static charge => charge.Amount), child.Used);
            if (!result.Succeeded) Assert.Equal((ChargeStatus.PolicyLimit, 0, default), (result.Status, child.Used, child.LockPolicy));
            foreach (PinCharge charge in inherited) charge.Dispose();
            child.AssertBalanced();
        }

        Volatile.Write(ref done, true);
        user.Join();
        parent.AssertBalanced();
    }

    /// <summary>Small inheritable charges and large ones that are not, in turn, guarded by the same sentinel: none of the large ones may get through between two looks at it.</summary>
    [Fact]
    public void Fork_RacedByChargesThatAreNotInheritable_InheritsNoneOfThem()
    {
        var parent = new PinAccount("parent", 2000);
        parent.SetLockPolicy(Current | Inherit);
        bool done = false;
        var user = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                using (PinCharge small = parent.Charge(7)) small.Inheritable = true;
                parent.Charge(1000).Dispose();
            }
        });
        user.Start();
        try
        {
            var child = new PinAccount("child", 2000);
            for (int round = 0; round < 20_000; round++)
            {
                Assert.True(parent.Fork(child, out IReadOnlyList<PinCharge> inherited).Succeeded);
                foreach (PinCharge charge in inherited)
                {
                    Assert.Equal(7, charge.Amount);
                    charge.Dispose();
                }
            }
        }
        finally
        {
            Volatile.Write(ref done, true);
            user.Join();
        }
    }

    [Fact]
    public void NoAccount_IsRefusedByTheNameOfTheArgument()
    {
        var account = new PinAccount("program", 10);
        Assert.Equal("child", Assert.Throws<ArgumentNullException>(() => account.Fork(null!, out _)).ParamName);
        Assert.Equal("successor", Assert.Throws<ArgumentNullException>(() => account.Exec(null!)).ParamName);
        Assert.False(account.IsRetired);
    }

    /// <summary>Such a successor could never charge anything: the account above it is retired by this very call.</summary>
    [Fact]
    public void Exec_ToASuccessorBelowItself_IsRefused()
    {
        var account = new PinAccount("program", 10);
        var below = new PinAccount(new PinAccountOptions { Name = "below", Parent = account });
        var furtherBelow = new PinAccount(new PinAccountOptions { Name = "further below", Parent = below });
        Assert.Equal(ChargeStatus.InvalidArgument, account.Exec(below).Status);
        Assert.Equal(ChargeStatus.InvalidArgument, account.Exec(furtherBelow).Status);
        Assert.False(account.IsRetired);
    }

    /// <summary>A policy that the child was given before is no more changed than anything else.</summary>
    [Fact]
    public void Fork_ThatIsDenied_LeavesThePolicyThatTheChildHad()
    {
        PinAccount parent = Holding(Current | Inherit, out PinCharge charge), child = new("child", 1);
        using (charge)
        {
            child.SetLockPolicy(Future);
            Assert.Equal(ChargeStatus.PolicyLimit, parent.Fork(child, out _).Status);
            Assert.Equal(Future, child.LockPolicy.ToFlags());
        }
    }

    private static PinAccount Holding(MemoryLockFlags flags, out PinCharge charge)
    {
        var account = new PinAccount("parent", 100);
        account.SetLockPolicy(flags);
        charge = account.Charge(5);
        charge.Inheritable = true;
        return account;
    }
}
