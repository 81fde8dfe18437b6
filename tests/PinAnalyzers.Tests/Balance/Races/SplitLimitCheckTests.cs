using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Balance.Types;
using PinAnalyzers.Tests.Verification;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Races;

/// <summary>PIN1011: checked here, taken there.</summary>
public sealed class SplitLimitCheckTests
{
    // What the tests write as sums is PIN1012's too; that has tests of its own.
    private static TestSetup Setup => TypeVerifier.Setup.Option("dotnet_diagnostic.PIN3016.severity", "none").Option("dotnet_diagnostic.PIN1012.severity", "none").Option("dotnet_diagnostic.PIN1016.severity", "none");

    [Theory]
    [InlineData("if (_used + n > _limit) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (Volatile.Read(ref _used) + n > _limit) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (n > _limit - _used) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (_used + n <= _limit) { {|PIN1011:Interlocked.Add(ref _used, n)|}; return true; } return false;")]
    [InlineData("if (_used >= _limit) throw new InvalidOperationException(); {|PIN1011:Interlocked.Increment(ref _used)|}; return true;")]
    [InlineData("long used = Volatile.Read(ref _used); if (used + n > _limit) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (Used + n > _limit) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (_used < n) return false; {|PIN1011:Interlocked.Add(ref _used, -n)|}; return true;")]
    [InlineData("if (Volatile.Read(ref _used) + n > _limit) return false; {|PIN1011:_used += n|}; return true;")]
    [InlineData("if (Volatile.Read(ref _used) + n > _limit) return false; {|PIN1011:Volatile.Write(ref _used, _used + n)|}; return true;")]
    [InlineData("if (_used + n > _limit) return false; lock (_gate) { {|PIN1011:_used += n|}; } return true;")]
    [InlineData("lock (_gate) { if (_used + n > _limit) return false; } lock (_gate) { {|PIN1011:_used += n|}; } return true;")]
    [InlineData("if (n > 0 && _used + n > _limit) { return false; } if (n == 3) return true; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("while (_used >= _limit) Thread.Yield(); {|PIN1011:Interlocked.Increment(ref _used)|}; return true;")]
    [InlineData("if (_counted + n > _limit) return false; {|PIN1011:_counted += n|}; return true;")]
    [InlineData("if (_flag + n > _limit) return false; {|PIN1011:_flag += (int)n|}; return true;")]
    [InlineData("bool fits = Volatile.Read(ref _used) < _limit; if (fits) {|PIN1011:Interlocked.Increment(ref _used)|}; return fits;")]
    [InlineData("if (Interlocked.CompareExchange(ref _used, 0, 0) >= _limit) return false; {|PIN1011:Interlocked.Increment(ref _used)|}; return true;")]
    [InlineData("if (!Fits(n)) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (IsFull) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (Volatile.Read(ref _used) is >= 10) return false; {|PIN1011:Interlocked.Increment(ref _used)|}; return true;")]
    [InlineData("switch (Volatile.Read(ref _used)) { case >= 10: return false; default: {|PIN1011:Interlocked.Increment(ref _used)|}; return true; }")]
    [InlineData("switch (Volatile.Read(ref _used)) { case > 10: return false; } {|PIN1011:Interlocked.Increment(ref _used)|}; return true;")]
    [InlineData("switch (n) { case 1: if (_used >= _limit) return false; {|PIN1011:Interlocked.Increment(ref _used)|}; return true; default: return false; }")]
    // A loop that asks without the lock, or that asks for what others have done as well, has not checked.
    [InlineData("if (_used < _limit) { for (; _used < _limit; n--) { lock (_gate) { {|PIN1011:_used++|}; } } } return true;")]
    [InlineData("if (Volatile.Read(ref _used) < _limit) { lock (_gate) { for (int i = 0; i < n; i++) { {|PIN1011:_used++|}; } } } return true;")]
    [InlineData("long c = Volatile.Read(ref _used); if (c > _limit) { while (c > _limit) { {|PIN1011:Interlocked.Decrement(ref _used)|}; Thread.Yield(); c = Interlocked.Read(ref _used); } } return true;")]
    [InlineData("long c = Volatile.Read(ref _used); if (c > _limit) { while (c > _limit) { {|PIN1011:Interlocked.Decrement(ref _used)|}; Thread.Yield(); c = Interlocked.Decrement(ref _used); } } return true;")]
    public Task TwoSteps_AreReported(string body) => TypeVerifier.File(Around(body), Setup);

    // What is stored goes where the position says: there is one who writes, and the volatile write is for those who read.
    [Theory]
    [InlineData("long at = At; if (at + frame.Length > _capacity) return false; Store(at, frame); Volatile.Write(ref _at, _at + frame.Length); return true;", "")]
    [InlineData("long at = Volatile.Read(ref _at); if (at >= _capacity) return false; _memory[at] = frame[0]; Volatile.Write(ref _at, at + 1); return true;", "")]
    [InlineData("long at = _at; if (at >= _capacity) return false; _memory[at & 1023] = frame[0]; Volatile.Write(ref _at, _at + 1); return true;", "public void Clear() => Volatile.Write(ref _at, 0);")]
    [InlineData("if (_at + 1 > _capacity) return false; fixed (byte* p = _memory) { *(p + _at) = frame[0]; } Volatile.Write(ref _at, _at + 1); return true;", "public void Clear() { _at = 0; }")]
    public Task PositionOfOneProducer_IsSilent(string body, string member) => TypeVerifier.File(Cursor(body, member), Setup);

    [Theory]
    [InlineData("long at = At; if (at + frame.Length > _capacity) return false; Store(0, frame); {|PIN1011:Volatile.Write(ref _at, _at + frame.Length)|}; return true;", "")]
    [InlineData("long at = At; if (at + frame.Length > _capacity) return false; Store(at, frame); {|PIN1011:Interlocked.Add(ref _at, frame.Length)|}; return true;", "")]
    [InlineData("long at = At; if (at + frame.Length > _capacity) return false; Store(at, frame); {|PIN1011:Volatile.Write(ref _at, _at + frame.Length)|}; return true;", "public void Skip() => Volatile.Write(ref _at, _at + 1);")]
    [InlineData("long at = At; if (at + frame.Length > _capacity) return false; Console.WriteLine(at); {|PIN1011:Volatile.Write(ref _at, _at + frame.Length)|}; return true;", "")]
    public Task PositionThatIsNoPlace_IsReported(string body, string member) => TypeVerifier.File(Cursor(body, member), Setup);

    private static string Cursor(string body, string member) => $$"""
        unsafe class C
        {
            readonly byte[] _memory = new byte[1024];
            readonly long _capacity = 1024;
            long _at;
            long At => Volatile.Read(ref _at);
            void Store(long at, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_memory.AsSpan((int)at));
            public bool TryAppend(byte[] frame) { {{body}} }
            {{member}}
        }
        """;

    [Fact]
    public Task OtherObject_IsReported() => TypeVerifier.File("""
        class Owner { public long Used; public long Limit; }
        class C
        {
            readonly Owner _owner = new();
            bool TryCharge(long n)
            {
                if (_owner.Used + n > _owner.Limit) return false;
                {|PIN1011:Interlocked.Add(ref _owner.Used, n)|};
                return true;
            }
        }
        """, Setup);

    [Theory]
    [InlineData("lock (_gate) { if (_used + n > _limit) return false; _used += n; return true; }")]
    [InlineData("if (_used + n > _limit) return false; lock (_gate) { if (_used + n > _limit) return false; _used += n; return true; }")]
    [InlineData("Monitor.Enter(_gate); try { if (_used + n > _limit) return false; _used += n; return true; } finally { Monitor.Exit(_gate); }")]
    [InlineData("long cur = Volatile.Read(ref _used); while (n <= _limit - cur) { long seen = Interlocked.CompareExchange(ref _used, cur + n, cur); if (seen == cur) return true; cur = seen; } return false;")]
    [InlineData("if (Interlocked.Add(ref _used, n) > _limit) { Interlocked.Add(ref _used, -n); return false; } return true;")]
    [InlineData("if (_used + n > _limit) return false; if (Interlocked.Add(ref _used, n) <= _limit) return true; Interlocked.Add(ref _used, -n); return false;")]
    [InlineData("if (_used > _limit) return false; Interlocked.Add(ref _used, n); if (Volatile.Read(ref _used) > _limit) { Interlocked.Add(ref _used, -n); return false; } return true;")]
    [InlineData("if (_plain + n > _limit) return false; _plain += n; return true;")]
    [InlineData("long used = 0; if (used + n > _limit) return false; used += n; return used > 0;")]
    [InlineData("if (n > _limit) return false; Interlocked.Add(ref _used, n); return true;")]
    [InlineData("if (_used == 0) return false; Interlocked.Add(ref _used, n); return true;")]
    [InlineData("if (_limit > 0) Interlocked.Add(ref _used, n); return true;")]
    [InlineData("Debug.Assert(Monitor.IsEntered(_gate)); if (_used + n > _limit) return false; _used += n; return true;")]
    [InlineData("var c = new C(); if (c._used + n > _limit) return false; Interlocked.Add(ref c._used, n); return true;")]
    [InlineData("if (_used + n > _limit) _limit = n; Interlocked.Add(ref _used, n); return true;")]
    [InlineData("if (new byte[8].AsSpan((int)_used) is { Length: > 0 } rest) Interlocked.Add(ref _used, rest.Length); return true;")]
    [InlineData("bool any = n > 0; if (any) Interlocked.Increment(ref _used); return any;")]
    [InlineData("if (!Takes(n)) return false; Interlocked.Add(ref _used, n); return true;")]
    [InlineData("if (IsFull) return false; if (Interlocked.Increment(ref _used) > _limit) { Interlocked.Decrement(ref _used); return false; } return true;")]
    [InlineData("if (Volatile.Read(ref _used) is 10) return false; Interlocked.Increment(ref _used); return true;")]
    [InlineData("if (_shown >= _limit) return false; _shown++; return true;")]
    [InlineData("switch (n) { case >= 10: return false; default: Interlocked.Increment(ref _used); return true; }")]
    // A first value of its own, and what belongs to it.
    [InlineData("_used = n / 4; if (_used * 4 < n) ++_used; return true;")]
    // Something is given up, however much it is.
    [InlineData("if (Volatile.Read(ref _used) <= _limit) return false; if (_queue.TryDequeue(out var old)) Interlocked.Add(ref _used, -old.Length); return true;")]
    // What is counted there is what went wrong, and not what was let in.
    [InlineData("if (Volatile.Read(ref _used) >= _limit) throw new System.InvalidOperationException(); try { System.Console.Out.Flush(); return true; } catch { Interlocked.Increment(ref _used); throw; }")]
    [InlineData("try { System.Console.Out.Flush(); return true; } catch (System.Exception) { if (Volatile.Read(ref _used) >= _limit) return false; Interlocked.Increment(ref _used); return false; }")]
    // The loop asks again before each round, under the lock of the update.
    [InlineData("if (_used < _limit) { lock (_gate) { for (; _used < _limit; _used++) { if (n-- == 0) break; } } } return true;")]
    [InlineData("if (_used < _limit) { lock (_gate) { while (_used < _limit) { if (n-- == 0) break; _used++; } } } return true;")]
    // A loop alone says how far it goes.
    [InlineData("while (Volatile.Read(ref _used) < _limit) Interlocked.Increment(ref _used); return true;")]
    // Taken back for a wait and then taken again; the result decides whether to wait once more.
    [InlineData("long c = Interlocked.Read(ref _used); if (c > _limit) { lock (_gate) { while (c > _limit) { Interlocked.Decrement(ref _used); Monitor.Wait(_gate); c = Interlocked.Increment(ref _used); } } } return true;")]
    [InlineData("long c = Interlocked.Read(ref _used); if (c > _limit) { do { Interlocked.Add(ref _used, -n); Thread.Yield(); } while (Interlocked.Add(ref _used, n) > _limit); } return true;")]
    public Task OneStepOrNobodyElse_IsSilent(string body) => TypeVerifier.File(Around(body), Setup);

    [Fact]
    public Task CallersLock_IsSilent() => TypeVerifier.File("""
        class C
        {
            readonly object _gate = new();
            long _used, _limit = 4;
            public bool TryCharge(long n) { lock (_gate) return TryCore(n); }
            private bool TryCore(long n) { if (_used + n > _limit) return false; _used += n; return true; }
            public void Uncharge(long n) { lock (_gate) _used -= n; }
        }
        ref struct R
        {
            long _used;
            bool TryCharge(long n, long limit) { if (_used + n > limit) return false; Interlocked.Add(ref _used, n); return true; }
        }
        """, Setup);

    [Fact]
    public Task OneWriterAndAStatistic_IsSilent() => TypeVerifier.File("""
        class Cache
        {
            readonly long _most = 100;
            long _size;
            bool IsFull() => _size > _most;
            public long Size => Interlocked.Read(ref _size);
            public bool TryPut(long n)
            {
                if (IsFull()) return false;
                _size += n;
                return true;
            }
        }
        """, Setup);

    private static string Around(string body) => $$"""
        class C
        {
            readonly object _gate = new();
            private long _used, _limit = 100, _plain;
            private volatile int _flag;
            [Counter] private long _counted;
            private readonly ConcurrentQueue<byte[]> _queue = new();
            long Used => Volatile.Read(ref _used);
            bool IsFull => Volatile.Read(ref _used) >= _limit;
            private long _shown;
            public long Shown => Volatile.Read(ref _shown);
            private bool Fits(long n) => n <= _limit - Volatile.Read(ref _used);
            private bool Takes(long n) => Interlocked.Add(ref _used, n) <= _limit;
            bool TryCharge(long n) { {{body}} }
        }
        """;

    [Fact]
    public Task LockAroundOneWriteOfMany_IsNoSharing() => TypeVerifier.File("""
        class Buffered
        {
            readonly object _gate = new();
            long _at, _size = 8;
            void Write(long n)
            {
                if (_at > 0)
                {
                    long room = _size - _at;
                    if (room >= n) { _at += n; return; }
                    if (room > 0) _at += room;
                }
            }
            void Flush() { lock (_gate) _at = 0; }
        }
        """, Setup);

    /// <summary>What a pool keeps below its limit and drops above it was promised to nobody. An amount was, and so was what the caller is told of.</summary>
    [Theory]
    [InlineData("public void Return(byte[] item) { if (_kept < _most) { {|#0:Interlocked.Add(ref _kept, item.Length)|}; _pool.Enqueue(item); } }", DiagnosticSeverity.Info)]
    [InlineData("public void Return(Segment item) { if (_kept < _most) { {|#0:Interlocked.Increment(ref _kept)|}; _pool.Enqueue(item.Array!); } }", DiagnosticSeverity.Info)]
    [InlineData("public void Return(byte[] item) { long kept = Interlocked.Read(ref _kept); if (kept <= _most) { _pool.Enqueue(item); } else { {|#0:Interlocked.Decrement(ref _kept)|}; } }", DiagnosticSeverity.Info)]
    [InlineData("public Task Return(byte[] item) { if (_kept < _most) { {|#0:Interlocked.Increment(ref _kept)|}; _last = item; } return Task.CompletedTask; }", DiagnosticSeverity.Info)]
    [InlineData("public void Return(byte[] item) { if (item.Length != 3) throw new ArgumentException(nameof(item)); if (_kept < _most) { {|#0:Interlocked.Increment(ref _kept)|}; _pool.Enqueue(item); } }", DiagnosticSeverity.Info)]
    [InlineData("public void Return(ICollection<byte[]> items) { foreach (byte[] item in items) { if (_kept < _most) { {|#0:Interlocked.Increment(ref _kept)|}; _pool.Enqueue(item); } else break; } }", DiagnosticSeverity.Info)]
    [InlineData("public bool Return(byte[] item) { if (_kept >= _most) return false; {|#0:Interlocked.Increment(ref _kept)|}; _pool.Enqueue(item); return true; }", DiagnosticSeverity.Warning)]
    [InlineData("public void Return(byte[] item) { if (_kept >= _most) throw new InvalidOperationException(); {|#0:Interlocked.Increment(ref _kept)|}; _pool.Enqueue(item); }", DiagnosticSeverity.Warning)]
    [InlineData("public void Take(long n) { if (_kept + n > _most) return; {|#0:Interlocked.Add(ref _kept, n)|}; Console.WriteLine(n); }", DiagnosticSeverity.Warning)]
    [InlineData("public void Start(Action work) { if (_kept >= _most) return; {|#0:Interlocked.Increment(ref _kept)|}; Task.Run(work); }", DiagnosticSeverity.Warning)]
    public Task KeptOrDropped_IsASuggestion(string member, DiagnosticSeverity severity) => TypeVerifier.File($$"""
        class Segment { public byte[]? Array; }
        class Pool
        {
            private readonly ConcurrentQueue<byte[]> _pool = new();
            private byte[]? _last;
            private long _kept, _most = 100;
            {{member}}
            public byte[]? Rent() { if (!_pool.TryDequeue(out byte[]? item)) return _last; Interlocked.Decrement(ref _kept); return item; }
        }
        """, Setup, new DiagnosticResult("PIN1011", severity).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
}
