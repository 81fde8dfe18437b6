using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.SharedMemory;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.FetchOnceFixer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3004 and its fix; PIN3005.</summary>
public sealed class FetchTests
{
    [Fact]
    public Task FetchedTwice_IsReported() => Only("PIN3004", [
        "bool M(Sqe* s, Span<byte> dst) { s = _sqes; return true; }",
        "bool M([SharedMemory] Sqe* s, Span<byte> dst) { if (s->Len > dst.Length) return false; dst[..(int){|PIN3004:s->Len|}].Clear(); return true; }",
        "bool M([SharedMemory] Sqe* s, Span<byte> dst) { if (Volatile.Read(ref s->Len) > dst.Length) return false; dst[..(int){|PIN3004:Volatile.Read(ref s->Len)|}].Clear(); return true; }",
        "static bool TryDo() => true; int M([SharedMemory] Sqe* s, int n) { if (Volatile.Read(ref s->Opcode) == 1) Use(Volatile.Read(ref s->Fd)); if (!TryDo()) return M(s, n); return {|PIN3004:Volatile.Read(ref s->Opcode)|}; }",
        "void M() { if (_ring->Flags < 8) Use(_data[{|PIN3004:_ring->Flags|}]); }",
        "uint M() { if (Volatile.Read(ref _ring->Flags) == 0) Wake(); return {|PIN3004:Volatile.Read(ref _ring->Flags)|}; }",
        "void M() { while (true) { if (Volatile.Read(ref _ring->Flags) > 64) break; Array.Clear(_data, 0, (int){|PIN3004:Volatile.Read(ref _ring->Flags)|}); Thread.Yield(); } }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); if (n >= 8) return; Use(_data[{|PIN3004:Volatile.Read(ref _ring->Flags)|}]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); if ({|PIN3004:Volatile.Read(ref _ring->Flags)|} >= 8) return; Use(_data[n]); }",
        "uint M() => Volatile.Read(ref _ring->Flags) < 8 ? {|PIN3004:Volatile.Read(ref _ring->Flags)|} : 0;",
        "void M() { uint* p = &_ring->Flags; if (*p > 8) return; Use({|PIN3004:*p|}); }",
        "void M() { uint* p = &_ring->Flags; if (_ring->Flags > 8) return; Use({|PIN3004:*p|}); }",
        "void M(int i) { if (_sqes[i].Len > 8) return; Use({|PIN3004:_sqes[i].Len|}); }",
        "void M() { switch (Volatile.Read(ref _ring->Small)) { case 1: Use({|PIN3004:Volatile.Read(ref _ring->Small)|}); break; } }",
        "void M() { for (int i = 0; i < 8; i++) { Sqe* s = _sqes + i; if (Volatile.Read(ref s->Len) > 8) continue; Use({|PIN3004:Volatile.Read(ref s->Len)|}); } }",
        "void M() { try { if (Volatile.Read(ref _ring->Flags) > 8) return; Use(1); } finally { Wake(); } Use({|PIN3004:Volatile.Read(ref _ring->Flags)|}); }",
    ]);

    [Fact]
    public Task FetchedOnce_IsSilent() => Only("PIN3004", [
        "bool M() => Volatile.Read(ref _ring->Flags) > 0 && Volatile.Read(ref _ring->Flags) < 8;",
        "uint M() { if (Volatile.Read(ref _ring->Flags) == 0) Thread.Yield(); return Volatile.Read(ref _ring->Flags); }",
        "uint M(ManualResetEventSlim e) { if (Volatile.Read(ref _ring->Flags) == 0) { Thread.SpinWait(20); e.Wait(5); } return Volatile.Read(ref _ring->Flags); }",
        "int M(int need, long* tail) { long head = Volatile.Read(ref _ring->Sum); do { int room = 8 - (int)(*tail - head); if (need > room) { head = Volatile.Read(ref _ring->Sum); if (need > 8 - (int)(*tail - head)) return -2; } } while (Interlocked.CompareExchange(ref *tail, *tail + need, *tail) != 0); return 0; }",
        "bool M([SharedMemory] Sqe* s, Span<byte> dst) { uint len = Volatile.Read(ref s->Len); if (len > (uint)dst.Length) return false; dst[..(int)len].Clear(); return true; }",
        "void M() { while (Volatile.Read(ref _ring->Flags) == 0) { } Use(Volatile.Read(ref _ring->Flags)); }",
        "uint M([SharedMemory] uint* p) { if (Volatile.Read(ref *p) > 8) return 0; p++; return Volatile.Read(ref *p); }",
        "void M() { while (true) { if (Volatile.Read(ref _ring->Flags) != 0) break; Thread.Yield(); } Use(Volatile.Read(ref _ring->Flags)); }",
        "void M() { for (int i = 0; ; i++) { if (Volatile.Read(ref _ring->Flags) == 0) { Thread.SpinWait(i); continue; } break; } Use(Volatile.Read(ref _ring->Flags)); }",
        "void M() { uint seen = Volatile.Read(ref _ring->Flags); while (Interlocked.CompareExchange(ref _ring->Flags, seen + 1, seen) != seen) seen = Volatile.Read(ref _ring->Flags); }",
        "void M() { if (Volatile.Read(ref _ring->Flags) == 0) { Thread.SpinWait(3); Use(Volatile.Read(ref _ring->Flags)); } }",
        "void M() { uint before = Volatile.Read(ref _ring->Flags); Use(before); if (Volatile.Read(ref _ring->Flags) != before) return; Use(before); }",
        "void M() { if (Volatile.Read(ref _ring->Flags) == 3) return; Wake(); if (Volatile.Read(ref _ring->Flags) == 4) return; }",
        "void M() { uint head = Volatile.Read(ref _ring->Head); if (head == _cachedTail) { head = Volatile.Read(ref _ring->Head); if (head == _cachedTail) return; } Use(head); }",
        "void M() { if (Volatile.Read(ref _ring->Flags) > 3) Use(Volatile.Read(ref _ring->Mask)); }",
        "void M() { if (_ring->Entries > 3) Use(_ring->Entries); }",
        "void M([SharedMemory(PeerTrusted = true)] Sqe* s) { if (s->Len > 8) return; Use(s->Len); }",
        "void M(int i) { if (Volatile.Read(ref _sqes[i].Len) > 8) return; i++; Use(Volatile.Read(ref _sqes[i].Len)); }",
        "void M() { if (Volatile.Read(ref _ring->Flags) > 3) return; Volatile.Write(ref _ring->Flags, 3); Use(Volatile.Read(ref _ring->Flags)); }",
        "void M() { Use(Volatile.Read(ref _ring->Flags)); Use(Volatile.Read(ref _ring->Flags)); }",
        "void M(Sqe s) { if (s.Len > 3) return; Use(s.Len); }",
    ]);

    [Fact]
    public Task SecondFetch_ReadsTheSnapshot() => Verify.CodeFix(
        InRing("""
            void A(int n)
                {
                    // how many
                    if (Volatile.Read(ref _ring->Flags) > 8) return;
                    Use(_data[{|PIN3004:Volatile.Read(ref _ring->Flags)|}]);
                }

                void B()
                {
                    uint n = Volatile.Read(ref _ring->Flags);
                    if (n >= 8) return;
                    Use(_data[{|PIN3004:Volatile.Read(ref _ring->Flags)|}]);
                }

                // What guards the use is of the same fetch.
                void C(int i)
                {
                    if (Volatile.Read(ref _sqes[i].Len) > 8) Wake();
                    else if (Volatile.Read(ref _sqes[i].Len) > 4) Use({|PIN3004:Volatile.Read(ref _sqes[i].Len)|});
                }

                void D()
                {
                    uint n = Volatile.Read(ref _ring->Overflow);
                    if (n >= 8) return;
                    if (Volatile.Read(ref _ring->Overflow) > 4 && n != 5) Use({|PIN3004:Volatile.Read(ref _ring->Overflow)|});
                }
            """),
        InRing("""
            void A(int n)
                {
                    // how many
                    var flags = Volatile.Read(ref _ring->Flags);
                    if (flags > 8) return;
                    Use(_data[flags]);
                }

                void B()
                {
                    uint n = Volatile.Read(ref _ring->Flags);
                    if (n >= 8) return;
                    Use(_data[n]);
                }

                // What guards the use is of the same fetch.
                void C(int i)
                {
                    var len = Volatile.Read(ref _sqes[i].Len);
                    if (len > 8) Wake();
                    else if (len > 4) Use(len);
                }

                void D()
                {
                    uint n = Volatile.Read(ref _ring->Overflow);
                    if (n >= 8) return;
                    if (n > 4 && n != 5) Use(n);
                }
            """),
        Off("PIN3004"),
        FetchOnceFixer.Key_FetchOnce);

    [Fact]
    public Task SecondFetchByAnAccessor_ReadsTheSnapshot() => Verify.CodeFix(
        InRing("""
            uint Length => Volatile.Read(ref _ring->Flags);
                int Signed => (int)Volatile.Read(ref _ring->Flags);

                void A(Span<byte> to)
                {
                    if (Length > to.Length) return;
                    to[..(int){|PIN3004:Length|}].Clear();
                }

                void B(Span<byte> to, int i)
                {
                    if (_ring->Counts[i & 7] > to.Length) return;
                    to[..(int){|PIN3004:_ring->Counts[i & 7]|}].Clear();
                }
            """),
        InRing("""
            uint Length => Volatile.Read(ref _ring->Flags);
                int Signed => (int)Volatile.Read(ref _ring->Flags);

                void A(Span<byte> to)
                {
                    var length = Length;
                    if (length > to.Length) return;
                    to[..(int)length].Clear();
                }

                void B(Span<byte> to, int i)
                {
                    var counts = Volatile.Read(ref _ring->Counts[i & 7]);
                    if (counts > to.Length) return;
                    to[..(int)counts].Clear();
                }
            """), Off("PIN3004"));

    [Fact]
    public Task AccessorThatJudgesOrConverts_NoFix() => Verify.NoFix(
        InRing("""
            bool Fits => Volatile.Read(ref _ring->Flags) <= 64;
                int Signed => (int)Volatile.Read(ref _ring->Flags);
                byte[] A() { if (!Fits) return new byte[0]; return new byte[{|PIN3004:Volatile.Read(ref _ring->Flags)|}]; }
                byte[] B() { if (Signed > 64) return new byte[0]; return new byte[{|PIN3004:Volatile.Read(ref _ring->Flags)|}]; }
            """), Off("PIN3004"));

    [Fact]
    public Task WithoutAStatementToHoldIt_NoFix() => Verify.NoFix(
        InRing("uint M() => Volatile.Read(ref _ring->Flags) < 8 ? {|PIN3004:Volatile.Read(ref _ring->Flags)|} : 0;"), Off("PIN3004"));

    [Fact]
    public Task Unchecked_IsReported() => Only("PIN3005", [
        "byte[] M() => Volatile.Read(ref _ring->Flags) is var n ? new byte[{|PIN3005:n|}] : new byte[0];",
        "int M() => (int)Volatile.Read(ref _ring->Flags) switch { < 0 => 0, var n => _data[{|PIN3005:n|}] };",
        "byte[] M() => Volatile.Read(ref _ring->Flags) is > 0 and var n ? new byte[{|PIN3005:n|}] : new byte[0];",
        "string M() => Marshal.PtrToStringUTF8((nint)_cqes, {|PIN3005:(int)Volatile.Read(ref _ring->Flags)|});",
        "byte[] M() { (uint n, uint f) = (Volatile.Read(ref _ring->Flags), Volatile.Read(ref _ring->Head)); return new byte[{|PIN3005:n|}]; }",
        "string M(char[] c) => new string(c, 0, {|PIN3005:(int)Volatile.Read(ref _ring->Flags)|});",
        "System.Collections.Generic.List<int> M() => new({|PIN3005:(int)Volatile.Read(ref _ring->Flags)|});",
        "byte[] M() { uint n = Volatile.Read(ref _ring->Flags), o = Volatile.Read(ref _ring->Mask); if (n > 8) return new byte[0]; return new byte[{|PIN3005:o + n|}]; }",
        "readonly int[] _small = new int[16]; int M() => _small[{|PIN3005:Volatile.Read(ref _ring->Small)|}];",
        "Sqe M(uint i) => _sqes[{|PIN3005:i % (_ring->Mask + 1)|}];",
        "void M() { Use(_sqes[{|PIN3005:Volatile.Read(ref _ring->Flags)|}].Fd); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); Use(_data[{|PIN3005:n|}]); }",
        "byte[] M() { uint n = Volatile.Read(ref _ring->Flags); return new byte[{|PIN3005:n + 8|}]; }",
        "void M(Span<byte> s) { int n = (int)Volatile.Read(ref _ring->Flags); s.Slice({|PIN3005:n|}).Clear(); }",
        "void M(Span<byte> s) { int n = (int)Volatile.Read(ref _ring->Flags); s[..{|PIN3005:n|}].Clear(); }",
        "void M(byte* to, byte* from) { uint n = Volatile.Read(ref _ring->Flags); Buffer.MemoryCopy(from, to, 8, {|PIN3005:n|}); }",
        "void M(byte* to, byte* from) { uint n = Volatile.Read(ref _ring->Flags); Unsafe.CopyBlock(to, from, {|PIN3005:n|}); }",
        "byte M(byte* from) { int n = Volatile.Read(ref _sqes->Off); byte* at = from + {|PIN3005:n|}; return *at; }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); if (n == 0) return; Use(_data[{|PIN3005:n|}]); }",
        "readonly System.Collections.Generic.HashSet<uint> _known1 = new(); void M() { uint n = Volatile.Read(ref _ring->Flags); _known1.Contains(n); Use(_data[{|PIN3005:n|}]); }",
        "readonly System.Collections.Generic.HashSet<uint> _known2 = new(); void M() { uint n = Volatile.Read(ref _ring->Flags), o = Volatile.Read(ref _ring->Mask); if (!_known2.Contains(o)) return; Use(_data[{|PIN3005:n|}]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); if (n > _ring->Mask) return; Use(_data[{|PIN3005:n|}]); }",
        "void M(bool b) { uint n = Volatile.Read(ref _ring->Flags); if (b) { if (n > 7) return; } Use(_data[{|PIN3005:n|}]); }",
        "void M(byte* from) { uint n = Volatile.Read(ref _ring->Flags); var s = new Span<byte>(from, {|PIN3005:(int)n|}); s.Clear(); }",
    ]);

    [Fact]
    public Task UncheckedInAnotherMethod_IsReported() => Only("PIN3005", [
        "int M() { uint n = Volatile.Read(ref _ring->Flags); return At({|PIN3005:n|}); int At(uint i) => _data[i]; }",
        "static byte[] Make1(long length) { if (length == 0) return Array.Empty<byte>(); return new byte[length]; } byte[] M() { long n = Volatile.Read(ref _ring->Sum); return Make1({|PIN3005:n|}); }",
        "void Clear2(int from, int count) { for (int i = 0; i < 3; i++) _data.AsSpan(from, count).Clear(); } void M() => Clear2(0, {|PIN3005:(int)Volatile.Read(ref _ring->Flags)|});",
        "int Get3(uint i) => _data[i]; int M() { uint n = Volatile.Read(ref _ring->Flags); return Get3({|PIN3005:n + 1|}); }",
        "int Get4(uint i) => Deep4(i); int Deep4(uint i) => _data[i]; int M() => Get4({|PIN3005:Volatile.Read(ref _ring->Flags)|});",
        "sealed class Message5 { readonly byte[] _body; public Message5(int length) { _body = new byte[length]; } } void M() { int n = (int)Volatile.Read(ref _ring->Flags); new Message5({|PIN3005:n|}).ToString(); }",
    ]);

    [Fact]
    public Task CheckedInAnotherMethod_IsSilent() => Only("PIN3005", [
        "readonly System.Collections.Generic.HashSet<uint> _known3 = new(); void M() { uint n = Volatile.Read(ref _ring->Flags); if (!_known3.Contains(n)) return; Use(_data[n]); }",
        "readonly System.Collections.Generic.Dictionary<long, string> _known4 = new(); void M() { uint n = Volatile.Read(ref _ring->Flags); if (_known4.ContainsKey(n)) Use(_data[n]); }",
        "readonly uint[] _known5 = { 1, 2 }; void M() { uint n = Volatile.Read(ref _ring->Flags); bool known = System.Linq.Enumerable.Contains(_known5, n); if (known) Use(_data[n]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); if (MemoryExtensions.Contains(stackalloc uint[] { 1, 2 }, n)) Use(_data[n]); }",
        "int M() { uint n = Volatile.Read(ref _ring->Flags); return At(n); int At(uint i) => i < 8 ? _data[i] : 0; }",
        "int Get1(uint i) { if (i >= _entries) throw new ArgumentOutOfRangeException(nameof(i)); return _data[i]; } int M() => Get1(Volatile.Read(ref _ring->Flags));",
        "int Get2(uint i) => _data[i & _mask]; int M() => Get2(Volatile.Read(ref _ring->Flags));",
        "int Get3(uint i) => _data[i]; int M() { uint n = Volatile.Read(ref _ring->Flags); if (n > 7) return 0; return Get3(n); }",
        "void Trim(ref long n) { n %= 8; } void M() { long n = Volatile.Read(ref _ring->Sum); Trim(ref n); Use(_data[n]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); n &= _mask; Use(_data[n]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); n %= _entries; Use(_data[n]); }",
        "static long Twice4(long n) => n * 2; long M() => Twice4(Volatile.Read(ref _ring->Sum));",
        "protected virtual int Get5(uint i) => _data[i]; int M() => Get5(Volatile.Read(ref _ring->Flags));",
        "int Get6(uint i) { int n = (int)Math.Min(i, 7u); return _data[n]; } int M() => Get6(Volatile.Read(ref _ring->Flags));",
    ]);

    [Fact]
    public Task Checked_IsSilent() => Only("PIN3005", [
        "byte[] M() => Volatile.Read(ref _ring->Flags) is var n && n <= 64 ? new byte[n] : new byte[0];",
        "byte[] M() => Volatile.Read(ref _ring->Flags) is > 0 and <= 64 and var n ? new byte[n] : new byte[0];",
        "byte[] M() { uint n = Volatile.Read(ref _ring->Flags); return n is 16 or 32 or 64 ? new byte[n] : new byte[0]; }",
        "byte[] M() { uint n = Volatile.Read(ref _ring->Flags); if (n is not 64) return new byte[0]; return new byte[n]; }",
        "int M() { uint? n = Volatile.Read(ref _ring->Flags); return n is not { } v || v >= 8 ? 0 : _data[v]; }",
        "int M() => (int)Volatile.Read(ref _ring->Flags) switch { var n when (uint)n < 8u => _data[n], _ => 0 };",
        "byte[] M() { (uint n, uint f) = (Volatile.Read(ref _ring->Flags), Volatile.Read(ref _ring->Head)); return n + f > 64 ? new byte[0] : new byte[n]; }",
        "byte[] M() { uint n = Volatile.Read(ref _ring->Flags), o = Volatile.Read(ref _ring->Mask); if (o > 64 || n > 64 - o) return new byte[0]; return new byte[o + n]; }",
        "int M() { uint n = Volatile.Read(ref _ring->Flags), o = Volatile.Read(ref _ring->Mask); return o < 8 ? _data[n & o] + _data[n % (o + 1)] : 0; }",
        "readonly int[] _all = new int[256]; int M() => _all[Volatile.Read(ref _ring->Small)];",
        "static bool TryLength(uint raw, out int n) { n = 0; if (raw > 64) return false; n = (int)raw; return true; } byte[] M() => TryLength(Volatile.Read(ref _ring->Flags), out int n) ? new byte[n] : new byte[0];",
        "Sqe M(uint i) { if (i >= _entries) throw new ArgumentOutOfRangeException(nameof(i)); return _sqes[i]; }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); if (n >= _entries) return; Use(_data[n]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); Use(_data[n & _mask]); }",
        "void M() { Use(_data[Volatile.Read(ref _ring->Flags) % 8]); }",
        "void M() { uint n = Math.Min(Volatile.Read(ref _ring->Flags), 7u); Use(_data[n]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 7u); Use(_data[n]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); if (n < 8) Use(_data[n]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); switch (n) { case 1: Use(_data[n]); break; } }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); if (n is > 0 and < 8) Use(_data[n]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); Use(n); n = 3; Use(_data[n]); }",
        "void M() { Use(_data[_ring->Entries]); Use(_data[_cachedTail]); }",
        "void M([SharedMemory(PeerTrusted = true)] Sqe* s) { Use(_data[Volatile.Read(ref s->Len)]); }",
        "void M() { uint n = Volatile.Read(ref _ring->Flags); for (uint i = 0; i < 8 && i < n; i++) Use(_data[i]); }",
        "void M(bool b) { uint n = Volatile.Read(ref _ring->Flags); if (b) { if (n > 7) return; } else if (n > 3) return; Use(_data[n]); }",
    ]);
}
