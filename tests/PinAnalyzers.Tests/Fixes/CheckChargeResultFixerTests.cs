using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.CheckChargeResultFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class CheckChargeResultFixerTests
{
    [Fact]
    public Task Result_IsTestedTheMethodsWay() => Verify.CodeFix(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        sealed class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            bool Predicate()
            {
                {|PIN1005:_gate.Wait(10)|}; // not for long
                _gate.Release();
                return true;
            }

            async Task<bool> Later()
            {
                await {|PIN1005:_gate.WaitAsync(10)|};
                _gate.Release();
                return true;
            }

            int Status(int n)
            {
                if (n == 0) return -1;
                {|PIN1005:_gate.Wait(n)|};
                _gate.Release();
                return 0;
            }

            void Nothing()
            {
                {|PIN1005:_gate.Wait(10)|};
                _gate.Release();
            }

            Func<int> Deferred() => () =>
            {
                {|PIN1005:_gate.Wait(10)|};
                _gate.Release();
                return 3;
            };
        }
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        sealed class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            bool Predicate()
            {
                if (!_gate.Wait(10)) return false; // not for long
                _gate.Release();
                return true;
            }

            async Task<bool> Later()
            {
                if (!await _gate.WaitAsync(10)) return false;
                _gate.Release();
                return true;
            }

            int Status(int n)
            {
                if (n == 0) return -1;
                if (!_gate.Wait(n)) return -1;
                _gate.Release();
                return 0;
            }

            void Nothing()
            {
                if (!_gate.Wait(10)) throw new InvalidOperationException("The SemaphoreSlim could not be taken.");
                _gate.Release();
            }

            Func<int> Deferred() => () =>
            {
                if (!_gate.Wait(10)) throw new InvalidOperationException("The SemaphoreSlim could not be taken.");
                _gate.Release();
                return 3;
            };
        }
        """);

    [Fact]
    public Task DroppedToken_IsKept() => Verify.CodeFix(
        """
        using System;
        using System.Buffers;

        static class C
        {
            static void Touch(Memory<byte> memory, Action body)
            {
                {|PIN1005:memory.Pin()|};
                body();
            }
        }
        """,
        """
        using System;
        using System.Buffers;

        static class C
        {
            static void Touch(Memory<byte> memory, Action body)
            {
                using var memoryHandle = memory.Pin();
                body();
            }
        }
        """);

    [Fact]
    public Task NoCertainEdit_NoFix() => Verify.NoFix(
        """
        using System;
        using System.Runtime.InteropServices;
        using System.Threading;

        sealed class C : IDisposable
        {
            private readonly SemaphoreSlim _gate = new(1);

            public void Dispose()
            {
                {|PIN1005:_gate.Wait(10)|};
                _gate.Release();
            }

            static void NotDisposable(object o) => {|PIN1005:GCHandle.Alloc(o)|};

            void OthersAreHeld(object other)
            {
                Monitor.Enter(other);
                {|PIN1005:_gate.Wait(10)|};
                _gate.Release();
                Monitor.Exit(other);
            }
        }
        """);
}
