using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Balance;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.ReleaseInFinallyFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class ReleaseInFinallyFixerTests
{
    [Fact]
    public Task EarlyExits_GoThroughFinally() => Verify.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;

        static class C
        {
            static int Of(byte[] data, int limit)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(data, GCHandleType.Pinned)|}; // pinned for the read
                if (data.Length > limit)
                {
                    return -1;
                }

                int first = Marshal.ReadByte(handle.AddrOfPinnedObject());
                handle.Free();
                return first;
            }

            static int NeverReleased(int size)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};

                // The first byte.
                return Marshal.ReadByte(p);
            }

            static void EveryExitReleasesButOne(int size, int how)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                if (how == 0)
                {
                    Marshal.WriteByte(p, 1);
                    Marshal.FreeHGlobal(p);
                    return;
                }

                if (how == 1)
                    return;
                Marshal.FreeHGlobal(p); // given back
            }

            static void Loop(byte[][] all, SemaphoreSlim gate)
            {
                foreach (byte[] one in all)
                {
                    {|PIN1001:gate.Wait()|};
                    if (one.Length == 0) continue;
                    one[0] = 1;
                    gate.Release();
                }
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;

        static class C
        {
            static int Of(byte[] data, int limit)
            {
                GCHandle handle = GCHandle.Alloc(data, GCHandleType.Pinned); // pinned for the read
                try
                {
                    if (data.Length > limit)
                    {
                        return -1;
                    }

                    int first = Marshal.ReadByte(handle.AddrOfPinnedObject());
                    return first;
                }
                finally
                {
                    handle.Free();
                }
            }

            static int NeverReleased(int size)
            {
                IntPtr p = Marshal.AllocHGlobal(size);

                try
                {
                    // The first byte.
                    return Marshal.ReadByte(p);
                }
                finally
                {
                    Marshal.FreeHGlobal(p);
                }
            }

            static void EveryExitReleasesButOne(int size, int how)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                try
                {
                    if (how == 0)
                    {
                        Marshal.WriteByte(p, 1);
                        return;
                    }

                    if (how == 1)
                        return;
                }
                finally
                {
                    Marshal.FreeHGlobal(p); // given back
                }
            }

            static void Loop(byte[][] all, SemaphoreSlim gate)
            {
                foreach (byte[] one in all)
                {
                    gate.Wait();
                    try
                    {
                        if (one.Length == 0) continue;
                        one[0] = 1;
                    }
                    finally
                    {
                        gate.Release();
                    }
                }
            }
        }
        """);

    [Fact]
    public Task Exceptions_GoThroughFinally() => Verify.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;

        sealed class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            private int _count;

            async Task Guarded(Func<Task> body)
            {
                await {|PIN1002:_gate.WaitAsync()|}.ConfigureAwait(false);
                await body();
                _gate.Release();
            }

            bool TryRun(Action body)
            {
                if (!{|PIN1002:_gate.Wait(0)|}) return false;
                body();
                _gate.Release();
                return true;
            }

            void WhenTaken(Action body)
            {
                if ({|PIN1002:_gate.Wait(0)|})
                {
                    body();
                    _gate.Release();
                }
            }

            void TooLate(Action before, Action body)
            {
                {|PIN1002:_gate.Wait()|};
                before(); // outside
                try
                {
                    body();
                    _count++;
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;

        sealed class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            private int _count;

            async Task Guarded(Func<Task> body)
            {
                await _gate.WaitAsync().ConfigureAwait(false);
                try
                {
                    await body();
                }
                finally
                {
                    _gate.Release();
                }
            }

            bool TryRun(Action body)
            {
                if (!_gate.Wait(0)) return false;
                try
                {
                    body();
                }
                finally
                {
                    _gate.Release();
                }

                return true;
            }

            void WhenTaken(Action body)
            {
                if (_gate.Wait(0))
                {
                    try
                    {
                        body();
                    }
                    finally
                    {
                        _gate.Release();
                    }
                }
            }

            void TooLate(Action before, Action body)
            {
                _gate.Wait();
                try
                {
                    before(); // outside
                    body();
                    _count++;
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        """);

    [Fact]
    public Task SeveralInOneBlock_Nest() => Verify.CodeFix(
        """
        using System.Runtime.InteropServices;

        static class C
        {
            static bool Copy(byte[] from, byte[] to, int length)
            {
                GCHandle source = {|PIN1001:GCHandle.Alloc(from, GCHandleType.Pinned)|};
                GCHandle target = {|PIN1001:GCHandle.Alloc(to, GCHandleType.Pinned)|};
                if (length > to.Length) return false;
                Marshal.Copy(from, 0, target.AddrOfPinnedObject(), length);
                target.Free();
                source.Free();
                return true;
            }
        }
        """,
        """
        using System.Runtime.InteropServices;

        static class C
        {
            static bool Copy(byte[] from, byte[] to, int length)
            {
                GCHandle source = GCHandle.Alloc(from, GCHandleType.Pinned);
                try
                {
                    GCHandle target = GCHandle.Alloc(to, GCHandleType.Pinned);
                    try
                    {
                        if (length > to.Length) return false;
                        Marshal.Copy(from, 0, target.AddrOfPinnedObject(), length);
                    }
                    finally
                    {
                        target.Free();
                    }
                }
                finally
                {
                    source.Free();
                }

                return true;
            }
        }
        """);

    [Fact]
    public Task Surroundings_AreKept() => Verify.CodeFix(
        """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Interop = System.Runtime.InteropServices;

        sealed class C
        {
            private readonly object _gate = new();

            // Written without the type's own name in reach.
            unsafe void Address(int size)
            {
                void* p = {|PIN1001:Interop.NativeMemory.Alloc((nuint)size)|};
                *(byte*)p = 1;
            }

            IEnumerable<int> Iterate(int n, Func<int, int> next)
            {
                {|PIN1002:Monitor.Enter(_gate)|};

                /* first */ yield return next(n);
                // then
                yield return n; // last

                // out
                Monitor.Exit(_gate);
            }

            void InAFunction(Action<Action> run, Action body) => run(() =>
            {
                lock (this)
                {
                    {|PIN1002:Monitor.Enter(_gate)|};
                    body();
                    Monitor.Exit(_gate);
                }
            });
        }
        """,
        """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Interop = System.Runtime.InteropServices;

        sealed class C
        {
            private readonly object _gate = new();

            // Written without the type's own name in reach.
            unsafe void Address(int size)
            {
                void* p = Interop.NativeMemory.Alloc((nuint)size);
                try
                {
                    *(byte*)p = 1;
                }
                finally
                {
                    global::System.Runtime.InteropServices.NativeMemory.Free(p);
                }
            }

            IEnumerable<int> Iterate(int n, Func<int, int> next)
            {
                Monitor.Enter(_gate);

                try
                {
                    /* first */
                    yield return next(n);
                    // then
                    yield return n; // last
                }
                finally
                {
                    // out
                    Monitor.Exit(_gate);
                }
            }

            void InAFunction(Action<Action> run, Action body) => run(() =>
            {
                lock (this)
                {
                    Monitor.Enter(_gate);
                    try
                    {
                        body();
                    }
                    finally
                    {
                        Monitor.Exit(_gate);
                    }
                }
            });
        }
        """);

    [Fact]
    public Task NoCertainEdit_NoFix() => Verify.NoFix(
        """
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;

        sealed class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            // Kept on success.
            static IntPtr HandedOn(int size, bool isBad)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                if (isBad) return IntPtr.Zero;
                return p;
            }

            // Another charge is in the variable by then.
            static void Overwritten(int size)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                p = Marshal.AllocHGlobal(size + 1);
                Marshal.FreeHGlobal(p);
            }

            // What the method does besides is not for failures.
            static void ReleasedOnTheSide(int size, bool isBad)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                if (isBad) return;
                Publish(p);
            }

            static void Publish(IntPtr p)
            {
                Console.WriteLine(Marshal.ReadByte(p));
                Marshal.FreeHGlobal(p);
            }

            static void Conditional(int size, bool owns)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                if (owns)
                {
                    Marshal.FreeHGlobal(p);
                }
            }

            static void Jumps(int size, int n)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                if (n == 0) return;
                if (n == 1) goto end;
                Marshal.WriteByte(p, 0);
            end:
                Marshal.FreeHGlobal(p);
            }

            static void Section(int size, int n)
            {
                switch (n)
                {
                    case 0:
                        IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                        if (size == 7) break;
                        Marshal.FreeHGlobal(p);
                        break;
                }
            }
        }
        """);

    [CSharp14Fact]
    public Task InAnExtensionBlock() => Verify.CodeFix(
        """
        using System.Threading;

        static class Gates
        {
            extension(SemaphoreSlim gate)
            {
                public int Count(int n)
                {
                    {|PIN1001:gate.Wait()|};
                    if (n > 3) return 3;
                    int count = gate.CurrentCount;
                    gate.Release();
                    return count;
                }
            }
        }
        """,
        """
        using System.Threading;

        static class Gates
        {
            extension(SemaphoreSlim gate)
            {
                public int Count(int n)
                {
                    gate.Wait();
                    try
                    {
                        if (n > 3) return 3;
                        int count = gate.CurrentCount;
                        return count;
                    }
                    finally
                    {
                        gate.Release();
                    }
                }
            }
        }
        """,
        TestSetup.Plain.NewestLanguage());

    // What runs behind the release goes on running without the lock.
    [Fact]
    public Task WhatIsNeededBehindIt_IsDeclaredBefore() => Verify.CodeFix(
        """
        using System;
        using System.Collections.Generic;
        using System.Threading;

        class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            private readonly List<string> _all = new();

            void Told(Action<string, int> tell, Func<int> next)
            {
                {|PIN1002:_gate.Wait()|};

                // The last is the newest.
                var last = _all[_all.Count - 1]; // not empty
                int number = next();
                _gate.Release();

                tell(last, number);
                tell(last, 0);
            }
        }
        """,
        """
        using System;
        using System.Collections.Generic;
        using System.Threading;

        class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            private readonly List<string> _all = new();

            void Told(Action<string, int> tell, Func<int> next)
            {
                _gate.Wait();

                string last;
                int number;
                try
                {
                    // The last is the newest.
                    last = _all[_all.Count - 1]; // not empty
                    number = next();
                }
                finally
                {
                    _gate.Release();
                }

                tell(last, number);
                tell(last, 0);
            }
        }
        """);

    // A type without a name cannot be written before, nor can the variable that an argument makes.
    [Theory]
    [InlineData("var pair = new { Last = next(), First = 1 }; _gate.Release(); tell(pair.Last); tell(pair.First);")]
    [InlineData("tell(int.TryParse(\"1\", out var told) ? 1 : next()); _gate.Release(); tell(told); tell(0);")]
    [InlineData("Span<int> all = stackalloc int[next()]; _gate.Release(); tell(all[0]); tell(0);")]
    public Task WhatCannotBeDeclaredBefore_HasNoFix(string body) => Verify.NoFix(
        $$"""
        using System;
        using System.Threading;

        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            void Told(Action<int> tell, Func<int> next)
            {
                {|PIN1002:_gate.Wait()|};
                {{body}}
            }
        }
        """);

    // The block ends, and the memory is still needed: after it, in the next round, or by another name.
    [Theory]
    [InlineData("IntPtr p = IntPtr.Zero; if (size > 3) { p = {|PIN1001:Marshal.AllocHGlobal(size)|}; Marshal.WriteByte(p, 0); } Use(p);")]
    [InlineData("IntPtr p = IntPtr.Zero; while (Ask()) { Use(p); p = {|PIN1001:Marshal.AllocHGlobal(size)|}; Marshal.WriteByte(p, 0); }")]
    [InlineData("IntPtr q = IntPtr.Zero; if (size > 3) { IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|}; q = p + 4; Marshal.WriteByte(p, 0); } Use(q);")]
    [InlineData("Span<byte> q = default; if (size > 3) { IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|}; unsafe { q = new Span<byte>((void*)p, size); } Marshal.WriteByte(p, 0); } Use(q[0]);")]
    public Task NeededBeyondTheBlock_IsNotReleasedInIt(string body) => Verify.NoFix(
        $$"""
        using System;
        using System.Runtime.InteropServices;

        class C
        {
            static bool Ask() => Environment.TickCount > 3;
            static void Use(IntPtr p) => Console.WriteLine(Marshal.ReadByte(p));
            static void Run(int size)
            {
                {{body}}
            }
        }
        """);

    [Theory]
    [InlineData("IntPtr p;", "")]
    [InlineData("IntPtr p = IntPtr.Zero; Console.WriteLine(p);", "p = IntPtr.Zero;")]
    [InlineData("IntPtr p; byte last = 0;", "Console.WriteLine(last);")]
    public Task NeededInTheBlockAlone_IsReleasedInIt(string before, string after) => Verify.CodeFix(
        $$"""
        using System;
        using System.Runtime.InteropServices;

        class C
        {
            static void Run(int size)
            {
                {{before}}
                if (size > 3)
                {
                    p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                    Marshal.WriteByte(p, 0);
                }
                {{after}}
            }
        }
        """,
        $$"""
        using System;
        using System.Runtime.InteropServices;

        class C
        {
            static void Run(int size)
            {
                {{before}}
                if (size > 3)
                {
                    p = Marshal.AllocHGlobal(size);
                    try
                    {
                        Marshal.WriteByte(p, 0);
                    }
                    finally
                    {
                        Marshal.FreeHGlobal(p);
                    }
                }
                {{after}}
            }
        }
        """);

    // Two pins for one call: the second comes along, and then gets a finally of its own.
    [Fact]
    public Task TwoTakenForOneCall_AreNested() => Verify.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;

        abstract class C
        {
            protected abstract bool Compare(IntPtr left, IntPtr right);

            bool AreEqual(byte[] a, byte[] b)
            {
                var h1 = {|#0:GCHandle.Alloc(a, GCHandleType.Pinned)|};
                var h2 = {|#1:GCHandle.Alloc(b, GCHandleType.Pinned)|};
                var result = Compare(h1.AddrOfPinnedObject(), h2.AddrOfPinnedObject());
                h1.Free();
                h2.Free();
                return result;
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;

        abstract class C
        {
            protected abstract bool Compare(IntPtr left, IntPtr right);

            bool AreEqual(byte[] a, byte[] b)
            {
                var h1 = GCHandle.Alloc(a, GCHandleType.Pinned);
                try
                {
                    var h2 = GCHandle.Alloc(b, GCHandleType.Pinned);
                    try
                    {
                        var result = Compare(h1.AddrOfPinnedObject(), h2.AddrOfPinnedObject());
                        return result;
                    }
                    finally
                    {
                        h2.Free();
                    }
                }
                finally
                {
                    h1.Free();
                }
            }
        }
        """,
        null,
        null,
        new DiagnosticResult("PIN1002", DiagnosticSeverity.Info).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations),
        new DiagnosticResult("PIN1002", DiagnosticSeverity.Info).WithLocation(1).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
}
