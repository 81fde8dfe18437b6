using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using PinAccounting.Memory;
using Xunit;

namespace PinAccounting.Tests.Memory;

[Collection(nameof(LockedMemory))]
public sealed class LockedMemoryTests : IDisposable
{
    private readonly FaultyPages _system = new();
    private readonly PinAccount _account = new("tests", limit: 100);

    private int PageSize => _system.PageSize;

    public void Dispose() => _account.AssertBalanced();

    [Fact]
    public void TryAllocate_OfPartOfAPage_ChargesAndLocksTheWholePage()
    {
        Assert.True(LockedMemory.TryAllocate(_system, _account, 100, out LockedMemory? memory, out ChargeResult result));
        Assert.Equal(ChargeStatus.Charged, result.Status);
        Assert.Equal(1, result.Requested);
        Assert.Equal(100, memory.Length);
        Assert.Equal(100, memory.GetSpan().Length);
        Assert.Equal(PageSize, memory.LockedLength);
        Assert.Equal(1, _account.Used);
        Assert.Equal(1, memory.ChargedAmount);
        Assert.Equal(-1, memory.GetSpan().IndexOfAnyExcept((byte)0));
        Assert.Equal(0, _system.Addresses[0] % PageSize);
        memory.Dispose();
        Assert.Equal(["Map", "Lock", "Unlock", "Unmap"], _system.Calls);
        Assert.Equal(0, memory.ChargedAmount);
    }

    [Fact]
    public void TryAllocate_ForAnAccountOfBytes_ChargesWholePagesInBytes()
    {
        using PinAccount bytes = new(new PinAccountOptions { Unit = PinUnit.Bytes, Limit = 3L * PageSize });
        using LockedMemory memory = LockedMemory.Allocate(bytes, PageSize + 1);
        Assert.Equal(2 * PageSize, bytes.Used);
    }

    [Fact]
    public void TryAllocate_ForAnAccountOfItems_Throws()
    {
        using PinAccount items = new(new PinAccountOptions { Unit = PinUnit.Items });
        Assert.Throws<ArgumentException>(() => LockedMemory.TryAllocate(items, 1, out _, out _));
    }

    [Fact]
    public void TryAllocate_OfNothing_SucceedsAndHoldsNothing()
    {
        Assert.True(LockedMemory.TryAllocate(_system, _account, 0, out LockedMemory? memory, out ChargeResult result));
        Assert.Equal(ChargeStatus.Charged, result.Status);
        Assert.Empty(_system.Calls);
        Assert.Equal(0, memory.GetSpan().Length);
        memory.Pin().Dispose();
        memory.Dispose();
    }

    [Fact]
    public void TryAllocate_OfANegativeLength_IsInvalidArgument()
    {
        Assert.False(LockedMemory.TryAllocate(_system, _account, -1, out LockedMemory? memory, out ChargeResult result));
        Assert.Null(memory);
        Assert.Equal(ChargeStatus.InvalidArgument, result.Status);
        Assert.Throws<ArgumentOutOfRangeException>(() => LockedMemory.Allocate(_account, int.MinValue));
    }

    [Fact]
    public void TryAllocate_OverTheAccountsLimit_NeverAsksTheSystem()
    {
        Assert.False(LockedMemory.TryAllocate(_system, _account, int.MaxValue, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.PolicyLimit, result.Status);
        Assert.Same(_account, result.DeniedBy);
        Assert.Empty(_system.Calls);
    }

    [Fact]
    public void Allocate_ForARetiredAccount_ThrowsAndSaysWhose()
    {
        using PinAccount gone = new("gone", 10);
        gone.Retire();
        PinLimitExceededException denied = Assert.Throws<PinLimitExceededException>(() => LockedMemory.Allocate(gone, 1));
        Assert.Equal(ChargeStatus.OwnerGone, denied.Result.Status);
        Assert.Contains("gone", denied.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Map", ChargeStatus.ResourceExhausted)]
    [InlineData("Map", ChargeStatus.PolicyLimit)]
    [InlineData("Lock", ChargeStatus.PolicyLimit)]
    [InlineData("Lock", ChargeStatus.ResourceExhausted)]
    [InlineData("Lock", ChargeStatus.Interrupted)]
    [InlineData("Lock", ChargeStatus.NotSupported)]
    public void TryAllocate_WhenTheSystemRefuses_SaysWhyAndLeavesNothing(string call, ChargeStatus status)
    {
        _system.Fails = (made, _) => made == call ? status : null;
        Assert.False(LockedMemory.TryAllocate(_system, _account, 3 * PageSize, out LockedMemory? memory, out ChargeResult result));
        Assert.Null(memory);
        Assert.Equal(status, result.Status);
        Assert.Equal(3, result.Requested);
        AssertNothingLeft();
    }

    [Fact]
    public void TryAllocate_WhenALockFailsHalfWay_UnlocksWhatItLocked()
    {
        _system.FailedLockLeavesPagesLocked = true;
        _system.Fails = static (call, _) => call == "Lock" ? ChargeStatus.ResourceExhausted : null;
        Assert.False(LockedMemory.TryAllocate(_system, _account, PageSize, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.ResourceExhausted, result.Status);
        Assert.Equal(["Map", "Lock", "Unlock", "Unmap"], _system.Calls);
        AssertNothingLeft();
    }

    public static TheoryData<int> Steps() => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Steps))]
    public void TryAllocateBatch_WhenTheNthLockFails_FreesTheOthersLastFirst(int step)
    {
        _system.Fails = (call, number) => call == "Lock" && number == step ? ChargeStatus.PolicyLimit : null;
        Assert.False(LockedMemory.TryAllocateBatch(_system, _account, 5, 2 * PageSize, out LockedMemory[]? blocks, out ChargeResult result));
        Assert.Null(blocks);
        Assert.Equal(ChargeStatus.PolicyLimit, result.Status);
        Assert.Equal(10, result.Requested);
        Assert.Equal(10, _account.Peak);
        Assert.Equal(step, _system.Addresses.Count);
        AssertNothingLeft();
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void TryAllocateBatch_WhenTheNthMapFails_FreesTheOthers(int step)
    {
        _system.Fails = (call, number) => call == "Map" && number == step ? ChargeStatus.ResourceExhausted : null;
        Assert.False(LockedMemory.TryAllocateBatch(_system, _account, 5, 1, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.ResourceExhausted, result.Status);
        AssertNothingLeft();
    }

    [Fact]
    public void TryAllocateBatch_Succeeding_ChargesEachBlockByItself()
    {
        Assert.True(LockedMemory.TryAllocateBatch(_system, _account, 3, PageSize, out LockedMemory[]? blocks, out ChargeResult result));
        Assert.Equal(3, result.Requested);
        Assert.Equal(3, _account.Used);
        for (int left = 2; left >= 0; left--)
        {
            blocks[left].Dispose();
            Assert.Equal(left, _account.Used);
        }
        AssertNothingLeft();
    }

    [Theory]
    [InlineData(-1, 1, ChargeStatus.InvalidArgument)]
    [InlineData(3, -1, ChargeStatus.InvalidArgument)]
    [InlineData(101, 1, ChargeStatus.PolicyLimit)]
    [InlineData(int.MaxValue, 1, ChargeStatus.PolicyLimit)]
    [InlineData(int.MaxValue, int.MaxValue, ChargeStatus.PolicyLimit)] // 2^50 pages, and 0 if it were cut
    [InlineData(int.MaxValue, 0, ChargeStatus.ResourceExhausted)] // costs the account nothing, and an array that cannot be
    public void TryAllocateBatch_OfWhatCannotBe_ChangesNothing(int count, int length, ChargeStatus status)
    {
        Assert.False(LockedMemory.TryAllocateBatch(_system, _account, count, length, out LockedMemory[]? blocks, out ChargeResult result));
        Assert.Null(blocks);
        Assert.Equal(status, result.Status);
        Assert.Empty(_system.Calls);
    }

    [Fact]
    public void TryAllocateBatch_OfNoBlocks_Succeeds()
    {
        Assert.True(LockedMemory.TryAllocateBatch(_system, _account, 0, PageSize, out LockedMemory[]? blocks, out _));
        Assert.Empty(blocks);
    }

    [Fact]
    public void Dispose_ClearsBeforeItUnlocks()
    {
        List<byte> seen = [];
        _system.BeforeUnlock = (address, length) =>
        {
            unsafe
            {
                seen.AddRange(new ReadOnlySpan<byte>((void*)address, (int)length));
            }
        };
        Assert.True(LockedMemory.TryAllocate(_system, _account, PageSize, out LockedMemory? memory, out _));
        memory.GetSpan().Fill(0xA5);
        memory.Dispose();
        Assert.Equal(PageSize, seen.Count);
        Assert.All(seen, static value => Assert.Equal(0, value));
    }

    [Fact]
    public void Dispose_WhilePinned_FreesAtTheLastUnpin()
    {
        Assert.True(LockedMemory.TryAllocate(_system, _account, PageSize, out LockedMemory? memory, out _));
        MemoryHandle first = memory.Pin();
        MemoryHandle second = memory.Pin(PageSize);
        memory.Dispose();
        Assert.True(memory.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => memory.GetSpan().Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Pin());
        first.Dispose();
        Assert.Equal(1, _account.Used);
        unsafe
        {
            ((byte*)second.Pointer)[-1] = 1;
        }
        second.Dispose();
        second.Dispose();
        AssertNothingLeft();
    }

    [Fact]
    public void Dispose_Twice_ReleasesOnce()
    {
        LockedMemory memory = LockedMemory.Allocate(_account, 1);
        using LockedMemory other = LockedMemory.Allocate(_account, 1);
        Parallel.For(0, 8, _ => memory.Dispose());
        Assert.Equal(1, _account.Used);
    }

    [Fact]
    public void Unpin_WithoutAPin_Throws()
    {
        using LockedMemory memory = LockedMemory.Allocate(_account, 1);
        Assert.Throws<InvalidOperationException>(memory.Unpin);
        memory.Pin().Dispose();
        Assert.Throws<InvalidOperationException>(memory.Unpin);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    public void Pin_OutsideTheMemory_Throws(int index)
    {
        using LockedMemory memory = LockedMemory.Allocate(_account, 10);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Pin(index));
    }

    [Fact]
    public void Memory_CanBeWrittenThroughAndSliced()
    {
        using LockedMemory memory = LockedMemory.Allocate(_account, 10);
        memory.Memory[5..].Span.Fill(7);
        Assert.Equal([0, 0, 0, 0, 0, 7, 7, 7, 7, 7], memory.GetSpan().ToArray());
    }

    [Fact]
    public void TryTransferTo_AnotherAccount_MovesTheCharge()
    {
        using PinAccount other = new("other", limit: 1);
        LockedMemory memory = LockedMemory.Allocate(_account, 1);
        Assert.True(memory.TryTransferTo(other, out _));
        Assert.Equal((0, 1), (_account.Used, other.Used));
        memory.Dispose();
        Assert.Equal(0, other.Used);
        Assert.Throws<ObjectDisposedException>(() => memory.TryTransferTo(_account, out _));
    }

    [Fact]
    public void Dispose_WhenUnlockFailsButUnmapDoesNot_IsAllRight()
    {
        _system.Fails = static (call, _) => call == "Unlock" ? ChargeStatus.ResourceExhausted : null;
        Assert.True(LockedMemory.TryAllocate(_system, _account, 1, out LockedMemory? memory, out _));
        memory.Dispose();
        AssertNothingLeft();
    }

    [Fact]
    public void Dispose_WhenTheSystemKeepsThePages_KeepsTheChargeAndReports_UntilItSucceeds()
    {
        using ViolationRecorder violations = new(_account);
        _system.Fails = static (call, _) => call is "Unlock" or "Unmap" ? ChargeStatus.ResourceExhausted : null;
        Assert.True(LockedMemory.TryAllocate(_system, _account, 2 * PageSize, out LockedMemory? memory, out _));
        memory.Dispose();
        memory.Dispose();
        Assert.Equal(2, _account.Used);
        PinViolation violation = Assert.Single(violations.Violations);
        Assert.Equal(PinViolationKind.NotGivenBack, violation.Kind);
        Assert.Equal(2, violation.Amount);
        Assert.Contains("Unmap", violation.Message, StringComparison.Ordinal);

        _system.Fails = static (_, _) => null;
        StrandedPages.TryAgain();
        AssertNothingLeft();
    }

    [Fact]
    public void Dispose_WhenOnlyUnmapFails_UnchargesWhatIsNotLockedAnyMore()
    {
        using ViolationRecorder violations = new(_account);
        _system.Fails = static (call, number) => call == "Unmap" && number == 1 ? ChargeStatus.ResourceExhausted : null;
        Assert.True(LockedMemory.TryAllocate(_system, _account, 1, out LockedMemory? memory, out _));
        memory.Dispose();
        Assert.Equal(0, _account.Used);
        Assert.Equal(1, _system.MappedRanges);
        Assert.Equal(PinViolationKind.NotGivenBack, Assert.Single(violations.Violations).Kind);
        StrandedPages.TryAgain();
        AssertNothingLeft();
    }

    /// <summary>The charge is for locked pages, also when they are unlocked only by a later attempt, and stay mapped even then.</summary>
    [Fact]
    public void TryAgain_WhenOnlyUnlockSucceeds_UnchargesWhatIsNotLockedAnyMore()
    {
        _system.Fails = static (call, number) => call == "Unlock" && number == 1 || call == "Unmap" && number <= 2 ? ChargeStatus.ResourceExhausted : null;
        Assert.True(LockedMemory.TryAllocate(_system, _account, 1, out LockedMemory? memory, out _));
        memory.Dispose();
        Assert.Equal((1, 1), (_account.Used, _system.LockedRanges));
        StrandedPages.TryAgain();
        Assert.Equal((0, 0, 1), (_account.Used, _system.LockedRanges, _system.MappedRanges));
        StrandedPages.TryAgain();
        AssertNothingLeft();
    }

    [Fact]
    public void TryAllocate_WhenTheSystemRefusesToLockAndToTakeBack_KeepsTheChargeForWhatIsLocked()
    {
        _system.FailedLockLeavesPagesLocked = true;
        _system.Fails = static (call, _) => call != "Map" ? ChargeStatus.ResourceExhausted : null;
        Assert.False(LockedMemory.TryAllocate(_system, _account, 1, out _, out ChargeResult result));
        Assert.Equal(ChargeStatus.ResourceExhausted, result.Status);
        Assert.Equal(1, _account.Used);
        _system.Fails = static (_, _) => null;
        StrandedPages.TryAgain();
        AssertNothingLeft();
    }

    [Fact]
    public async Task PinAndDispose_FromManyThreads_FreesOnceAndNeverUnderAPin()
    {
        for (int round = 0; round < 200; round++)
        {
            LockedMemory memory = LockedMemory.Allocate(_account, 8);
            Task[] users = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                try
                {
                    for (int i = 0; i < 20; i++)
                    {
                        using MemoryHandle pin = memory.Pin();
                        unsafe
                        {
                            ((byte*)pin.Pointer)[3]++;
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                    // The disposal came first, which is what the test is about.
                }
            }))];
            memory.Dispose();
            await Task.WhenAll(users);
            Assert.Equal(0, _account.Used);
        }
    }

    private void AssertNothingLeft()
    {
        Assert.Equal(0, _system.MappedRanges);
        Assert.Equal(0, _system.LockedRanges);
        Assert.Equal(0, _account.Used);
        Assert.Equal(0, _account.OutstandingCharges);
    }
}
