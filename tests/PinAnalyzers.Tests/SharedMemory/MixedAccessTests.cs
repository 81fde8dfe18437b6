using System.Linq;
using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.SharedMemory;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.AccessAsVolatileFixer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3016, which needs no annotation, and its fix.</summary>
public sealed class MixedAccessTests
{
    private const string Start = "using System; using System.Diagnostics; using System.Threading; unsafe struct Slot { public int State; public long Value; }\n";

    /// <summary>Each in a class of its own: the rule compares the members of a type.</summary>
    private static string InTypes(params string[] members) => string.Concat(members.Select(static (member, i) => $$"""
        unsafe class Queue{{i}}
        {
            long _head, _tail;
            int _state;
            bool _stop;
            readonly int[] _flags = new int[8];
            int* _words;
            Slot* _slot;
            readonly object _gate = new();
            static int s_shared;
            static void Work() { }
            static void Use(long n) { }
            {{member.Replace("Queue", "Queue" + i)}}
        }

        """));

    private static Task AllFixed(params (string Members, string Plain, string Fixed)[] cases)
    {
        string[] after = cases.Select(static one =>
        {
            string members = one.Members.Replace("{|PIN3016:", "").Replace("|}", "");
            int at = members.LastIndexOf(one.Plain, System.StringComparison.Ordinal);
            return members.Remove(at, one.Plain.Length).Insert(at, one.Fixed);
        }).ToArray();
        return Verify.CodeFix(Start + InTypes(cases.Select(static one => one.Members).ToArray()), Start + InTypes(after), key: AccessAsVolatileFixer.Key_Volatile);
    }

    [Fact]
    public Task HalfAProtocol_IsCompleted() => AllFixed(
        ("void A() => Volatile.Write(ref _stop, true); void B() { while (!{|PIN3016:_stop|}) Work(); }", "!_stop", "!Volatile.Read(ref _stop)"),
        ("void A() => Volatile.Write(ref _stop, true); void B() { if ({|PIN3016:_stop|}) Work(); }", "if (_stop)", "if (Volatile.Read(ref _stop))"),
        ("void A() => Volatile.Write(ref _tail, 1); long B() { Work(); return Volatile.Read(ref _tail); } void C() { if ({|PIN3016:_tail|} > 3) Work(); }", "if (_tail", "if (Volatile.Read(ref _tail)"),
        ("bool A() => Volatile.Read(ref _stop); void B() { try { {|PIN3016:_stop|} = true; } finally { Work(); } }", "_stop = true", "Volatile.Write(ref _stop, true)"),
        ("readonly SemaphoreSlim _one = new(1); bool A() => Volatile.Read(ref _stop); void B() { try { Work(); } finally { _one.Release(); {|PIN3016:_stop|} = true; } }", "_stop = true", "Volatile.Write(ref _stop, true)"),
        ("bool A() => Volatile.Read(ref _stop); void B(System.IO.Stream s) { using (s) { {|PIN3016:_stop|} = true; } }", "_stop = true", "Volatile.Write(ref _stop, true)"),
        ("void A() => Volatile.Write(ref _stop, true); void B() { if ({|PIN3016:_stop|}) Work(); A(); }", "if (_stop)", "if (Volatile.Read(ref _stop))"),
        ("bool A() => Volatile.Read(ref _stop); void B() { {|PIN3016:_stop|} = true; }", "_stop = true", "Volatile.Write(ref _stop, true)"),
        ("bool A(int i) => Volatile.Read(ref _flags[i]) == 1; void B(int i, int flag) { {|PIN3016:_flags[i]|} = flag; }", "_flags[i] = flag", "Volatile.Write(ref _flags[i], flag)"),
        ("bool A(int i) => Volatile.Read(ref _words[i]) == 1; void B(int i, int flag) { {|PIN3016:_words[i]|} = flag; }", "_words[i] = flag", "Volatile.Write(ref _words[i], flag)"),
        ("bool A() => Volatile.Read(ref *_words) == 1; void B() { {|PIN3016:*_words|} = 3; }", "*_words = 3", "Volatile.Write(ref *_words, 3)"),
        ("bool A() => Volatile.Read(ref _slot->State) == 1; void B() { {|PIN3016:_slot->State|} = 3; }", "_slot->State = 3", "Volatile.Write(ref _slot->State, 3)"),
        ("int A() { Work(); return Volatile.Read(ref s_shared); } static void B() { {|PIN3016:s_shared|} = 3; }", "s_shared = 3", "Volatile.Write(ref s_shared, 3)"),
        ("bool A() => Volatile.Read(ref *_words) == 1; void B() { if ({|PIN3016:*_words|} == 3) Work(); }", "*_words ==", "Volatile.Read(ref *_words) =="),
        ("class Inner { readonly Queue _q = new(); public void B() { {|PIN3016:_q._state|} = 3; } } int A() { Work(); return Volatile.Read(ref _state); }", "_q._state = 3", "Volatile.Write(ref _q._state, 3)"));

    [Fact]
    public Task RightProtocol_IsSilent() => AllReported(
        // The only writer reads its own cell back.
        "void A() { long t = _tail; Volatile.Write(ref _tail, t + 1); } long B() { Work(); return Volatile.Read(ref _tail); }",
        "void A() { Grow(); Volatile.Write(ref _tail, 1); } void Grow() { if (_tail > 3) Work(); } long B() { Work(); return Volatile.Read(ref _tail); }",
        "void Ensure() { if (Volatile.Read(ref _state) == 0) { Work(); Volatile.Write(ref _state, 1); } } bool IsThere { get { Ensure(); return _state == 1; } } bool B() { Ensure(); if (_state == 1) Work(); return true; }",
        // This side's index in shared memory: whoever writes it goes on from it, and the rest of the side reads it back.
        "bool A() { int h = Volatile.Read(ref *_words); if (h == _state) return false; Volatile.Write(ref *_words, h + 1); return true; } void B() { int h = *_words; for (int i = h; i < 8; i++) Work(); }",
        // Not another thread's business.
        "Queue() { _tail = 3; } void A() => Volatile.Write(ref _tail, 1); long B() { Work(); return Volatile.Read(ref _tail); }",
        "void A() => Volatile.Write(ref _tail, 1); long B() { Work(); return Volatile.Read(ref _tail); } void Reset() { _tail = 0; }",
        "[ThreadStatic] static int t_n; void A() => Volatile.Write(ref t_n, 1); int B() { Work(); return Volatile.Read(ref t_n); } void C() { t_n = 3; if (t_n > 4) Work(); }",
        // Covered otherwise.
        "void A() { lock (_gate) Volatile.Write(ref _tail, 1); } long B() { Work(); return Volatile.Read(ref _tail); } void C() { lock (_gate) { if (_tail > 3) Work(); _tail = 4; } }",
        "readonly SemaphoreSlim _one = new(1); void A() { _one.Wait(); try { Volatile.Write(ref _tail, 1); } finally { _one.Release(); } } long B() { Work(); return Volatile.Read(ref _tail); } bool C() { _one.Wait(); try { if (_tail > 3) { Work(); _tail = 4; return true; } return false; } finally { _one.Release(); } }",
        "readonly ReaderWriterLockSlim _rw = new(); void A() { _rw.EnterWriteLock(); try { Volatile.Write(ref _tail, 1); } finally { if (true) _rw.ExitWriteLock(); } } long B() { Work(); return Volatile.Read(ref _tail); } void C() { _rw.EnterWriteLock(); try { if (_tail > 3) Work(); _tail = 4; } finally { _rw.ExitWriteLock(); } }",
        "IDisposable TakeLock() => null!; void A() { using (TakeLock()) Volatile.Write(ref _tail, 1); } long B() { Work(); return Volatile.Read(ref _tail); } void C() { using var held = TakeLock(); if (_tail > 3) Work(); _tail = 4; } void D() { using (TakeLock()) { if (_tail > 3) Work(); _tail = 4; } }",
        "long A() { Work(); return Volatile.Read(ref _tail); } void B() { _tail = 4; Volatile.Write(ref _head, 3); }",
        "long A() { Work(); return Volatile.Read(ref _tail); } void B() { _tail = 4; Interlocked.MemoryBarrier(); }",
        // Interlocked operations on the cell are another rule's.
        "void A() => Interlocked.Increment(ref _tail); long B() { Work(); return Volatile.Read(ref _tail); } void C() { if (_tail > 3) Work(); }",
        "void A() { long seen = _tail; while (Interlocked.CompareExchange(ref _tail, seen + 1, seen) != seen) seen = Volatile.Read(ref _tail); }",
        "Queue() => Load(); void Load() { Fill(); _tail = 3; } void Fill() => _tail = 4; void A() { lock (_gate) _tail = 5; } long B() { Work(); return Volatile.Read(ref _tail); }",
        "public void A() { lock (_gate) Core(4); } void Core(long n) { _tail = n; Deep(); } void Deep() { if (_tail > 3) Work(); _tail++; } long B() { Work(); return Volatile.Read(ref _tail); }",
        // Statistics, texts, disposed flags, references.
        "void A() => Volatile.Write(ref _tail, 1); long B() { Work(); return Volatile.Read(ref _tail); } long Count => _tail - _head;",
        "void A() => Volatile.Write(ref _tail, 1); long B() { Work(); return Volatile.Read(ref _tail); } public override string ToString() => $\"{_tail}\";",
        "void A() => Volatile.Write(ref _tail, 1); long B() { Work(); return Volatile.Read(ref _tail); } string Text() => $\"{_tail}\";",
        "bool _disposed; void A() => Volatile.Write(ref _disposed, true); void B() { if (_disposed) throw new ObjectDisposedException(null); }",
        "void A() => Volatile.Write(ref _tail, 1); long B() { Work(); return Volatile.Read(ref _tail); } void C() { Debug.Assert(_tail > 3); }",
        "string? _name; string A() => Volatile.Read(ref _name) ?? (_name = \"a\"); string? B() { Work(); return _name; } void C() { _name = null; }",
        "long ApproximateCount => Volatile.Read(ref _tail) - Volatile.Read(ref _head); void B() { Work(); _tail = 3; }",
        "bool _completed; bool IsCompleted => Volatile.Read(ref _completed); void B() { _completed = true; }",
        "struct State { bool _locked; public bool IsLocked => Volatile.Read(ref _locked); public void Unlock() { _locked = false; } }",
        // A field that is volatile keeps its discipline by itself.
        "volatile int _live; void A() { _live = 3; if (_live > 4) Work(); }",
        // Never written: constant.
        "long A() { Work(); return Volatile.Read(ref _tail); } void B() { if (_tail > 3) Work(); }",
        "long A() { Work(); return Volatile.Read(ref _head); } void B() { _tail = 3; if (_tail > 3) Work(); }",
        "static void Set(ref long at) => Volatile.Write(ref at, 3); void A() { Set(ref _tail); } long B() { Work(); return Volatile.Read(ref _tail); } void C() { _tail = 3; }");

    [Fact]
    public Task Update_IsNotMadeVolatile() => Verify.NoFix(Start + InTypes(
        "int A() { Work(); return Volatile.Read(ref _state); } void B() { {|PIN3016:_state|}++; }",
        "int A() { Work(); return Volatile.Read(ref _state); } void B() { {|PIN3016:_state|} += 3; }",
        "int A() { Work(); return Volatile.Read(ref _state); } void B() { Use({|PIN3016:_state|} = 3); }"));

    // Fields that are updated atomically are PIN1016's.
    private static Task AllReported(params string[] members) => Verify.Analyzer(Start + InTypes(members), TestSetup.Plain.Option("dotnet_diagnostic.PIN1016.severity", "none"));

    /// <summary>Under an alias, or by the method's name alone.</summary>
    [Theory]
    [InlineData("using static System.Threading.Volatile;", "void Stop() => Write(ref _stop, true); bool IsStopped() => Read(ref _stop);")]
    [InlineData("using V = System.Threading.Volatile;", "void Stop() => V.Write(ref _stop, true); bool IsStopped() => V.Read(ref _stop);")]
    public Task VolatileByAnotherName_Counts(string directives, string members) => Verify.Analyzer($$"""
        {{directives}}

        class Loop
        {
            bool _stop;
            {{members}}
            void Run() { while (!{|PIN3016:_stop|}) System.Console.Out.Flush(); }
        }
        """, TestSetup.Plain);
}
