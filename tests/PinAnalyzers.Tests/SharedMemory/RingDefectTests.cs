using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;
using VerifyLayout = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.SharedMemory.SharedLayoutAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Defects in syntax that hides them.</summary>
public sealed class RingDefectTests
{
    [Fact]
    public Task PlainReads() => Only("PIN3001", [
        "uint M() { var (f, n) = ({|PIN3001:_ring->Flags|}, 3u); return f + n; }",
        "int M() { switch ({|PIN3001:_ring->Flags|}) { case 0: return 1; default: return 2; } }",
        "Func<uint> M() => () => {|PIN3001:_ring->Flags|};",
        "void M() { for (uint i = 0; i < {|PIN3001:_ring->Overflow|}; i++) Use(i); }",
        "uint M() => {|PIN3001:Unsafe.Add(ref _ring->Flags, 1)|};",
        "[SharedMemory] nint _base5; uint M() => {|PIN3001:*(uint*)(_base5 + 8)|};",
        "string M() => $\"{{|PIN3001:_ring->Flags|}} {_entries}\";",
        "uint M(uint n) => n switch { 0 when {|PIN3001:_ring->Flags|} == 1 => 2, _ => 3 };",
        "uint M() { uint offset = 8; return {|PIN3001:*(uint*)((nint)_ring + offset)|}; }",
        "bool M() => {|PIN3001:_ring->Kind|} is Op.Read;",
        "uint[] M() => new[] { {|PIN3001:_ring->Flags|}, 3u };",
    ]);

    [Fact]
    public Task PlainWrites() => Only("PIN3002", [
        "void M() { ({|PIN3002:_ring->Flags|}, {|PIN3002:_ring->Mask|}) = (1, 2); }",
        "void M() { {|PIN3002:Unsafe.AsRef<uint>(&_ring->Flags)|} = 3; }",
        "void M() { {|PIN3002:_ring->Inline.Flags|} = 3; }",
        "void M() { {|PIN3002:_ring->Flags|} = {|PIN3002:_ring->Mask|} = 3; }",
        "void M() { ref uint f = ref Unsafe.As<long, uint>(ref _ring->Sum); {|PIN3002:f|} = 3; }",
        "void M(bool b) { ref uint at = ref b ? ref _ring->Flags : ref _ring->Mask; {|PIN3002:at|} = 3; }",
        "Action M() => () => {|PIN3002:_ring->Flags|} = 3;",
    ]);

    [Fact]
    public Task TwoStepUpdates() => Only("PIN3003", [
        "void M() { {|PIN3003:_ring->Flags ^= 1|}; }",
        "void M() { checked { {|PIN3003:_ring->Overflow++|}; } }",
        "void M(uint n) { {|PIN3003:_ring->Overflow = Math.Max(_ring->Overflow, n)|}; }",
        "void M() => {|PIN3003:Volatile.Write(ref _ring->Flags, Volatile.Read(ref _ring->Flags) & ~4u)|};",
        "void M() { {|PIN3003:_ring->Kind |= Op.Read|}; }",
        "uint M() => {|PIN3003:_ring->Counts[3]++|};",
        "void M(int i) { {|PIN3003:_cqes[i].Flags <<= 1|}; }",
        "void M() { {|PIN3003:(*(&_ring->Overflow))--|}; }",
    ]);

    [Fact]
    public Task FetchedTwice() => Only("PIN3004", [
        "int M(Sqe* s) { Sqe* t = _sqes; return Volatile.Read(ref t->Len) <= 8 ? _data[{|PIN3004:Volatile.Read(ref t->Len)|}] : 0; }",
        "void M() { if (Volatile.Read(ref _sqes->Opcode) is 1) Use({|PIN3004:Volatile.Read(ref _sqes->Opcode)|}); }",
        "int M() { Sqe* s = _sqes + 1; if (Volatile.Read(ref s->Len) >= 8) return 0; int[] copy = (int[])_data.Clone(); return copy[{|PIN3004:Volatile.Read(ref s->Len)|}]; }",
        "void M() { switch (Volatile.Read(ref _sqes->Opcode)) { case 1: Use({|PIN3004:Volatile.Read(ref _sqes->Opcode)|} + 3); break; } }",
        "int M() { while (true) { if (Volatile.Read(ref _sqes->Len) < 8) return _data[{|PIN3004:Volatile.Read(ref _sqes->Len)|}]; Use(3); } }",
    ]);

    [Fact]
    public Task UncheckedValues() => Only("PIN3005", [
        "byte[] M() => GC.AllocateUninitializedArray<byte>({|PIN3005:(int)Volatile.Read(ref _ring->Overflow)|});",
        "string M(byte* p) => System.Text.Encoding.UTF8.GetString(p, {|PIN3005:(int)Volatile.Read(ref _ring->Overflow)|});",
        "byte[] M() { uint n = Volatile.Read(ref _ring->Overflow); uint doubled = n * 2; return new byte[{|PIN3005:doubled|}]; }",
        "int M() { uint n = Volatile.Read(ref _ring->Overflow); if (n > Volatile.Read(ref _ring->Mask)) return 0; return _data[{|PIN3005:n|}]; }",
        "int M() { uint n = Volatile.Read(ref _ring->Overflow); if (n == 0) return 0; return _data[{|PIN3005:n|}]; }",
        "Span<byte> M(byte[] b) => b.AsSpan({|PIN3005:(int)Volatile.Read(ref _ring->Overflow)|});",
        "void M(byte[] b) => new Span<byte>(b)[..{|PIN3005:(int)Volatile.Read(ref _ring->Overflow)|}].Clear();",
    ]);

    [Fact]
    public Task PublishThenTest() => Only("PIN3006", [
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); switch ({|PIN3006:Volatile.Read(ref _ring->Flags)|}) { case 1: Wake(); break; } }",
        "void M(uint t) { ref Header h = ref *_ring; Volatile.Write(ref h.Tail, t); if (({|PIN3006:Volatile.Read(ref h.Flags)|} & 1) != 0 && t > 3) Wake(); }",
        "bool M(uint t) { Volatile.Write(ref _ring->Tail, t); return {|PIN3006:Volatile.Read(ref _ring->Flags)|} != 0; }",
        "void M() { _ring->Live = 1; if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} != 0) Wake(); }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); bool isAsleep = {|PIN3006:Volatile.Read(ref _ring->Flags)|} == 1; if (isAsleep) Wake(); }",
    ]);

    [Fact]
    public Task PayloadAfterItsIndex() => Only("PIN3007", [
        "void M(Cqe c) { uint t = _cachedTail; Cqe* slot = &_cqes[t & _mask]; Volatile.Write(ref _ring->Tail, t + 1); {|PIN3007:slot->Res|} = c.Res; }",
        "void M(Cqe c, bool more) { uint t = _cachedTail; Volatile.Write(ref _ring->Tail, t + 1); if (more) {|PIN3007:_cqes[t & _mask]|} = c; }",
        "int M() { uint h = _cachedHead; Volatile.Write(ref _ring->Tail, h + 1); return {|PIN3007:_cqes[h & _mask].Res|}; }",
        "void M(Cqe c) { uint t = _cachedTail; Interlocked.Exchange(ref _ring->Tail, t + 1); {|PIN3007:_cqes[t & _mask]|} = c; }",
    ]);

    [Fact]
    public Task CopiedWhole() => Only("PIN3008", [
        "uint M() { Header h = {|PIN3008:_ring[0]|}; return h.Head; }",
        "void M() { {|PIN3008:*_ring|} = default; }",
        "void M() => Use({|PIN3008:_ring->Inline|});",
        "uint M() { ref readonly Header h = ref *_ring; Header copy = {|PIN3008:h|}; return copy.Tail; }",
        "Cqe M() => {|PIN3008:_ring->Inline|} with { Res = 3 };",
        "object M() => (object){|PIN3008:_ring->Inline|};",
        "(Cqe, int) M() => ({|PIN3008:_ring->Inline|}, 3);",
    ]);

    [Fact]
    public Task ReadOnlyAndFences() => Only("PIN3010, PIN3014", [
        "[SharedMemory(ReadOnlyMapping = true)] long* _ro1; long M() => {|PIN3010:Interlocked.Or(ref *_ro1, 0)|};",
        "[SharedMemory(ReadOnlyMapping = true)] long* _ro2; long M() { ref long at = ref *_ro2; return {|PIN3010:Interlocked.Read(ref at)|}; }",
        "[SharedMemory(ReadOnlyMapping = true)] Header* _ro3; bool M() => {|PIN3010:Interlocked.CompareExchange(ref _ro3->Flags, 0, 0)|} != 0;",
        "void M(uint n) { {|PIN3014:_ring->Flags|} = n; Thread.MemoryBarrier(); }",
        "void M(uint n) { uint* f = &_ring->Flags; {|PIN3014:*f|} = n; Interlocked.MemoryBarrierProcessWide(); }",
        "void M(uint n) { if (n > 3) { {|PIN3014:_ring->Flags|} = n; Interlocked.MemoryBarrier(); } }",
    ]);

    [Fact]
    public Task PointersThatEscape() => Only("PIN3011", [
        "void M() { Header* h = _ring; new Thread(() => Use(Volatile.Read(ref {|PIN3011:h|}->Flags))).Start(); }",
        "void M() { Header* h = _ring; ThreadPool.QueueUserWorkItem(Work); void Work(object? _) => Use(Volatile.Read(ref {|PIN3011:h|}->Flags)); }",
        "void M() { Header* h = _ring; Action work = () => Use(Volatile.Read(ref {|PIN3011:h|}->Flags)); Task.Run(work); }",
        "void M(Task t) { nint at = (nint)_ring; t.ContinueWith(_ => Use(Volatile.Read(ref *(uint*){|PIN3011:at|}))); }",
        "Timer M() { uint* f = &_ring->Flags; return new Timer(_ => Use(Volatile.Read(ref *{|PIN3011:f|})), null, 0, 10); }",
    ]);

    [Fact]
    public Task Layouts() => VerifyLayout.Analyzer(
        """
        using System;
        using System.Runtime.InteropServices;
        using PinAccounting.Annotations;

        struct Inner { public int A; public bool B; }
        struct Pair<T> { public T A; public T B; }
        enum Wide : long { A, B }

        [SharedMemory] struct Nested { public int N; public Inner {|PIN3015:I|}; }
        [SharedMemory] struct Maybe { public int? {|PIN3015:N|}; }
        [SharedMemory, StructLayout(LayoutKind.Sequential, Pack = 1)] struct Packed { public byte A; public Wide {|PIN3015:W|}; }
        [SharedMemory] struct Named { public (int A, string B) {|PIN3015:P|}; }
        [SharedMemory, StructLayout(LayoutKind.Explicit)] struct Explicit { [FieldOffset(0)] public int A; [FieldOffset(4)] public double {|PIN3015:D|}; }
        """, Off("PIN3015"));

    [Fact]
    public Task RightLayouts() => VerifyLayout.Analyzer(
        """
        using System;
        using System.Runtime.InteropServices;
        using PinAccounting.Annotations;

        struct Inner { public int A; public byte B; }
        enum Small : byte { A, B }

        [SharedMemory, StructLayout(LayoutKind.Explicit, Size = 192)] struct Padded { [FieldOffset(0)] public Inner I; [SharedIndex(RingSide.Local)] [FieldOffset(64)] public uint Tail; [SharedIndex(RingSide.Peer)] [FieldOffset(128)] public uint Head; }
        [SharedMemory, StructLayout(LayoutKind.Explicit)] struct Union { [FieldOffset(0)] public ulong All; [FieldOffset(0)] public uint Low; [FieldOffset(4)] public uint High; }
        [SharedMemory] unsafe struct Buffered { public fixed byte Name[16]; public long Stamp; public Small Kind; public Guid Id; }
        [SharedMemory, StructLayout(LayoutKind.Sequential, Pack = 4)] struct Quads { public uint A, B; public ulong C; }
        [SharedMemory] unsafe struct Address { public byte* At; public delegate* unmanaged<void> Call; public nint Handle; static bool s_any; const char Mark = 'a'; bool IsAny => s_any && Mark == 'a'; }
        """, Off("PIN3015"));
}
