using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.GuardReleaseWithResultFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class GuardReleaseWithResultFixerTests
{
    /// <summary>Somebody left them there, and no fix takes them away.</summary>
    private const string TrailingSpaces = "  ";

    [Fact]
    public Task Release_IsOnlyReachedWithTheCharge() => Verify.CodeFix(
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        sealed class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            private int _count;

            bool OpensTheTry(Action body)
            {
                // Only one at a time.
                try
                {
                    if (!_gate.Wait(0)) return false;

                    body();
                    return true;
                }
                finally
                {
                    {|PIN1004:_gate.Release()|};
                }
            }

            async Task<bool> Later(Func<Task> body)
            {
                try
                {
                    await body();
                    if (!await _gate.WaitAsync(0)) return false;
                    _count++;
                    return true;
                }
                finally
                {
                    {|PIN1004:_gate.Release()|}; // let the next in
                }
            }

            void HasALocal(Action body)
            {
                bool ok = _gate.Wait(0);
                try
                {
                    body();
                }
                finally
                {
                    {|PIN1004:_gate.Release()|};
                }
            }
        }
        """,
        """
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        sealed class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            private int _count;

            bool OpensTheTry(Action body)
            {
                // Only one at a time.
                if (!_gate.Wait(0)) return false;
                try
                {
                    body();
                    return true;
                }
                finally
                {
                    _gate.Release();
                }
            }

            async Task<bool> Later(Func<Task> body)
            {
                bool taken = false;
                try
                {
                    await body();
                    if (!(taken = await _gate.WaitAsync(0))) return false;
                    _count++;
                    return true;
                }
                finally
                {
                    if (taken)
                        _gate.Release(); // let the next in
                }
            }

            void HasALocal(Action body)
            {
                bool ok = _gate.Wait(0);
                try
                {
                    body();
                }
                finally
                {
                    if (ok)
                        _gate.Release();
                }
            }
        }
        """);

    [Fact]
    public Task DeniedByAnException_IsRememberedBehindTheCharge() => Verify.CodeFix(
        $$"""
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            private int _done;

            async Task Run(Func<Task> body, CancellationToken token)
            {
                Console.WriteLine();

                try
                {
                    await body();
                    await _gate.WaitAsync(token); // may be cancelled

                    // In turn.
                    await body();{{TrailingSpaces}}
                    Console.WriteLine();
                }
                finally
                {
                    _done++;

                    {|PIN1004:_gate.Release()|};
                }
            }
        }
        """,
        $$"""
        using System;
        using System.Threading;
        using System.Threading.Tasks;

        class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            private int _done;

            async Task Run(Func<Task> body, CancellationToken token)
            {
                Console.WriteLine();

                bool taken = false;
                try
                {
                    await body();
                    await _gate.WaitAsync(token); // may be cancelled
                    taken = true;

                    // In turn.
                    await body();{{TrailingSpaces}}
                    Console.WriteLine();
                }
                finally
                {
                    _done++;

                    if (taken)
                        _gate.Release();
                }
            }
        }
        """);
}
