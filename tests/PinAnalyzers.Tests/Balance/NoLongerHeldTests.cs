using System.Threading.Tasks;
using PinAnalyzers.Tests.Balance.Types;
using Xunit;

namespace PinAnalyzers.Tests.Balance;

/// <summary>What is disposed of with its object, or was given back already, is not released any more.</summary>
public sealed class NoLongerHeldTests
{
    [Theory]
    [InlineData("await _gate.WaitAsync(); try { await Work(); } finally { if (!IsDisposed) _gate.Release(); }")]
    [InlineData("await _gate.WaitAsync(); try { if (n > 3 || IsDisposed) return; await Work(); } finally { try { if (!IsDisposed) _gate.Release(); } catch (ObjectDisposedException) { } }")]
    [InlineData("await _gate.WaitAsync(); try { await Work(); } finally { if (!_disposed) { n++; _gate.Release(); } }")]
    [InlineData("await _gate.WaitAsync(); try { await Work(); } finally { if (_disposed == false) _gate.Release(); }")]
    [InlineData("await _gate.WaitAsync(); try { await Work(); } finally { if (_isDisposed == 0) _gate.Release(); }")]
    [InlineData("await _gate.WaitAsync(); try { await Work(); } finally { if (Volatile.Read(ref _isDisposed) != 1) _gate.Release(); }")]
    [InlineData("_lock.EnterWriteLock(); try { await Work(); } finally { if (!_disposed) _lock.ExitWriteLock(); }")]
    [InlineData("if (!await _gate.WaitAsync(n)) return; try { await Work(); } finally { if (!_disposed) _gate.Release(); }")]
    public Task ReleasedUnlessDisposedOf_IsSilent(string body) => TypeVerifier.File(Around(body));

    [Theory]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; if (_disposed) return; try { await Work(); } finally { _gate.Release(); }")]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; try { await Work(); } finally { if (_disposed) _gate.Release(); }")]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; try { await Work(); } finally { if (!_disposed && n > 3) _gate.Release(); }")]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; try { await Work(); } finally { if (!_stopped) _gate.Release(); }")]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; try { if (n > 3) return; if (!_disposed) _gate.Release(); } finally { await Work(); }")]
    [InlineData("{|PIN1001:Monitor.Enter(_gate)|}; try { } finally { if (!_disposed) Monitor.Exit(_gate); }")]
    public Task ReleasedByAnotherGuard_IsReported(string body) => TypeVerifier.File(Around(body));

    // The semaphore is asked whether it was given back already.
    [Theory]
    [InlineData("await _gate.WaitAsync(); try { await Work(); } finally { if (_gate.CurrentCount == 0) _gate.Release(); }")]
    [InlineData("_gate.Wait(); try { if (n > 3) return; await Work(); } finally { if (_gate.CurrentCount < 1) { n++; _gate.Release(); } }")]
    [InlineData("_gate.Wait(); try { await Work(); } finally { if (!(_gate.CurrentCount > 0)) _gate.Release(); }")]
    public Task ReleasedUnlessThereIsAPermit_IsSilent(string body) => TypeVerifier.File(Around(body));

    [Theory]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; try { await Work(); } finally { if (_gate.CurrentCount > 0) _gate.Release(); }")]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; try { await Work(); } finally { if (_other.CurrentCount == 0) _gate.Release(); }")]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; if (_gate.CurrentCount > 0) return; try { await Work(); } finally { _gate.Release(); }")]
    [InlineData("await {|PIN1001:_gate.WaitAsync()|}; try { await Work(); } finally { if (_gate.CurrentCount == 0 && n > 3) _gate.Release(); }")]
    public Task ReleasedByAnotherCount_IsReported(string body) => TypeVerifier.File(Around(body));

    private static string Around(string body) => $$"""
        abstract class Observable : IDisposable
        {
            protected bool IsDisposed { get; private set; }
            public void Dispose() { IsDisposed = true; Dispose(true); }
            protected virtual void Dispose(bool disposing) { }
        }

        sealed class View : Observable
        {
            readonly SemaphoreSlim _gate = new(1, 1), _other = new(1, 1);
            readonly ReaderWriterLockSlim _lock = new();
            bool _disposed, _stopped;
            int _isDisposed;

            Task Work() => Task.Delay(1);
            public void Stop() => _stopped = true;
            protected override void Dispose(bool disposing) { _disposed = true; _isDisposed = 1; _gate.Dispose(); _other.Dispose(); _lock.Dispose(); }

            async Task Run(int n) { {{body}} }
        }
        """;
}
