using System;
using System.Linq;

namespace PinAnalyzers.Tests.Robustness;

/// <summary>Code in which what the rules follow comes back to where it began, or forks at every step: nobody may follow it for ever.</summary>
internal static class CircularSources
{
    /// <summary>The source of the shape that a member of this class is named after; tests name shapes, so that a crash says which.</summary>
    public static string Create(string shape) => Usings + shape switch
    {
        nameof(TaskMadeFromItself) => TaskMadeFromItself,
        nameof(TasksMadeFromEachOther) => TasksMadeFromEachOther,
        nameof(WaitMadeFromItself) => WaitMadeFromItself,
        nameof(WaitsThatFork) => WaitsThatFork,
        nameof(BoundsThatContradict) => BoundsThatContradict,
        nameof(StructsInsideEachOther) => StructsInsideEachOther,
        nameof(StructOfItself) => StructOfItself,
        nameof(StructsInStructs) => StructsInStructs,
        nameof(LockHelpersThatCallEachOther) => LockHelpersThatCallEachOther,
        nameof(LocalFunctionsThatCallEachOther) => LocalFunctionsThatCallEachOther,
        nameof(AnswersThatAskEachOther) => AnswersThatAskEachOther,
        nameof(HelpersThatCallEachOther) => HelpersThatCallEachOther,
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no such shape"),
    };

    public static string TaskMadeFromItself => """
        class Pin
        {
            void M(object o)
            {
                var handle = GCHandle.Alloc(o);
                Task task = Task.Run(() => handle.Free());
                task = task.ContinueWith(_ => { });
            }
        }
        """;

    public static string TasksMadeFromEachOther => """
        class Pin
        {
            void M(object o, bool c)
            {
                var handle = GCHandle.Alloc(o);
                Task one = Task.Run(() => handle.Free());
                Task other = one;
                other = c ? one : null;
                one = c ? other : null;
            }
        }
        """;

    public static string WaitMadeFromItself => Account + """
        class User
        {
            Account _a = new();
            SemaphoreSlim _gate = new(1);
            public void Map(long n) { _a.Charge(n); }
            public void Unmap(long n, CancellationToken token) { Task wait = _gate.WaitAsync(token); wait = wait.WaitAsync(token); _a.Uncharge(n); }
        }
        """;

    public static string WaitsThatFork => Account + $$"""
        class User
        {
            Account _a = new();
            SemaphoreSlim _gate = new(1);
            public void Map(long n) { _a.Charge(n); }
            public void Unmap(long n, CancellationToken token) { Task t0 = _gate.WaitAsync(token); {{Each(40, i => $"Task t{i + 1} = t{i} ?? t{i}; ")}} _a.Uncharge(n); }
        }
        """;

    /// <summary><c>x >= y</c> and <c>y > x</c>, each known from a condition of two: every bound of the one raises the other's.</summary>
    public static string BoundsThatContradict => """
        class Pin
        {
            void M(object o, int x, int y, bool p, bool q)
            {
                var handle = GCHandle.Alloc(o);
                if (x < 0) return;
                if (p && x < y) { handle.Free(); return; }
                if (q && y < x + 1) { handle.Free(); return; }
                if (p) { if (q) handle.Free(); }
            }
        }
        """;

    /// <summary>Does not compile, but is seen while it is being written.</summary>
    public static string StructsInsideEachOther => "[SharedMemory] struct A { B b; int x; } struct B { A a; int y; }";

    public static string StructOfItself => "[SharedMemory] struct A { G<int> g; int x; } struct G<T> { public G<G<T>> g; int y; }";

    public static string StructsInStructs => $$"""[SharedMemory] struct A { S40 s; int x; } struct S0 { int x; } {{Each(40, i => $"struct S{i + 1} {{ S{i} a; }} ")}}""";

    public static string LockHelpersThatCallEachOther => $$"""
        class Counter
        {
            object _lock = new();
            int s;
            long _used;
            public void M(long n) { F0(); _used += n; G0(); }
            public void N(long n) { lock (_lock) _used -= n; }
            {{Each(20, i => $"void F{i}() {{ {Each(20, j => $"if (s == {j}) F{j}(); ")} Monitor.Enter(_lock); }} void G{i}() {{ {Each(20, j => $"if (s == {j}) G{j}(); ")} Monitor.Exit(_lock); }} ")}}
        }
        """;

    public static string LocalFunctionsThatCallEachOther => $$"""
        class Counter
        {
            object _lock = new();
            long _used;
            public void N(long n) { lock (_lock) _used -= n; }
            public void M(long n, int s) { lock (_lock) F0(); {{Each(20, i => $"void F{i}() {{ _used += n; {Each(20, j => $"if (s == {j}) F{j}(); ")} }} ")}} }
        }
        """;

    public static string AnswersThatAskEachOther => Account + $$"""
        class User
        {
            Account _a = new();
            int s;
            public void Map(long n) { if (P0()) return; _a.Charge(n); }
            public void Unmap(long n) { if (P0()) return; _a.Uncharge(n); }
            {{Each(20, i => $"bool P{i}() {{ {Each(20, j => $"if (s == {j} && P{j}() == true) return true; ")} return Environment.IsPrivilegedProcess; }} ")}}
        }
        """;

    public static string HelpersThatCallEachOther => Account + $$"""
        class User
        {
            Account _a = new();
            int s;
            public void Map(long n) { if (Environment.IsPrivilegedProcess) return; F0(n); }
            public void Unmap(long n) { if (Environment.IsPrivilegedProcess) return; G0(n); }
            {{Each(20, i => $"void F{i}(long n) {{ {Each(20, j => $"if (s == {j}) F{j}(n); ")} _a.Charge(n); }} void G{i}(long n) {{ {Each(20, j => $"if (s == {j}) G{j}(n); ")} _a.Uncharge(n); }} ")}}
        }
        """;

    private const string Usings = "using System; using System.Threading; using System.Threading.Tasks; using System.Runtime.InteropServices; using PinAccounting.Annotations;\n";

    private const string Account = "class Account { [Charge(\"x\")] public void Charge([ChargeAmount] long n) { } [Release(\"x\")] public void Uncharge([ChargeAmount] long n) { } }\n";

    private static string Each(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));
}
