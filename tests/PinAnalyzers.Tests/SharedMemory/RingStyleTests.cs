using System.Linq;
using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Right programs in the styles that rings are written in: every rule of the category looks at them and has nothing to say.</summary>
public sealed class RingStyleTests
{
    private static readonly string s_all = string.Join(",", Enumerable.Range(3001, 16).Select(static number => $"PIN{number}"));

    private static Task Silent(params string[] members) => Only(s_all, members);

    private static Task SilentClasses(string source) =>
        Verify.Analyzer("using System; using System.Collections.Generic; using System.Runtime.CompilerServices; using System.Threading; using System.Threading.Tasks; using PinAccounting.Annotations;\n" + source, Off(s_all));

    [Fact]
    public Task Accessors() => Silent(
        "uint Flags1 => Volatile.Read(ref _ring->Flags); bool M() => (Flags1 & 1) != 0;",
        "uint M() { ref uint f = ref _ring->Flags; return Volatile.Read(ref f); }",
        "static uint VRead3(ref uint at) => Volatile.Read(ref at); uint M() => VRead3(ref _ring->Flags);",
        "uint M() { return Get(); uint Get() => Volatile.Read(ref _ring->Flags); }",
        "[SharedMemory] nint _base5; uint M() => Volatile.Read(ref *(uint*)(_base5 + 64));",
        "uint M(int i) => (uint)i >= 8 ? 0 : Volatile.Read(ref _ring->Counts[i]);",
        "ref struct View7 { ref Header _h; public View7(ref Header h) { _h = ref h; } public uint Flags => Volatile.Read(ref _h.Flags); } uint M() => new View7(ref *_ring).Flags;",
        "uint M()\n{\n#if SLOW\n    return _ring->Flags;\n#else\n    return Volatile.Read(ref _ring->Flags);\n#endif\n}",
        "Op M() => (Op)Volatile.Read(ref Unsafe.As<Op, byte>(ref _ring->Kind));",
        "int M() => Volatile.Read(ref _sqes[_cachedTail & _mask].Opcode) switch { 0 => 1, 1 => 2, _ => 0 };",
        "static class Cells11 { public static uint Acquire(uint* at) => Volatile.Read(ref *at); public static void Release(uint* at, uint n) => Volatile.Write(ref *at, n); } void M(uint n) { if (Cells11.Acquire(&_ring->Flags) == 0) Cells11.Release(&_ring->Flags, n); }",
        "uint M() => Volatile.Read(ref Unsafe.Add(ref _ring->Flags, 1));",
        "uint M() { uint* p = (uint*)((byte*)_ring + 12); return Volatile.Read(ref p[1]); }",
        "bool M(bool isPolled) => (isPolled ? Volatile.Read(ref _ring->Flags) : _ring->Flags) == 0;",
        "nuint M() => (nuint)(sizeof(Header) + (byte*)&_ring->Tail - (byte*)_ring);");

    [Fact]
    public Task WaitingAndWaking() => Silent(
        "void M() { var spin = new SpinWait(); while (Volatile.Read(ref _ring->Flags) == 0) spin.SpinOnce(); }",
        "Task M() => Task.Run(() => Poll2()); void Poll2() { while (Volatile.Read(ref _ring->Flags) == 0) Thread.Yield(); }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); Interlocked.MemoryBarrierProcessWide(); if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake(); }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); if (Interlocked.Exchange(ref _ring->Flags, 0) != 0) Wake(); }",
        "void M(uint t) { var spin = new SpinWait(); Volatile.Write(ref _ring->Tail, t); while (Volatile.Read(ref _ring->Head) != t) spin.SpinOnce(); }",
        "void M(uint t) { Volatile.Write(ref _ring->Tail, t); Fence6(); if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake(); } static void Fence6() => Interlocked.MemoryBarrier();",
        "void M(uint t) { Interlocked.Exchange(ref _ring->Tail, t); if ((Volatile.Read(ref _ring->Flags) & 1) != 0) Wake(); }",
        "void M() { uint seen; do seen = Volatile.Read(ref _ring->Overflow); while (Interlocked.CompareExchange(ref _ring->Overflow, seen + 1, seen) != seen); }",
        "bool M() { for (int i = 0; i < 100; i++) { if (Volatile.Read(ref _ring->Flags) != 0) return true; Thread.SpinWait(20); } return Volatile.Read(ref _ring->Flags) != 0; }",
        "void M(ManualResetEventSlim wake) { while (true) { if (Volatile.Read(ref _ring->Flags) != 0) return; wake.Wait(); if (Volatile.Read(ref _ring->Flags) == 2) return; } }");

    [Fact]
    public Task BatchesAndCachedIndexes() => Silent(
        "int M(Cqe[] items) { uint t = _cachedTail; foreach (var c in items) { _cqes[t & _mask] = c; t++; } _cachedTail = t; Volatile.Write(ref _ring->Tail, t); return items.Length; }",
        "void M() { uint head = _cachedHead, tail = Volatile.Read(ref _ring->Head); while (head != tail) { Use(_cqes[head & _mask]); head++; } _cachedHead = head; Volatile.Write(ref _ring->Tail, head); }",
        "bool M() { if (unchecked(_cachedTail - _cachedHead) < _entries) return true; _cachedHead = Volatile.Read(ref _ring->Head); return unchecked(_cachedTail - _cachedHead) < _entries; }",
        "Sqe* Next4() => &_sqes[_cachedTail & _mask]; void M(int fd) { Sqe* s = Next4(); Volatile.Write(ref s->Fd, fd); Volatile.Write(ref _ring->Tail, ++_cachedTail); }",
        "void M(ReadOnlySpan<byte> from) { var to = new Span<byte>(_cqes + (_cachedTail & _mask), sizeof(Cqe)); from.Slice(0, sizeof(Cqe)).CopyTo(to); Volatile.Write(ref _ring->Tail, ++_cachedTail); }",
        "sealed class Box6<T> where T : unmanaged { [SharedMemory] T* _slots; [SharedMemory] uint* _seq; readonly uint _mask; uint _next; public T Take() { T item = _slots[_next & _mask]; Volatile.Write(ref *_seq, ++_next); return item; } }",
        "[SharedMemory] uint* _lens7; [SharedMemory] byte* _data7; int M(uint i, byte[] to) { uint at = i & _mask; uint len = Volatile.Read(ref _lens7[at]); if (len > to.Length) return 0; for (uint k = 0; k < len; k++) to[k] = _data7[at * 64 + k]; Volatile.Write(ref _lens7[at], 0); return (int)len; }",
        "void M(Cqe c) { uint t = _cachedTail; _cqes[t & _mask] = c; Volatile.Write(ref _ring->Tail, t + 1); _cachedTail = t + 1; Use(c); }",
        "void M(Cqe c) { for (uint t = _cachedTail; t != 100; t++) { _cqes[t & _mask] = c; Volatile.Write(ref _ring->Tail, t + 1); } }",
        "void M(Cqe c) { uint t = _cachedTail; _cqes[t & _mask] = c; Volatile.Write(ref _ring->Tail, t + 1); Volatile.Write(ref _cqes[(t + 1) & _mask].Flags, 0); }",
        "Cqe M() { while (true) { uint s = Volatile.Read(ref _ring->Flags); if ((s & 1) != 0) { Thread.SpinWait(1); continue; } Cqe copy = _ring->Inline; Interlocked.MemoryBarrier(); if (Volatile.Read(ref _ring->Flags) == s) return copy; } }",
        "(ulong, int) M() { uint s; ulong data; int res; do { s = Volatile.Read(ref _ring->Flags); data = Volatile.Read(ref _ring->Inline.UserData); res = Volatile.Read(ref _ring->Inline.Res); } while ((s & 1) != 0 || Volatile.Read(ref _ring->Flags) != s); return (data, res); }",
        "void M() { ref uint localFlags = ref _cqes[_cachedHead & _mask].Flags; Use(Volatile.Read(ref localFlags)); }");

    [Fact]
    public Task BoundsThatHold() => Silent(
        "int M() { uint n = Volatile.Read(ref _ring->Overflow); ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 7u); return _data[n]; }",
        "int M() => _data[Math.Min(Volatile.Read(ref _ring->Overflow), 7u)];",
        "int M() { int n = (int)Volatile.Read(ref _ring->Overflow); if ((uint)n < (uint)_data.Length) return _data[n]; return 0; }",
        "int M() { int n = (int)Volatile.Read(ref _ring->Overflow); if (n is < 0 or > 7) return 0; return _data[n]; }",
        "int M() { uint n = Volatile.Read(ref _ring->Overflow); return n < _data.Length ? _data[n] : 0; }",
        "int M() { uint n = Volatile.Read(ref _ring->Overflow); bool ok = n < 8; if (!ok) return 0; return _data[n]; }",
        "int M() { int n = (int)Volatile.Read(ref _ring->Overflow); if (n < 0 || n >= _data.Length) throw new InvalidOperationException(); return _data[n]; }",
        "void M(Span<byte> s) => s[..Math.Clamp((int)Volatile.Read(ref _ring->Overflow), 0, s.Length)].Clear();",
        "int M() { uint n = Volatile.Read(ref _ring->Overflow) % _entries; return _data[n]; }",
        "int M() { uint n = Volatile.Read(ref _ring->Overflow); n &= _mask; return _data[n]; }",
        "int M() { var n = Volatile.Read(ref _ring->Small) >> 5; return _data[n & 7]; }",
        "bool InRange12(uint n) => n < _data.Length; int M() { uint n = Volatile.Read(ref _ring->Overflow); if (!InRange12(n)) return 0; return _data[n]; }",
        "int M() { uint n = Volatile.Read(ref _ring->Overflow); switch (n) { case < 8: return _data[n]; default: return 0; } }",
        "int M() { uint n = Math.Min(Volatile.Read(ref _ring->Overflow), (uint)_data.Length - 1); return _data[(int)n]; }",
        "int M() { if (Volatile.Read(ref _ring->Overflow) is var n && n < 8) return _data[n]; return 0; }",
        "int M(System.Collections.Generic.Dictionary<uint, int> known) => known[Volatile.Read(ref _ring->Overflow)];",
        "readonly int[] _table16 = new int[256]; int M() => _table16[(byte)Volatile.Read(ref _ring->Overflow)];",
        "readonly int[] _table17 = new int[256]; int M() => _table17[Volatile.Read(ref _ring->Overflow) >> 24];");

    [Fact]
    public Task PointersThatStay() => Silent(
        "void M() { uint n = Volatile.Read(ref _ring->Flags); Task.Run(() => Use(n)); }",
        "void M() { uint* p = &_ring->Flags; Parallel.For(0, 8, i => Use(Volatile.Read(ref p[0]) + i)); }",
        "void M(System.Collections.Generic.List<int> list) { Header* h = _ring; list.ForEach(i => Use(Volatile.Read(ref h->Flags) + i)); }",
        "void M() { Task.Run(() => Use(Volatile.Read(ref _ring->Flags))); }",
        "void M() { Header* h = _ring; uint entries = h->Entries; ThreadPool.QueueUserWorkItem(_ => Use(entries)); }",
        "static readonly object s_gate6 = new(); void M() { Header* h = _ring; lock (s_gate6) { Action use = () => Use(Volatile.Read(ref h->Flags)); use(); } }",
        "void M() { Header* h = _ring; Task.Run(() => Use(Volatile.Read(ref h->Flags))).Wait(); }",
        "void M() { Header* h = _ring; Task.Run(() => Use(Volatile.Read(ref h->Flags))).GetAwaiter().GetResult(); }",
        "void M() { Header* h = _ring; var t = new Thread(() => Use(Volatile.Read(ref h->Flags))); t.Start(); Wake(); t.Join(); }",
        "void M() { Header* h = _ring; var t = Task.Run(() => Use(Volatile.Read(ref h->Flags))); Wake(); t.Wait(); }",
        "long M() { Header* h = _ring; Task<uint> t = Task.Run(() => Volatile.Read(ref h->Flags)); return t.Result; }",
        "void M() { Header* h = _ring; Task.WaitAll(Task.Run(() => Use(Volatile.Read(ref h->Flags))), Task.Run(() => Wake())); }",
        "void M() { Header* h = _ring; var all = new Task[2]; for (int i = 0; i < 2; i++) all[i] = Task.Run(() => Use(Volatile.Read(ref h->Flags))); Task.WaitAll(all); }",
        "void M() { Header* h = _ring; var all = new System.Collections.Generic.List<Thread>(); for (int i = 0; i < 2; i++) all.Add(new Thread(() => Use(Volatile.Read(ref h->Flags)))); foreach (var t in all) t.Start(); foreach (var t in all) t.Join(); }",
        "void M() { long distance = (byte*)&_ring->Tail - (byte*)_ring; Task.Run(() => Use(distance)); }");

    [Fact]
    public Task IndexesAndFences() => Silent(
        "void M(uint n) { Interlocked.MemoryBarrier(); Volatile.Write(ref _ring->Tail, n); }",
        "void M(uint n) { Volatile.Write(ref _ring->Tail, n); Interlocked.MemoryBarrier(); }",
        "[SharedMemory(ReadOnlyMapping = true)] long* _ro3; long M() => Volatile.Read(ref *_ro3);",
        "long M() => Interlocked.Read(ref _ring->Sum);",
        "bool M() => unchecked((int)(_cachedTail - Volatile.Read(ref _ring->Head))) <= 0;",
        "bool M() { uint used = unchecked(_cachedTail - Volatile.Read(ref _ring->Head)); return used >= _entries; }",
        "void AttachAgain() { _cachedTail = Volatile.Read(ref _ring->Tail); }",
        "void M() => Interlocked.Or(ref _ring->Flags, 4);",
        "void M(long n) => Interlocked.Add(ref _ring->Sum, n);");

    /// <summary>Memory of one's own beside a ring: nothing of it is shared.</summary>
    [Fact]
    public Task OwnMemory() => Silent(
        "Header M() => new Header { Head = 3, Tail = 4 };",
        "uint M() { Header own = default; own.Flags |= 4; own.Overflow++; Header copy = own; return copy.Flags; }",
        "uint M() { Header* own = stackalloc Header[1]; own->Flags = 3; own->Overflow++; return own->Flags; }",
        "[SharedMemory] struct Marked4 { public uint Flag; } Marked4 M() => new Marked4 { Flag = 3 };",
        "sealed class Shadow5 { public uint Head, Tail; } readonly Shadow5 _shadow5 = new(); void M() { _shadow5.Head = Volatile.Read(ref _ring->Head); if (_shadow5.Head != _shadow5.Tail) _shadow5.Tail++; }",
        "int M() { Span<int> s = stackalloc int[8]; uint n = Volatile.Read(ref _ring->Overflow) & 7; s[(int)n] = 3; return s[0]; }",
        "static void Fill7(Span<byte> to) => to.Clear(); void M(byte[] own) => Fill7(own);",
        "byte[] M() => new byte[sizeof(Header) + (int)_entries];",
        "uint M() { uint flags = Volatile.Read(ref _ring->Flags); flags |= 4; flags++; return flags; }",
        "void M(Cqe[] to) { uint h = _cachedHead; for (int i = 0; i < to.Length; i++) to[i] = _cqes[(h + (uint)i) & _mask]; _cachedHead = h + (uint)to.Length; Volatile.Write(ref _ring->Tail, _cachedHead); }",
        "IntPtr M() => (IntPtr)_ring;",
        "bool M() => _ring != null && (nint)_ring % 8 == 0;");

    /// <summary>Fields that are volatile in one member and plain in another, and right.</summary>
    [Fact]
    public Task OrdinaryFields() => SilentClasses(
        """
        class Started
        {
            int _state;
            public void Start() { _state = 1; new Thread(Run).Start(); }
            void Run() { while (Volatile.Read(ref _state) == 1) Thread.Yield(); }
            public void Stop() => Volatile.Write(ref _state, 2);
        }

        class Queued
        {
            long _n;
            public void Go() { _n = 1; Task.Run(Run); }
            void Run() { while (Volatile.Read(ref _n) == 1) Thread.Yield(); }
            public void Stop() => Volatile.Write(ref _n, 2);
        }

        class ByMonitor
        {
            readonly object _gate = new();
            int _n;
            public void Set(int n) { Monitor.Enter(_gate); try { _n = n; } finally { Monitor.Exit(_gate); } }
            public bool Any() => Volatile.Read(ref _n) != 0;
            public void Drop() { lock (_gate) Volatile.Write(ref _n, 0); }
        }

        class ByReaderWriter
        {
            readonly ReaderWriterLockSlim _lock = new();
            int _n;
            public void Set(int n) { _lock.EnterWriteLock(); try { _n = n; } finally { _lock.ExitWriteLock(); } }
            public bool Any() => Volatile.Read(ref _n) != 0;
        }

        class Signalled
        {
            readonly ManualResetEventSlim _done = new();
            int _result;
            public void Finish(int n) { _result = n; _done.Set(); }
            public bool IsOdd() => (Volatile.Read(ref _result) & 1) != 0;
        }

        class InitOnly
        {
            int _n;
            public int N { get => Volatile.Read(ref _n); init => _n = value; }
            public void Set(int n) => Volatile.Write(ref _n, n);
        }

        class Made
        {
            int _n;
            public static Made Of(int n) { var made = new Made(); made._n = n; return made; }
            public static Made From(int n) => new Made { _n = n };
            public bool Any() => Volatile.Read(ref _n) != 0;
            public void Set(int n) => Volatile.Write(ref _n, n);
        }

        class Sequence
        {
            long _value, _cache;
            public long Get() => Volatile.Read(ref _value);
            public void Move() { long next = _value + 1; _cache = next; Volatile.Write(ref _value, next); }
            public bool IsOwn(long n) { return _cache == n; }
        }
        """);
}
