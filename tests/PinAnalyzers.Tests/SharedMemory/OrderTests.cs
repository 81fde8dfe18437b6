using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.SharedMemory;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using VerifyBarrier = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.InsertBarrierFixer>;
using VerifyRelease = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.PublishByReleaseFixer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3006, PIN3007 and PIN3014.</summary>
public sealed class OrderTests
{
    [Fact]
    public Task TestBehindPublish_IsReported() => Only("PIN3006", [
        "void M(uint tail) { Volatile.Write(ref _ring->Tail, tail); if (({|PIN3006:Volatile.Read(ref _ring->Flags)|} & 1) != 0) Wake(); }",
        "void M(uint tail) { Volatile.Write(ref _ring->Tail, tail); if (({|PIN3006:_ring->Flags|} & 1) != 0) Wake(); }",
        "bool M(uint tail) { Volatile.Write(ref _ring->Tail, tail); return ({|PIN3006:Volatile.Read(ref _ring->Flags)|} & 1) != 0; }",
        "void M(uint tail) { Volatile.Write(ref _ring->Tail, tail); uint f = {|PIN3006:Volatile.Read(ref _ring->Flags)|}; if (f != 0) Wake(); }",
        "void M(uint tail) { Volatile.Write(ref _ring->Tail, tail); _cachedTail = tail; switch ({|PIN3006:Volatile.Read(ref _ring->Flags)|}) { case 1: Wake(); break; } }",
        "void M(uint tail, bool b) { if (b) Volatile.Write(ref _ring->Tail, tail); if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} == 1) Wake(); }",
        "void M(uint f) { _ring->Live = f; if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} == 1) Wake(); }",
        "void M(uint head) { Volatile.Write(ref _ring->Flags, 1); if ({|PIN3006:Volatile.Read(ref _ring->Head)|} == head) Thread.Sleep(1); }",
        "void M(uint tail) { Volatile.Write(ref _ring->Tail, tail); if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} is 1 or 2) Wake(); }",
        "void M(uint tail) { try { Volatile.Write(ref _ring->Tail, tail); } finally { if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} == 1) Wake(); } }",
    ]);

    [Fact]
    public Task TestInAnotherMethodBehindPublish_IsReported() => Only("PIN3006", [
        "void Notify1(uint t) { Volatile.Write(ref _ring->Tail, t); } bool Should1() { return ({|PIN3006:_ring->Flags|} & 1) != 0; } void M(uint t) { Notify1(t); if (Should1()) Wake(); }",
        "uint Notify2(uint t) { if (t == 0) return 0; Volatile.Write(ref _ring->Tail, t); return t; } bool Should2(out uint f) { f = 0; if (!_polled) return true; if (({|PIN3006:Volatile.Read(ref _ring->Flags)|} & 1) != 0) { f = 1; return true; } return false; } bool _polled; void M(uint t) { uint n = Notify2(t); if (!Should2(out uint f)) return; Wake(); }",
        "bool Should3() => ({|PIN3006:Volatile.Read(ref _ring->Flags)|} & 1) != 0; void M(uint t) { Volatile.Write(ref _ring->Tail, t); if (Should3()) Wake(); }",
    ]);

    [Fact]
    public Task TestInAnotherMethodBehindAFence_IsSilent() => Only("PIN3006", [
        "void Notify1(uint t) { Volatile.Write(ref _ring->Tail, t); Interlocked.MemoryBarrier(); } bool Should1() => (Volatile.Read(ref _ring->Flags) & 1) != 0; void M(uint t) { Notify1(t); if (Should1()) Wake(); }",
        "void Notify2(uint t) { Volatile.Write(ref _ring->Tail, t); } bool Should2() { Thread.MemoryBarrier(); return (Volatile.Read(ref _ring->Flags) & 1) != 0; } void M(uint t) { Notify2(t); if (Should2()) Wake(); }",
        "void Notify3(uint t) { Volatile.Write(ref _ring->Tail, t); } bool Should3() => (Volatile.Read(ref _ring->Flags) & 1) != 0; void M(uint t) { Notify3(t); Interlocked.MemoryBarrier(); if (Should3()) Wake(); }",
        "void Notify4(uint t) { Interlocked.Exchange(ref _ring->Tail, t); } bool Should4() => (Volatile.Read(ref _ring->Flags) & 1) != 0; void M(uint t) { Notify4(t); if (Should4()) Wake(); }",
        "void Notify5(uint t) { Volatile.Write(ref _ring->Tail, t); } bool Should5() => (Volatile.Read(ref _ring->Flags) & 1) != 0; void M(uint t) { if (Should5()) Wake(); Notify5(t); }",
        "bool Should6() => (Volatile.Read(ref _ring->Flags) & 1) != 0; void M(uint t) { _entries = t; if (Should6()) Wake(); }",
    ]);

    [Fact]
    public Task FencedOrHarmless_IsSilent() => Only("PIN3006", [
        "void M(uint t) { lock (_data) { Volatile.Write(ref _ring->Tail, t); } if (Volatile.Read(ref _ring->Flags) != 0) Wake(); }",
        "void M(uint tail) { Volatile.Write(ref _ring->Tail, tail); Interlocked.MemoryBarrier(); if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake(); }",
        "void M(uint tail) { Volatile.Write(ref _ring->Tail, tail); Thread.MemoryBarrier(); if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake(); }",
        "void M(uint tail) { Interlocked.Exchange(ref _ring->Tail, tail); if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake(); }",
        "void M(uint tail) { Volatile.Write(ref _ring->Tail, tail); Interlocked.Increment(ref _entries); if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake(); }",
        "void M(uint tail) { if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake(); Volatile.Write(ref _ring->Tail, tail); }",
        "void M(uint t) { while (true) { if (Volatile.Read(ref _ring->Head) == t) return; Volatile.Write(ref _ring->Tail, ++t); } }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); Use(Volatile.Read(ref _ring->Flags)); }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); while (Volatile.Read(ref _ring->Flags) == 0) Thread.SpinWait(1); }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); if (t == _entries) Wake(); }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); Wake(); if (Volatile.Read(ref _ring->Flags) == 1) Wake(); }",
        "void M(uint t) { Volatile.Write(ref _ring->Flags, t); if (Volatile.Read(ref _ring->Flags) == 1) Wake(); }",
        "void M(uint t, bool b) { if (b) { Volatile.Write(ref _ring->Tail, t); return; } if (Volatile.Read(ref _ring->Flags) == 1) Wake(); }",
    ]);

    [Fact]
    public Task Fence_IsInserted() => VerifyBarrier.CodeFix(
        InRing("""
            void A(uint tail)
                {
                    Volatile.Write(ref _ring->Tail, tail); // published
                    if (({|PIN3006:Volatile.Read(ref _ring->Flags)|} & 1) != 0) Wake();
                }
            """),
        InRing("""
            void A(uint tail)
                {
                    Volatile.Write(ref _ring->Tail, tail); // published
                    Interlocked.MemoryBarrier();
                    if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake();
                }
            """),
        Off("PIN3006"),
        InsertBarrierFixer.Key_InsertBarrier);

    [Fact]
    public Task WithoutABlock_NoFix() => VerifyBarrier.NoFix(
        InRing("void M(uint tail, bool b) { if (b) Volatile.Write(ref _ring->Tail, tail); if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} == 1) Wake(); }"), Off("PIN3006"));

    [Fact]
    public Task PayloadBehindItsIndex_IsReported() => Only("PIN3007", [
        "uint _own1; void M(int v) { Cqe* c = &_cqes[_own1 & _mask]; Volatile.Write(ref _ring->Tail, ++_own1); Volatile.Write(ref {|PIN3007:c->Res|}, v); }",
        "uint _own2; void M(int v) { ref Cqe c = ref _cqes[_own2 & _mask]; _own2++; Volatile.Write(ref _ring->Tail, _own2); Volatile.Write(ref {|PIN3007:c.Res|}, v); }",
        "void M(uint t, int v) { if (Interlocked.CompareExchange(ref _ring->Tail, t + 1, t) == t) {|PIN3007:_cqes[t & _mask].Res|} = v; }",
        "void M(uint t, int v) { Interlocked.Exchange(ref _ring->Tail, t + 1); Volatile.Write(ref {|PIN3007:_cqes[t & _mask].Res|}, v); }",
        "void M(Cqe c, uint t) { Volatile.Write(ref _ring->Tail, t + 1); {|PIN3007:_cqes[t & _mask]|} = c; }",
        "void M(Cqe c, uint t) { uint next = t + 1; Volatile.Write(ref _ring->Tail, next); {|PIN3007:_cqes[t & _mask]|} = c; }",
        "Cqe M(uint head) { Volatile.Write(ref _ring->Head, head + 1); return {|PIN3007:_cqes[head & _mask]|}; }",
        "void M(uint head) { Volatile.Write(ref _ring->Head, head + 1); Use({|PIN3007:_cqes[head & _mask].Res|}); }",
        "void M(uint t) { Cqe* c = &_cqes[t & _mask]; Volatile.Write(ref _ring->Tail, t + 1); {|PIN3007:c->Res|} = 3; }",
        "void M(uint t) { ref Cqe c = ref _cqes[t & _mask]; Volatile.Write(ref _ring->Tail, t + 1); {|PIN3007:c.Res|} = 3; }",
        "void M(uint t) { Interlocked.Exchange(ref _ring->Tail, t + 1); Volatile.Write(ref {|PIN3007:_cqes[t & _mask].Res|}, 3); }",
        "void M(uint t, bool b) { Volatile.Write(ref _ring->Tail, t + 1); if (b) {|PIN3007:_cqes[t & _mask].Res|} = 3; }",
        "void M(Cqe c) { uint t = _cachedTail; _cachedTail = t + 1; Volatile.Write(ref _ring->Tail, _cachedTail); {|PIN3007:_cqes[t & _mask]|} = c; }",
        "void M(Cqe c) { _cachedTail++; Volatile.Write(ref _ring->Tail, _cachedTail); {|PIN3007:_cqes[(_cachedTail - 1) & _mask]|} = c; }",
        "void M(Cqe c, uint t) { t = t + 1; Volatile.Write(ref _ring->Tail, t); {|PIN3007:_cqes[(t - 1u) & _mask].Res|} = 3; }",
        "Cqe M(uint h) { h++; Volatile.Write(ref _ring->Head, h); return {|PIN3007:_cqes[(uint)(h - 1) & _mask]|}; }",
        "void M(Cqe c) { Volatile.Write(ref _ring->Tail, ++_cachedTail); {|PIN3007:_cqes[(_cachedTail - 1) % _mask]|} = c; }",
        "void M(Sqe* s) { s = _sqes; Volatile.Write(ref _sqes->Off, 0); {|PIN3007:_sqes->Fd|} = 3; Volatile.Write(ref _sqes->Off, 8); }",
        "void M(int n) { Volatile.Write(ref _sqes->Off, -n); {|PIN3007:_sqes->Fd|} = 3; _sqes->Len = 3; Volatile.Write(ref _sqes->Off, n); }",
    ]);

    [Fact]
    public Task PayloadBeforeItsIndex_IsSilent() => Only("PIN3007", [
        "uint _own1; void M(int v) { Cqe* c = &_cqes[_own1 & _mask]; Volatile.Write(ref c->Res, v); Volatile.Write(ref _ring->Tail, ++_own1); }",
        "uint _own2; void M(int[] vs) { foreach (int v in vs) { Cqe* c = &_cqes[_own2 & _mask]; Volatile.Write(ref c->Res, v); _own2++; Volatile.Write(ref _ring->Tail, _own2); } }",
        "uint _own3; void M(int v) { Volatile.Write(ref _ring->Tail, ++_own3); Cqe* c = &_cqes[_own3 & _mask]; Volatile.Write(ref c->Res, v); }",
        "bool M(int v) { uint pos = Volatile.Read(ref _ring->Overflow); while (true) { int gap = (int)(Volatile.Read(ref _cqes[pos & _mask].Flags) - pos); if (gap < 0) return false; if (gap == 0 && Interlocked.CompareExchange(ref _ring->Overflow, pos + 1, pos) == pos) break; pos = Volatile.Read(ref _ring->Overflow); } _cqes[pos & _mask].Res = v; Volatile.Write(ref _cqes[pos & _mask].Flags, pos + 1); return true; }",
        "void M(int v) { uint pos = Volatile.Read(ref _ring->Overflow); if (Interlocked.CompareExchange(ref _ring->Overflow, pos + 1, pos) != pos) return; Cqe* c = &_cqes[pos & _mask]; c->UserData = 3; c->Res = v; Volatile.Write(ref c->Flags, pos + 1); }",
        "void M(Cqe c, uint t) { _cqes[t & _mask] = c; Volatile.Write(ref _ring->Tail, t + 1); }",
        "Cqe M(uint head) { Cqe c = _cqes[head & _mask]; Volatile.Write(ref _ring->Head, head + 1); return c; }",
        "void M(Cqe[] all, uint t) { foreach (Cqe c in all) { _cqes[t & _mask] = c; t++; Volatile.Write(ref _ring->Tail, t); } }",
        "void M(uint t) { for (uint i = 0; i < 8; i++) { _cqes[i & _mask].Res = 3; Volatile.Write(ref _ring->Tail, i + 1); } }",
        "void M(uint t, uint other) { Volatile.Write(ref _ring->Tail, t + 1); _cqes[other & _mask].Res = 3; }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t + 1); Use(_ring->Flags); }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t + 1); _data[t & _mask] = 3; }",
        "void M(int n) { Volatile.Write(ref _sqes->Off, -n); Interlocked.MemoryBarrier(); _sqes->Fd = 3; Volatile.Write(ref _sqes->Off, n); }",
        "void M(int n) { Volatile.Write(ref _sqes->Off, 0); _sqes->Fd = 3; }",
        "void M(Cqe c) { _cachedTail++; _cqes[(_cachedTail - 1) & _mask] = c; Volatile.Write(ref _ring->Tail, _cachedTail); }",
        "void M(Cqe c, uint t) { Volatile.Write(ref _ring->Tail, t); _cqes[t & _mask] = c; _cqes[(t + 1) & _mask] = c; }",
        "void M(Cqe c, uint t) { Volatile.Write(ref _ring->Tail, t); _cqes[t & (_mask - 1)] = c; }",
        "void M(Cqe c, uint t) { Volatile.Write(ref _ring->Tail, t); t += 2; _cqes[(t - 1) & _mask] = c; }",
        "void M(Cqe c, uint t, uint o) { Volatile.Write(ref _ring->Tail, t); _cqes[(o - 1) & _mask] = c; _cqes[(t - o) & _mask] = c; }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t + 1); t = t + 1; _cqes[t & _mask].Res = 3; }",
    ]);

    [Fact]
    public Task BarrierBehindPlainPublish_IsReported() => Only("PIN3014", [
        "void M(uint h) { {|PIN3014:_ring->Head|} = h; Interlocked.MemoryBarrier(); }",
        "void M(uint h) { {|PIN3014:_ring->Tail|} = h; Thread.MemoryBarrier(); }",
        "void M(uint h) { {|PIN3014:_ring->Flags|} = h; Interlocked.MemoryBarrierProcessWide(); Wake(); }",
        "void M(uint h) { uint* p = &_ring->Flags; {|PIN3014:*p|} = h; Interlocked.MemoryBarrier(); }",
        "void M(int i) { {|PIN3014:_sqes[i].Fd|} = 3; Interlocked.MemoryBarrier(); }",
    ]);

    [Fact]
    public Task BarrierElsewhere_IsSilent() => Only("PIN3014", [
        "void M(uint h) => Volatile.Write(ref _ring->Head, h);",
        "void M(uint h) { Interlocked.MemoryBarrier(); _ring->Head = h; }",
        "void M(uint h) { Interlocked.MemoryBarrier(); _ring->Head = h; Interlocked.MemoryBarrier(); }",
        "void M(uint h) { _ring->Head = h; Interlocked.MemoryBarrier(); if (Volatile.Read(ref _ring->Flags) == 1) Wake(); }",
        "void M(uint h) { _ring->Live = h; Interlocked.MemoryBarrier(); }",
        "void M(uint h) { _cachedHead = h; Interlocked.MemoryBarrier(); }",
        "void M(uint h) { Volatile.Write(ref _ring->Head, h); Interlocked.MemoryBarrier(); }",
    ]);

    [Fact]
    public Task BarrierBehindPlainPublish_ReplacesThePlainWrite() => Only("PIN3014, PIN3002", ["void M(uint h) { {|PIN3014:_ring->Flags|} = h; Interlocked.MemoryBarrier(); }"]);

    [Fact]
    public Task PlainPublish_BecomesARelease() => VerifyRelease.CodeFix(
        InRing("""
            void A(uint h)
                {
                    {|PIN3014:_ring->Flags|} = h + 1; // out
                    Interlocked.MemoryBarrier();
                    Wake();
                }
            """),
        InRing("""
            void A(uint h)
                {
                    Volatile.Write(ref _ring->Flags, h + 1); // out
                    Wake();
                }
            """),
        Off("PIN3014"),
        PublishByReleaseFixer.Key_PublishByRelease);
}
