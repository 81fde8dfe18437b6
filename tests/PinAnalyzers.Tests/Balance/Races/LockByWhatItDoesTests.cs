using System.Threading.Tasks;
using PinAnalyzers.Tests.Balance.Types;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Races;

/// <summary>PIN1020: what a call is called does not make it a lock; what it does, does.</summary>
public sealed class LockByWhatItDoesTests
{
    /// <summary>Methods named like a lock's that take none.</summary>
    [Theory]
    [InlineData("void Take() { } void Uncharge(long n) { Take(); {|PIN1020:_used|} -= n; }")]
    [InlineData("int _rounds; void Begin() => _rounds = 3; void Uncharge(long n) { Begin(); {|PIN1020:_used|} -= n; }")]
    [InlineData("void Wait() => Thread.Yield(); void Uncharge(long n) { Wait(); {|PIN1020:_used|} -= n; }")]
    [InlineData("int _state; void Enter() => _state = 1; void Uncharge(long n) { Enter(); {|PIN1020:_used|} -= n; }")]
    [InlineData("readonly List<int> _list = new(); void Uncharge(long n) { foreach (int i in _list.Take(3)) Work(); {|PIN1020:_used|} -= n; }")]
    [InlineData("void Uncharge(long n, System.IO.Stream s) { s.BeginRead(new byte[1], 0, 1, null, null); {|PIN1020:_used|} -= n; }")]
    [InlineData("void Uncharge(long n, System.Collections.Concurrent.ConcurrentBag<int> bag) { bag.TryTake(out _); bag.Take(2); {|PIN1020:_used|} -= n; }")]
    [InlineData("void Lock() { lock (_gate) { Work(); } } void Uncharge(long n) { Lock(); {|PIN1020:_used|} -= n; }")]
    [InlineData("void Lock() { Monitor.Enter(_gate); try { Work(); } finally { Monitor.Exit(_gate); } } void Uncharge(long n) { Lock(); {|PIN1020:_used|} -= n; }")]
    [InlineData("void Acquire() { Monitor.Enter(_gate); } void Unlock() { Monitor.Exit(_gate); } void Uncharge(long n) { Acquire(); Unlock(); {|PIN1020:_used|} -= n; }")]
    [InlineData("void Release() { } void Uncharge(long n) { try { {|PIN1020:_used|} -= n; } finally { Release(); } }")]
    [InlineData("void End() { } void Uncharge(long n) { try { {|PIN1020:_used|} -= n; } finally { End(); } }")]
    [InlineData("void Run(Action a) => a(); void Uncharge(long n) => Run(() => {|PIN1020:_used|} -= n);")]
    [InlineData("void WithLock(Action a) { lock (_gate) { } a(); } void Uncharge(long n) => WithLock(() => {|PIN1020:_used|} -= n);")]
    [InlineData("Task TakeLockAsync() => LockCoreAsync(3); async Task LockCoreAsync(int n) { await Task.Delay(n); } async Task Uncharge(long n) { await TakeLockAsync(); {|PIN1020:_used|} -= n; }")]
    [InlineData("void TakeAll() => TakeAll(); void Uncharge(long n) { TakeAll(); {|PIN1020:_used|} -= n; }")]
    public Task NameOfALock_IsNoLock(string member) => Verify(member);

    /// <summary>Locks by other hands and other names.</summary>
    [Theory]
    [InlineData("void Lock() => Monitor.Enter(_gate); void Unlock() => Monitor.Exit(_gate); void Uncharge(long n) { Lock(); _used -= n; Unlock(); }")]
    [InlineData("void Hold() => Monitor.Enter(_gate); void LetGo() => Monitor.Exit(_gate); void Uncharge(long n) { Hold(); try { _used -= n; } finally { LetGo(); } }")]
    [InlineData("void Hold() { Monitor.Enter(_gate); if (_used < 0) { Monitor.Exit(_gate); throw new InvalidOperationException(); } } void Uncharge(long n) { Hold(); _used -= n; Monitor.Exit(_gate); }")]
    [InlineData("bool Begin() { bool taken = false; Monitor.TryEnter(_gate, 5, ref taken); return taken; } void Uncharge(long n) { if (!Begin()) return; _used -= n; Monitor.Exit(_gate); }")]
    [InlineData("void Outer() => Inner(); void Inner() => Monitor.Enter(_gate); void Uncharge(long n) { Outer(); _used -= n; Monitor.Exit(_gate); }")]
    [InlineData("void Uncharge(long n) { _gate.Seize(); _used -= n; _gate.Drop(); }")]
    [InlineData("void Uncharge(long n) { _gate.Seize(); try { _used -= n; } finally { _gate.Drop(); } }")]
    [InlineData("void Under(Action a) { lock (_gate) a(); } void Uncharge(long n) => Under(() => _used -= n);")]
    [InlineData("void Under(Action a) { lock (_gate) { a.Invoke(); } } void Uncharge(long n) { Under(() => { if (n > 0) _used -= n; }); }")]
    [InlineData("T Under<T>(Func<T> f) { Monitor.Enter(_gate); try { return f(); } finally { Monitor.Exit(_gate); } } void Uncharge(long n) { long left = Under(() => _used -= n); }")]
    [InlineData("void Uncharge(long n) => _gate.Run(() => _used -= n);")]
    [InlineData("readonly SemaphoreSlim _one = new(1); async Task Uncharge(long n) { await _one.WaitAsync(); try { _used -= n; } finally { _one.Release(); } }")]
    [InlineData("readonly Mutex _mutex = new(); void Uncharge(long n) { _mutex.WaitOne(); _used -= n; _mutex.ReleaseMutex(); }")]
    [InlineData("SpinLock _spin; void Uncharge(long n) { bool taken = false; _spin.Enter(ref taken); _used -= n; _spin.Exit(); }")]
    [InlineData("int _bit; void Enter() { while (Interlocked.CompareExchange(ref _bit, 1, 0) != 0) Thread.Yield(); } void Exit() => Volatile.Write(ref _bit, 0); void Uncharge(long n) { Enter(); _used -= n; Exit(); }")]
    [InlineData("void Uncharge(long n, IGate gate) { gate.Enter(); _used -= n; gate.Exit(); }")]
    [InlineData("void Uncharge(long n, IGate gate) { using (gate.Acquire()) _used -= n; }")]
    [InlineData("void Uncharge(long n, Gate gate) { gate.Lock(); _used -= n; gate.Unlock(); }")]
    [InlineData("struct Held : IDisposable { public object O; public void Dispose() => Monitor.Exit(O); } Held Hold() { Monitor.Enter(_gate); return new Held { O = _gate }; } void Uncharge(long n) { using (Hold()) _used -= n; }")]
    [InlineData("struct Held : IDisposable { public object O; public void Dispose() => Monitor.Exit(O); } Held Hold() { Monitor.Enter(_gate); return new Held { O = _gate }; } void Uncharge(long n) { using var held = Hold(); _used -= n; }")]
    // Through a method that is not called by a lock's name.
    [InlineData("readonly AsyncGate _async = new(); async Task Uncharge(long n) { await using (await _async.TakeLockAsync()) _used -= n; }")]
    [InlineData("readonly AsyncGate _async = new(); async Task Uncharge(long n) { await using IAsyncDisposable held = await _async.TakeLockAsync(); _used -= n; }")]
    [InlineData("void A() { Monitor.Enter(_gate); if (_used > 3) B(); } void B() { if (_used > 5) A(); } void Uncharge(long n) { A(); _used -= n; Monitor.Exit(_gate); }")]
    public Task LockByAnotherName_IsALock(string member) => Verify(member);

    [Theory]
    [InlineData("void Add(long n) { Begin(); _n += n; } void Begin() { }", "void Sub(long n) => _n -= n;")]
    [InlineData("void Add(long n) { try { _n += n; } finally { Release(); } } void Release() { }", "void Sub(long n) => _n -= n;")]
    [InlineData("void Add(long n, object com) { try { _n += n; } finally { Marshal.ReleaseComObject(com); } }", "void Sub(long n) => _n -= n;")]
    [InlineData("void Add(long n) { try { _n += n; } finally { EndRound(); } } void EndRound() => Interlocked.Increment(ref _rounds);", "void Sub(long n) => _n -= n;")]
    public Task NameOfALock_IsNoEvidence(string add, string sub) => TypeVerifier.File($$"""
        class C
        {
            readonly object _gate = new();
            long _n;
            int _rounds;
            void Other() { lock (_gate) { } }
            {{add}}
            {{sub}}
        }
        """);

    [Theory]
    [InlineData("void Add(long n) { Hold(); try { _n += n; } finally { LetGo(); } } void Hold() => Monitor.Enter(_gate); void LetGo() => Monitor.Exit(_gate);")]
    [InlineData("void Add(long n) { _gate.Seize(); try { _n += n; } finally { _gate.Drop(); } }")]
    [InlineData("void Add(long n) { using (Hold()) _n += n; } Held Hold() { Monitor.Enter(_gate); return new Held { O = _gate }; } struct Held : IDisposable { public object O; public void Dispose() => Monitor.Exit(O); }")]
    public Task LockByAnotherName_IsEvidence(string add) => TypeVerifier.File($$"""
        class C
        {
            readonly object _gate = new();
            long _n;
            {{add}}
            void Sub(long n) => {|PIN1020:_n|} -= n;
        }
        {{Extensions}}
        """);

    private const string Extensions = """
        static class Gates
        {
            public static void Seize(this object gate) => Monitor.Enter(gate);
            public static void Drop(this object gate) => Monitor.Exit(gate);
            public static void Run(this object gate, Action a) { lock (gate) a(); }
        }
        interface IGate { void Enter(); void Exit(); IDisposable Acquire(); }
        abstract class Gate { public abstract void Lock(); public abstract void Unlock(); }
        sealed class AsyncGate
        {
            readonly SemaphoreSlim _top = new(1);
            public Task<IAsyncDisposable> TakeLockAsync()
            {
                SemaphoreSlim top = _top;
                Held held = new(top);
                return TakeLockCoreAsync(top, held);
            }
            static async Task<IAsyncDisposable> TakeLockCoreAsync(SemaphoreSlim top, Held held)
            {
                await top.WaitAsync();
                return held;
            }
            sealed class Held : IAsyncDisposable
            {
                readonly SemaphoreSlim _top;
                public Held(SemaphoreSlim top) => _top = top;
                public ValueTask DisposeAsync() { _top.Release(); return default; }
            }
        }
        """;

    private static Task Verify(string member) => TypeVerifier.File($$"""
        class C
        {
            readonly object _gate = new();
            long _used;
            void Work() { }
            void Charge(long n) { lock (_gate) _used += n; }
            void ChargeTwice(long n) { lock (_gate) _used += n + n; }
            {{member}}
        }
        {{Extensions}}
        """);
}
