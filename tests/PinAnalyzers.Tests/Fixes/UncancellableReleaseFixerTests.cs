using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.UncancellableReleaseFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class UncancellableReleaseFixerTests
{
    [Fact]
    public Task Token_BecomesNone() => Verify.CodeFix(
        """
        using System.Threading;
        using System.Threading.Tasks;

        class C
        {
            private readonly SemaphoreSlim _lock = new(1, 1);
            private long _used;

            async ValueTask ReleaseAsync(long n, CancellationToken ct)
            {
                await {|#0:_lock.WaitAsync(ct)|}; // the gate
                try { _used -= n; } finally { _lock.Release(); }
            }

            async ValueTask ReleaseSlowly(long n, CancellationTokenSource stop)
            {
                await {|#1:Task.Delay(5, cancellationToken: stop.Token)|}.ConfigureAwait(false);
                _used -= n;
            }
        }
        """,
        """
        using System.Threading;
        using System.Threading.Tasks;

        class C
        {
            private readonly SemaphoreSlim _lock = new(1, 1);
            private long _used;

            async ValueTask ReleaseAsync(long n, CancellationToken ct)
            {
                await _lock.WaitAsync(CancellationToken.None); // the gate
                try { _used -= n; } finally { _lock.Release(); }
            }

            async ValueTask ReleaseSlowly(long n, CancellationTokenSource stop)
            {
                await Task.Delay(5, cancellationToken: CancellationToken.None).ConfigureAwait(false);
                _used -= n;
            }
        }
        """,
        null, null, Info(0), Info(1));

    [Fact]
    public Task ThrowOrTimeout_IsLeftAlone() => Verify.NoFix(
        """
        using System.Threading;

        class C
        {
            private readonly object _gate = new();
            private long _used;

            void Release(long n, CancellationToken ct)
            {
                {|#0:ct.ThrowIfCancellationRequested()|};
                _used -= n;
            }

            void ReleaseSoon(long n)
            {
                if (!{|#1:Monitor.TryEnter(_gate, 10)|}) return;
                _used -= n;
                Monitor.Exit(_gate);
            }
        }
        """,
        null, Info(0), Info(1));

    private static DiagnosticResult Info(int location) => new DiagnosticResult("PIN1015", DiagnosticSeverity.Info).WithLocation(location).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations);
}
