using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Where a pointer into shared memory goes: what is behind it is shared there too.</summary>
public sealed class SharednessFlowTests
{
    [Fact]
    public Task Parameters_AreWhatEveryCallHandsOver() => Only("PIN3001, PIN3002, PIN3003", [
        "static uint Load1(uint* p) => {|PIN3001:*p|}; uint M() => Load1(&_ring->Flags);",
        "static void Store1(uint* p, uint n) { {|PIN3002:*p|} = n; } void M() { Store1(&_ring->Flags, 3); Store1(n: 4, p: &_ring->Mask); }",
        "static void Bump1(ref uint at) { {|PIN3003:at++|}; } void M() => Bump1(ref _ring->Overflow);",
        "uint Deep1(Header* h) => Deeper1(h); uint Deeper1(Header* h) => {|PIN3001:h->Flags|}; uint M() => Deep1(_ring);",
        "static uint First1(Span<uint> s) => {|PIN3001:s[0]|}; uint M() => First1(new Span<uint>(&_ring->Flags, 1));",
        "static uint At1(nint p, int n) => {|PIN3001:*(uint*)(p + n)|}; uint M() => At1((nint)_ring, 8);",
        "uint M() { return Local1(&_ring->Flags); static uint Local1(uint* p) => {|PIN3001:*p|}; }",
        "static uint Again1(uint* p, int n) => n == 0 ? {|PIN3001:*p|} : Again1(p, n - 1); uint M() => Again1(&_ring->Flags, 3);",
        "static T Get1<T>(T* p) where T : unmanaged => {|PIN3001:*p|}; uint M() => Get1(&_ring->Flags);",
        "static uint Named1(uint* p) => {|PIN3001:*p|}; string Name1() => nameof(Named1); uint M() => Named1(&_ring->Flags);",
        "static uint Step1(uint* p, int n) { p += n; return {|PIN3001:*p|}; } uint M() => Step1(&_ring->Flags, 3);",
        "uint M() { uint* At() { return &_ring->Flags; } return {|PIN3001:*At()|}; }",
        "uint M(int n) { byte* start = (byte*)_ring; uint* At(int offset) { return (uint*)(start + offset); } uint* p = At(n); return {|PIN3001:*p|}; }",
        "static uint Maybe1(uint* p) => p == null ? 0 : {|PIN3001:*p|}; uint M(bool b) => b ? Maybe1(null) : Maybe1(&_ring->Flags);",
    ]);

    [Fact]
    public Task ParametersOfMixedOrUnseenCalls_AreSilent() => Only("PIN3001, PIN3002, PIN3003, PIN3004, PIN3005, PIN3008", [
        "static uint Load2(uint* p) => *p; uint M() { uint own = 3; return Load2(&_ring->Flags) + Load2(&own); }",
        "static uint Load3(uint* p) => *p; uint M(uint* unknown) => Load3(unknown) + Load3(&_ring->Flags);",
        "static uint Load5(uint* p) => *p; uint M() { uint own = 3; return Load5(&own); }",
        "static long Take6(Cqe* c) => c->Res + (long)c->UserData; long M(uint head) => Take6(&_cqes[head & _mask]);",
        "static Cqe Take7(Cqe* c) => *c; void M(uint head) { Use(Take7(_cqes + (head & _mask))); Volatile.Write(ref _ring->Tail, head); }",
        "[SharedMemory] byte* _bytes; static void Copy8(byte* to, byte* from, int n) { for (int i = 0; i < n; i++) to[i] = from[i]; } void M(int at, byte* from) => Copy8(_bytes + at, from, 8);",
        "static uint Load9(uint at) => at + 1; uint M() => Load9(Volatile.Read(ref _ring->Flags));",
        "static uint Load10(ref uint at) => Volatile.Read(ref at); uint M() => Load10(ref _ring->Flags);",
        // The pointer is the caller's only until it is given another value.
        "static uint Load11(uint* p, uint* own) { p = own; return *p; } uint M(uint* own) => Load11(&_ring->Flags, own);",
        "static uint Load12(uint* p) { if (p == null) { uint own = 3; p = &own; return *p; } return 0; } uint M() => Load12(&_ring->Flags);",
        "static void Move13(ref uint* p, uint* to) { p = to; } static uint Load13(uint* p, uint* own) { Move13(ref p, own); return *p; } uint M(uint* own) => Load13(&_ring->Flags, own);",
        "static uint Load14(nint p, nint own) { (p, own) = (own, p); return *(uint*)p; } uint M(nint own) => Load14((nint)_ring, own);",
        // Whoever holds the delegate calls it with what it likes.
        "delegate uint Get15(uint* p); static uint Load15(uint* p) => *p; uint M(uint* own) { Get15 get = Load15; return get(own) + Load15(&_ring->Flags); }",
        "static uint Load16(uint* p) => *p; uint M(uint* own) { delegate*<uint*, uint> get = &Load16; return get(own) + Load16(&_ring->Flags); }",
        "delegate uint Get17(uint* p); uint M(uint* own) { uint Load17(uint* p) => *p; Load17(&_ring->Flags); Get17 get = Load17; return get(own); }",
        "delegate uint Get18(uint* p); event Get18? Asked18; void M() { Asked18 += Load18; Load18(&_ring->Flags); } uint Load18(uint* p) => *p;",
    ]);

    [Fact]
    public Task FieldsOfOtherTypes_AreWhatTheirConstructorsGet() => Only("PIN3001, PIN3002", [
        "sealed class Cursor1 { readonly uint* _at; public Cursor1(uint* at) { _at = at; } public uint Get() => {|PIN3001:*_at|}; } Cursor1? _c1; void M() { _c1 = new Cursor1(&_ring->Flags); }",
        "sealed class Cursor2 { readonly uint* _at; public Cursor2(uint* at) => _at = at; public void Set() { {|PIN3002:*_at|} = 3; } } void M() { Cursor2 c = new(&_ring->Flags); c.Set(); }",
        "readonly struct Cursor3 { readonly nint _at; public Cursor3(nint at) { _at = at + 8; } public uint Get() => {|PIN3001:*(uint*)_at|}; } uint M() => new Cursor3((nint)_ring).Get();",
        "class Cursor4 { readonly uint* _at; public Cursor4(Header* h) : this(&h->Flags) { } Cursor4(uint* at) { _at = at; } public uint Get() => {|PIN3001:*_at|}; } uint M() => new Cursor4(_ring).Get();",
        "class Base5 { readonly uint* _at; protected Base5(uint* at) { _at = at; } public uint Get() => {|PIN3001:*_at|}; } class Cursor5 : Base5 { public Cursor5(Header* h) : base(&h->Flags) { } } uint M() => new Cursor5(_ring).Get();",
        "class Cursor6 { readonly uint* _at; public Cursor6(byte* start, int offset) { _at = Add<uint>(start, offset); } static T* Add<T>(void* p, int n) where T : unmanaged => (T*)((nint)p + n); public uint Get() => {|PIN3001:*_at|}; } uint M(int off) => new Cursor6((byte*)_ring + off, 8).Get();",
        "class Cursor7<T> where T : unmanaged { readonly T* _at; public Cursor7(T* at) { _at = at; } public T Get() => {|PIN3001:*_at|}; } uint M() => new Cursor7<uint>(&_ring->Flags).Get();",
        "class Cursor8 { uint* At { get; } public Cursor8(uint* at) { At = at; } public uint Get() => {|PIN3001:*At|}; } uint M() => new Cursor8(&_ring->Flags).Get();",
        "ref struct Cursor9 { ref uint _at; public Cursor9(ref uint at) { _at = ref at; } public uint Get() => {|PIN3001:_at|}; } uint M() => new Cursor9(ref _ring->Flags).Get();",
    ]);

    [Fact]
    public Task FieldsThatMayBeOurs_AreSilent() => Only("PIN3001, PIN3002", [
        "sealed class Own1 { readonly uint* _at; public Own1(uint* at) { _at = at; } public uint Get() => *_at; } void M() { uint own = 3; Use(new Own1(&_ring->Flags).Get() + new Own1(&own).Get()); }",
        "sealed class Own2 { readonly uint* _at; public Own2(uint* at) { _at = at; } public uint Get() => *_at; } void M(uint* unknown) { Use(new Own2(unknown).Get()); }",
        "sealed class Own3 { readonly Sqe* _at; public Own3(Sqe* at) { _at = at; } public void Set() { _at->Fd = 3; } } void M(uint t) { new Own3(&_sqes[t & _mask]).Set(); }",
        "sealed class Own5 { nint _at; public Own5(nint at) { _at = at; } public void Reset(nint other) => Interlocked.Exchange(ref _at, other); public uint Get() => *(uint*)_at; } uint M(nint own) { var o = new Own5((nint)_ring); o.Reset(own); return o.Get(); }",
        "sealed class Own6 { nint _at; public Own6(nint at) { _at = at; } public void Reset(nint other) => Volatile.Write(ref _at, other); public uint Get() => *(uint*)_at; } uint M(nint own) { var o = new Own6((nint)_ring); o.Reset(own); return o.Get(); }",
        "sealed class Own7 { uint* _at; public Own7(uint* at) { _at = at; } static void Give(out uint* p) => p = (uint*)Environment.ProcessId; public void Reset() => Give(out _at); public uint Get() => *_at; } uint M() { var o = new Own7(&_ring->Flags); o.Reset(); return o.Get(); }",
        "sealed class Own8 { uint* _at; public Own8(uint* at) { _at = at; } static void Give(ref uint* p) => p = (uint*)Environment.ProcessId; public void Reset() => Give(ref _at); public uint Get() => *_at; } uint M() { var o = new Own8(&_ring->Flags); o.Reset(); return o.Get(); }",
        "sealed class Own9 { nint _at; int _n; public Own9(nint at) { _at = at; } public void Reset(nint own) { (_at, _n) = (own, 3); } public uint Get() => *(uint*)_at; } uint M(nint own) { var o = new Own9((nint)_ring); o.Reset(own); return o.Get(); }",
        "sealed class Own10 { uint* _at; public Own10(uint* at) { _at = at; } static void Give(uint** p) => *p = (uint*)Environment.ProcessId; public void Reset() { fixed (uint** p = &_at) Give(p); } public uint Get() => *_at; } uint M() { var o = new Own10(&_ring->Flags); o.Reset(); return o.Get(); }",
        "sealed class Own4 { uint* _at; public Own4(uint* at) { _at = at; } public void Reset(uint* other) { _at = other; } public uint Get() => *_at; } void M() { uint own = 3; var o = new Own4(&_ring->Flags); o.Reset(&own); Use(o.Get()); }",
    ]);

    [Fact]
    public Task Members_CarryIt() => Only("PIN3001, PIN3002", [
        "struct Cells1 { public uint* Head; public uint* Tail; } Cells1 _cells1; void Init1() { _cells1.Head = &_ring->Head; } uint M() => {|PIN3001:*_cells1.Head|};",
        "struct Cells2 { public uint* Flag; } uint M() { var cells = new Cells2 { Flag = &_ring->Flags }; return {|PIN3001:*cells.Flag|}; }",
        "sealed class Cells3 { public uint* Flag; public uint Get() => {|PIN3001:*Flag|}; } uint M() { var cells = new Cells3 { Flag = &_ring->Flags }; return cells.Get(); }",
        "uint* Flag4 { get; set; } void Init4() { Flag4 = &_ring->Flags; } uint M() => {|PIN3001:*Flag4|};",
        "sealed class Cells7 { nint _at; public nint At { get => _at; set => _at = value; } public uint Get() => {|PIN3001:*(uint*)At|}; } uint M() { var cells = new Cells7(); cells.At = (nint)_ring; return cells.Get(); }",
        "sealed class Cells8 { nint _at = -1; public void Open(nint at) => Volatile.Write(ref _at, at); public void Close() => Interlocked.Exchange(ref _at, 0); public void Skip(int n) { _at = _at + n; _at += n; } public uint Get() => {|PIN3001:*(uint*)_at|}; } uint M() { var cells = new Cells8(); cells.Open((nint)_ring); return cells.Get(); }",
        "ref uint Flag5 => ref _ring->Flags; void M() { ref uint f = ref Flag5; {|PIN3002:f|} = 3; }",
        "ref uint Flag6(int n) => ref Unsafe.Add(ref _ring->Flags, n); uint M() => {|PIN3001:Flag6(1)|};",
    ]);

    [Fact]
    public Task Tuples_CarryIt() => Only("PIN3001", [
        "(nint Head, nint Tail) Map1() => ((nint)(&_ring->Head), (nint)(&_ring->Tail)); uint M() { var (head, tail) = Map1(); return {|PIN3001:*(uint*)tail|}; }",
        "(nint, nint) Map6() => ((nint)(&_ring->Head), (nint)(&_ring->Tail)); nint _head6, _tail6; void Init6() { (_head6, _tail6) = Map6(); } uint M() => {|PIN3001:*(uint*)_tail6|};",
        "nint _head7; int _n7; void Init7() { (_head7, _n7) = ((nint)(&_ring->Head), 3); } (nint, int) Both7() => (_head7, _n7); uint M() => {|PIN3001:*(uint*)_head7|};",
        "(nint Head, nint Tail) Map2() { return ((nint)_ring, (nint)_sqes); } uint M() { var both = Map2(); return {|PIN3001:*(uint*)both.Head|} + {|PIN3001:*(uint*)both.Item2|}; }",
        "uint M() { (nint a, int n) = ((nint)_ring, 3); return {|PIN3001:*(uint*)a|} + (uint)n; }",
        "uint M() { var t = (At: (nint)_ring, Own: 3); return {|PIN3001:*(uint*)t.At|}; }",
        "static (nint, nint) Own5(nint p) => (p, p); uint M(nint p) { var (a, b) = Own5(p); return *(uint*)a + *(uint*)b; }",
    ]);

    [Fact]
    public Task OutParameters_CarryIt() => Only("PIN3001", [
        "bool TryFlag1(out uint* flag) { flag = null; if (_ring == null) return false; flag = &_ring->Flags; return true; } uint M() => TryFlag1(out uint* flag) ? {|PIN3001:*flag|} : 0;",
        "void Both2(out nint head, out nint own) { head = (nint)(&_ring->Head); own = 0; } uint M() { Both2(out var head, out var own); return {|PIN3001:*(uint*)head|} + *(uint*)own; }",
        "bool TryFlag6(out uint* flag) { flag = &_ring->Flags; return true; } uint M() { uint* flag; return TryFlag6(out flag) ? {|PIN3001:*flag|} : 0; }",
        "bool TryFlag7(out uint* flag) { flag = &_ring->Flags; return true; } bool TryAgain7(out uint* flag) => TryFlag7(out flag); uint* _flag7; void Init7() => TryAgain7(out _flag7); uint M() => {|PIN3001:*_flag7|};",
        "void Give8(ref uint* flag) { flag = &_ring->Flags; } static void Free8(ref uint* flag) { flag = null; } uint* _flag8; void Init8() { Give8(ref _flag8); Free8(ref _flag8); } uint M() => {|PIN3001:*_flag8|};",
        "static void Own9(out uint* flag) => flag = (uint*)1; uint M() { uint* flag = &_ring->Flags; Own9(out flag); return *flag; }",
        "static void Own10(uint** flag) => *flag = (uint*)1; uint M() { uint* flag = &_ring->Flags; Own10(&flag); return *flag; }",
        "static void Given3([SharedMemory] out uint* flag) => flag = null; uint M() { Given3(out var flag); return {|PIN3001:*flag|}; }",
        "static void Own4(out uint* flag) => flag = (uint*)1; uint M() { Own4(out var flag); return *flag; }",
        "void Mixed5(bool b, uint* own, out uint* flag) { flag = b ? own : &_ring->Flags; if (b) flag = own; } uint M(uint* own) { Mixed5(true, own, out var flag); return *flag; }",
        "static uint s_n; uint M() { uint n = 3; int.TryParse(\"3\", out int m); return n + (uint)m + s_n; }",
    ]);

    [Fact]
    public Task ViewsAndCasts_CarryIt() => Only("PIN3001, PIN3002", [
        "uint M() => {|PIN3001:*(uint*)Unsafe.AsPointer(ref _ring->Flags)|};",
        "int M() => {|PIN3001:Unsafe.As<uint, int>(ref _ring->Flags)|};",
        "uint M() => {|PIN3001:Unsafe.AddByteOffset(ref _ring->Flags, 4)|};",
        "uint M() => {|PIN3001:MemoryMarshal.CreateSpan(ref _ring->Flags, 4)[1]|};",
        "void M() { Span<uint> s = MemoryMarshal.CreateSpan(ref _ring->Flags, 4); {|PIN3002:s[2]|} = 3; }",
        "uint M() { Span<byte> s = new(_ring, 64); return {|PIN3001:MemoryMarshal.Cast<byte, uint>(s)[2]|}; }",
        "uint M() { Span<uint> s = new(_ring, 4); return {|PIN3001:MemoryMarshal.GetReference(s)|}; }",
        "uint M() { Span<uint> s = new(_ring, 4); fixed (uint* p = s) return {|PIN3001:*p|}; }",
        "uint M() { Span<uint> s = new(_ring, 4); return {|PIN3001:s.Slice(1)[0]|} + {|PIN3001:s[1..][0]|}; }",
        "uint M() { nint p = (nint)_ring; p += 8; return {|PIN3001:*(uint*)p|}; }",
        "uint M() { var p = new IntPtr(_ring); return {|PIN3001:*(uint*)IntPtr.Add(p, 8).ToPointer()|}; }",
        "nint Check1(nint p) => p != 0 ? p : throw new ArgumentNullException(nameof(p)); uint M() => {|PIN3001:*(uint*)Check1((nint)_ring)|};",
        "uint M(int n) { nint p = n switch { 0 => (nint)_ring, 1 => (nint)_sqes, _ => throw new ArgumentOutOfRangeException(nameof(n)) }; return {|PIN3001:*(uint*)p|}; }",
        "uint M(int n, nint own) { nint p = n switch { 0 => (nint)_ring, _ => own }; return *(uint*)p; }",
        "uint M(bool b) { ref uint f = ref b ? ref _ring->Flags : ref _ring->Mask; return {|PIN3001:f|}; }",
        "uint M() { ref readonly uint f = ref _ring->Flags; return {|PIN3001:f|}; }",
        "[SharedMemory] uint*[] _ends1 = new uint*[2]; uint M(int i) => {|PIN3001:*_ends1[i]|} + {|PIN3001:_ends1[0][3]|} + Volatile.Read(ref *_ends1[1]); bool Any1(int i) => _ends1[i] != null;",
        "[SharedMemory] Memory<uint> _cells2; uint M(int i) => {|PIN3001:_cells2.Span[i]|} + Volatile.Read(ref _cells2.Span[i]) + (uint)_cells2.Length;",
        "uint M() { ref Header h = ref Unsafe.AsRef<Header>(_ring); return {|PIN3001:h.Inline.Flags|}; }",
        "[SharedMemory] struct Marked { public uint Flag; } static ref Marked At(nint p) => ref Unsafe.AsRef<Marked>((void*)p); bool M(nint p) { ref var m = ref At(p); return {|PIN3001:m.Flag|} == 3; }",
    ]);

    /// <summary>The type of what is created is written elsewhere, or nowhere.</summary>
    [Fact]
    public Task CreationsThatDoNotSayOfWhat_CarryIt() => Only("PIN3001", [
        "sealed class Made1 { readonly uint* _at; public Made1(uint* at) { _at = at; } public uint Get() => {|PIN3001:*_at|}; } Made1? _made1; void M() { _made1 = new(&_ring->Flags); }",
        "sealed class Made2 { readonly uint* _at; public Made2(uint* at) { _at = at; } public uint Get() => {|PIN3001:*_at|}; } Made2 M() { return new(&_ring->Flags); }",
        "sealed class Made3 { readonly uint* _at; public Made3(uint* at) { _at = at; } public uint Get() => {|PIN3001:*_at|}; } Made3? M(bool b) => b ? new(&_ring->Flags) : null;",
        "sealed class Made4 { readonly uint* _at; public Made4(uint* at) { _at = at; } public uint Get() => {|PIN3001:*_at|}; } static void Use4(Made4 m) { } void M() => Use4(new(&_ring->Flags));",
        "sealed class Made5 { readonly uint* _at; public Made5(uint* at) { _at = at; } public uint Get() => *_at; } static Made5 Own5(uint* own) => new(own); Made5 M() => new Made5(&_ring->Flags);",
        "sealed class Made6 { readonly uint* _at; public Made6(uint* at) { _at = at; } public uint Get() => *_at; } Made6? _made6; void Own6(uint* own) { _made6 = new(own); } Made6 M() => new Made6(&_ring->Flags);",
        "sealed class Made7 { readonly nint _at; public Made7(nint at) { _at = at; } public uint Get() => *(uint*)_at; } static void Use7(Made7 m) { } void Own7(nint own) => Use7(new(own)); Made7 M() => new Made7((nint)_ring);",
        "sealed class Made8 { readonly nint _at; public Made8(nint at) { _at = at; } public uint Get() => *(uint*)_at; } Func<Made8> Own8(nint own) => () => new(own); Made8 M() => new Made8((nint)_ring);",
        "sealed class Made9<T> where T : unmanaged { readonly T* _at; public Made9(T* at) { _at = at; } public T Get() => *_at; } Made9<uint>? _made9; void Own9(uint* own) { _made9 ??= new(own); } Made9<uint> M() => new Made9<uint>(&_ring->Flags);",
    ]);

    /// <summary>What a base holds may be given to it by whatever is derived from it.</summary>
    [Fact]
    public Task FieldsOfABase_AreWhatDerivedTypesGetToo() => AnalyzeTypes("PIN3001", """
        struct Header { public uint Flags; }

        abstract unsafe class Region { protected uint* At; public uint Get() => {|PIN3001:*At|}; }
        sealed unsafe class Mapped : Region { [SharedMemory] Header* _ring; public void Open() { At = &_ring->Flags; } }

        abstract unsafe class Either { protected uint* At { get; set; } [SharedMemory] Header* _ring; public void Open() { At = &_ring->Flags; } public uint Get() => *At; }
        sealed unsafe class Own : Either { public Own(uint* own) { At = own; } }

        namespace Outer.Inner { unsafe class Far { readonly uint* _at; public Far(uint* at) { _at = at; } public uint Get() => *_at; } }
        unsafe class Near : Outer.Inner.Far { [SharedMemory] static Header* s_ring; public Near() : base(&s_ring->Flags) { } Outer.Inner.Far Other() => new Outer.Inner.Far(&s_ring->Flags); }
        unsafe class NearOwn : Outer.Inner.Far { public NearOwn(uint* own) : base(own) { } }
        """);

    /// <summary>Who goes by an alias is not looked for.</summary>
    [Fact]
    public Task CreationsThroughAnAlias_AreNotSeen() => AnalyzeTypes("PIN3001", """
        struct Header { public uint Flags; }

        unsafe class Cursor { readonly uint* _at; public Cursor(uint* at) { _at = at; } public uint Get() => *_at; }
        unsafe class Ring { [SharedMemory] Header* _ring; Cursor Open() => new Cursor(&_ring->Flags); }

        namespace Others { using Place = Cursor; unsafe class Own { Place Make(uint* own) => new Place(own); } }
        """);

    [Fact]
    public Task PartsOfAMethod_AreOne() => AnalyzeTypes("PIN3001", """
        struct Header { public uint Flags; }

        unsafe partial class Ring { [SharedMemory] Header* _ring; uint* _flags; void Open() => Keep(&_ring->Flags); partial void Keep(uint* at); }
        unsafe partial class Ring { partial void Keep(uint* at) { _flags = at; } uint Get() => {|PIN3001:*_flags|}; }
        """);

    [Fact]
    public Task WhatAnExtensionReturns_CarriesIt() => AnalyzeTypes("PIN3001", """
        static class HeaderCells { public static ref uint TailCell(this ref Header h) => ref h.Tail; }

        struct Header { public uint Head; public uint Tail; }

        unsafe class Ring
        {
            [SharedMemory] Header* _ring;
            uint Plain() => {|PIN3001:_ring->TailCell()|};
            uint Acquired() => Volatile.Read(ref _ring->TailCell());
        }
        """);

    [Fact]
    public Task SnapshotsOfAHeader_AreOurOwn() => AnalyzeTypes("PIN3001, PIN3002, PIN3003, PIN3012", """
        struct Header { [SharedIndex(RingSide.Peer)] public uint Head; [SharedIndex(RingSide.Local)] public uint Tail; }

        sealed class Seen { public Header Last; }

        unsafe class Ring
        {
            [SharedMemory] readonly Header* _ring;
            Header _seen;
            Header _live;

            public Ring(Header* ring) { _ring = ring; }

            void Refresh(Seen other)
            {
                _seen.Head = Volatile.Read(ref _ring->Head);
                other.Last.Head = _seen.Head;
                _seen.Tail++;
                Volatile.Write(ref _ring->Tail, _seen.Tail);
            }

            bool IsFull(uint entries) => unchecked(_seen.Tail - _seen.Head) >= entries;

            // Who hands out references to its cells shares them.
            void Publish(uint tail) => Volatile.Write(ref _live.Tail, tail);
            void Reset() { {|PIN3002:_live.Tail|} = 0; }
        }
        """);

    /// <summary>C# 12 has such parameters.</summary>
    [Fact]
    public Task ReadOnlyReferences_AreWhatEveryCallHandsOver() => System.Enum.TryParse("CSharp12", out LanguageVersion version)
        ? Verify.Analyzer(InRing("static uint Load1(ref readonly uint at) => {|PIN3001:at|}; uint M() => Load1(in _ring->Flags);"), Off("PIN3001").Language(version))
        : Task.CompletedTask;

    [Fact]
    public Task ElementsOfInlineArrays_AreCells()
    {
        // C# 12 indexes them.
        if (typeof(CSharpCompilation).Assembly.GetName().Version < new System.Version(4, 8)) return Task.CompletedTask;
        return AnalyzeTypes("PIN3001, PIN3002, PIN3003, PIN3008", """
            [InlineArray(8)] struct Words { uint _first; }

            struct Header { public uint Head; public Words Words; }

            unsafe class Ring
            {
                [SharedMemory] Header* _ring;
                uint Plain() => {|PIN3001:_ring->Words[2]|};
                uint Acquired(int i) => Volatile.Read(ref _ring->Words[i & 7]);
                void Set() { {|PIN3002:_ring->Words[1]|} = 3; {|PIN3003:_ring->Words[2]++|}; }
                Words All() => {|PIN3008:_ring->Words|};
            }
            """);
    }

    private static Task AnalyzeTypes(string ids, string types) => Verify.Analyzer(Start.Split("enum Op")[0] + types, Off(ids).NewestLanguage());
}
