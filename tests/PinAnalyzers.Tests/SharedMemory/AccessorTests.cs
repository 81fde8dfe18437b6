using System.Threading.Tasks;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Methods and properties that do nothing but access one cell, and calls of the framework that do: whoever uses them makes the access.</summary>
public sealed class AccessorTests
{
    [Fact]
    public Task FetchedTwiceByAnAccessor_IsReported() => Only("PIN3004", [
        "uint Flags1 => Volatile.Read(ref _ring->Flags); void M(Span<byte> d) { if (Flags1 > d.Length) return; d[..(int){|PIN3004:Flags1|}].Clear(); }",
        "uint Flags2 { get { return Volatile.Read(ref _ring->Flags); } } void M(Span<byte> d) { if (Flags2 > d.Length) return; d[..(int){|PIN3004:Flags2|}].Clear(); }",
        "uint Flags3() => Volatile.Read(ref _ring->Flags); void M(Span<byte> d) { if (Flags3() > d.Length) return; d[..(int){|PIN3004:Volatile.Read(ref _ring->Flags)|}].Clear(); }",
        "static uint Load4(uint* at) => Volatile.Read(ref *at); void M(Span<byte> d) { if (Load4(&_ring->Flags) > d.Length) return; d[..(int){|PIN3004:Load4(&_ring->Flags)|}].Clear(); }",
        "static uint Load5(ref uint at) => Volatile.Read(ref at); void M(Span<byte> d) { if (Load5(ref _ring->Flags) > d.Length) return; d[..(int){|PIN3004:Load5(ref _ring->Flags)|}].Clear(); }",
        "static uint LengthOf6(Sqe* s) => Volatile.Read(ref s->Len); void M([SharedMemory] Sqe* s, Span<byte> d) { if (LengthOf6(s) > d.Length) return; d[..(int){|PIN3004:Volatile.Read(ref s->Len)|}].Clear(); }",
        "static bool Fits7(Sqe* s) => Volatile.Read(ref s->Len) <= 64; byte[] M([SharedMemory] Sqe* s) => Fits7(s) ? new byte[{|PIN3004:Volatile.Read(ref s->Len)|}] : Array.Empty<byte>();",
        "bool IsTooLong8 => !(Volatile.Read(ref _ring->Flags) < 8); void M() { if (IsTooLong8) return; Use(_data[{|PIN3004:Volatile.Read(ref _ring->Flags)|}]); }",
    ]);

    [Fact]
    public Task FetchedOnceByAnAccessor_IsSilent() => Only("PIN3004, PIN3005", [
        "uint Flags1 => Volatile.Read(ref _ring->Flags); void M(Span<byte> d) { uint n = Flags1; if (n > d.Length) return; d[..(int)n].Clear(); }",
        "uint Flags2 => Volatile.Read(ref _ring->Flags); uint M() { while (Flags2 == 0) Thread.SpinWait(1); return Flags2; }",
        "static uint Load3(uint* at) => Volatile.Read(ref *at); void M() { if (Load3(&_ring->Flags) > 8) return; Use(Load3(&_ring->Overflow)); }",
        "static uint Load4(uint* at) => Volatile.Read(ref *at); void M() { uint own = 3; if (Load4(&own) > 8) return; Use(Load4(&own)); }",
        "uint _seen5; uint Seen5 => _seen5; int M() => Seen5 < 8 ? _data[Seen5] : 0;",
        "uint At6(int i) => Volatile.Read(ref _sqes[i].Len); void M(int i, int j) { if (At6(i) > 8) return; Use(At6(j)); }",
        "uint Next7() { Wake(); return Volatile.Read(ref _ring->Flags); } void M() { if (Next7() > 8) return; Use(Next7()); }",
        "bool IsEmpty8 => Volatile.Read(ref _ring->Head) == _cachedTail; void M() { if (IsEmpty8) return; Use(Volatile.Read(ref _ring->Head)); }",
    ]);

    [Fact]
    public Task UncheckedFromAnAccessor_IsReported() => Only("PIN3005", [
        "uint Head1() => Volatile.Read(ref _ring->Head); int M() => _data[{|PIN3005:Head1()|}];",
        "uint Head2 => Volatile.Read(ref _ring->Head); int M() { uint h = Head2; return _data[{|PIN3005:h|}]; }",
        "static uint Load3(uint* at) => Volatile.Read(ref *at); byte[] M() => new byte[{|PIN3005:Load3(&_ring->Flags)|}];",
        "uint Head4() => Volatile.Read(ref _ring->Head); int M() => _data[Head4() & 7];",
        "static uint Load5(uint* at) => Volatile.Read(ref *at); int M() { uint h = Load5(&_ring->Head); return h < 8 ? _data[h] : 0; }",
    ]);

    [Fact]
    public Task OrderOfAccessors_IsJudged() => Only("PIN3006", [
        "static void Store1(uint* at, uint n) => Volatile.Write(ref *at, n); void M(uint t) { Store1(&_ring->Tail, t); if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} != 0) Wake(); }",
        "static uint Load2(uint* at) => Volatile.Read(ref *at); void M(uint t) { Volatile.Write(ref _ring->Tail, t); if (({|PIN3006:Load2(&_ring->Flags)|} & 1) != 0) Wake(); }",
        "void Publish3(uint t) => Volatile.Write(ref _ring->Tail, t); void M(uint t) { Publish3(t); if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} != 0) Wake(); }",
        "uint Tail4 { set => Volatile.Write(ref _ring->Tail, value); } void M(uint t) { Tail4 = t; if ({|PIN3006:Volatile.Read(ref _ring->Flags)|} != 0) Wake(); }",
        "bool IsAsleep5 => {|PIN3006:Volatile.Read(ref _ring->Flags)|} != 0; void M(uint t) { Volatile.Write(ref _ring->Tail, t); if (IsAsleep5) Wake(); }",
        "static void Store6(uint* at, uint n) => Volatile.Write(ref *at, n); void M(uint t) { Store6(&_ring->Tail, t); Interlocked.MemoryBarrier(); if (Volatile.Read(ref _ring->Flags) != 0) Wake(); }",
        "bool IsAsleep7 => Volatile.Read(ref _ring->Flags) != 0; void M(uint t) { Volatile.Write(ref _ring->Tail, t); Interlocked.MemoryBarrier(); if (IsAsleep7) Wake(); }",
        "void Store8(uint n) { Volatile.Write(ref _ring->Tail, n); Interlocked.MemoryBarrier(); } void M(uint t) { Store8(t); if (Volatile.Read(ref _ring->Flags) != 0) Wake(); }",
    ]);

    [Fact]
    public Task UpdateByAccessors_IsReported() => Only("PIN3003", [
        "static void Store1(uint* at, uint n) => Volatile.Write(ref *at, n); static uint Load1(uint* at) => Volatile.Read(ref *at); void M() { {|PIN3003:Store1(&_ring->Overflow, Load1(&_ring->Overflow) + 1)|}; }",
        "static uint Load2(uint* at) => Volatile.Read(ref *at); void M() { {|PIN3003:Volatile.Write(ref _ring->Overflow, Load2(&_ring->Overflow) + 1)|}; }",
        "static void Store3(uint* at, uint n) => Volatile.Write(ref *at, n); void M() { Store3(&_ring->Overflow, Volatile.Read(ref _ring->Flags) + 1); }",
    ]);

    [Fact]
    public Task PlainCallsOfTheFramework_AreReported() => Only("PIN3001, PIN3002", [
        "int M([SharedMemory] IntPtr at) => {|PIN3001:Marshal.ReadInt32(at, 8)|} + {|PIN3001:Marshal.ReadByte(at + 4)|};",
        "void M([SharedMemory] IntPtr at, int n) { {|PIN3002:Marshal.WriteInt32(at, 8, n)|}; {|PIN3002:Marshal.WriteInt64(at, n)|}; }",
        "uint M([SharedMemory] byte* at) => {|PIN3001:Unsafe.Read<uint>(at)|} + {|PIN3001:Unsafe.ReadUnaligned<uint>(at + 4)|} + {|PIN3001:Unsafe.ReadUnaligned<uint>(ref *at)|};",
        "void M([SharedMemory] byte* at, uint n) { {|PIN3002:Unsafe.Write(at, n)|}; {|PIN3002:Unsafe.WriteUnaligned(at + 4, n)|}; }",
        "uint M([SharedMemory] MemoryMappedViewAccessor view) { {|PIN3002:view.Write(8, 3u)|}; return {|PIN3001:view.ReadUInt32(4)|}; }",
        "uint M([SharedMemory] Span<byte> at) => {|PIN3001:MemoryMarshal.Read<uint>(at)|};",
        "int M(IntPtr own) => Marshal.ReadInt32(own, 8);",
        "int M([SharedMemory] IntPtr at) => Own.Marshal.ReadInt32(at, 8); static class Own { public static class Marshal { public static int ReadInt32(IntPtr from, int offset) => Fenced(from + offset); static int Fenced(IntPtr cell) => 3; } }",
        "uint M(byte* own) { Unsafe.Write(own, 3u); return Unsafe.Read<uint>(own); }",
        "uint M(MemoryMappedViewAccessor own) => own.ReadUInt32(4);",
        "int M([SharedMemory(Stable = true)] IntPtr at) => Marshal.ReadInt32(at, 8);",
        "string? M([SharedMemory] IntPtr at, byte[] to) { Marshal.Copy(at, to, 0, 8); return Marshal.PtrToStringAnsi(at); }",
    ]);

    [Fact]
    public Task PlainCallsOfTheFramework_AreFetches() => Only("PIN3004, PIN3005", [
        "byte[] M([SharedMemory] IntPtr at) => new byte[{|PIN3005:Marshal.ReadInt32(at, 8)|}];",
        "byte[] M([SharedMemory] IntPtr at) => Marshal.ReadInt32(at, 8) > 64 ? Array.Empty<byte>() : new byte[{|PIN3004:Marshal.ReadInt32(at, 8)|}];",
        "byte[] M([SharedMemory] IntPtr at) { int n = Marshal.ReadInt32(at, 8); return n is < 0 or > 64 ? Array.Empty<byte>() : new byte[n]; }",
    ]);
}
