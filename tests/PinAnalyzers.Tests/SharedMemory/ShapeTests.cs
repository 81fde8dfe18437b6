using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using PinAnalyzers.CodeFixes.SharedMemory;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;
using VerifyDistance = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.CompareByDistanceFixer>;
using VerifyLayout = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.SharedMemory.SharedLayoutAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3008 to PIN3013 and PIN3015.</summary>
public sealed class ShapeTests
{
    [Fact]
    public Task WholeCopy_IsReported() => Only("PIN3008", [
        "bool M() { Header h = {|PIN3008:*_ring|}; return h.Head == h.Tail; }",
        "void M(Header h) { {|PIN3008:*_ring|} = h; }",
        "void M() { Use({|PIN3008:_ring->Inline|}); }",
        "void M() { var c = {|PIN3008:_ring->Inline|}; Use(c); }",
        "void M(Cqe c) { {|PIN3008:_ring->Inline|} = c; }",
        "Header M() => {|PIN3008:Unsafe.Read<Header>(_ring)|};",
        "Cqe M() => {|PIN3008:Unsafe.ReadUnaligned<Cqe>(_cqes)|};",
        "Sqe M() => {|PIN3008:Marshal.PtrToStructure<Sqe>((nint)_sqes)|};",
        "Sqe M() => {|PIN3008:*_sqes|};",
        "Sqe M(int i) => {|PIN3008:_sqes[i]|};",
        "void M() { ref Header h = ref *_ring; Header copy = {|PIN3008:h|}; Use(copy.Flags); }",
    ]);

    [Fact]
    public Task BlockCopyOfAStruct_IsReported() => Only("PIN3008", [
        "void M(Header* to) { {|PIN3008:Unsafe.CopyBlock(to, _ring, (uint)sizeof(Header))|}; }",
        "void M(Header* from) { {|PIN3008:Unsafe.CopyBlockUnaligned(_ring, from, (uint)Unsafe.SizeOf<Header>())|}; }",
        "void M() { Header h; {|PIN3008:Buffer.MemoryCopy(_ring, &h, sizeof(Header), sizeof(Header))|}; Use(h.Flags); }",
        "void M() { Header h = default; {|PIN3008:Buffer.MemoryCopy(&h, _ring, sizeof(Header), sizeof(Header))|}; }",
        "void M() { Header h; {|PIN3008:NativeMemory.Copy(_ring, &h, (nuint)sizeof(Header))|}; Use(h.Flags); }",
        "void M(Span<byte> to) { {|PIN3008:new Span<byte>(_ring, sizeof(Header)).CopyTo(to)|}; }",
        "void M(byte[] to) { int size = sizeof(Header); var from = new ReadOnlySpan<byte>(_ring, size); {|PIN3008:from.CopyTo(to)|}; }",
        "void M() { Header h = default; {|PIN3008:Unsafe.Copy(ref h, _ring)|}; Use(h.Flags); }",
    ]);

    [Fact]
    public Task BlockCopyOfPayload_IsSilent() => Only("PIN3008", [
        "[SharedMemory] byte* _bytes; void M(byte* to, uint n) { Unsafe.CopyBlock(to, _bytes, n); }",
        "void M(Header* to) { Own.Unsafe.CopyBlock(to, _ring, (uint)sizeof(Header)); } static class Own { public static class Unsafe { public static void CopyBlock(void* to, void* from, uint size) { } } }",
        "[SharedMemory] byte* _bytes2; void M(Span<byte> to, int n) => new Span<byte>(_bytes2, n).CopyTo(to);",
        "[SharedMemory] byte* _bytes3; void M(byte* to, long n) => Buffer.MemoryCopy(_bytes3, to, n, n);",
        "void M(Cqe* to, uint head) { Unsafe.CopyBlock(to, &_cqes[head & _mask], (uint)sizeof(Cqe)); Volatile.Write(ref _ring->Tail, head); }",
        "void M(Header* a, Header* b) => Unsafe.CopyBlock(a, b, (uint)sizeof(Header));",
        "Ring(Header* to) { Unsafe.CopyBlock(to, _ring, (uint)sizeof(Header)); }",
        "[SharedMemory(Stable = true)] Header* _once; void M(Header* to) => Unsafe.CopyBlock(to, _once, (uint)sizeof(Header));",
        "void M(int[] to) => _data.AsSpan().CopyTo(to);",
    ]);

    [Fact]
    public Task FieldsOrSlots_AreSilent() => Only("PIN3008", [
        "bool M() { uint tail = Volatile.Read(ref _ring->Tail); return _cachedHead == tail; }",
        "Cqe M() { uint head = _cachedHead; Cqe c = _cqes[head & _mask]; _cachedHead = head + 1; Volatile.Write(ref _ring->Head, head + 1); return c; }",
        "void M(Cqe c, uint t) { _cqes[t & _mask] = c; Volatile.Write(ref _ring->Tail, t + 1); }",
        "void M(Cqe c, uint t) { _cqes[t] = c; Volatile.Write(ref _ring->Tail, t + 1); }",
        "Sqe M(uint i) { if (i >= _entries) throw new ArgumentOutOfRangeException(nameof(i)); return _sqes[i]; }",
        "Header* M() => _ring;",
        "void M(Sqe s) { Sqe t = s; Sqe* p = &t; Sqe u = *p; Use(u.Fd); }",
        "void M() { ref Header h = ref *_ring; Use(Volatile.Read(ref h.Flags)); }",
        "Ring() { Header h = *_ring; _mask = h.Mask; }",
        "[SharedMemory(Stable = true)] Header* _once; Header M() => *_once;",
    ]);

    [Fact]
    public Task AliasedCursor_IsReported() => Only("PIN3009", [
        "[SharedMemory] uint* _tail; uint* _tailInternal; void Init(uint* p) { _tail = p; {|PIN3009:_tailInternal = p|}; }",
        "uint* _cachedHeads; void M() { {|PIN3009:_cachedHeads = &_ring->Head|}; }",
        "uint* _shadowTail; void M() => {|PIN3009:_shadowTail = &_ring->Tail|};",
        "[PrivateCopy(\"Head\")] uint* _mine; void M() { {|PIN3009:_mine = &_ring->Head|}; }",
        "uint* _localTail; Ring(Header* r) { _ring = r; {|PIN3009:this._localTail = &r->Tail|}; }",
        "void M() { ref uint {|PIN3009:localTail = ref _ring->Tail|}; Use(localTail); }",
        "void M() { uint* {|PIN3009:privateTail = &_ring->Tail|}; Use(*privateTail); }",
    ]);

    [Fact]
    public Task ValueCopy_IsSilent() => Only("PIN3009", [
        "uint _tailInternal; void M() { _tailInternal = Volatile.Read(ref _ring->Tail); }",
        "uint* _where; void M() { _where = &_ring->Tail; }",
        "uint* _localScratch; void M(uint* p) { _localScratch = p; }",
        "Header* _localRing; void M() { _localRing = _ring; }",
        "void M() { uint localTail = Volatile.Read(ref _ring->Tail); Use(localTail); }",
        "uint* _copyOfNothing; void M() { _copyOfNothing = null; }",
    ]);

    [Fact]
    public Task InterlockedOnReadOnlyMapping_IsReported() => Only("PIN3010", [
        "long M([SharedMemory(ReadOnlyMapping = true)] long* cell) => {|PIN3010:Interlocked.And(ref *cell, -1)|};",
        "[SharedMemory(ReadOnlyMapping = true)] long* _ro; long M() => {|PIN3010:Interlocked.Read(ref *_ro)|}; long M(int n) => {|PIN3010:Interlocked.CompareExchange(ref _ro[n], 0, 0)|};",
        "long M([SharedMemory(ReadOnlyMapping = true)] long* ro) => {|PIN3010:Interlocked.Read(ref *ro)|};",
        "int M([SharedMemory(ReadOnlyMapping = true)] Sqe* ro) => {|PIN3010:Interlocked.CompareExchange(ref ro->Fd, 0, 0)|};",
        "int M([SharedMemory(ReadOnlyMapping = true)] ref int ro) => {|PIN3010:Interlocked.Add(ref ro, 0)|};",
        "long M([SharedMemory(ReadOnlyMapping = true)] Span<long> ro) => {|PIN3010:Interlocked.Read(ref ro[1])|};",
    ]);

    [Fact]
    public Task ReadOnlyMappingReadRight_IsSilent() => Only("PIN3010", [
        "long M([SharedMemory(ReadOnlyMapping = true)] long* ro) => Volatile.Read(ref *ro);",
        "long M() => Interlocked.Read(ref _ring->Sum);",
        "int M([SharedMemory] Sqe* s) => Interlocked.CompareExchange(ref s->Fd, 0, 0);",
        "int M([SharedMemory(ReadOnlyMapping = true)] Sqe* ro) => Interlocked.CompareExchange(ref _data[0], 0, 0);",
    ]);

    [Fact]
    public Task PointerUsedLater_IsReported() => Only("PIN3011", [
        "void M([SharedMemory] Sqe* s) { nint p = (nint)s; ThreadPool.QueueUserWorkItem(_ => Use((*(Sqe*){|PIN3011:p|}).Fd)); }",
        "void M(int i) { Sqe* s = &_sqes[i]; Task.Run(() => Use({|PIN3011:s|}->Fd)); }",
        "void M([SharedMemory] nint p) { new Thread(() => Use(*(int*){|PIN3011:p|})).Start(); }",
        "void M(Task t, [SharedMemory] nint p) { t.ContinueWith(_ => Use(*(int*){|PIN3011:p|})); }",
        "void M([SharedMemory] nint p) { var t = new Timer(delegate { Use(*(int*){|PIN3011:p|}); }); }",
        "static void Later([Deferred] Action a) { } void M([SharedMemory] nint p) { Later(() => Use(*(int*){|PIN3011:p|})); }",
        "Cqe* _current; void M(uint h) { Cqe* c = &_cqes[h & _mask]; {|PIN3011:_current = c|}; Volatile.Write(ref _ring->Head, h + 1); }",
    ]);

    [Fact]
    public Task CopyUsedLater_IsSilent() => Only("PIN3011", [
        "void M([SharedMemory] Sqe* s) { Sqe copy = default; copy.Fd = Volatile.Read(ref s->Fd); ThreadPool.QueueUserWorkItem(_ => Use(copy.Fd)); }",
        "void M() { Task.Run(() => Use(Volatile.Read(ref _ring->Flags))); }",
        "void M([SharedMemory] nint p) { Func<int> f = () => Volatile.Read(ref *(int*)p); Use(f()); }",
        "void M(nint p) { Task.Run(() => Use(*(int*)p)); }",
        "Cqe* _kept; void M(uint h) { _kept = &_cqes[h & _mask]; }",
        "void M() { Task.Run(() => { Sqe* s = _sqes; Use(Volatile.Read(ref s->Fd)); }); }",
    ]);

    [Fact]
    public Task PeersIndexWritten_IsReported() => Only("PIN3012", [
        "void M(uint h) { {|PIN3012:Volatile.Write(ref _ring->Head, h)|}; }",
        "void M(uint h) { {|PIN3012:_ring->Head|} = h; }",
        "void M() { {|PIN3012:_ring->Head++|}; }",
        "void M() { {|PIN3012:Interlocked.Increment(ref _ring->Head)|}; }",
        "[SharedIndex(RingSide.Peer)] uint* _peer; void M() { {|PIN3012:*_peer|} = 3; }",
    ]);

    [Theory]
    [InlineData("void M(Cqe c) { uint t = {|#0:Volatile.Read(ref _ring->Tail)|}; _cqes[t & _mask] = c; Volatile.Write(ref _ring->Tail, t + 1); }")]
    [InlineData("bool M(uint t) => t != {|#0:_ring->Tail|};")]
    [InlineData("[SharedIndex(RingSide.Local)] uint* _own; void M() { Use({|#0:Volatile.Read(ref *_own)|}); }")]
    [InlineData("[SharedMemory(PeerTrusted = true)] Header* _fair; void M() { {|#0:Volatile.Write(ref _fair->Head, 3)|}; }")]
    public Task OwnIndexReadBack_IsASuggestion(string member) => Verify.Analyzer(
        InRing(member), Off("PIN3012"), Verify.Diagnostic("PIN3012").WithLocation(0).WithSeverity(DiagnosticSeverity.Info).WithMessage(null));

    [Fact]
    public Task PrivateIndex_IsSilent() => Only("PIN3012", [
        "void M(Cqe c) { uint t = _cachedTail; _cqes[t & _mask] = c; _cachedTail = t + 1; Volatile.Write(ref _ring->Tail, _cachedTail); }",
        "uint M() => Volatile.Read(ref _ring->Head);",
        "Ring() { _cachedTail = _ring->Tail; _ring->Head = 0; }",
        "void Init() { _cachedTail = Volatile.Read(ref _ring->Tail); Volatile.Write(ref _ring->Head, 0); }",
        "[SharedMemory(PeerTrusted = true)] Header* _fair; uint M() => Volatile.Read(ref _fair->Tail);",
        "[SharedIndex(RingSide.Both)] uint* _both; uint M() => Interlocked.Increment(ref *_both);",
        "uint M() => Volatile.Read(ref _ring->Flags);",
    ]);

    [Fact]
    public Task Comparison_BecomesADistance() => VerifyDistance.CodeFix(
        InRing("""
            bool A() => {|PIN3013:Volatile.Read(ref _ring->Head) > _cachedTail|};
                bool B() { uint head = Volatile.Read(ref _ring->Head); uint tail = _cachedTail; return {|PIN3013:head <= tail|}; }
                bool C() { uint head = Volatile.Read(ref _ring->Head); return {|PIN3013:head + 1 < Volatile.Read(ref _ring->Tail)|}; }
                bool D([SharedIndex2] uint x) => x > _cachedTail;
            """.Replace("[SharedIndex2] ", "")),
        InRing("""
            bool A() => unchecked((int)(Volatile.Read(ref _ring->Head) - _cachedTail)) > 0;
                bool B() { uint head = Volatile.Read(ref _ring->Head); uint tail = _cachedTail; return unchecked((int)(head - tail)) <= 0; }
                bool C() { uint head = Volatile.Read(ref _ring->Head); return unchecked((int)(head + 1 - Volatile.Read(ref _ring->Tail))) < 0; }
                bool D(uint x) => x > _cachedTail;
            """),
        Off("PIN3013"),
        CompareByDistanceFixer.Key_CompareByDistance);

    [Fact]
    public Task Distance_IsSilent() => Only("PIN3013", [
        "bool M() => unchecked(_cachedTail - Volatile.Read(ref _ring->Head)) > _entries;",
        "bool M() => Volatile.Read(ref _ring->Head) == _cachedTail;",
        "bool M() => Volatile.Read(ref _ring->Flags) > _entries;",
        "bool M() => Volatile.Read(ref _ring->Head) > 3;",
        "bool M(int a, int b) => a < b;",
        "bool M() => _cachedTail > _entries;",
    ]);

    [Fact]
    public Task Layout_IsReported() => VerifyLayout.Analyzer("""
        using PinAccounting.Annotations;
        using System.Runtime.InteropServices;

        [SharedMemory] struct A { public object? {|PIN3015:O|}; public string {|PIN3015:S|}; public bool {|PIN3015:B|}; public char {|PIN3015:C|}; public decimal {|PIN3015:D|}; public int Fine; }
        [SharedMemory] unsafe struct Rows { public fixed bool {|PIN3015:Flags|}[4]; public fixed char Name[16]; }
        [SharedMemory, StructLayout(LayoutKind.Auto)] struct {|PIN3015:B|} { public int X; }
        [SharedMemory, StructLayout(LayoutKind.Sequential, Pack = 4)] struct C { public int X; public long {|PIN3015:Y|}; }
        [SharedMemory, StructLayout(LayoutKind.Explicit)] struct D { [FieldOffset(4)] public ulong {|PIN3015:Y|}; [FieldOffset(16)] public ulong Z; }
        struct WithReference { public object? O; }
        [SharedMemory] struct E { public WithReference {|PIN3015:W|}; public bool {|PIN3015:P|} { get; set; } }
        [SharedMemory, StructLayout(LayoutKind.Sequential, Pack = 1)] struct F { public byte X; public double {|PIN3015:Y|}; }
        """, TestSetup.Annotated);

    [Fact]
    public Task IndexesOnOneLine_AreASuggestion() => VerifyLayout.Analyzer(
        "using PinAccounting.Annotations; [SharedMemory] struct A { [SharedIndex(RingSide.Local)] public uint Head; [SharedIndex(RingSide.Peer)] public uint {|#0:Tail|}; }",
        TestSetup.Annotated,
        VerifyLayout.Diagnostic("PIN3015").WithLocation(0).WithSeverity(DiagnosticSeverity.Info).WithMessage(null));

    [Fact]
    public Task SharedLayout_IsSilent() => VerifyLayout.Analyzer("""
        using PinAccounting.Annotations;
        using System.Runtime.InteropServices;

        enum E : byte { A }
        struct Inner { public int X; public int Y; }
        [SharedMemory] unsafe struct A { public int X; public long Y; public E Kind; public fixed byte Pad[8]; public Inner I; public byte* P; public static object? s; public const bool C = true; }
        [SharedMemory, StructLayout(LayoutKind.Explicit, Size = 128)] struct B { [FieldOffset(0), SharedIndex(RingSide.Local)] public uint Head; [FieldOffset(64), SharedIndex(RingSide.Peer)] public uint Tail; }
        [SharedMemory] struct C { [SharedIndex(RingSide.Local)] public uint Head; [SharedIndex(RingSide.Local)] public uint Other; }
        struct Private { public object? O; public bool B; }
        class Shared { [SharedMemory] public bool B; }
        """, TestSetup.Annotated);
}
