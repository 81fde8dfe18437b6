using System.Threading.Tasks;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Pointers that go through virtual, abstract and interface members, and through bases.</summary>
public sealed class OverriddenFlowTests
{
    [Fact]
    public Task AllBodiesAreShared_IsReported() => Only("PIN3001, PIN3002", [
        "abstract class Base1 { protected readonly Header* _h; protected Base1(Header* h) { _h = h; } protected abstract uint* At { get; } public uint Get() => {|PIN3001:*At|}; } sealed class One1 : Base1 { public One1(Header* h) : base(h) { } protected override uint* At => &_h->Flags; } sealed class Two1 : Base1 { public Two1(Header* h) : base(h) { } protected override uint* At => &_h->Mask; } uint M() => new One1(_ring).Get() + new Two1(_ring).Get();",
        "interface IAt2 { uint* At(); } sealed class One2 : IAt2 { readonly Header* _h; public One2(Header* h) { _h = h; } public uint* At() => &_h->Flags; } static uint Get2(IAt2 at) => {|PIN3001:*at.At()|}; uint M() => Get2(new One2(_ring));",
        "interface IAt3 { uint* At { get; } } sealed class One3 : IAt3 { public One3(uint* at) { At = at; } public uint* At { get; } } static uint Get3(IAt3 at) => {|PIN3001:*at.At|}; uint M() => Get3(new One3(&_ring->Flags));",
        "protected virtual uint Load10(uint* p) => {|PIN3001:*p|}; uint M() => Load10(&_ring->Flags);",
        "class Base4 { public virtual uint Get(uint* p) => {|PIN3001:*p|}; } class One4 : Base4 { public override uint Get(uint* p) => {|PIN3001:*p|} + base.Get(p); } uint M(Base4 b) => b.Get(&_ring->Flags);",
        "interface ILoad5 { uint Load(uint* p); } sealed class One5 : ILoad5 { public uint Load(uint* p) => {|PIN3001:*p|}; } uint M(ILoad5 l) => l.Load(&_ring->Flags);",
        "interface ILoad6 { void Store(uint* p); } sealed class One6 : ILoad6 { void ILoad6.Store(uint* p) { {|PIN3002:*p|} = 3; } } void M(ILoad6 l) => l.Store(&_ring->Flags);",
        "class Base7 { protected uint* _at; } sealed class One7 : Base7 { public One7(Header* h) { _at = &h->Flags; } public uint Get() => {|PIN3001:*_at|}; } uint M() => new One7(_ring).Get();",
        "class Base8<T> where T : unmanaged { protected readonly T* _at; protected Base8(T* at) { _at = at; } } sealed class One8 : Base8<uint> { public One8(uint* at) : base(at) { } public void Set() { {|PIN3002:*_at|} = 3; } } void M() => new One8(&_ring->Flags).Set();",
        "abstract class Base9 { protected abstract ref uint At(); public uint Get() => {|PIN3001:At()|}; } sealed class One9 : Base9 { readonly Header* _h; public One9(Header* h) { _h = h; } protected override ref uint At() => ref _h->Flags; } uint M() => new One9(_ring).Get();",
    ]);

    [Fact]
    public Task SomeBodyMayBeOurs_IsSilent() => Only("PIN3001, PIN3002", [
        "static uint* Own() => (uint*)Marshal.GetComInterfaceForObject(3, typeof(Ring));",
        "abstract class Base1 { protected abstract uint* At { get; } public uint Get() => *At; } sealed class One1 : Base1 { readonly Header* _h; public One1(Header* h) { _h = h; } protected override uint* At => &_h->Flags; } sealed class Two1 : Base1 { readonly uint* _own = Own(); protected override uint* At => _own; } uint M() => new One1(_ring).Get() + new Two1().Get();",
        "interface IAt2 { uint* At(); } sealed class One2 : IAt2 { readonly Header* _h; public One2(Header* h) { _h = h; } public uint* At() => &_h->Flags; } sealed class Two2 : IAt2 { readonly uint* _own = Own(); uint* IAt2.At() => _own; } static uint Get2(IAt2 at) => *at.At(); uint M() => Get2(new One2(_ring)) + Get2(new Two2());",
        "class Base3 { public virtual uint Get(uint* p) => *p; } class One3 : Base3 { public override uint Get(uint* p) => *p + 1; } uint M(Base3 b, One3 o) { uint own = 3; return b.Get(&_ring->Flags) + o.Get(&own); }",
        "class Base4 { public virtual uint* At(Header* h) => &h->Flags; } class One4 : Base4 { readonly uint* _own = Own(); public override uint* At(Header* h) => _own; } uint M(Base4 b) => *b.At(_ring);",
        "interface ILoad5 { uint Load(uint* p); } sealed class One5 : ILoad5 { public uint Load(uint* p) => *p; } uint M(ILoad5 l, One5 o) { uint own = 3; return l.Load(&_ring->Flags) + o.Load(&own); }",
        "class Base6 { protected uint* _at; public void Own(uint* p) { _at = p; } } sealed class One6 : Base6 { public One6(Header* h) { _at = &h->Flags; } public uint Get() => *_at; } uint M(uint* unknown) { var one = new One6(_ring); one.Own(unknown); return one.Get(); }",
        "delegate uint Load7(uint* p); uint M(Load7 load) { uint own = 3; return load(&_ring->Flags) + load(&own); }",
        "interface IAt8 { uint* At(); } static uint Get8(IAt8 at) => *at.At(); uint M(IAt8 at) => Get8(at);",
    ]);

    /// <summary>Whoever references this assembly may add a body, or a call.</summary>
    [Fact]
    public Task OpenToOthers_IsSilent() => Verification.CSharpVerifier<PinFlowAnalyzer>.Analyzer(
        """
        using System;
        using PinAccounting.Annotations;

        public unsafe struct Header { public uint Head, Flags; }

        public unsafe class Ring
        {
            [SharedMemory] Header* _ring;
            protected virtual uint* At => &_ring->Flags;
            public uint Get() => *At;
            public virtual uint Load(uint* p) => *p;
            public uint Flags() => Load(&_ring->Flags);
        }

        public unsafe interface ILoad { uint Load(uint* p); }
        public unsafe class Loads : ILoad { public uint Load(uint* p) => *p; [SharedMemory] Header* _ring; public uint Flags() => Load(&_ring->Flags); }
        """,
        Off("PIN3001", Verification.TestSetup.Annotated));

    /// <summary>The same member of two objects is two places.</summary>
    [Fact]
    public Task OtherObjects_AreOtherCells() => Only("PIN3004", [
        "sealed class Side1 { public Side1(Header* h) { At = h; } public Header* At { get; } } int M(Side1 a, Side1 b) { if (Volatile.Read(ref a.At->Flags) < 8) return _data[Volatile.Read(ref b.At->Flags) & 7]; return 0; } Side1 New1() => new Side1(_ring);",
        "sealed class Side2 { readonly Header* _h; public Side2(Header* h) { _h = h; } public ref Header Info => ref *_h; } int M(Side2 a, Side2 b) { if (Volatile.Read(ref a.Info.Flags) < 8) return _data[Volatile.Read(ref b.Info.Flags) & 7]; return 0; } Side2 New2() => new Side2(_ring);",
        "Sqe* At3(uint i) => _sqes + (i & _mask); int M(uint i, uint j) { if (Volatile.Read(ref At3(i)->Len) < 8) return _data[Volatile.Read(ref At3(j)->Len) & 7]; return 0; }",
        "sealed class Side4 { readonly Header* _h; public Side4(Header* h) { _h = h; } public Header* Get() => _h; } int M(Side4 a, Side4 b) { if (Volatile.Read(ref a.Get()->Flags) < 8) return _data[Volatile.Read(ref b.Get()->Flags) & 7]; return 0; } Side4 New4() => new Side4(_ring);",
        "sealed class Side5 { public Side5(Header* h) { At = h; } public Header* At { get; } } int M(Side5 a) { if (Volatile.Read(ref a.At->Flags) < 8) return _data[{|PIN3004:Volatile.Read(ref a.At->Flags)|} & 7]; return 0; } Side5 New5() => new Side5(_ring);",
    ]);
}
