using System.Threading.Tasks;
using PinAnalyzers.Tests.Balance.Types;
using Xunit;

namespace PinAnalyzers.Tests.Balance.Races;

/// <summary>PIN1020: a counter's lock, and who forgets it.</summary>
public sealed class UnguardedUpdateTests
{
    [Theory]
    [InlineData("void Uncharge(long n) { {|PIN1020:_used|} -= n; }")]
    [InlineData("void Uncharge(long n) => {|PIN1020:_used|} -= n;")]
    [InlineData("void Uncharge() => {|PIN1020:_used|}--;")]
    [InlineData("long Uncharge() => --{|PIN1020:_used|};")]
    [InlineData("void Reset() { {|PIN1020:_used|} = 0; }")]
    [InlineData("void Add(long n) { {|PIN1020:_used|} = _used + n; }")]
    [InlineData("int _a, _b; void Clear() { _a = 0; _b = 0; {|PIN1020:_used|} = 0; }")]
    [InlineData("void Uncharge(long n) { try { Work(); {|PIN1020:_used|} -= n; } finally { Work(); } }")]
    [InlineData("void Uncharge(long n) { try { Work(); } finally { {|PIN1020:_used|} -= n; } }")]
    [InlineData("readonly Pool _pool = new(); void Uncharge(long n) { try { {|PIN1020:_used|} -= n; } finally { _pool.Release(3); } } sealed class Pool { int _size; public void Release(int n) => _size = n; }")]
    [InlineData("void Move(long n) { lock (_gate) { _used += n; } Work(); {|PIN1020:_used|} -= n; }")]
    [InlineData("const long None = 0; void Reset() { {|PIN1020:_used|} = None; }")]
    [InlineData("long _seen; void Reset() { {|PIN1020:_used|} = _seen = 0; }")]
    [InlineData("void Late(long n) { lock (_gate) Work(); {|PIN1020:_used|} -= n; }")]
    [InlineData("void Later(long n) { lock (_gate) { Task.Run(Work); } Task.Run(() => {|PIN1020:_used|} -= n); }")]
    [InlineData("public void Outer() { lock (_gate) Inner(); Inner(); } private void Inner() { {|PIN1020:_used|}++; }")]
    [InlineData("public void Outer() { lock (_gate) { Step(); } Step(); void Step() => {|PIN1020:_used|}++; }")]
    [InlineData("public void Outer() { var gate = _gate; lock (gate) Inner(); } public void Other() { Inner(); } private void Inner() { {|PIN1020:_used|}++; }")]
    [InlineData("public void Outer() { var gate = new object(); lock (gate) Inner(); } public void Other() { var gate = new object(); lock (gate) Inner(); } private void Inner() { {|PIN1020:_used|}++; }")]
    public Task WrittenWithoutItsLock_IsReported(string member) => TypeVerifier.File($$"""
        class C
        {
            readonly object _gate = new();
            long _used;
            void Work() { }
            void Charge(long n) { lock (_gate) _used += n; }
            {{member}}
        }
        """);

    [Theory]
    [InlineData("lock (s.Gate) s.Locked += n;")]
    [InlineData("lock (s.Gate) { if (n > 0) { s.Locked += n; } }")]
    [InlineData("Monitor.Enter(s.Gate); try { s.Locked += n; } finally { Monitor.Exit(s.Gate); }")]
    [InlineData("bool taken = false; try { Monitor.Enter(s.Gate, ref taken); s.Locked += n; } finally { if (taken) Monitor.Exit(s.Gate); }")]
    [InlineData("s.Slim.EnterWriteLock(); try { s.Locked += n; } finally { s.Slim.ExitWriteLock(); }")]
    public Task EveryLock_IsEvidence(string charge) => TypeVerifier.File($$"""
        class Space { public readonly object Gate = new(); public readonly ReaderWriterLockSlim Slim = new(); public long Locked; }
        class Charges
        {
            void Charge(Space s, long n) { {{charge}} }
            void Uncharge(Space s, long n) { {|PIN1020:s.Locked|} -= n; }
        }
        """);

    // The declaration is wrong, and said to be where it stands.
    [Fact]
    public Task StatedGuardThatIsNotThere_GuardsNothing() => TypeVerifier.File("""
        class C
        {
            readonly object _gate = new();
            [Counter(GuardedBy = "_gat")] long _used;
            void Charge(long n) { lock (_gate) _used += n; }
        }
        """);

    [Fact]
    public Task StatedGuard_NeedsNoEvidence() => TypeVerifier.File("""
        class C
        {
            readonly object _gate = new(), _other = new();
            [Counter(GuardedBy = nameof(_gate))] long _used;
            void Charge(long n) { {|PIN1020:_used|} += n; }
            void Wrong(long n) { lock (_other) {|PIN1020:_used|} -= n; }
            void Right(long n) { lock (_gate) _used -= n; }
            void Asserted(long n) { Debug.Assert(Monitor.IsEntered(_gate)); _used -= n; }
        }
        """);

    [Theory]
    [InlineData("public C() => _used = 3;")]
    [InlineData("void Uncharge(long n) { lock (_gate) { _used -= n; } }")]
    [InlineData("void Uncharge(long n) { Debug.Assert(Monitor.IsEntered(_gate)); _used -= n; }")]
    [InlineData("void Uncharge(long n) { Monitor.Enter(_gate); _used -= n; Monitor.Exit(_gate); }")]
    [InlineData("void Take(long n) { if (!Monitor.TryEnter(_gate)) return; try { _used -= n; } finally { Monitor.Exit(_gate); } }")]
    [InlineData("public void Outer() { lock (_gate) Inner(); } private void Inner() { _used++; }")]
    [InlineData("public void Outer() { lock (_gate) Middle(); } private void Middle() => Inner(); private void Inner() { _used++; }")]
    [InlineData("public void Outer() { lock (_gate) { Step(this); } static void Step(C c) { c._used++; c.Next(); } } private void Next() { _used++; }")]
    [InlineData("public void Outer() { lock (_gate) { Step(); } void Step() => _used++; }")]
    [InlineData("object Gate => _gate; public void Outer() { var gate = Gate; lock (gate) Inner(); } public void Other() { object held = Gate; lock (held) Inner(); } private void Inner() { _used++; }")]
    [InlineData("void UnchargeLocked(long n) => _used -= n;")]
    [InlineData("protected virtual void UnchargeWithoutLock(long n) => _used -= n;")]
    [InlineData("void UnchargeUnsynchronized(long n) => _used -= n;")]
    [InlineData("[System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.Synchronized)] void Uncharge(long n) => _used -= n;")]
    [InlineData("static C Make() { var c = new C(); c._used = 4; c._used++; return c; }")]
    [InlineData("long Used => _used;")]
    [InlineData("~C() => _used = 0;")]
    [InlineData("long _limit; int _kind; Task Wait(long limit, int kind) { _limit = limit; _kind = kind; _used = 0; return Task.CompletedTask; }")]
    [InlineData("void Other(long n) { long used = 0; used -= n; Work(); }")]
    [InlineData("public void Dispose() => _used = 0;")]
    public Task RightlyWritten_IsSilent(string member) => TypeVerifier.File($$"""
        class C
        {
            readonly object _gate = new();
            long _used;
            void Work() { }
            void Charge(long n) { lock (_gate) _used += n; }
            {{member}}
        }
        """);

    // The call is not typed to its end; where it stands is known.
    [Fact]
    public Task CallerThatDoesNotBind_StillHoldsItsLock() => TypeVerifier.File("""
        class C
        {
            readonly object _gate = new();
            int _next;
            void A(int n) { lock (_gate) { Make(n, {|CS0103:missing|}); _next++; } }
            void Make(int n, string name) { _next++; }
            void B(int n) { lock (_gate) _next += n; Other(n, {|CS0103:missing|}); }
            void Other(int n, string name) { {|PIN1020:_next|}++; }
        }
        """);

    [Fact]
    public Task MostlyWithoutLock_IsNoDiscipline() => TypeVerifier.File("""
        class C
        {
            readonly object _gate = new();
            int _n;
            void A() { lock (_gate) _n++; }
            void B() { _n++; }
            void D() { _n--; }
        }
        """);

    [Fact]
    public Task ResultsStoredUnderALock_AreNoCounters() => TypeVerifier.File("""
        class C
        {
            readonly object _gate = new();
            int _last;
            void A(int n) { lock (_gate) _last = n; }
            void B(int n) { _last = n; }
        }
        """);

    [Fact]
    public Task FreshMemory_IsNobodysYet() => TypeVerifier.File("""
        unsafe struct Counted
        {
            readonly object _gate;
            int _count;

            static Counted* Create()
            {
                Counted* made = (Counted*)NativeMemory.Alloc((nuint)16);
                made->_count = 1;
                return made;
            }

            void Add() { lock (_gate) _count++; }
            void Remove() { lock (_gate) _count--; }
            void Wrong() { {|PIN1020:_count|} = 0; }
        }
        """);

    [Fact]
    public Task StaticCounterInConstructor_IsReported() => TypeVerifier.File("""
        class Live
        {
            static readonly object s_gate = new();
            static int s_live;
            public Live() => {|PIN1020:s_live|}++;
            public void Dispose() { lock (s_gate) s_live--; }
        }
        """);

    // Each of these objects is locked for its own sake, and many of them at once.
    [Fact]
    public Task LockOnAnotherObject_GuardsThatObject() => TypeVerifier.File("""
        class Part { public bool Done; }
        class C
        {
            readonly object _gate = new();
            readonly List<Part> _parts = new();
            long _ticks, _used;
            void Wait(int i)
            {
                Part part;
                lock (_parts) { part = _parts[i]; }
                lock (part) { _ticks += 3; part.Done = true; }
            }
            void Reset() { _ticks = 0; }
            void Charge(long n) { object gate = _gate; lock (gate) _used += n; }
            void Uncharge(long n) { {|PIN1020:_used|} -= n; }
        }
        """);

    // An enumerator is its caller's; the lock keeps the collection as it is while a step is made.
    [Fact]
    public Task CursorOfAnEnumerator_IsItsCallers() => TypeVerifier.File("""
        class Shared
        {
            public readonly object Gate = new();
            public readonly List<int> All = new();

            public sealed class Cursor : System.Collections.IEnumerator
            {
                readonly Shared _from;
                readonly object _gate = new();
                int _at, _steps;
                public Cursor(Shared from) => _from = from;
                public object Current => _from.All[_at];
                public bool MoveNext() { lock (_from.Gate) { if (_at >= _from.All.Count) return false; _at++; return true; } }
                public void Reset() { _at = 0; }
                public void Count() { lock (_gate) _steps++; }
                public void Forget() { {|PIN1020:_steps|} = 0; }
            }

            public sealed class Reader
            {
                readonly Shared _from;
                int _read;
                public Reader(Shared from) => _from = from;
                public void Read() { lock (_from.Gate) _read++; }
                public void Reset() { {|PIN1020:_read|} = 0; }
            }
        }
        """);
}
