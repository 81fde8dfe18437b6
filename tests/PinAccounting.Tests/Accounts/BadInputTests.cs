using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using PinAccounting.Memory;
using Xunit;

namespace PinAccounting.Tests.Accounts;

/// <summary>Whatever bad is passed in, through whatever door: the answer says what and whose, and nothing changes.</summary>
public sealed class BadInputTests
{
    /// <summary>Every way to ask for an amount; each returns the refusal, or throws one.</summary>
    private static readonly Dictionary<string, Func<World, long, ChargeResult>> s_doors = new(StringComparer.Ordinal)
    {
        ["charge"] = static (world, amount) => Thrown(() => world.Account.Charge(amount)),
        ["try charge"] = static (world, amount) => Refused(world.Account.TryCharge(amount, out _, out ChargeResult result), result),
        ["raw charge"] = static (world, amount) => Refused(world.Account.TryCharge(amount), default),
        ["reserve"] = static (world, amount) => Thrown(() => world.Account.Reserve(amount)),
        ["try reserve"] = static (world, amount) => Refused(world.Account.TryReserve(amount, out _, out ChargeResult result), result),
        ["grow"] = static (world, amount) => Refused(world.Charge.TryGrow(amount, out ChargeResult result), result),
        ["ledger"] = static (world, amount) => world.Ledger.TryAcquire("new", amount),
        ["further holder"] = static (world, amount) => world.Ledger.TryAcquire("page", amount),
        ["handle table"] = static (world, amount) => world.SetUp(amount),
    };

    public static TheoryData<string, long> AmountsThatAreNone()
    {
        var data = new TheoryData<string, long>();
        foreach (string door in s_doors.Keys)
            foreach (long amount in new[] { -1, int.MinValue, -(1L << 32), long.MinValue, 1L << 60, long.MaxValue }) data.Add(door, amount);
        return data;
    }

    [Theory]
    [MemberData(nameof(AmountsThatAreNone))]
    public void Amount_NegativeOrTooLargeToCount_IsRefusedAtEveryDoor(string door, long amount)
    {
        using var world = new World();
        ChargeResult result = world.Unchanged(() => s_doors[door](world, amount));
        if (door == "raw charge") return;
        Assert.Contains(result.Status, new[] { ChargeStatus.InvalidArgument, ChargeStatus.Overflow });
        Assert.Equal(amount, result.Requested);
        Assert.Contains("victim", result.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Valid amounts that a 32-bit number would take for something else: none may slip below the limit of 100 by being cut.</summary>
    [Theory]
    [InlineData(1L << 31)]
    [InlineData((1L << 31) + 1)]
    [InlineData((1L << 32) - 1)]
    [InlineData(1L << 32)]
    [InlineData((1L << 32) + 1)]
    [InlineData((1L << 60) - 1)]
    public void Amount_FromTwoToThe31_IsDeniedByTheLimitAndNotCut(long amount)
    {
        using var world = new World();
        foreach ((string door, Func<World, long, ChargeResult> ask) in s_doors)
        {
            ChargeResult result = world.Unchanged(() => ask(world, amount));
            ChargeStatus expected = door switch
            {
                "raw charge" => default,
                "further holder" or "handle table" => ChargeStatus.InvalidArgument, // not what the first holder stated; out of range
                _ => ChargeStatus.PolicyLimit,
            };
            Assert.Equal(expected, result.Status);
        }

        var roomy = new PinAccount("roomy", long.MaxValue);
        using (roomy.Charge(amount)) Assert.Equal(amount, roomy.Used);
        Assert.True(roomy.TryCharge(amount));
        Assert.Equal(amount, roomy.Used);
        roomy.Uncharge(amount);
        roomy.AssertBalanced();
    }

    [Fact]
    public void RetiredOwner_IsNamedAtEveryDoor()
    {
        using var world = new World();
        world.Account.Retire();
        foreach ((string door, Func<World, long, ChargeResult> ask) in s_doors)
        {
            ChargeResult result = world.Unchanged(() => ask(world, door == "further holder" ? World.PageCost : 1));
            if (door == "raw charge") continue;
            Assert.Equal((door, ChargeStatus.OwnerGone), (door, result.Status));
            Assert.Same(world.Account, result.DeniedBy);
            Assert.Contains("victim", result.ToString(), StringComparison.Ordinal);
        }

        world.Unchanged(() => Refused(LockedMemory.TryAllocate(world.Account, 1, out _, out ChargeResult result), result));
        world.Unchanged(() => Refused(new PinAccount("other", 9).Charge(1).TryTransferTo(world.Account, out ChargeResult result), result));
    }

    [Fact]
    public void RetiredParent_IsNamedAtEveryDoorOfTheChild()
    {
        using var world = new World();
        world.Parent.Retire();
        foreach ((string door, Func<World, long, ChargeResult> ask) in s_doors)
        {
            ChargeResult result = world.Unchanged(() => ask(world, door == "further holder" ? World.PageCost : 1));
            if (door == "raw charge") continue;
            Assert.Equal((door, ChargeStatus.OwnerGone), (door, result.Status));
            Assert.Same(world.Parent, result.DeniedBy);
        }
    }

    [Fact]
    public void NothingForNobody_IsLegal()
    {
        // 0 holds nothing, so there is nothing that an owner who is gone would have to pay.
        var gone = new PinAccount("gone", 0);
        gone.Retire();
        Assert.True(gone.TryCharge(0));
        using PinCharge nothing = gone.Charge(0);
        gone.Uncharge(0);
        gone.AssertBalanced();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void NegativeRelease_SaysWhose(long amount)
    {
        using var world = new World();
        world.Unchanged(() => AssertNames("victim", Assert.Throws<ArgumentOutOfRangeException>(() => world.Account.Uncharge(amount))));
        world.Unchanged(() => AssertNames("victim", Assert.Throws<ArgumentOutOfRangeException>(() => world.Charge.SettleTo(amount))));
        world.Unchanged(() => AssertNames("victim", Assert.Throws<ArgumentOutOfRangeException>(() => world.Charge.Split(amount))));
        world.Unchanged(() => AssertNames("victim", Assert.Throws<ArgumentOutOfRangeException>(() => world.Account.Limit = amount)));
        using PinReservation reservation = world.Account.Reserve(3);
        world.Unchanged(() => AssertNames("victim", Assert.Throws<ArgumentOutOfRangeException>(() => reservation.Commit(amount))));
    }

    [Fact]
    public void UseAfterRelease_SaysWhose_AtEveryDoor()
    {
        using var world = new World();
        PinCharge charge = world.Account.Charge(2);
        charge.Dispose();
        PinReservation reservation = world.Account.Reserve(2);
        reservation.Dispose();
        var ledger = new PinLedger<int>(world.Account);
        ledger.Dispose();
        var table = new PinHandleTable<object>(world.Account, HandleSizing.Events);
        table.Dispose();
        LockedMemory memory = LockedMemory.Allocate(world.Account, 1);
        memory.Dispose();
        var pool = new LockedMemoryPool(world.Account);
        System.Buffers.IMemoryOwner<byte> lease = pool.Rent(1);
        Memory<byte> stale = lease.Memory;
        lease.Dispose();
        pool.Dispose();
        nint handle = 0;
        Action[] uses =
        [
            () => charge.SettleTo(0), () => charge.Split(0), () => charge.Detach(), () => charge.TryGrow(1), () => charge.Inheritable = true, () => charge.TryTransferTo(new PinAccount()),
            () => reservation.Commit(), () => reservation.Commit(1), () => reservation.Commit(-1), () => reservation.OnRollback(0, static _ => { }),
            () => ledger.TryAcquire(1, 1), () => table.TrySetup(1, ref handle, static _ => new object()),
            () => memory.GetSpan(), () => memory.Pin(), () => memory.TryTransferTo(new PinAccount(), out _),
            () => pool.TryRent(1, out _, out _), () => _ = stale.Span[0], () => stale.Pin(),
        ];
        foreach (Action use in uses) world.Unchanged(() => AssertNames("victim", Assert.Throws<ObjectDisposedException>(use)));
        // Releasing once more is no misuse of these.
        world.Unchanged(() =>
        {
            charge.Dispose();
            reservation.Dispose();
            ledger.Dispose();
            table.Dispose();
            memory.Dispose();
            lease.Dispose();
            pool.Dispose();
        });
    }

    [Fact]
    public async Task Release_OnOtherThreads_OfEverything_Balances()
    {
        var world = new World();
        nint handle = 0;
        var table = new PinHandleTable<object>(world.Account, HandleSizing.Events);
        Assert.True(table.TrySetup(2, ref handle, static _ => new object()).Succeeded);
        PinReservation reservation = world.Account.Reserve(3);
        LockedMemory memory = LockedMemory.Allocate(world.Account, 1);
        Assert.True(world.Account.TryCharge(4));
        await Task.WhenAll(
            Task.Run(() => Assert.True(table.TryDestroy(ref handle))), Task.Run(reservation.Dispose), Task.Run(memory.Dispose),
            Task.Run(() => world.Account.Uncharge(4)), Task.Run(world.Dispose));
        world.Account.AssertBalanced();
        world.Parent.AssertBalanced();
    }

    /// <summary>The limit goes up and down under use: it takes nothing back, and while it stands nobody gets over it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Limit_ChangedUnderUse_NeverLosesAnythingAndBindsWhatComesAfter(int shards)
    {
        var account = new PinAccount(new PinAccountOptions { Name = "moving limit", Limit = 1000, Shards = shards });
        bool done = false;
        long held = 0;
        Thread[] users = Enumerable.Range(0, 3).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            var mine = new Stack<PinCharge>();
            while (!Volatile.Read(ref done))
            {
                if (random.Next(2) == 0 && account.TryCharge(random.Next(1, 50), out PinCharge? charge, out _)) mine.Push(charge);
                else if (mine.TryPop(out PinCharge? last)) last.Dispose();
            }

            foreach (PinCharge charge in mine) Interlocked.Add(ref held, charge.Amount);
        })).ToArray();
        foreach (Thread user in users) user.Start();
        for (int i = 0; i < 300; i++)
        {
            account.Limit = i % 3 == 0 ? 0 : 500 * (i % 3);
            Assert.InRange(account.Used, 0, 1000);
            Thread.Yield();
        }

        account.Limit = 0;
        Volatile.Write(ref done, true);
        foreach (Thread user in users) user.Join();
        Assert.Equal(held, account.Used);
        Assert.False(account.TryCharge(1));
        Assert.Equal(0, account.OverReleases);
        Assert.Equal(0, account.Limit);
    }

    private static ChargeResult Thrown(Func<IDisposable> charge) => Assert.ThrowsAny<Exception>(charge) switch
    {
        PinLimitExceededException denied => denied.Result,
        ArgumentOutOfRangeException invalid => ChargeResult.Failure(ChargeStatus.InvalidArgument, (long)invalid.ActualValue!, Named(invalid)),
        Exception other => throw other,
    };

    /// <summary>An account that is called what the message says; the message is what names it here.</summary>
    private static PinAccount Named(ArgumentException exception) => new(exception.Message, 0);

    private static ChargeResult Refused(bool succeeded, ChargeResult result)
    {
        Assert.False(succeeded);
        return result;
    }

    private static ChargeResult AssertNames(string name, Exception exception)
    {
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        return default;
    }

    /// <summary>An account under a parent, with something of everything charged.</summary>
    private sealed class World : IDisposable
    {
        internal const long PageCost = 7;

        internal World()
        {
            Parent = new PinAccount("parent", 1000);
            Account = new PinAccount(new PinAccountOptions { Name = "victim", Limit = 100, Parent = Parent });
            Charge = Account.Charge(5);
            Ledger = new PinLedger<string>(Account);
            Assert.True(Ledger.TryAcquire("page", PageCost).Succeeded);
            Table = new PinHandleTable<object>(Account, HandleSizing.Events);
        }

        internal PinAccount Parent { get; }

        internal PinAccount Account { get; }

        internal PinCharge Charge { get; }

        internal PinLedger<string> Ledger { get; }

        private PinHandleTable<object> Table { get; }

        internal ChargeResult SetUp(long requested)
        {
            nint handle = 0;
            ChargeResult result = Table.TrySetup(requested, ref handle, static _ => new object());
            Assert.Equal(0, handle);
            return result;
        }

        internal void Unchanged(Action bad) => Unchanged(() =>
        {
            bad();
            return default;
        });

        internal ChargeResult Unchanged(Func<ChargeResult> bad)
        {
            object before = Figures();
            ChargeResult result = bad();
            Assert.Equal(before, Figures());
            return result;
        }

        public void Dispose()
        {
            Charge.Dispose();
            Ledger.Dispose();
            Table.Dispose();
        }

        private object Figures() => (
            (Account.Used, Account.Limit, Account.OverLimitUsed, Account.OverReleases, Account.OutstandingCharges),
            (Parent.Used, Parent.Limit, Parent.OverLimitUsed, Parent.OverReleases),
            (Charge.Amount, Charge.IsReleased, Ledger.Count, Ledger.HoldersOf("page"), Table.Count));
    }
}
