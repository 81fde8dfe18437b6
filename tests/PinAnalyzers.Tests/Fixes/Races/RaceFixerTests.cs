using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Balance.Races;
using PinAnalyzers.Tests.Balance.Types;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Interlock = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.Races.UseInterlockedFixer>;
using Lock = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.Races.WrapInLockFixer>;
using Loop = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.Races.TakeInOneStepFixer>;
using Subtract = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.Races.SubtractFromLimitFixer>;

namespace PinAnalyzers.Tests.Fixes.Races;

/// <summary>The fixes of PIN1011, PIN1012, PIN1016 and PIN1020.</summary>
public sealed class RaceFixerTests
{
    private static DiagnosticResult Info(string id) => new DiagnosticResult(id, DiagnosticSeverity.Info).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);

    private static TestSetup Only(string id) => id == "PIN1011" ? TestSetup.Annotated.Option("dotnet_diagnostic.PIN1012.severity", "none").Option("dotnet_diagnostic.PIN1016.severity", "none") : TestSetup.Annotated.Option("dotnet_diagnostic.PIN1011.severity", "none").Option("dotnet_diagnostic.PIN1016.severity", "none");

    [Theory]
    [InlineData("void M() => {|PIN1016:_n|} = System.Environment.ProcessorCount;", "void M() => Interlocked.Exchange(ref _n, System.Environment.ProcessorCount);")]
    [InlineData("void M() { {|PIN1016:_n|}++; }", "void M() { Interlocked.Increment(ref _n); }")]
    [InlineData("void M() { {|PIN1016:_n|}--; }", "void M() { Interlocked.Decrement(ref _n); }")]
    [InlineData("int M() => --{|PIN1016:_n|};", "int M() => Interlocked.Decrement(ref _n);")]
    [InlineData("int M(int k) => {|PIN1016:_n|} += k * 2;", "int M(int k) => Interlocked.Add(ref _n, k * 2);")]
    [InlineData("void M(int k) { {|PIN1016:_n|} -= k; }", "void M(int k) { Interlocked.Add(ref _n, -k); }")]
    [InlineData("void M(int k) { {|PIN1016:_n|} -= k - 1; }", "void M(int k) { Interlocked.Add(ref _n, -(k - 1)); }")]
    [InlineData("void M(int k) { {|PIN1016:_n|} = _n + k; }", "void M(int k) { Interlocked.Add(ref _n, k); }")]
    [InlineData("void M(int k) { if (k > 3) {|PIN1016:this._n|} = k; }", "void M(int k) { if (k > 3) Interlocked.Exchange(ref this._n, k); }")]
    public Task PlainWrite_BecomesAtomic(string before, string after) => Interlock.CodeFix(Counter(before), Counter(after), TestSetup.Annotated);

    [Theory]
    [InlineData("bool M() => {|#0:_n|} == 0;", "bool M() => Volatile.Read(ref _n) == 0;")]
    [InlineData("void M() { if (/* now */ {|#0:_n|} > 3) Add(1); }", "void M() { if (/* now */ Volatile.Read(ref _n) > 3) Add(1); }")]
    [InlineData("int M(C other) { if ({|#0:_n|} > 3 /* many */) return _n; other._n = nameof(_n).Length; return other._n + _n; }", "int M(C other) { if (Volatile.Read(ref _n) > 3 /* many */) return Volatile.Read(ref _n); other._n = nameof(_n).Length; return other._n + Volatile.Read(ref _n); }")]
    [InlineData("void M() => {|#0:_n|} = 0;", "void M() => Interlocked.Exchange(ref _n, 0);")]
    [InlineData("void M() => {|#0:_n|} = 7;", "void M() => Interlocked.Exchange(ref _n, 7);")]
    public Task PlainReadOrReset_BecomesAtomic(string before, string after) => Interlock.CodeFix(Counter(before), Counter(after), TestSetup.Annotated, null, Info("PIN1016"));

    [Theory]
    [InlineData("int M() => {|PIN1016:_n|}++;")]
    [InlineData("int M() => {|PIN1016:_n|} = System.Environment.ProcessorCount;")]
    [InlineData("void M() { {|PIN1016:_n|} = _n * 2; }")]
    [InlineData("void M() { {|PIN1016:_n|} *= 2; }")]
    // What throws when it overflows would wrap.
    [InlineData("void M(int k) { checked { {|PIN1016:_n|} += k; } }")]
    [InlineData("void M(int k) { {|PIN1016:_n|} = checked(_n + k); }")]
    [InlineData("void M() { checked { {|PIN1016:_n|}--; } }")]
    public Task OldValueOrOtherArithmetic_HasNoFix(string member) => Interlock.NoFix(Counter(member), TestSetup.Annotated);

    [Fact]
    public Task AllPlainAccesses_BecomeAtomic() => Interlock.CodeFix(
        Counter("void A() { {|PIN1016:_n|}++; {|PIN1016:_n|} -= 2; }\n    void B() => {|PIN1016:_n|} = System.Environment.ProcessorCount; // again"),
        Counter("void A() { Interlocked.Increment(ref _n); Interlocked.Add(ref _n, -2); }\n    void B() => Interlocked.Exchange(ref _n, System.Environment.ProcessorCount); // again"),
        TestSetup.Annotated);

    [Theory]
    [InlineData("_used + n > _limit", "n > _limit - _used")]
    [InlineData("n + _used > _limit", "n > _limit - _used")]
    [InlineData("_limit < _used + n", "_limit - _used < n")]
    [InlineData("(_used + n) >= _limit", "n >= _limit - _used")]
    [InlineData("_used + n * 2 > _limit", "n * 2 > _limit - _used")]
    [InlineData("_used + n > _limit + 1", "n > _limit + 1 - _used")]
    [InlineData("Volatile.Read(ref _used) + n > _limit", "n > _limit - Volatile.Read(ref _used)")]
    [InlineData("_used + n > Max", "n > Max - _used")]
    public Task Sum_BecomesADifference(string before, string after) => Subtract.CodeFix(Limit($"{{|#0:{before}|}}"), Limit(after), Only("PIN1012"), null, Info("PIN1012").WithArguments("the sum of '_used' and what is asked for can overflow and pass the test"));

    [Fact]
    public Task UnsignedStep_HasNoFix() => Subtract.NoFix("""
        class C
        {
            ulong _used;
            void Uncharge(ulong n) => {|#0:_used -= n|};
        }
        """, Only("PIN1012"), Info("PIN1012"));

    [Theory]
    [InlineData("void M(long n) { {|PIN1020:_used|} -= n; }", "void M(long n) { lock (_gate) { _used -= n; } }")]
    [InlineData("long M() { return --{|PIN1020:_used|}; }", "long M() { lock (_gate) { return --_used; } }")]
    public Task Update_IsLocked(string before, string after) => Lock.CodeFix(Guarded(before), Guarded(after), TestSetup.Annotated);

    [Fact]
    public Task BothTargetsOfOneStatement_AreLockedTogether() => Lock.CodeFix("""
        class C
        {
            readonly object _gate = new();
            long _used, _peak;
            void Charge(long n) { lock (_gate) { _used += n; _peak += n; } }
            void Reset()
            {
                {|PIN1020:_used|} = {|PIN1020:_peak|} = 0;
            }
        }
        """, """
        class C
        {
            readonly object _gate = new();
            long _used, _peak;
            void Charge(long n) { lock (_gate) { _used += n; _peak += n; } }
            void Reset()
            {
                lock (_gate)
                {
                    _used = _peak = 0;
                }
            }
        }
        """, TestSetup.Annotated);

    [Fact]
    public Task StatementsBesideEachOther_ShareTheLock() => Lock.CodeFix("""
        class C
        {
            readonly object _gate = new();
            long _used, _peak, _room;
            void Charge(long n) { lock (_gate) { _used += n; _peak += n; _room -= n; } }
            void Uncharge(long n) { lock (_gate) { _used -= n; _peak -= n; _room += n; } }
            void Clear()
            {
                // Starts over.
                {|PIN1020:_used|} = 0;
                {|PIN1020:_peak|} = 0; // the highest

                {|PIN1020:_room|} = 10;
            }

            void Apart(long n)
            {
                {|PIN1020:_used|} -= n;
                System.Console.WriteLine(n);
                {|PIN1020:_room|} += n;
            }
        }
        """, """
        class C
        {
            readonly object _gate = new();
            long _used, _peak, _room;
            void Charge(long n) { lock (_gate) { _used += n; _peak += n; _room -= n; } }
            void Uncharge(long n) { lock (_gate) { _used -= n; _peak -= n; _room += n; } }
            void Clear()
            {
                // Starts over.
                lock (_gate)
                {
                    _used = 0;
                    _peak = 0; // the highest
                    _room = 10;
                }
            }

            void Apart(long n)
            {
                lock (_gate)
                {
                    _used -= n;
                }
                System.Console.WriteLine(n);
                lock (_gate)
                {
                    _room += n;
                }
            }
        }
        """, TestSetup.Annotated);

    [Fact]
    public Task ArrowAndOtherObject_AreLocked() => Lock.CodeFix("""
        class Space { public readonly object Gate = new(); public long Locked; }
        class C
        {
            void Charge(Space s, long n) { lock (s.Gate) s.Locked += n; }
            void Uncharge(Space space, long n) => {|PIN1020:space.Locked|} -= n;
        }
        """, """
        class Space { public readonly object Gate = new(); public long Locked; }
        class C
        {
            void Charge(Space s, long n) { lock (s.Gate) s.Locked += n; }
            void Uncharge(Space space, long n)
            {
                lock (space.Gate)
                {
                    space.Locked -= n;
                }
            }
        }
        """, TestSetup.Annotated);

    [Fact]
    public Task StatedLock_IsTaken() => Lock.CodeFix("""
        using PinAccounting.Annotations;
        class C
        {
            readonly object _gate = new();
            [Counter(GuardedBy = nameof(_gate))] long _used;
            void Charge(long n)
            {
                {|PIN1020:_used|} += n; // counted
            }
        }
        """, """
        using PinAccounting.Annotations;
        class C
        {
            readonly object _gate = new();
            [Counter(GuardedBy = nameof(_gate))] long _used;
            void Charge(long n)
            {
                lock (_gate)
                {
                    _used += n;
                } // counted
            }
        }
        """, TestSetup.Annotated);

    [Theory]
    [InlineData("void M(long n) { if (--{|PIN1020:_used|} == 0) M(n); }")]
    [InlineData("void M(long n) { {|PIN1020:_used|} -= Ask(); }")]
    [InlineData("static void M(C other) { {|PIN1020:other._used|}--; }")]
    public Task MoreThanTheUpdate_HasNoFix(string member) => Lock.NoFix(Guarded(member), TestSetup.Annotated);

    [Fact]
    public Task SemaphoreAsLock_HasNoFix() => Lock.NoFix("""
        using System.Threading;
        class C
        {
            readonly SemaphoreSlim _sem = new(1);
            int _n;
            void A() { _sem.Wait(); try { _n++; } finally { _sem.Release(); } }
            void B() { {|PIN1020:_n|}++; }
        }
        """, TestSetup.Annotated);

    [Fact]
    public Task GuardBeforeTheUpdate_BecomesALoop() => Loop.CodeFix("""
        using System.Threading;

        class C
        {
            long _used, _limit = 5;

            bool TryCharge(long n)
            {
                // Room?
                if (_used + n > _limit)
                    return false;
                {|PIN1011:Interlocked.Add(ref _used, n)|};
                return true;
            }
        }
        """, """
        using System.Threading;

        class C
        {
            long _used, _limit = 5;

            bool TryCharge(long n)
            {
                // Room?
                long current = Volatile.Read(ref _used);
                while (true)
                {
                    if (current + n > _limit)
                        return false;
                    long seen = Interlocked.CompareExchange(ref _used, current + n, current);
                    if (seen == current)
                        break;
                    current = seen;
                }
                return true;
            }
        }
        """, Only("PIN1011"));

    [Fact]
    public Task BranchAroundTheUpdate_BecomesALoop() => Loop.CodeFix("""
        using System.Threading;

        class Owner { public int Used, Limit; }

        class C
        {
            readonly Owner _owner = new();

            bool TryTake()
            {
                if (Volatile.Read(ref _owner.Used) < _owner.Limit)
                {
                    {|PIN1011:Interlocked.Increment(ref _owner.Used)|};
                    return true;
                }

                return false;
            }
        }
        """, """
        using System.Threading;

        class Owner { public int Used, Limit; }

        class C
        {
            readonly Owner _owner = new();

            bool TryTake()
            {
                int current = Volatile.Read(ref _owner.Used);
                while (current < _owner.Limit)
                {
                    int seen = Interlocked.CompareExchange(ref _owner.Used, current + 1, current);
                    if (seen == current)
                    {
                        return true;
                    }

                    current = seen;
                }

                return false;
            }
        }
        """, Only("PIN1011"));

    [Theory]
    [InlineData("if (_used + n > Ask()) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (_used + n > 5) return false; Ask(); {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("long used = Volatile.Read(ref _used); if (used + n > 5) return false; {|PIN1011:Interlocked.Add(ref _used, n)|}; return true;")]
    [InlineData("if (_used + n > 5) return false; {|PIN1011:Interlocked.Add(ref _used, Ask())|}; return true;")]
    [InlineData("if (_used + n > 5) return false; lock (_gate) { {|PIN1011:_used += n|}; } return true;")]
    public Task OtherShapes_HaveNoFix(string body) => Loop.NoFix($$"""
        using System.Threading;
        class C
        {
            readonly object _gate = new();
            long _used;
            long Ask() => 3;
            bool TryCharge(long n) { {{body}} }
        }
        """, Only("PIN1011"));

    [Fact]
    public Task CommentsAndWhatFollows_StayWithTheLoop() => Loop.CodeFix("""
        using System;
        using System.Threading;

        class C
        {
            int _open;

            bool TryOpen()
            {
                // Room?
                if (Volatile.Read(ref _open) >= 10) return false;
                // Take it.
                {|PIN1011:Interlocked.Increment(ref _open)|}; // one more
                return true;
            }

            void Open()
            {
                if (Volatile.Read(ref _open) < 10)
                {
                    {|PIN1011:Interlocked.Increment(ref _open)|};
                    Console.WriteLine("opened");
                }
            }
        }
        """, """
        using System;
        using System.Threading;

        class C
        {
            int _open;

            bool TryOpen()
            {
                // Room?
                int current = Volatile.Read(ref _open);
                while (true)
                {
                    if (current >= 10) return false;
                    // Take it.
                    int seen = Interlocked.CompareExchange(ref _open, current + 1, current); // one more
                    if (seen == current)
                        break;
                    current = seen;
                }
                return true;
            }

            void Open()
            {
                int current = Volatile.Read(ref _open);
                while (current < 10)
                {
                    int seen = Interlocked.CompareExchange(ref _open, current + 1, current);
                    if (seen == current)
                    {
                        Console.WriteLine("opened");
                        break;
                    }

                    current = seen;
                }
            }
        }
        """, Only("PIN1011"));

    [Fact]
    public Task MonitorCalls_NameTheLock() => Lock.CodeFix("""
        using System.Threading;

        class C
        {
            readonly object _gate = new();
            long _used;
            void Charge(long n) { Monitor.Enter(_gate); try { _used += n; } finally { Monitor.Exit(_gate); } }
            void Uncharge(long n)
            {
                {|PIN1020:_used|} -= n;
            }
        }
        """, """
        using System.Threading;

        class C
        {
            readonly object _gate = new();
            long _used;
            void Charge(long n) { Monitor.Enter(_gate); try { _used += n; } finally { Monitor.Exit(_gate); } }
            void Uncharge(long n)
            {
                lock (_gate)
                {
                    _used -= n;
                }
            }
        }
        """, TestSetup.Annotated);

    private static string Counter(string member) => $$"""
        using System.Threading;
        class C
        {
            int _n;
            void Add(int n) => Interlocked.Add(ref _n, n);
            {{member}}
        }
        """;

    private static string Limit(string condition) => $$"""
        using System.Threading;
        class C
        {
            const long Max = 512;
            long _used, _limit = 5;
            bool TryCharge(long n)
            {
                if ({{condition}}) return false;
                Interlocked.Add(ref _used, n);
                return true;
            }
        }
        """;

    private static string Guarded(string member) => $$"""
        class C
        {
            readonly object _gate = new();
            long _used;
            long Ask() => 3;
            void Charge(long n) { lock (_gate) _used += n; }
            void Charge(int n) { lock (_gate) _used += n; }
            {{member}}
        }
        """;
}
