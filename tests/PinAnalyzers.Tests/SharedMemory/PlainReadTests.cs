using System.Linq;
using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.SharedMemory;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.AccessAsVolatileFixer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3001 and its fix.</summary>
public sealed class PlainReadTests
{
    [Fact]
    public Task PlainRead_BecomesVolatile() => AllFixed(
        ("bool M() => _cachedTail != {|PIN3001:_ring->Overflow|};", "bool M() => _cachedTail != Volatile.Read(ref _ring->Overflow);"),
        ("uint M() { return {|PIN3001:(*_ring).Flags|}; }", "uint M() { return Volatile.Read(ref (*_ring).Flags); }"),
        ("void M() { uint* p = &_ring->Flags; Use({|PIN3001:*p|}); }", "void M() { uint* p = &_ring->Flags; Use(Volatile.Read(ref *p)); }"),
        ("void M() { ref uint f = ref _ring->Flags; Use({|PIN3001:f|}); }", "void M() { ref uint f = ref _ring->Flags; Use(Volatile.Read(ref f)); }"),
        ("void M() { ref uint f = ref _ring->Flags; Volatile.Write(ref f, 3); Use({|PIN3001:f|}); }", "void M() { ref uint f = ref _ring->Flags; Volatile.Write(ref f, 3); Use(Volatile.Read(ref f)); }"),
        ("void M() { ref Header h = ref *_ring; Use({|PIN3001:h.Flags|}); }", "void M() { ref Header h = ref *_ring; Use(Volatile.Read(ref h.Flags)); }"),
        ("void M() { var r = _ring; if ({|PIN3001:r->Flags|} == 3) Wake(); }", "void M() { var r = _ring; if (Volatile.Read(ref r->Flags) == 3) Wake(); }"),
        ("int M(int i) => {|PIN3001:_sqes[i].Fd|} /* which */ + 1;", "int M(int i) => Volatile.Read(ref _sqes[i].Fd) /* which */ + 1;"),
        ("void M() { Sqe* s = _sqes + 3; Use({|PIN3001:s->Fd|}); }", "void M() { Sqe* s = _sqes + 3; Use(Volatile.Read(ref s->Fd)); }"),
        ("void M() { for (Sqe* s = _sqes; s != null; s++) Use({|PIN3001:s->Fd|}); }", "void M() { for (Sqe* s = _sqes; s != null; s++) Use(Volatile.Read(ref s->Fd)); }"),
        ("uint M(int i) => {|PIN3001:_ring->Counts[i]|};", "uint M(int i) => Volatile.Read(ref _ring->Counts[i]);"),
        ("Op M() => {|PIN3001:_ring->Kind|};", "Op M() => (Op)Volatile.Read(ref Unsafe.As<Op, byte>(ref _ring->Kind));"),
        ("string M() => {|PIN3001:_ring->Mode|}.ToString();", "string M() => ((Mode)Volatile.Read(ref Unsafe.As<Mode, int>(ref _ring->Mode))).ToString();"),
        ("char M() => {|PIN3001:_ring->Letter|};", "char M() => (char)Volatile.Read(ref Unsafe.As<char, ushort>(ref _ring->Letter));"),
        ("byte M() => {|PIN3001:_ring->Small|};", "byte M() => Volatile.Read(ref _ring->Small);"),
        ("long M() => {|PIN3001:_ring->Inline.Res|};", "long M() => Volatile.Read(ref _ring->Inline.Res);"),
        ("void M([SharedMemory] int* p) { Use({|PIN3001:p[2]|}); }", "void M([SharedMemory] int* p) { Use(Volatile.Read(ref p[2])); }"),
        ("void M([SharedMemory] ref int p) { Use({|PIN3001:p|}); }", "void M([SharedMemory] ref int p) { Use(Volatile.Read(ref p)); }"),
        ("void M([SharedMemory] Span<int> p) { Use({|PIN3001:p[2]|}); }", "void M([SharedMemory] Span<int> p) { Use(Volatile.Read(ref p[2])); }"),
        ("void M() { var s = new Span<int>(_sqes, 4); Use({|PIN3001:s[1]|}); }", "void M() { var s = new Span<int>(_sqes, 4); Use(Volatile.Read(ref s[1])); }"),
        ("[SharedMemory] nint _base; void M() { Use({|PIN3001:*(int*)(_base + 8)|}); }", "[SharedMemory] nint _base; void M() { Use(Volatile.Read(ref *(int*)(_base + 8))); }"),
        ("[SharedMemory] static int s_cell; bool M() => {|PIN3001:s_cell|} == 3;", "[SharedMemory] static int s_cell; bool M() => Volatile.Read(ref s_cell) == 3;"),
        ("[return: SharedMemory] static int* Map() => null; int M() { int* p = Map(); return {|PIN3001:*p|}; }", "[return: SharedMemory] static int* Map() => null; int M() { int* p = Map(); return Volatile.Read(ref *p); }"),
        ("ref uint Word => ref _ring->Flags; uint M() => {|PIN3001:Word|};", "ref uint Word => ref _ring->Flags; uint M() => Volatile.Read(ref Word);"),
        ("uint* Words() => &_ring->Flags; uint M() => {|PIN3001:Words()[1]|};", "uint* Words() => &_ring->Flags; uint M() => Volatile.Read(ref Words()[1]);"),
        ("static T* At<T>(void* p, int n) where T : unmanaged => (T*)((byte*)p + n); int M() => {|PIN3001:*At<int>(_ring, 4)|};", "static T* At<T>(void* p, int n) where T : unmanaged => (T*)((byte*)p + n); int M() => Volatile.Read(ref *At<int>(_ring, 4));"),
        ("uint M() => {|PIN3001:Unsafe.AsRef<uint>(_ring)|};", "uint M() => Volatile.Read(ref Unsafe.AsRef<uint>(_ring));"),
        ("uint M() => {|PIN3001:Unsafe.Add(ref _ring->Flags, 1)|};", "uint M() => Volatile.Read(ref Unsafe.Add(ref _ring->Flags, 1));"),
        ("uint* _word; Ring(Header* r) { _word = (uint*)r; _ring = r; } uint M() => {|PIN3001:*_word|};", "uint* _word; Ring(Header* r) { _word = (uint*)r; _ring = r; } uint M() => Volatile.Read(ref *_word);"),
        ("uint* _flags; void Init() { _flags = &_ring->Flags; } uint M() => {|PIN3001:*_flags|};", "uint* _flags; void Init() { _flags = &_ring->Flags; } uint M() => Volatile.Read(ref *_flags);"),
        ("void M() { Func<uint> f = () => {|PIN3001:_ring->Flags|}; }", "void M() { Func<uint> f = () => Volatile.Read(ref _ring->Flags); }"),
        ("uint this[int i] { get => {|PIN3001:_ring->Flags|}; }", "uint this[int i] { get => Volatile.Read(ref _ring->Flags); }"));

    [Fact]
    public Task RightRead_IsSilent() => AllReported(
        "uint M() => Volatile.Read(ref _ring->Flags);",
        "uint M() => Interlocked.CompareExchange(ref _ring->Flags, 1, 0);",
        "uint M() => _ring->Entries;",
        "uint M() => _ring->Live;",
        "Ring() { _mask = _ring->Mask; _entries = _ring->Flags; }",
        "uint M() => _cachedTail;",
        "uint M() { Sqe copy = default; copy.Len = 3; return copy.Len; }",
        "uint* M() => &_ring->Flags;",
        "ref uint M() => ref _ring->Flags;",
        "void M() { uint* p = _ring->Counts; p++; }",
        "uint* M() => _ring->Counts;",
        "static uint VRead(ref uint at) => Volatile.Read(ref at); uint M() => VRead(ref _ring->Flags);",
        "string M() => nameof(_ring);",
        "bool M() => _ring == null;",
        "void M(int* p) { Use(*p); }",
        "void M() { int x = 0; int* p = &x; Use(*p); }",
        "void M(bool b) { int x = 0; int* p = b ? &x : (int*)_ring; Use(*p); }",
        "void M() { int* p = stackalloc int[4]; Use(p[1]); }",
        "[SharedMemory(PeerTrusted = true)] Header* _own; uint M() => _own->Tail;",
        "int M() => sizeof(Header);",
        "uint M() { uint* p = &_ring->Flags; return Volatile.Read(ref *p); }",
        "void M(out uint f) { f = Volatile.Read(ref _ring->Flags); }",
        "int M(uint at) { Sqe* s = &_sqes[at & _mask]; if (Volatile.Read(ref s->Off) != at) return 0; int fd = s->Fd; Volatile.Write(ref s->Off, (int)at + 8); return fd; }",
        "int M(uint at) { Sqe* s = &_sqes[at & _mask]; while (Interlocked.CompareExchange(ref s->Off, 2, 1) != 1) Thread.Yield(); int fd = s->Fd; Volatile.Write(ref _ring->Tail, at); return fd; }",
        "void M() { uint head = _cachedHead; while (Volatile.Read(ref _ring->Head) == head) Thread.SpinWait(1); Use(_cqes[head & _mask].Res); Volatile.Write(ref _ring->Tail, head + 1); }");

    [Fact]
    public Task WithoutVolatileForm_IsNotFixed() => NoneFixed(
        "byte* M() => {|PIN3001:_ring->Next|};",
        "void M([SharedMemory] in int p) { Use({|PIN3001:p|}); }");

    [Fact]
    public Task NamesInTheWay_AreQualified() => Verify.CodeFix(
        "class Volatile { } unsafe class C { [PinAccounting.Annotations.SharedMemory] uint* _p; uint M() => {|PIN3001:*_p|} + {|PIN3001:*_p|}; }",
        "class Volatile { } unsafe class C { [PinAccounting.Annotations.SharedMemory] uint* _p; uint M() => System.Threading.Volatile.Read(ref *_p) + System.Threading.Volatile.Read(ref *_p); }",
        TestSetup.Annotated);

    private static Task AllFixed(params (string Before, string After)[] members) =>
        Verify.CodeFix(InRing(Numbered(members.Select(static m => m.Before))), InRing(Numbered(members.Select(static m => m.After))), TestSetup.Annotated, AccessAsVolatileFixer.Key_Volatile);

    private static Task AllReported(params string[] members) => Verify.Analyzer(InRing(Numbered(members)), TestSetup.Annotated);

    private static Task NoneFixed(params string[] members) => Verify.NoFix(InRing(Numbered(members)), TestSetup.Annotated);
}
