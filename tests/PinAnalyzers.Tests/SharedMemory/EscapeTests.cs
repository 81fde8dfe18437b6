using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3010, PIN3011 and PIN3014 in further shapes.</summary>
public sealed class EscapeTests
{
    [Fact]
    public Task WriteThroughAReadOnlyMapping_IsReported() => Only("PIN3010", [
        Mapped + "long M() => {|PIN3010:Interlocked.Read(ref _ro->Sum)|};",
        "[SharedMemory(ReadOnlyMapping = true)] uint* _ro1; uint M() => {|PIN3010:Interlocked.CompareExchange(ref *_ro1, 5, 5)|};",
        "uint M() => {|PIN3010:Interlocked.Or(ref _ro->Flags, 0)|};",
        "uint M() { uint* p = &_ro->Flags; return {|PIN3010:Interlocked.CompareExchange(ref *p, 0, 0)|}; }",
        "uint M() { ref uint f = ref _ro->Flags; return {|PIN3010:Interlocked.Add(ref f, 0)|}; }",
        "static long Peek1(long* at) => {|PIN3010:Interlocked.Read(ref *at)|}; long M() => Peek1(&_ro->Sum);",
        "sealed class Watch1 { readonly long* _at; public Watch1(long* at) { _at = at; } public long Now => {|PIN3010:Interlocked.Read(ref *_at)|}; } long M() => new Watch1(&_ro->Sum).Now;",
        "long M(int i) { long* p = (long*)_ro; return {|PIN3010:Interlocked.Read(ref p[i])|}; }",
        "bool M() => {|PIN3010:Interlocked.CompareExchange(ref _ro->Overflow, _mask, _mask)|} == 3;",
        "[return: SharedMemory(ReadOnlyMapping = true)] static long* Page1() => null; long M() => {|PIN3010:Interlocked.Read(ref *Page1())|};",
    ]);

    private const string Mapped = "[SharedMemory(ReadOnlyMapping = true)] Header* _ro; ";

    [Fact]
    public Task ReadsOrWritableMappings_AreSilent() => Only("PIN3010", [
        Mapped + "long M() => Volatile.Read(ref _ro->Sum);",
        "long M() => Interlocked.Read(ref _ring->Sum);",
        "long _own; long M() => Interlocked.Read(ref _own);",
        "uint M() => Interlocked.CompareExchange(ref _ring->Flags, 0, 0);",
        "void M() { Interlocked.MemoryBarrier(); Use(Volatile.Read(ref _ro->Flags)); }",
        "long M() { long copy = Volatile.Read(ref _ro->Sum); return Interlocked.Read(ref copy); }",
        "static long Peek2(long* at) => Interlocked.Read(ref *at); long M() => Peek2(&_ro->Sum) + Peek2(&_ring->Sum);",
        "uint M() => _ro->Entries;",
        "int M() => Interlocked.Increment(ref _data[(int)(Volatile.Read(ref _ro->Flags) & 7)]);",
        "bool M() => _ro == null;",
    ]);

    [Fact]
    public Task OnA32BitBuild_ThereIsNoOtherWay() => CSharpVerifier<PinFlowAnalyzer>.Analyzer(
        "unsafe class C { [PinAccounting.Annotations.SharedMemory(ReadOnlyMapping = true)] long* _ro; long A() => System.Threading.Volatile.Read(ref *_ro); }", TestSetup.Annotated);

    [Fact]
    public Task UsedByWhateverRunsLater_IsReported() => Only("PIN3011", [
        "void M([SharedMemory] Sqe* s) { ThreadPool.UnsafeQueueUserWorkItem(_ => Use({|PIN3011:s|}->Fd), null); }",
        "void M([SharedMemory] Sqe* s) { Task.Factory.StartNew(() => Use({|PIN3011:s|}->Fd)); }",
        "void M([SharedMemory] Sqe* s, SynchronizationContext c) { c.Post(_ => Use({|PIN3011:s|}->Fd), null); }",
        "void M(int i) { Cqe* c = _cqes + i; Task.Run(() => { Use({|PIN3011:c|}->Res); Use(c->Flags); }); }",
        "void M() { uint* flags = &_ring->Flags; Task.Run(() => Use(Volatile.Read(ref *{|PIN3011:flags|}))); }",
        "void M() { nint at = (nint)_ring + 8; new Thread(delegate () { Use(*(int*){|PIN3011:at|}); }).Start(); }",
        "Task M(Task t, int i) { Sqe* s = &_sqes[i]; return t.ContinueWith(_ => Use({|PIN3011:s|}->Fd)); }",
        "static void Later1(int n, [Deferred] Action a) { } void M([SharedMemory] Sqe* s) { Later1(3, () => Use({|PIN3011:s|}->Fd)); }",
        "Sqe* _last; void M(uint t) { Sqe* s = &_sqes[t & _mask]; {|PIN3011:_last = s|}; Volatile.Write(ref _ring->Tail, t + 1); }",
        "void M([SharedMemory] Sqe* s) { var t = new Thread(() => Use({|PIN3011:s|}->Fd)); t.Start(); t.Join(100); }",
        "void M([SharedMemory] Sqe* s) { var t = Task.Run(() => Use({|PIN3011:s|}->Fd)); t.Wait(5); }",
        "void M([SharedMemory] Sqe* s) { Task t = Task.Run(() => Use({|PIN3011:s|}->Fd)); string.Join(\",\", new object[] { t }); }",
        "nint _lastAt; void M(uint h) { {|PIN3011:_lastAt = (nint)(&_cqes[h & _mask])|}; Volatile.Write(ref _ring->Head, h + 1); }",
    ]);

    [Fact]
    public Task UsedNowOrCopied_IsSilent() => Only("PIN3011", [
        "void M([SharedMemory] Sqe* s) { Array.ForEach(_data, _ => Use(Volatile.Read(ref s->Fd))); }",
        "void M([SharedMemory] Sqe* s) { int fd = Volatile.Read(ref s->Fd); Task.Run(() => Use(fd)); }",
        "void M([SharedMemory] Sqe* s) { void Now() => Use(Volatile.Read(ref s->Fd)); Now(); }",
        "void M() { int own = 3; int* p = &own; Task.Run(() => Use(*p)); }",
        "void M(int i) { Task.Run(() => { Cqe* c = _cqes + i; Use(Volatile.Read(ref c->Res)); }); }",
        "Sqe* _next; void M(uint t) { _next = &_sqes[t & _mask]; }",
        "Header* _again; void M(uint t) { _again = _ring; Volatile.Write(ref _ring->Tail, t); }",
        "Cqe _kept; void M(uint h) { _kept = _cqes[h & _mask]; Volatile.Write(ref _ring->Head, h + 1); }",
        "void M([SharedMemory(Stable = true)] Sqe* s) { Task.Run(() => Use(s->Fd)); }",
        "void M([SharedMemory] Sqe* s) { Func<int> f = () => Volatile.Read(ref s->Fd); Use(f()); }",
    ]);

    [Fact]
    public Task FenceOnlyBehindThePublish_IsReported() => Only("PIN3014", [
        "void M(uint h, bool b) { if (b) { {|PIN3014:_ring->Tail|} = h; Interlocked.MemoryBarrier(); } }",
        "void M(uint h) { ref uint tail = ref _ring->Tail; {|PIN3014:tail|} = h; Thread.MemoryBarrier(); }",
        "void M(uint h) { {|PIN3014:(*_ring).Tail|} = h; Interlocked.MemoryBarrier(); Wake(); }",
        "void M(uint h) { _cachedTail = h; {|PIN3014:_ring->Tail|} = _cachedTail; Interlocked.MemoryBarrier(); }",
        "void M(int i) { _sqes[i].Fd = 3; {|PIN3014:_ring->Tail|} = (uint)i; Interlocked.MemoryBarrier(); }",
    ]);

    [Fact]
    public Task FenceInItsPlace_IsSilent() => Only("PIN3014", [
        "void M(int i) { _sqes[i].Fd = 3; Interlocked.MemoryBarrier(); Volatile.Write(ref _ring->Tail, (uint)i); }",
        "void M(int i) { _sqes[i].Fd = 3; Interlocked.MemoryBarrier(); _ring->Tail = (uint)i; }",
        "void M(uint h) { _ring->Tail = h; Wake(); Interlocked.MemoryBarrier(); }",
        "void M(uint h) { _entries = h; Interlocked.MemoryBarrier(); }",
        "void M(uint h) { Volatile.Write(ref _ring->Tail, h); Interlocked.MemoryBarrier(); if (Volatile.Read(ref _ring->Flags) == 1) Wake(); }",
    ]);
}
