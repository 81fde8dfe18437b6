using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace PinAccounting.Tests.Accounts;

/// <summary>The contract of io_setup(2) and io_destroy(2), with the numbers of the patch that moved it to RLIMIT_MEMLOCK.</summary>
public sealed class PinHandleTableTests
{
    private const int PageSize = 4096;
    private const long MemlockPages = 64 * 1024 / PageSize;

    [Fact]
    public void Memlock64KiB_AllowsOneContextOf2045Events()
    {
        PinHandleTable<Context> table = Table(new PinAccount("memlock", MemlockPages), HandleSizing.RingPages(PageSize));
        nint handle = 0;
        Assert.Equal(ChargeStatus.PolicyLimit, table.TrySetup(2046, ref handle, Context.Create).Status);
        Assert.Equal((0, 0), (handle, table.Count));
        Assert.True(table.TrySetup(2045, ref handle, Context.Create).Succeeded);
        Assert.NotEqual(0, handle);
        Assert.Equal(MemlockPages, table.Account.Used);
    }

    [Fact]
    public void Memlock64KiB_Allows16ContextsOfOnePage()
    {
        PinHandleTable<Context> table = Table(new PinAccount("memlock", MemlockPages), HandleSizing.RingPages(PageSize));
        int made = 0;
        ChargeResult result;
        for (; ; made++)
        {
            nint handle = 0;
            result = table.TrySetup(1, ref handle, Context.Create);
            if (!result.Succeeded) break;
        }

        Assert.Equal(16, made);
        Assert.Equal(ChargeStatus.PolicyLimit, result.Status);
        Assert.Equal(11, result.ToErrno(ErrnoProfile.Aio)); // EAGAIN
    }

    [Fact]
    public void AioMaxNr_ChargesByWhatWasRequested_WhateverTheCapacity()
    {
        PinHandleTable<Context> table = Events();
        nint first = 0, second = 0;
        Assert.True(table.TrySetup(65_535, ref first, static events => new Context(events * 2)).Succeeded);
        Assert.Equal(65_535, table.Account.Used);
        Assert.True(table.TryGet(first, out Context? context));
        Assert.Equal(131_070, context.Capacity);
        Assert.Equal(ChargeStatus.PolicyLimit, table.TrySetup(2, ref second, Context.Create).Status);
        Assert.True(table.TrySetup(1, ref second, Context.Create).Succeeded);
        Assert.Equal(65_536, table.Account.Used);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(8_388_609)]
    [InlineData(1L << 31)]
    [InlineData((1L << 31) + 1)]
    [InlineData((1L << 32) + 1)] // 1, if it were cut to 32 bits
    [InlineData(0xFFFF_FFFF)] // 1, after the two spare events, if it wrapped
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Request_OutOfRange_IsInvalidAndChargesNothing(long requested)
    {
        foreach (HandleSizing sizing in new[] { HandleSizing.Events, HandleSizing.RingPages() })
        {
            PinHandleTable<Context> table = Table(new PinAccount(), sizing);
            nint handle = 0;
            ChargeResult result = table.TrySetup(requested, ref handle, _ => throw new InvalidOperationException("was called"));
            Assert.Equal((ChargeStatus.InvalidArgument, requested), (result.Status, result.Requested));
            Assert.Equal((0, 0, 0), (handle, table.Account.Used, table.Account.Peak));
            Assert.Throws<ArgumentOutOfRangeException>(() => sizing.CostOf(requested));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8_388_608)]
    public void Request_AtTheEndsOfTheRange_IsAccepted(long requested)
    {
        PinHandleTable<Context> table = Table(new PinAccount(), HandleSizing.Events);
        nint handle = 0;
        Assert.True(table.TrySetup(requested, ref handle, Context.Create).Succeeded);
        Assert.Equal(requested, table.Account.Used);
    }

    [Fact]
    public void Handle_ThatIsNotZero_IsRefusedFirst()
    {
        PinHandleTable<Context> table = Events();
        nint handle = 42;
        Assert.Equal(ChargeStatus.HandleNotZero, table.TrySetup(1, ref handle, Context.Create).Status);
        Assert.Equal(ChargeStatus.HandleNotZero, table.TrySetup(0, ref handle, Context.Create).Status);
        Assert.Equal((42, 0), (handle, table.Account.Used));
    }

    [Fact]
    public void Factory_OutOfMemory_IsResourceExhaustedAndNotPolicy()
    {
        PinHandleTable<Context> table = Events();
        nint handle = 0;
        Assert.Equal(ChargeStatus.ResourceExhausted, table.TrySetup(1, ref handle, static _ => null).Status);
        ChargeResult result = table.TrySetup(1, ref handle, static _ => throw new OutOfMemoryException());
        Assert.Equal((ChargeStatus.ResourceExhausted, 12), (result.Status, result.ToErrno(ErrnoProfile.Aio)));
        AssertNothingChanged(table, handle);
    }

    [Fact]
    public void Interruption_BeforeOrInTheFactory_ChangesNothing()
    {
        PinHandleTable<Context> table = Events();
        nint handle = 0;
        Assert.Equal(ChargeStatus.Interrupted, table.TrySetup(1, ref handle, Context.Create, new CancellationToken(canceled: true)).Status);
        Assert.Equal(0, table.Account.Peak);
        Assert.Equal(ChargeStatus.Interrupted, table.TrySetup(1, ref handle, static _ => throw new OperationCanceledException()).Status);
        AssertNothingChanged(table, handle);
    }

    [Fact]
    public void Factory_ThatFailsOtherwise_LetsTheExceptionThroughWithEverythingUndone()
    {
        PinHandleTable<Context> table = Events();
        nint handle = 0;
        Assert.Throws<FormatException>(() => table.TrySetup(1, ref handle, static _ => throw new FormatException()));
        AssertNothingChanged(table, handle);
    }

    [Fact]
    public void HandingOut_ThatFails_UndoesEverything()
    {
        var reaped = new List<Context>();
        var table = new PinHandleTable<Context>(new PinAccount(), HandleSizing.Events, reaped.Add);
        Assert.Equal(ChargeStatus.Fault, table.TrySetup(1, static _ => false, Context.Create).Status);
        Assert.Throws<FormatException>(() => table.TrySetup(1, static _ => throw new FormatException(), Context.Create));
        Assert.Equal(ChargeStatus.Fault, table.TrySetup(1, ref Unsafe.NullRef<nint>(), Context.Create).Status);
        Assert.Equal(2, reaped.Count);
        AssertNothingChanged(table, 0);
        nint handle = 0;
        Assert.True(table.TrySetup(1, made => (handle = made) != 0, Context.Create).Succeeded);
        Assert.True(table.TryDestroy(ref handle));
    }

    [Fact]
    public void HandingOut_ToAVariableThatSomebodyElseFilled_UndoesEverything()
    {
        PinHandleTable<Context> table = Events();
        nint[] box = [0];
        ChargeResult result = table.TrySetup(1, ref box[0], events =>
        {
            box[0] = 99;
            return new Context(events);
        });
        Assert.Equal((ChargeStatus.HandleNotZero, 99), (result.Status, box[0]));
        AssertNothingChanged(table, 0);
    }

    [Fact]
    public void Retired_Owner_IsGone()
    {
        PinHandleTable<Context> table = Events();
        nint handle = 0;
        table.Account.Retire();
        Assert.Equal(ChargeStatus.OwnerGone, table.TrySetup(1, ref handle, Context.Create).Status);
    }

    [Fact]
    public void TryDestroy_UnchargesUnpublishesZeroesAndThenReaps()
    {
        var seen = new List<string>();
        nint[] box = [0];
        PinHandleTable<Context> table = null!;
        table = new PinHandleTable<Context>(new PinAccount(), HandleSizing.Events, _ => seen.Add($"used {table.Account.Used}, {table.Count} handle(s), handle {box[0]}"));
        Assert.True(table.TrySetup(8, ref box[0], Context.Create).Succeeded);
        nint stale = box[0];
        Assert.True(table.TryDestroy(ref box[0]));
        Assert.Equal(["used 0, 0 handle(s), handle 0"], seen);

        Assert.False(table.TryDestroy(ref box[0]));
        Assert.False(table.TryDestroy(ref stale));
        Assert.False(table.TryGet(stale, out _));
        Assert.Single(seen);
        table.Account.AssertBalanced();
    }

    [Fact]
    public void Handles_AreNeverReused()
    {
        PinHandleTable<Context> table = Events();
        var seen = new HashSet<nint>();
        for (int i = 0; i < 100; i++)
        {
            nint handle = 0;
            Assert.True(table.TrySetup(1, ref handle, Context.Create).Succeeded);
            Assert.True(seen.Add(handle));
            Assert.True(table.TryDestroy(ref handle));
        }
    }

    [Fact]
    public void TryDestroy_Raced_HappensExactlyOnce()
    {
        int reaped = 0;
        var table = new PinHandleTable<Context>(new PinAccount("a", 1), HandleSizing.Events, _ => Interlocked.Increment(ref reaped));
        for (int round = 1; round <= 300; round++)
        {
            nint handle = 0;
            Assert.True(table.TrySetup(1, ref handle, Context.Create).Succeeded);
            int destroyed = 0;
            Parallel.For(0, 4, _ =>
            {
                nint copy = handle;
                if (table.TryDestroy(ref copy)) Interlocked.Increment(ref destroyed);
            });
            Assert.Equal((1, round), (destroyed, reaped));
        }

        table.Account.AssertBalanced();
    }

    /// <summary>Room for one: whoever sees that the handle is gone finds the room that it took.</summary>
    [Fact]
    public void TrySetup_AfterTheHandleIsGone_IsNeverDenied()
    {
        var table = new PinHandleTable<Context>(new PinAccount("a", 1), HandleSizing.Events);
        long current = 0;
        bool done = false;
        var destroyer = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                nint copy = (nint)Interlocked.Exchange(ref current, 0);
                if (copy != 0) table.TryDestroy(ref copy);
            }
        });
        destroyer.Start();
        int denied = 0;
        for (int round = 0; round < 50_000; round++)
        {
            nint handle = 0;
            if (!table.TrySetup(1, ref handle, Context.Create).Succeeded)
            {
                denied++;
                continue;
            }

            Volatile.Write(ref current, handle);
            while (table.TryGet(handle, out _)) Thread.SpinWait(1);
        }

        Volatile.Write(ref done, true);
        destroyer.Join();
        Assert.Equal(0, denied);
        table.Account.AssertBalanced();
    }

    [Fact]
    public void Dispose_DestroysWhatIsLeftAndRefusesMore()
    {
        PinHandleTable<Context> table = Events();
        nint first = 0, second = 0, third = 0;
        Assert.True(table.TrySetup(1, ref first, Context.Create).Succeeded);
        Assert.True(table.TrySetup(1, ref second, Context.Create).Succeeded);
        Assert.True(table.TryGet(first, out Context? context));
        table.Dispose();
        Assert.True(context.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => table.TrySetup(1, ref third, Context.Create));
        Assert.False(table.TryDestroy(ref second));
        table.Account.AssertBalanced();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void TrySetup_AfterDispose_ThrowsBeforeAnythingIsAskedOrMade(long limit)
    {
        var table = new PinHandleTable<Context>(new PinAccount("a", limit), HandleSizing.Events);
        table.Dispose();
        int made = 0;
        nint handle = 0;
        Context? Create(long events) => made++ == 0 ? new Context(events) : null;
        Assert.Throws<ObjectDisposedException>(() => table.TrySetup(1, ref handle, Create));
        Assert.Throws<ObjectDisposedException>(() => table.TrySetup(1, static _ => true, Create));
        Assert.Equal((0, 0), (made, table.Account.Denied));
    }

    /// <summary>In the unit of the account, as a denial says it: 2045 events of a context are 16 pages.</summary>
    [Fact]
    public void Failure_AfterTheCharge_SaysWhatWasCharged()
    {
        var table = new PinHandleTable<Context>(new PinAccount("memlock", 16), HandleSizing.RingPages());
        nint handle = 0;
        ChargeResult[] failures =
        [
            table.TrySetup(2045, ref handle, static _ => null),
            table.TrySetup(2045, ref handle, static _ => throw new OutOfMemoryException()),
            table.TrySetup(2045, ref handle, static _ => throw new OperationCanceledException()),
            table.TrySetup(2045, static _ => false, Context.Create),
            table.TrySetup(2045, ref handle, events =>
            {
                handle = 7;
                return new Context(events);
            }),
        ];
        Assert.Equal(
            [ChargeStatus.ResourceExhausted, ChargeStatus.ResourceExhausted, ChargeStatus.Interrupted, ChargeStatus.Fault, ChargeStatus.HandleNotZero],
            failures.Select(static failure => failure.Status));
        Assert.All(failures, static failure => Assert.Equal(16, failure.Requested));
        table.Account.AssertBalanced();
    }

    [Fact]
    public void Dispose_WithAResourceThatCannotBeReaped_UnchargesAndReapsTheOthers()
    {
        int reaped = 0;
        var table = new PinHandleTable<Context>(new PinAccount(), HandleSizing.Events, _ =>
        {
            if (++reaped == 2) throw new FormatException();
        });
        for (int i = 0; i < 4; i++)
        {
            nint handle = 0;
            Assert.True(table.TrySetup(1, ref handle, Context.Create).Succeeded);
        }

        Assert.Throws<FormatException>(table.Dispose);
        Assert.Equal((4, 0), (reaped, table.Count));
        table.Account.AssertBalanced();
    }

    [Fact]
    public void TryDestroy_OfAResourceThatCannotBeReaped_HasUnchargedAndZeroedAllTheSame()
    {
        var table = new PinHandleTable<Context>(new PinAccount(), HandleSizing.Events, static _ => throw new FormatException());
        nint handle = 0;
        Assert.True(table.TrySetup(1, ref handle, Context.Create).Succeeded);
        nint stale = handle;
        Assert.Throws<FormatException>(() => table.TryDestroy(ref handle));
        AssertNothingChanged(table, handle);
        Assert.False(table.TryDestroy(ref stale));
    }

    [Fact]
    public void Dispose_WhileAResourceIsBeingMade_UndoesIt()
    {
        PinHandleTable<Context> table = Events();
        Context? made = null;
        nint handle = 0;
        Assert.Throws<ObjectDisposedException>(() => table.TrySetup(1, ref handle, events =>
        {
            table.Dispose();
            return made = new Context(events);
        }));
        Assert.True(made!.IsDisposed);
        AssertNothingChanged(table, handle);
    }

    [Fact]
    public void Retirement_WhileAResourceIsBeingMade_LeavesWhatWasCharged()
    {
        PinHandleTable<Context> table = Events();
        nint handle = 0;
        Assert.True(table.TrySetup(3, ref handle, events =>
        {
            table.Account.Retire();
            return new Context(events);
        }).Succeeded);
        Assert.Equal(3, table.Account.Used);
        Assert.True(table.TryDestroy(ref handle));
        table.Account.AssertBalanced();
    }

    [Theory]
    [InlineData(-1, ChargeStatus.InvalidArgument)]
    [InlineData(long.MinValue, ChargeStatus.InvalidArgument)]
    [InlineData(long.MaxValue, ChargeStatus.Overflow)]
    public void Cost_ThatIsNoAmount_IsRefusedBeforeAnythingIsMade(long cost, ChargeStatus expected)
    {
        PinHandleTable<Context> table = Table(new PinAccount(), new HandleSizing(1, 10, _ => cost));
        nint handle = 0;
        Assert.Equal(expected, table.TrySetup(1, ref handle, static _ => throw new InvalidOperationException("was called")).Status);
        AssertNothingChanged(table, handle);
    }

    /// <summary>The contract does not say how handles are numbered: what was never handed out is not valid, whatever it looks like.</summary>
    [Fact]
    public void Handle_ThatWasNeverHandedOut_IsLeftAsItIs()
    {
        PinHandleTable<Context> table = Events();
        nint valid = 0;
        Assert.True(table.TrySetup(1, ref valid, Context.Create).Succeeded);
        foreach (nint foreign in new[] { 0, -1, nint.MaxValue, nint.MinValue, valid + 1 })
        {
            nint handle = foreign;
            Assert.False(table.TryGet(handle, out _));
            Assert.False(table.TryDestroy(ref handle));
            Assert.Equal(foreign, handle);
        }

        Assert.Equal((1, 1), (table.Count, table.Account.Used));
    }

    /// <summary>Sixteen contexts of one page, and the seventeenth, asked for by many at once.</summary>
    [Fact]
    public void Memlock64KiB_AskedForByManyThreads_Allows16Contexts()
    {
        for (int round = 0; round < 50; round++)
        {
            PinHandleTable<Context> table = Table(new PinAccount("memlock", MemlockPages), HandleSizing.RingPages(PageSize));
            nint[] handles = new nint[64];
            int made = 0;
            Parallel.For(0, handles.Length, i =>
            {
                if (table.TrySetup(1, ref handles[i], Context.Create).Succeeded) Interlocked.Increment(ref made);
            });
            Assert.Equal((16, 16, MemlockPages), (made, handles.Count(static handle => handle != 0), table.Account.Used));
            Parallel.For(0, handles.Length, i => table.TryDestroy(ref handles[i]));
            Assert.All(handles, static handle => Assert.Equal(0, handle));
            table.Account.AssertBalanced();
        }
    }

    private static PinHandleTable<Context> Events() => Table(new PinAccount(new PinAccountOptions { Name = "aio-max-nr", Limit = 65_536, Unit = PinUnit.Items }), HandleSizing.Events);

    private static PinHandleTable<Context> Table(PinAccount account, HandleSizing sizing) => new(account, sizing);

    private static void AssertNothingChanged(PinHandleTable<Context> table, nint handle)
    {
        Assert.Equal((0, 0), (handle, table.Count));
        table.Account.AssertBalanced();
    }

    private sealed class Context(long capacity) : IDisposable
    {
        internal long Capacity { get; } = capacity;

        internal bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;

        internal static Context Create(long events) => new(events);
    }
}
