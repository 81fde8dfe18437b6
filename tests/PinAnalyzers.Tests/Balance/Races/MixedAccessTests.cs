using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Balance.Types;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Races;

/// <summary>PIN1016: atomic here, plain there.</summary>
public sealed class MixedAccessTests
{
    private static DiagnosticResult Suggestion => new DiagnosticResult("PIN1016", DiagnosticSeverity.Info).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);

    [Theory]
    [InlineData("void Down() => {|PIN1016:_n|}--;")]
    // Who looks at the number before he sets it back loses what came in between.
    [InlineData("void Trip() { if (Volatile.Read(ref _n) > 3) {|PIN1016:_n|} = 0; }")]
    [InlineData("long _last; void Sample() { _last = _n; {|PIN1016:_n|} = 0; }")]
    [InlineData("bool IsFull => Volatile.Read(ref _n) > 3; void Trip() { if (IsFull) {|PIN1016:_n|} = 0; }")]
    [InlineData("int Now() => _n; void Report() { Log(Now()); {|PIN1016:_n|} = 0; }")]
    [InlineData("void Report() { for (int i = 0; i < 3; i++) { {|PIN1016:_n|} = 0; Log(_n); } }")]
    [InlineData("async Task Report() { while (true) { await Task.Delay(1000).ConfigureAwait(false); Log(_n); {|PIN1016:_n|} = 0; } }")]
    [InlineData("void Report(WaitHandle stop) { while (!stop.WaitOne(1000)) { Log(_n); {|PIN1016:_n|} = 0; } }")]
    [InlineData("void Take(int n) { {|PIN1016:_n|} -= n; }")]
    [InlineData("void Take(int n) { {|PIN1016:_n|} = _n - n; }")]
    [InlineData("int Next() => ++{|PIN1016:_n|};")]
    [InlineData("void Set(int n) { if (n > 3) { {|PIN1016:_n|} = n; } }")]
    [InlineData("int[] _all = new int[3]; void Spread() { {|PIN1016:_n|} = _all.Length; }")]
    // Who asks what was there has states, and a store of one is a step between two.
    [InlineData("void Stop() { {|PIN1016:_n|} = 1; } bool Start() => Interlocked.CompareExchange(ref _n, 2, 1) == 1;")]
    [InlineData("void Stop() { {|PIN1016:_n|} = int.MinValue; } int Take() => Interlocked.Exchange(ref _n, 0);")]
    [InlineData("void Stop() { if (Volatile.Read(ref _n) > 3) {|PIN1016:_n|} = 1; }")]
    // Not what it began with, or not the same at any time.
    [InlineData("readonly int _one = 1; Counter() => _n = _one; void Again() => {|PIN1016:_n|} = _one + 1;")]
    [InlineData("int _one = 1; Counter() => _n = _one + 1; void Grow() => _one++; void Again() => {|PIN1016:_n|} = _one + 1;")]
    [InlineData("internal int _one = 1; Counter() => _n = _one + 1; void Again() => {|PIN1016:_n|} = _one + 1;")]
    [InlineData("readonly int _one = 1; Counter() => _n = _one + 1; void Again() { Log(_n); {|PIN1016:_n|} = _one + 1; }")]
    // One of two that are not alike.
    [InlineData("public int Next() => ++{|PIN1016:_n|}; public int Other() => Interlocked.Decrement(ref _n);")]
    [InlineData("public int Next() => ++{|PIN1016:_n|}; internal int Other() => Interlocked.Increment(ref _n);")]
    [InlineData("public int Next() => ++{|PIN1016:_n|}; public int Other() { Log(1); return Interlocked.Increment(ref _n); }")]
    [InlineData("private int Next() => ++{|PIN1016:_n|}; private int Other() => Interlocked.Increment(ref _n);")]
    [InlineData("public void Plus(int n) => {|PIN1016:_n|} += n; public void Other(int n) => Interlocked.Add(ref _n, -n);")]
    [InlineData("void Halve() { {|PIN1016:_n|} = Math.Max(1, _n / 2); }")]
    [InlineData("void Start() { Task.Run(() => Interlocked.Increment(ref _n)); Task.Run(() => { {|PIN1016:_n|} += 2; }); }")]
    [InlineData("void Later() => Task.Run(() => {|PIN1016:_n|}++);")]
    [InlineData("readonly object _gate = new(); void Locked() { lock (_gate) {|PIN1016:_n|}++; }")]
    [InlineData("void Both() { this.{|PIN1016:_n|} -= 3; }", "{|PIN1016:this._n|}")]
    [InlineData("void Late(int[] all) { {|PIN1016:_n|} = all.Length; Work(); {|PIN1016:_n|}++; } void Work() { }")]
    [InlineData("Action _work = static () => { }; void Run(Action<Action> all, int[] by) { {|PIN1016:_n|} = by.Length; all(_work); }")]
    public Task PlainWrite_IsReported(string member, string? at = null) => TypeVerifier.File($$"""
        class Counter
        {
            int _n;
            static void Log(int n) { }
            void Add(int n) => Interlocked.Add(ref _n, n);
            {{(at is null ? member : member.Replace("this.{|PIN1016:_n|}", at))}}
        }
        """);

    [Theory]
    [InlineData("bool IsIdle => {|#0:_n|} == 0;")]
    [InlineData("bool Check() { return {|#0:_n|} > 10; }")]
    [InlineData("void Stop() { if ({|#0:_n|} > 0) Work(); }")]
    [InlineData("int Next() { Interlocked.Increment(ref _n); return {|#0:_n|}; }")]
    [InlineData("void Stop() { int n = {|#0:_n|}; if (n > 3) Work(); }")]
    [InlineData("void Spin() { while ({|#0:_n|} != 0) Thread.Yield(); }")]
    [InlineData("readonly object _gate = new(); void Spin() { lock (_gate) { while ({|#0:_n|} != 0) Work(); } }")]
    [InlineData("readonly object _gate = new(); void Next() { lock (_gate) { Interlocked.Increment(ref _n); if ({|#0:_n|} > 3) Work(); } }")]
    [InlineData("readonly object _gate = new(); void Late() { lock (_gate) { Task.Run(() => { if ({|#0:_n|} > 3) Work(); }); } }")]
    [InlineData("bool Some() { switch ({|#0:_n|}) { case 0: return false; default: return true; } }")]
    public Task PlainRead_IsASuggestion(string member) => TypeVerifier.File($$"""
        class Counter
        {
            int _n;
            void Work() { }
            void Add(int n) => Interlocked.Add(ref _n, n);
            {{member}}
        }
        """, Suggestion);

    /// <summary>A word is stored at once, and so loses no more than an exchange would that nobody asks what it found.</summary>
    [Theory]
    [InlineData("int _n;", "void Reset() => {|#0:_n|} = 0;")]
    [InlineData("int _n;", "void Reset() { {|#0:_n|} = _other = 0; } int _other;")]
    [InlineData("int _n = 5;", "void Reset() => {|#0:_n|} = 5;")]
    [InlineData("int _n = 5;", "void Reset() { {|#0:_n|} = default; }")]
    [InlineData("int _n;", "int Reset() { {|#0:_n|} = 0; return _n; }")]
    [InlineData("int _n;", "async Task Forget() { while (true) { await Task.Delay(1000).ConfigureAwait(false); {|#0:_n|} = 0; } }")]
    [InlineData("int _n;", "void Forget(WaitHandle stop) { while (!stop.WaitOne(1000)) { {|#0:_n|} = 0; } }")]
    [InlineData("static int _n;", "public static void Clear() => {|#0:_n|} = 0;")]
    [InlineData("int _n;", "bool _failed; void Reset() { {|#0:_n|} = 0; _failed = false; }")]
    [InlineData("int _n;", "void Again(bool all) { Interlocked.Exchange(ref _n, -1); if (all) {|#0:_n|} = 0; }")]
    [InlineData("int _n;", "void Reset(List<int> other) { {|#0:_n|} = 0; other.Clear(); }")]
    [InlineData("int _n;", "void Reset() { {|#0:_n|} = 0; var made = new List<int>(); made.Clear(); }")]
    // Any other number, if nobody asks what he finds.
    [InlineData("int _n;", "void Stop() { {|#0:_n|} = 1; }")]
    [InlineData("int _n = int.MaxValue;", "void Again() => {|#0:_n|} = 1;")]
    [InlineData("int _n;", "void Stop() { {|#0:_n|} = int.MinValue; }")]
    [InlineData("int _n;", "void Swap(int n) { if (_n2 == 0) {|#0:_n|} = 7; } int _n2;")]
    // What construction gives it, written the same.
    [InlineData("int _n;", "int _one = 1; public Counter() => _n = _one + 1; void Clear() => {|#0:_n|} = _one + 1;")]
    [InlineData("int _n;", "readonly int _one; public Counter(int one) { _one = one; _n = _one; } void Clear() => {|#0:_n|} = _one;")]
    [InlineData("int _n = s_first * 2;", "static readonly int s_first = 4; void Clear() => {|#0:_n|} = s_first * 2;")]
    [InlineData("int _n;", "public Counter() => _n = 5; void Clear() => {|#0:_n|} = 5; void Up() { int seen = Volatile.Read(ref _n); while (Interlocked.CompareExchange(ref _n, seen + 1, seen) != seen) seen = Volatile.Read(ref _n); }")]
    public Task MereReset_IsASuggestion(string field, string member) => TypeVerifier.File($$"""
        class Counter
        {
            {{field}}
            void Add(int n) => Interlocked.Add(ref _n, n);
            {{member}}
        }
        """, Suggestion);

    [Theory]
    [InlineData("Interlocked.Increment(ref _n)")]
    [InlineData("Interlocked.Decrement(ref _n)")]
    [InlineData("Interlocked.Add(ref _n, 5L)")]
    [InlineData("Interlocked.Add(ref this._n, 5L)")]
    public Task EveryAtomicUpdate_Counts(string update) => TypeVerifier.File($$"""
        class Counter
        {
            long _n;
            void Up() => {{update}};
            void Down() => {|PIN1016:_n|} -= 2;
        }
        """);

    /// <summary>The catalogue's E15. A word that is set as a whole or tested is a state, and has a protocol.</summary>
    [Fact]
    public Task BitsSetAtomically_AreNotSetInTwoSteps() => TypeVerifier.File("""
        class Flags
        {
            int _flags, _mask, _words;
            void A1() => Interlocked.Or(ref _flags, 1);
            void B1() => {|PIN1016:_flags|} |= 2;
            void A2() => Interlocked.And(ref _mask, ~1);
            void B2() { {|PIN1016:_mask|} = _mask & ~2; }
            bool Has(int bit) => (_flags & bit) != 0;
            void Reset() => _flags = 0;
            void C1() => Interlocked.Exchange(ref _words, 1);
            void C2() => _words |= 2;
        }
        """);

    [Fact]
    public Task ComputedExchange_Counts() => TypeVerifier.File("""
        class Counter
        {
            long _n;
            void Up(long by)
            {
                long seen = _n;
                long was;
                while ((was = Interlocked.CompareExchange(ref _n, seen + by, seen)) != seen) seen = was;
            }
            void Down(long by) => {|PIN1016:_n|} -= by;
        }
        """);

    [Fact]
    public Task FieldOfAnotherObject_IsReported() => TypeVerifier.File("""
        class Space { public long Locked; }
        static class Charges
        {
            public static void Charge(Space s, long n) => Interlocked.Add(ref s.Locked, n);
            public static void Uncharge(Space s, long n) => {|PIN1016:s.Locked|} -= n;
        }
        """);

    [Fact]
    public Task StaticAndOtherPart_AreReported() => TypeVerifier.File("""
        partial class Counter
        {
            static int s_n;
            public static void Add() => Interlocked.Increment(ref s_n);
        }
        partial class Counter
        {
            public static void Clear() => {|PIN1016:s_n|} -= s_n;
        }
        """);

    [Theory]
    [InlineData("public C() => _n = 1;")]
    [InlineData("public C() => Set(); private void Set() => _n = 1;")]
    [InlineData("~C() => _n = 0;")]
    [InlineData("int Report() => _n;")]
    [InlineData("long Sum => _n * 2L;")]
    [InlineData("public override string ToString() => $\"{_n}\";")]
    [InlineData("string Status(List<int> all) { int sum = 0; foreach (int i in all) sum += i; return string.Format(\"{0} {1}\", _n == sum ? \" \" : \"X\", sum); }")]
    [InlineData("void Status(System.Text.StringBuilder to) { Work(); to.Append(_n > 3 ? \"many\" : \"few\"); }")]
    [InlineData("readonly object _gate = new(); void Evict() { lock (_gate) { if (_n > 3) return; Work(); } }")]
    [InlineData("readonly object _gate = new(); void Evict() { Monitor.Enter(_gate); try { if (_n > 3) return; Work(); } finally { Monitor.Exit(_gate); } }")]
    [InlineData("string Timing() { double f = 3.0; long all = _n + 3; if (all == 3) return \"none\"; return $\"{100.0 * f / all}\"; }")]
    [InlineData("public override string ToString() { if (_n > 3) return \"many\"; return _n.ToString(); }")]
    [InlineData("bool Check() => Volatile.Read(ref _n) > 3;")]
    [InlineData("void Reset() => Interlocked.Exchange(ref _n, 0);")]
    [InlineData("void Publish() => Volatile.Write(ref _n, 0);")]
    [InlineData("void Initialize() => _n = 0;")]
    // A store that somebody asked for, or beside whom nobody can be.
    [InlineData("int Value { set => _n = value; }")]
    [InlineData("int Value { set { if (value < 0) throw new ArgumentException(); _n = value; } }")]
    [InlineData("void Set(int n) { _n = n; }")]
    [InlineData("void Set(int n) => _n = Math.Max(0, n);")]
    [InlineData("void Import(C other) { _n = other._n; _kind = other._kind; } int _kind;")]
    [InlineData("readonly object _gate = new(); void Reset() { lock (_gate) _n = 0; }")]
    [InlineData("int _state; void Reset() { if (Interlocked.CompareExchange(ref _state, 1, 0) != 0) return; _n = 0; }")]
    [InlineData("int _state; void Reset() { if (Interlocked.Exchange(ref _state, 1) == 0) { Work(); _n = 0; } }")]
    [InlineData("readonly int[] _slots = new int[4]; void Clear() { Array.Clear(_slots, 0, 4); _n = 0; }")]
    [InlineData("readonly List<int> _slots = new(); void Clear() { _slots.Clear(); _n = 0; }")]
    [InlineData("static readonly ConcurrentDictionary<int, int> s_slots = new(); public void Again() { s_slots.Clear(); _n = 0; }")]
    [InlineData("ConcurrentBag<int> Errors { get; set; } = new(); public void Again() { Errors = new ConcurrentBag<int>(); _n = 0; }")]
    [InlineData("object _signal = new(); public void Again() { _n = 0; _signal = new TaskCompletionSource(); }")]
    [InlineData("bool _failed; string _name; public void Again() { _n = 0; _failed = false; _name = null; }")]
    [InlineData("int _kind, _size; void Reuse(int kind, int size) { _kind = kind; _size = size; _n = 0; }")]
    [InlineData("int _phase; protected virtual void Dispose(bool disposing) { _n = _phase = 0; }")]
    [InlineData("void Drain() { while (Volatile.Read(ref _n) > 0) Thread.Yield(); _n = 0; }")]
    [InlineData("void Recover(int saved) { _n = Math.Max(_n, saved); }")]
    [InlineData("int _refs; void Release() { if (Interlocked.Decrement(ref _refs) == 0) { if (_n > 0) Work(); } }")]
    // The type offers both, and its callers choose.
    [InlineData("public int Next() => ++_n; public int SharedNext() => Interlocked.Increment(ref _n);")]
    [InlineData("internal void Drop() { _n--; } internal void SharedDrop() { Interlocked.Decrement(ref _n); }")]
    [InlineData("public void Plus(int n) => _n += n; public void SharedPlus(int by) => Interlocked.Add(ref _n, by); public void Minus(int n) => _n -= n; public void SharedMinus(int n) => Interlocked.Add(ref _n, -n);")]
    // A read that decides nothing.
    [InlineData("long _last; void Sample() { long now = _n; _last = now; Work(); }")]
    [InlineData("long _epoch; void Protect() { _epoch = _n; Work(); }")]
    [InlineData("void Report() { long rate = _n * 1000; Log(rate); Work(); } static void Log(long n) { }")]
    [InlineData("static class ClassicAssert { public static void AreEqual(int a, bool b) { } } void Test() { ClassicAssert.AreEqual(0, _n == 3); }")]
    [InlineData("static class Invariant { public static void Assert(bool holds, string why) { if (!holds) throw new Exception(why); } } void Change() { Invariant.Assert(_n == 0, \"in use\"); Work(); }")]
    [InlineData("public void Dispose() => _n = 0;")]
    [InlineData("static C Make() { var c = new C(); c._n = 5; return c; }")]
    [InlineData("static C Make() => new C { _n = 5 };")]
    [InlineData("void Cas() { var seen = _n; while (true) { int was = Interlocked.CompareExchange(ref _n, seen * 2, seen); if (was == seen) break; seen = was; } }")]
    [InlineData("async Task After(Task t) { await t; if (_n > 0) Work(); }")]
    [InlineData("void Logged() { if (Interlocked.Increment(ref _n) > 3) Work(); else if (_n > 2) Work(); }")]
    [InlineData("void Test() { Debug.Assert(_n > 0); }")]
    [InlineData("void Arrive() { if (Interlocked.Increment(ref _n) == 2) { Work(); _n = 0; } }")]
    [InlineData("void Run(Thread worker) { worker.Start(); worker.Join(); _n = 0; }")]
    [InlineData("void Run() { _n = 0; Parallel.Invoke(Go, Go); } void Go() => Interlocked.Increment(ref _n);")]
    [InlineData("void Run() { _n = 0; Each(); } private void Each() => Parallel.Invoke(Go, Go); private void Go() => Interlocked.Increment(ref _n);")]
    // Handed over as a delegate that is kept for it.
    [InlineData("readonly Action<int> _work; public C() { _work = Work2; } void Run(IPool pool, int jobs) { _n = jobs * 2; pool.Each(_work, jobs); _n = -1; pool.Each(_work, jobs); } private void Work2(int w) { while (Interlocked.Decrement(ref _n) > 0) Work(); } interface IPool { void Each(Action<int> work, int n); }")]
    [InlineData("readonly Action _work; public C() => _work = Go; void Run(Action<Action> all) { _n = 0; all(_work); } private void Go() => Interlocked.Increment(ref _n);")]
    // Still a part of setting it up.
    [InlineData("int _size, _kind; void Prepare(int all, int kind) { _kind = kind; _size = all / 4; _n = all / _size; if (_size * _n < all) ++_n; }")]
    [InlineData("struct S { public int V; } static void Up(ref S s) => Interlocked.Increment(ref s.V); static void Copy(ref S s, int by) => s.V += by;")]
    [InlineData("int _bits; void Set() { int was = _bits; Interlocked.CompareExchange(ref _bits, was + 4, was); } void Clear() => _bits &= ~4; void Take() => _bits = 0;")]
    public Task RightByProtocol_IsSilent(string member) => TypeVerifier.File($$"""
        class C
        {
            private int _n = 3;
            void Work() { }
            void Add(int n) => Interlocked.Add(ref _n, n);
            {{member}}
        }
        """);

    // A struct that is a lock or a state itself; counting by an operator is wrong there, too.
    [Fact]
    public Task StructsOwnProtocol_IsSilent() => TypeVerifier.File("""
        struct State
        {
            private long _left;
            private int _readers;
            public void Weak() => Interlocked.Decrement(ref _left);
            public void Exit(bool down) => _left = _left < 0 ? 4 : _left + 1;
            public void Strong() => _left = -1;
            public readonly bool IsHeld => _left < 0;
            public void Enter() => Interlocked.Increment(ref _readers);
            public void Leave() => {|PIN1016:_readers|}--;
        }

        class Session
        {
            private int _disposed;
            public bool IsDisposed => _disposed > 0;
            public void Dispose() { if (Interlocked.Increment(ref _disposed) > 1) return; }
        }

        class Records
        {
            public struct Clicks { public long N; }
            private readonly Clicks[] _all = new Clicks[4];
            ref Clicks At(int i) => ref _all[i];
            void InPlace(int i) => Interlocked.Add(ref At(i).N, 1);
            void Copied(int to, int from) => At(to).N += At(from).N;
        }
        """);

    // The one who owns it wants the fence; nobody asks what was there.
    [Fact]
    public Task FencedStoreOfAVolatile_IsAStore() => TypeVerifier.File("""
        class Queue
        {
            volatile int _tail, _reset, _set;
            int _bare;
            void Push() { int tail = _tail; _tail = tail + 1; }
            void Wrap() { lock (this) _tail -= 1; }
            void Pop() { int tail = _tail; tail -= 1; Interlocked.Exchange(ref _tail, tail); }

            void Up1() => {|PIN1016:_bare|}++;
            void Down1() => Interlocked.Exchange(ref _bare, _bare - 1);
            void Up2() => {|PIN1016:_reset|}++;
            void Reset2() => Interlocked.Exchange(ref _reset, 0);
            void Up3() => {|PIN1016:_set|}++;
            int Down3() => Interlocked.Exchange(ref _set, _set - 1);
        }
        """);

    // What the object is, it stays: no one object is counted in both ways.
    [Fact]
    public Task KindsThatNeverMeet_AreApart() => TypeVerifier.File("""
        enum Kind { Sum, Gauge, Histogram, Other }
        struct Value { public long Count; }
        class Shared { public long Count; }
        class Point
        {
            readonly Kind _kind;
            Kind _now;
            Value _value;
            long _direct, _same, _changing, _open;
            static long s_all;
            readonly Shared _shared = new();
            public Point(Kind kind) => _kind = _now = kind;

            public void Add(long n)
            {
                switch (_kind)
                {
                    case Kind.Sum: Interlocked.Add(ref _value.Count, n); Interlocked.Add(ref _direct, n); Interlocked.Add(ref _same, n); Interlocked.Add(ref s_all, n); Interlocked.Add(ref _open, n); Interlocked.Add(ref _shared.Count, n); break;
                    case Kind.Gauge: Interlocked.Exchange(ref _value.Count, n); break;
                    case Kind.Histogram: Count(); _direct += n; {|PIN1016:s_all|} += n; {|PIN1016:_shared.Count|} += n; break;
                    case Kind.Other: Count(); break;
                    default: {|PIN1016:_open|} += n; break;
                }

                switch (_now)
                {
                    case Kind.Sum: Interlocked.Add(ref _changing, n); break;
                    case Kind.Other: {|PIN1016:_changing|} += n; break;
                }
            }

            public void Become(Kind kind) => _now = kind;

            private void Count() => _value.Count++;

            public void AddBoth(long n)
            {
                switch (_kind)
                {
                    case Kind.Gauge:
                    case Kind.Sum: {|PIN1016:_same|} += n; break;
                }
            }
        }

        class Called
        {
            readonly Kind _kind;
            long _some, _public;
            public Called(Kind kind) => _kind = kind;
            public void Add(long n)
            {
                switch (_kind)
                {
                    case Kind.Sum: Interlocked.Add(ref _some, n); Interlocked.Add(ref _public, n); break;
                    case Kind.Other: Some(n); Public(n); break;
                }
            }
            public void Late(long n) => Some(n);
            private void Some(long n) => {|PIN1016:_some|} += n;
            public void Public(long n) => {|PIN1016:_public|} += n;
        }
        """);

    // Threads share the view that it hands out; its own members are for the one who holds it.
    [Fact]
    public Task StructWithAParallelView_IsItsHoldersOwn() => TypeVerifier.File("""
        unsafe struct Numbers
        {
            int* _all;
            int _length, _capacity;

            public void Add(int value) { if (_length < _capacity) { _all[_length] = value; _length++; } }
            public void RemoveLast() { _length -= 1; }
            public Writer AsWriter() { fixed (Numbers* self = &this) return new Writer(self); }

            public unsafe struct Writer
            {
                readonly Numbers* _list;
                int _written;
                public Writer(Numbers* list) => _list = list;
                public void Add(int value) { _list->_all[Interlocked.Increment(ref _list->_length) - 1] = value; Interlocked.Increment(ref _written); }
                public void Forget() { {|PIN1016:_list->_length|}--; {|PIN1016:_written|}--; }
            }
        }

        class Counters
        {
            struct Slot { public int N; public void Down() => {|PIN1016:N|}--; }
            readonly Slot[] _slots = new Slot[4];
            void Up(int i) => Interlocked.Increment(ref _slots[i].N);
        }
        """);

    [Fact]
    public Task OneLockAroundAll_IsSilent() => TypeVerifier.File("""
        class C
        {
            readonly object _gate = new();
            int _n;
            void Add() { lock (_gate) Interlocked.Increment(ref _n); }
            void Reset() { lock (_gate) _n = 0; }
            void Both() { lock (_gate) Clear(); }
            private void Clear() => _n = 0;
        }
        """);

    [Fact]
    public Task FlagsAndStates_AreSilent() => TypeVerifier.File("""
        class C
        {
            int _disposed, _running;
            object? _lazy;
            C? _next;
            bool Run()
            {
                if (_disposed != 0 || Interlocked.CompareExchange(ref _running, 1, 0) != 0) return false;
                _running = 0;
                return true;
            }
            object Lazy() { if (_lazy == null) Interlocked.CompareExchange(ref _lazy, new object(), null); return _lazy; }
            void Forget() => _lazy = null;
            void Link(C head) { do { _next = head._next; } while (Interlocked.CompareExchange(ref head._next, this, _next) != _next); }
            public void Dispose() { if (Interlocked.Exchange(ref _disposed, 1) == 0) _running = 0; }
        }
        """);

    [Fact]
    public Task OwnWorkers_AreStartedAfterTheReset() => TypeVerifier.File("""
        class C
        {
            int _done;
            void Run()
            {
                _done = 0;
                Parallel.For(0, 10, i => Interlocked.Increment(ref _done));
                if (_done != 10) throw new InvalidOperationException();
            }
        }
        """);

    [Fact]
    public Task Locals_AreSilent() => TypeVerifier.File("""
        class C
        {
            int Run()
            {
                int done = 0;
                Parallel.For(0, 10, i => Interlocked.Increment(ref done));
                done++;
                return done;
            }
        }
        """);

    /// <summary>All objects share it: that one of them is being made, or is gone, says nothing of the others.</summary>
    [Fact]
    public Task StaticCounterInConstructorOrFinalizer_IsReported() => TypeVerifier.File("""
        class Live
        {
            static int s_made, s_live, s_set;
            readonly int _id = {|PIN1016:s_made|}++;
            static Live() => s_set = 3;
            public Live() => {|PIN1016:s_live|}++;
            public void Dispose() { Interlocked.Decrement(ref s_live); Interlocked.Add(ref s_made, 2); Interlocked.Decrement(ref s_set); }
            ~Live() => {|PIN1016:s_live|}--;
        }
        """);

    [Theory]
    [InlineData("async Task Finish(Task all) { await all; _n = 0; }")]
    [InlineData("async Task Finish() { while (Volatile.Read(ref _n) > 0) await Task.Delay(1); _n = 0; }")]
    [InlineData("void Finish(ManualResetEvent done) { done.WaitOne(1000); _n = 0; }")]
    public Task ResetAfterWaiting_IsSilent(string member) => TypeVerifier.File($$"""
        class Counter
        {
            int _n;
            void Add(int n) => Interlocked.Add(ref _n, n);
            {{member}}
        }
        """);

    /// <summary>Under an alias, or by the method's name alone.</summary>
    [Theory]
    [InlineData("using static System.Threading.Interlocked;", "void Add(int n) => Interlocked.Add(ref _n, n); void Halve() => {|PIN1016:_n|} /= 2;")]
    [InlineData("using static System.Threading.Interlocked;", "void Up() => Increment(ref _n); void Halve() => {|PIN1016:_n|} /= 2;")]
    [InlineData("using I = System.Threading.Interlocked;", "void Up() => I.Increment(ref _n); void Down() => {|PIN1016:_n|}--;")]
    [InlineData("using static System.Threading.Interlocked;", "void Up() { int seen; do seen = System.Threading.Volatile.Read(ref _n); while (CompareExchange(ref _n, seen + 1, seen) != seen); } void Down() => Decrement(ref _n);")]
    [InlineData("using static System.Threading.Volatile;", "void Up() => Interlocked.Increment(ref _n); int Now() => Read(ref _n);")]
    [InlineData("using I = System.Threading.Interlocked; using static System.Threading.Volatile;", "static void Increment(ref int n) => n++; void Up() { int n = 3; Increment(ref n); I.Exchange(ref _n, n); } int Now() => Read(ref _n);")]
    [InlineData("using static System.Threading.Interlocked;", "readonly int _most = 8; bool Take(int n) { if ({|PIN1012:_n + n > _most|}) return false; {|PIN1011:Add(ref _n, n)|}; return true; } void Give(int n) => Add(ref _n, -n);")]
    public Task AtomicByAnotherName_Counts(string directives, string members) => TypeVerifier.File($$"""
        namespace Named
        {
            {{directives}}

            class Counter
            {
                int _n;
                {{members}}
            }
        }
        """);

    /// <summary>How many are to come is written before the first of them can come, unless a run before is still on. Whoever has asked, or lets it go up too, has no countdown.</summary>
    [Theory]
    [InlineData("{|#0:_left|} = all.Count;", "", DiagnosticSeverity.Info)]
    [InlineData("{|#0:_left|} = all?.Count ?? 0;", "", DiagnosticSeverity.Info)]
    [InlineData("if (Volatile.Read(ref _left) < 3) {|#0:_left|} = all.Count;", "", DiagnosticSeverity.Warning)]
    [InlineData("{|#0:_left|} = all.Count;", "void More() => Interlocked.Increment(ref _left);", DiagnosticSeverity.Warning)]
    [InlineData("{|#0:_left|} += all.Count;", "", DiagnosticSeverity.Warning)]
    public Task Countdown_BeginsWithASuggestion(string begin, string member, DiagnosticSeverity severity) => TypeVerifier.File($$"""
        class Board
        {
            private int _left;
            private bool _done;
            {{member}}
            public void Play(List<Action> all)
            {
                _done = false;
                {{begin}}
                foreach (Action one in all) one();
            }

            public void Ended() { if (Interlocked.Decrement(ref _left) == 0) _done = true; }
        }
        """, new DiagnosticResult("PIN1016", severity).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
}
