using System.Threading.Tasks;
using PinAnalyzers.Balance;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.ReleaseInFinallyFixer>;
using VerifyUsing = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.WrapChargeInUsingFixer>;

namespace PinAnalyzers.Tests.Fixes;

/// <summary>A release that asks first goes into the <c>finally</c> with what it asks.</summary>
public sealed class ConditionalReleaseFixerTests
{
    private const string Usings = """
        using System;
        using System.Buffers;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;

        """;

    // A hint for most families where only a call throws; marked like a warning here.
    private static readonly TestSetup s_setup = TestSetup.Annotated.Option("dotnet_diagnostic.PIN1002.severity", "warning");

    private static Task Fixes(string before, string after) => Verify.CodeFix(Usings + before, Usings + after, s_setup);

    [Fact]
    public Task GuardOfTheToken_MovesAsItStands() => Fixes(
        """
        class C
        {
            static void Kept(object x, Action work)
            {
                var h = {|PIN1002:GCHandle.Alloc(x)|}; // pinned
                // with it
                work();

                // given back
                if (h.IsAllocated)
                {
                    // only then
                    h.Free(); // once
                } // that was it
                GC.KeepAlive(x);
            }

            static unsafe int Pointer(nuint n, bool isSmall)
            {
                void* p = {|PIN1001:NativeMemory.Alloc(n)|};
                if (isSmall) return 1;
                if (p is not null) NativeMemory.Free(p);
                return 0;
            }

            static void EachRound(object[] all, Action work)
            {
                foreach (object x in all)
                {
                    var h = {|PIN1002:GCHandle.Alloc(x)|};
                    if (x is string) { if (h.IsAllocated) h.Free(); continue; }
                    work();
                    if (h.IsAllocated) h.Free();
                }
            }

            static void TooLate(object x, Action before, Action body)
            {
                var h = {|PIN1002:GCHandle.Alloc(x)|};
                before();
                try
                {
                    body();
                }
                finally
                {
                    if (h.IsAllocated) h.Free();
                }
            }
        }
        """,
        """
        class C
        {
            static void Kept(object x, Action work)
            {
                var h = GCHandle.Alloc(x); // pinned
                try
                {
                    // with it
                    work();
                }
                finally
                {
                    // given back
                    if (h.IsAllocated)
                    {
                        // only then
                        h.Free(); // once
                    } // that was it
                }

                GC.KeepAlive(x);
            }

            static unsafe int Pointer(nuint n, bool isSmall)
            {
                void* p = NativeMemory.Alloc(n);
                try
                {
                    if (isSmall) return 1;
                }
                finally
                {
                    if (p is not null) NativeMemory.Free(p);
                }

                return 0;
            }

            static void EachRound(object[] all, Action work)
            {
                foreach (object x in all)
                {
                    var h = GCHandle.Alloc(x);
                    try
                    {
                        if (x is string) { continue; }
                        work();
                    }
                    finally
                    {
                        if (h.IsAllocated) h.Free();
                    }
                }
            }

            static void TooLate(object x, Action before, Action body)
            {
                var h = GCHandle.Alloc(x);
                try
                {
                    before();
                    body();
                }
                finally
                {
                    if (h.IsAllocated) h.Free();
                }
            }
        }
        """);

    [Fact]
    public Task GuardByWhatSaysThatItWasTaken_Moves() => Fixes(
        """
        class C
        {
            readonly object _gate = new();
            readonly SemaphoreSlim _slots = new(1);

            void Entered(Action work)
            {
                bool taken = false;
                {|PIN1002:Monitor.Enter(_gate, ref taken)|};
                work();
                if (taken) Monitor.Exit(_gate);
            }

            void Tried(Action work)
            {
                bool taken = false;
                {|PIN1002:Monitor.TryEnter(_gate, ref taken)|};
                work();
                if (taken) Monitor.Exit(_gate);
            }

            async Task Awaited(Func<Task> work)
            {
                bool taken = await {|PIN1002:_slots.WaitAsync(10)|}.ConfigureAwait(false);
                if (taken) await work();
                if (taken) { _slots.Release(); }
            }

            void InTry(Action work)
            {
                bool taken;
                try
                {
                    taken = {|PIN1001:_slots.Wait(0)|};
                    work();
                    if (taken) _slots.Release();
                }
                catch (InvalidOperationException)
                {
                }
            }
        }
        """,
        """
        class C
        {
            readonly object _gate = new();
            readonly SemaphoreSlim _slots = new(1);

            void Entered(Action work)
            {
                bool taken = false;
                Monitor.Enter(_gate, ref taken);
                try
                {
                    work();
                }
                finally
                {
                    if (taken) Monitor.Exit(_gate);
                }
            }

            void Tried(Action work)
            {
                bool taken = false;
                Monitor.TryEnter(_gate, ref taken);
                try
                {
                    work();
                }
                finally
                {
                    if (taken) Monitor.Exit(_gate);
                }
            }

            async Task Awaited(Func<Task> work)
            {
                bool taken = await _slots.WaitAsync(10).ConfigureAwait(false);
                try
                {
                    if (taken) await work();
                }
                finally
                {
                    if (taken) { _slots.Release(); }
                }
            }

            void InTry(Action work)
            {
                bool taken;
                try
                {
                    taken = _slots.Wait(0);
                    try
                    {
                        work();
                    }
                    finally
                    {
                        if (taken) _slots.Release();
                    }
                }
                catch (InvalidOperationException)
                {
                }
            }
        }
        """);

    [Fact]
    public Task ReleasesOnSeveralWays_BecomeOne() => Fixes(
        """
        class C
        {
            static int BeforeEachReturn(int n, bool early, bool late, Action work)
            {
                IntPtr p = {|PIN1002:Marshal.AllocHGlobal(n)|};
                if (early)
                {
                    // nothing to do
                    if (p != IntPtr.Zero) Marshal.FreeHGlobal(p); // back
                    return 1;
                }

                if (late)
                {
                    work();
                    if (p != IntPtr.Zero) Marshal.FreeHGlobal(p);
                    return 2;
                }

                if (p != IntPtr.Zero) Marshal.FreeHGlobal(p);
                return 3;
            }

            static void OnlySomeAsk(object x, Action work, bool early)
            {
                var h = {|PIN1002:GCHandle.Alloc(x)|};
                if (early) { h.Free(); return; }
                work();
                if (h.IsAllocated) h.Free();
            }

            static void BothArms(int n, Action work, bool isSecret)
            {
                IntPtr p = {|PIN1002:Marshal.AllocHGlobal(n)|};
                work();
                if (isSecret)
                    Marshal.FreeHGlobal(p);
                else
                    Marshal.FreeHGlobal(p); // the same
            }

            static void OnFailureToo(object x, Action work)
            {
                var h = {|PIN1002:GCHandle.Alloc(x)|};
                try
                {
                    work();
                }
                catch (InvalidOperationException)
                {
                    if (h.IsAllocated) h.Free();
                    throw;
                }

                if (h.IsAllocated) h.Free();
            }
        }
        """,
        """
        class C
        {
            static int BeforeEachReturn(int n, bool early, bool late, Action work)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                try
                {
                    if (early)
                    {
                        // nothing to do
                        // back
                        return 1;
                    }

                    if (late)
                    {
                        work();
                        return 2;
                    }
                }
                finally
                {
                    if (p != IntPtr.Zero) Marshal.FreeHGlobal(p);
                }

                return 3;
            }

            static void OnlySomeAsk(object x, Action work, bool early)
            {
                var h = GCHandle.Alloc(x);
                try
                {
                    if (early) { return; }
                    work();
                }
                finally
                {
                    if (h.IsAllocated) h.Free();
                }
            }

            static void BothArms(int n, Action work, bool isSecret)
            {
                IntPtr p = Marshal.AllocHGlobal(n);
                try
                {
                    work();
                }
                finally
                {
                    if (isSecret)
                        Marshal.FreeHGlobal(p);
                    else
                        Marshal.FreeHGlobal(p); // the same
                }
            }

            static void OnFailureToo(object x, Action work)
            {
                var h = GCHandle.Alloc(x);
                try
                {
                    try
                    {
                        work();
                    }
                    catch (InvalidOperationException)
                    {
                        throw;
                    }
                }
                finally
                {
                    if (h.IsAllocated) h.Free();
                }
            }
        }
        """);

    [Fact]
    public Task TestForNull_IsWhatUsingDoes() => VerifyUsing.CodeFix(
        Usings + """
        using PinAccounting.Annotations;

        sealed class Slot : IDisposable
        {
            [Release("slot")] public void Dispose() { }
        }

        class C
        {
            [Charge("slot", SucceedsWhen = SucceedsWhen.NotNull)] static Slot? TryTake() => null;

            static void Asked(Action work)
            {
                Slot? slot = {|PIN1002:TryTake()|};
                work();
                if (slot != null)
                    slot.Dispose();
            }

            static int CalledThrough(bool isEarly)
            {
                Slot? slot = {|PIN1001:TryTake()|};
                if (isEarly) return 0;
                slot?.Dispose();
                return 1;
            }
        }
        """,
        Usings + """
        using PinAccounting.Annotations;

        sealed class Slot : IDisposable
        {
            [Release("slot")] public void Dispose() { }
        }

        class C
        {
            [Charge("slot", SucceedsWhen = SucceedsWhen.NotNull)] static Slot? TryTake() => null;

            static void Asked(Action work)
            {
                using Slot? slot = TryTake();
                work();
            }

            static int CalledThrough(bool isEarly)
            {
                using Slot? slot = TryTake();
                if (isEarly) return 0;
                return 1;
            }
        }
        """,
        s_setup);

    [Fact]
    public Task OtherConditions_AreNotMoved() => Verify.NoFix(
        Usings + """
        class C
        {
            private bool _owns;
            private readonly SemaphoreSlim _slots = new(1);

            // Asks for something else: it would still be lost.
            static void Owned(int n, Action work, bool owns)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(n)|};
                work();
                if (owns) Marshal.FreeHGlobal(p);
            }

            void Field(int n, Action work)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(n)|};
                work();
                if (_owns) Marshal.FreeHGlobal(p);
            }

            // Does more than release.
            static void More(int n, Action work)
            {
                IntPtr p = {|PIN1002:Marshal.AllocHGlobal(n)|};
                work();
                if (p != IntPtr.Zero) { Marshal.FreeHGlobal(p); GC.Collect(); }
            }

            // What it asks is found out on the way.
            static void FoundOut(object x, Action work)
            {
                var h = {|PIN1002:GCHandle.Alloc(x)|};
                work();
                bool isHeld = h.IsAllocated;
                if (isHeld) h.Free();
            }

            void Changed(Action work)
            {
                bool taken = {|PIN1002:_slots.Wait(0)|};
                work();
                taken = taken && true;
                if (taken) _slots.Release();
            }

            // The question would be asked in two ways.
            static int Differing(object x, bool early, Action work)
            {
                var h = {|PIN1001:GCHandle.Alloc(x)|};
                if (early) { if (h.IsAllocated) h.Free(); return 1; }
                work();
                if (h.IsAllocated && x != null) h.Free();
                return 2;
            }

            // A comment in what would go.
            static int Explained(object x, bool early, Action work)
            {
                var h = {|PIN1002:GCHandle.Alloc(x)|};
                if (early)
                {
                    if (h.IsAllocated) /* it is */ h.Free();
                    return 1;
                }

                work();
                if (h.IsAllocated) h.Free();
                return 2;
            }
        }
        """,
        s_setup);
}
