using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.BuiltIn;

using Xunit;

namespace PinAnalyzers.Tests.Pairs;

public sealed class BuiltInPairsTests
{
    [Fact]
    public void EveryRowOfTheFramework_NamesAMemberThatExists()
    {
        var compilation = new PairProbe("class C;").Compilation;
        // Rate limiting and our own runtime are packages of their own.
        var rows = BuiltInTable.ByType.Values.SelectMany(rows => rows)
            .Where(row => !row.Type.StartsWith("System.Threading.RateLimiting.", StringComparison.Ordinal) && !row.Type.StartsWith("PinAccounting.", StringComparison.Ordinal))
            .ToList();

        var missing = rows.Where(row => compilation.GetTypeByMetadataName(row.Type) is not { } type
            || !type.GetMembers(row.Name).OfType<IMethodSymbol>().Any(method => row.Parameters < 0 || method.Parameters.Length == row.Parameters)).ToList();

        Assert.True(rows.Count > 80);
        Assert.Empty(missing.Select(row => $"{row.Type}.{row.Name}({row.Parameters})").Except(
        [
            // One row shape serves the three generic handles: the weak one has two parameters, the others one.
            "System.Runtime.InteropServices.WeakGCHandle`1..ctor(1)",
            "System.Runtime.InteropServices.GCHandle`1..ctor(2)",
            "System.Runtime.InteropServices.PinnedGCHandle`1..ctor(2)",
        ]));
    }

    [Fact]
    public void EveryPair_IsBuiltInAndCanBeChargedAndReleased()
    {
        foreach (var pair in BuiltInTable.Pairs)
        {
            Assert.True(pair.IsBuiltIn, pair.Key);
            Assert.Contains(BuiltInTable.ByType.Values.SelectMany(rows => rows).Select(row => row.Charge).Concat(BuiltInTable.ByEntryPoint.Values.SelectMany(rows => rows).Select(row => row.Charge)), charge => charge?.Pair == pair);
            Assert.Contains(BuiltInTable.ByType.Values.SelectMany(rows => rows).Select(row => row.Release).Concat(BuiltInTable.ByEntryPoint.Values.SelectMany(rows => rows).Select(row => row.Release)), release => release?.Pair == pair);
        }
        Assert.Equal(BuiltInTable.Pairs.Count(), BuiltInTable.Pairs.Select(pair => pair.Key).Distinct().Count());
    }

    [Fact]
    public void PassThroughs_NameMembersThatExist()
    {
        var probe = PairProbe.Body("""
            var h = GCHandle.Alloc(new object());
            var p = GCHandle.ToIntPtr(h);
            var back = GCHandle.FromIntPtr(p);
            void* raw = p.ToPointer();
            var s = new SemaphoreSlim(1);
            s.WaitAsync().ConfigureAwait(false).GetAwaiter().GetResult();
            var address = h.AddrOfPinnedObject();
            """);

        Assert.Equal(0, PassThrough(probe, "GCHandle.ToIntPtr"));
        Assert.Equal(0, PassThrough(probe, "GCHandle.FromIntPtr"));
        Assert.Equal(-1, PassThrough(probe, "p.ToPointer"));
        Assert.Equal(-1, PassThrough(probe, "s.WaitAsync().ConfigureAwait(false).GetAwaiter().GetResult()"));
        Assert.Null(PassThrough(probe, "h.AddrOfPinnedObject"));
    }

    [Theory]
    [InlineData("GCHandle.Alloc", "GCHandle.Alloc(new object()).Free();", "GCHandle.Alloc(new object()).Free", "GCHandle")]
    [InlineData("new GCHandle<object>", "new GCHandle<object>(new object()).Dispose();", "new GCHandle<object>(new object()).Dispose", "GCHandle<T>")]
    [InlineData("new PinnedGCHandle<byte[]>", "new PinnedGCHandle<byte[]>(null).Dispose();", "new PinnedGCHandle<byte[]>(null).Dispose", "PinnedGCHandle<T>")]
    [InlineData("new WeakGCHandle<object>", "new WeakGCHandle<object>(null, true).Dispose();", "new WeakGCHandle<object>(null, true).Dispose", "WeakGCHandle<T>")]
    [InlineData("new Memory<byte>(null).Pin", "new Memory<byte>(null).Pin().Dispose();", "new Memory<byte>(null).Pin().Dispose", "MemoryHandle")]
    [InlineData("NativeMemory.Alloc", "NativeMemory.Free(NativeMemory.Alloc(1));", "NativeMemory.Free", "NativeMemory")]
    [InlineData("NativeMemory.AlignedAlloc", "NativeMemory.AlignedFree(NativeMemory.AlignedAlloc(1, 1));", "NativeMemory.AlignedFree", "aligned NativeMemory")]
    [InlineData("Marshal.StringToHGlobalUni", "Marshal.FreeHGlobal(Marshal.StringToHGlobalUni(null));", "Marshal.FreeHGlobal", "HGlobal")]
    [InlineData("Marshal.SecureStringToBSTR", "Marshal.ZeroFreeBSTR(Marshal.SecureStringToBSTR(null));", "Marshal.ZeroFreeBSTR", "secure string in BSTR")]
    [InlineData("ArrayPool<int>.Shared.Rent", "ArrayPool<int>.Shared.Return(ArrayPool<int>.Shared.Rent(1));", "ArrayPool<int>.Shared.Return", "pooled array")]
    [InlineData("MemoryPool<int>.Shared.Rent", "MemoryPool<int>.Shared.Rent(1).Dispose();", "MemoryPool<int>.Shared.Rent(1).Dispose", "pooled memory")]
    [InlineData("GC.AddMemoryPressure", "GC.AddMemoryPressure(1); GC.RemoveMemoryPressure(1);", "GC.RemoveMemoryPressure", "memory pressure")]
    [InlineData("new Lock().EnterScope", "new Lock().EnterScope().Dispose();", "new Lock().EnterScope().Dispose", "Lock scope")]
    [InlineData("new ReaderWriterLockSlim().TryEnterUpgradeableReadLock", "new ReaderWriterLockSlim().TryEnterUpgradeableReadLock(1); new ReaderWriterLockSlim().ExitUpgradeableReadLock();", "new ReaderWriterLockSlim().ExitUpgradeableReadLock", "ReaderWriterLockSlim upgradeableread")]
    [InlineData("new Mutex().WaitOne", "new Mutex().WaitOne(); new Mutex().ReleaseMutex();", "new Mutex().ReleaseMutex", "Mutex")]
    [InlineData("new Semaphore(1, 1).WaitOne", "new Semaphore(1, 1).WaitOne(5, false); new Semaphore(1, 1).Release(1);", "new Semaphore(1, 1).Release", "Semaphore")]
    [InlineData("new CountdownEvent(1).TryAddCount", "new CountdownEvent(1).TryAddCount(2); new CountdownEvent(1).Signal(2);", "new CountdownEvent(1).Signal", "CountdownEvent")]
    [InlineData("ExecutionContext.SuppressFlow", "ExecutionContext.SuppressFlow().Undo();", "ExecutionContext.SuppressFlow().Undo", "suppressed execution context")]
    [InlineData("Thread.BeginCriticalRegion", "Thread.BeginCriticalRegion(); Thread.EndCriticalRegion();", "Thread.EndCriticalRegion", "thread CriticalRegion")]
    public void Pair_IsFoundOnBothSides(string charge, string body, string release, string key)
    {
        var probe = PairProbe.Body(body);
        var charged = probe.Charge(charge).Pair;
        Assert.Equal(key, charged.Key);
        Assert.Contains(probe.Releases(release), spec => spec.Pair == charged);
    }

    [Fact]
    public void Realloc_MovesTheCharge()
    {
        var probe = PairProbe.Body("NativeMemory.Realloc(null, 1); Marshal.ReAllocHGlobal(default, default);");
        foreach (var call in new[] { "NativeMemory.Realloc", "Marshal.ReAllocHGlobal" })
        {
            Assert.True(probe.Charge(call).IsMove);
            Assert.Equal(ValueSource.Result, probe.Charge(call).Identity);
            Assert.True(probe.Release(call).IsMove);
            Assert.Equal(ValueSource.Argument(0), probe.Release(call).Identity);
        }
    }

    [Fact]
    public void AddRefAndAcquirePointer_AreTakenWheneverTheyReturn()
    {
        var probe = PairProbe.Body("SafeHandle h = null; bool ok = false; h.DangerousAddRef(ref ok); SafeBuffer b = null; byte* p = null; b.AcquirePointer(ref p);");
        Assert.Equal((SuccessSignal.Taken, 0, true), Signal(probe.Charge("h.DangerousAddRef")));
        Assert.Equal((SuccessSignal.TakenPointer, 0, true), Signal(probe.Charge("b.AcquirePointer")));
        Assert.False(probe.Charge("b.AcquirePointer").Pair.HasToken);
    }

    [Fact]
    public void LockOverloads_TellSuccessTheirOwnWay()
    {
        var probe = PairProbe.Body("bool t = false; Monitor.Enter(this); Monitor.Enter(this, ref t); Monitor.TryEnter(this); Monitor.TryEnter(this, 5, ref t);");
        Assert.Equal(SuccessSignal.Always, probe.Charge("Monitor.Enter(this)").Success);
        Assert.Equal((SuccessSignal.Taken, 1, true), Signal(probe.Charge("Monitor.Enter(this, ref")));
        Assert.Equal(SuccessSignal.True, probe.Charge("Monitor.TryEnter(this)").Success);
        Assert.Equal((SuccessSignal.Taken, 2, false), Signal(probe.Charge("Monitor.TryEnter(this, 5")));
    }

    [Fact]
    public void SemaphoreSlim_OverloadsDifferInSignalAndCancellation()
    {
        var probe = PairProbe.Body("var s = new SemaphoreSlim(1); s.Wait(); s.Wait(5); s.WaitAsync(5); s.WaitAsync(default(CancellationToken)); s.Release(); s.Release(3);");
        Assert.Equal(SuccessSignal.Always, probe.Charge("s.Wait()").Success);
        Assert.Equal(SuccessSignal.True, probe.Charge("s.Wait(5)").Success);
        Assert.Equal(SuccessSignal.True, probe.Charge("s.WaitAsync(5)").Success);
        Assert.Equal(SuccessSignal.Always, probe.Charge("s.WaitAsync(default").Success);
        Assert.True(probe.Charge("s.WaitAsync(default").ThrowsWhenDenied);
        Assert.False(probe.Charge("s.Wait()").ThrowsWhenDenied);
        Assert.Equal(ValueSource.None, probe.Release("s.Release()").Amount);
        Assert.Equal(ValueSource.Argument(0), probe.Release("s.Release(3)").Amount);
    }

    [Fact]
    public void WaitOne_ChargesOnlyWhatCanBeHeld()
    {
        var probe = PairProbe.Body("WaitHandle w = null; Mutex m = null; EventWaitHandle e = null; w.WaitOne(); m.WaitOne(); m.WaitOne(5); e.WaitOne();");
        Assert.Empty(probe.Charges("w.WaitOne"));
        Assert.Empty(probe.Charges("e.WaitOne"));
        Assert.Equal(SuccessSignal.Always, probe.Charge("m.WaitOne()").Success);
        Assert.Equal(SuccessSignal.True, probe.Charge("m.WaitOne(5)").Success);
        Assert.Equal("System.Threading.AbandonedMutexException", probe.Charge("m.WaitOne()").TakenThoughThrown);
    }

    [Fact]
    public void ReaderWriterLockModes_CanBeConfused()
    {
        var probe = PairProbe.Body("var l = new ReaderWriterLockSlim(); l.EnterReadLock(); l.ExitWriteLock();");
        var (read, write) = (probe.Charge("l.EnterReadLock").Pair, probe.Release("l.ExitWriteLock").Pair);
        Assert.NotEqual(read, write);
        Assert.NotNull(read.ConfusionGroup);
        Assert.Equal(read.ConfusionGroup, write.ConfusionGroup);
    }

    [Fact]
    public void Dispose_OfOtherTypes_ReleasesNothing()
    {
        var probe = PairProbe.Body("IDisposable d = null; d.Dispose(); new System.IO.MemoryStream().Dispose(); IMemoryOwner<int> o = null; o.Dispose();");
        Assert.Empty(probe.Releases("d.Dispose"));
        Assert.Empty(probe.Releases("new System.IO.MemoryStream().Dispose"));
        Assert.True(probe.Release("o.Dispose").Idempotent);
    }

    [Fact]
    public void DisposeThroughTheInterface_FindsTheImplementation()
    {
        var probe = PairProbe.Body("");
        var dispose = (IMethodSymbol)probe.Compilation.GetTypeByMetadataName("System.IDisposable")!.GetMembers("Dispose").Single();
        var handle = probe.Compilation.GetTypeByMetadataName("System.Buffers.MemoryHandle");
        Assert.Equal("MemoryHandle", Assert.Single(probe.Catalog.ReleasesOf(dispose, handle)).Pair.Key);
        Assert.Empty(probe.Catalog.ReleasesOf(dispose));
    }

    [Fact]
    public void OverridesOfPoolsAndManagers_ChargeAsTheirBaseDoes()
    {
        var probe = PairProbe.Body("new Pool().Rent(3);", """
            class Pool : ArrayPool<byte>
            {
                public override byte[] Rent(int n) => new byte[n];
                public override void Return(byte[] array, bool clear = false) { }
            }
            """);
        Assert.Equal("pooled array", probe.Charge("new Pool().Rent").Pair.Key);
        Assert.Equal(ValueSource.Receiver, probe.Charge("new Pool().Rent").Owner);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("locks | marshal", true)]
    [InlineData("gchandle", false)]
    [InlineData("lokcs", true)]
    public void BuiltinPairsOption_SwitchesFamilies(string value, bool tracked)
    {
        var probe = PairProbe.Body("Monitor.Enter(this);", options: new() { ["pin.builtin_pairs"] = value });
        Assert.Equal(tracked, probe.Catalog.IsTracked(probe.Charge("Monitor.Enter").Pair, probe.Compilation.SyntaxTrees[0]));
    }

    private static (SuccessSignal, int, bool) Signal(ChargeSpec charge) => (charge.Success, charge.TakenOrdinal, charge.AlwaysTakenOnReturn);

    private static int? PassThrough(PairProbe probe, string call) => probe.Catalog.TryGetPassThrough(probe.MethodOf(call, out _), out var ordinal) ? ordinal : null;
}
