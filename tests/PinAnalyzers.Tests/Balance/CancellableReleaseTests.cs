using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1015: waits that may be cancelled or time out before a release path has released.</summary>
public sealed class CancellableReleaseTests
{
    [Fact]
    public Task CancellableOrTimedWait_IsSuggested() => Verify.File("""
        using PinAccounting.Annotations;

        class C
        {
            private readonly Owner _owner = new();
            private readonly SemaphoreSlim _lock = new(1, 1);
            private readonly object _gate = new();
            private readonly CancellationTokenSource _stop = new();
            private long _used, _freed;

            // The catalogue's A21.
            async ValueTask ReleaseAsync(long n, CancellationToken ct)
            {
                await {|PIN1015i:_lock.WaitAsync(ct)|};
                try { _used -= n; } finally { _lock.Release(); }
            }

            public async ValueTask DisposeAsync()
            {
                await {|PIN1015i:Task.Delay(10, _stop.Token)|}.ConfigureAwait(false);
                _owner.Uncharge(4);
            }

            public void Close(CancellationToken token)
            {
                {|PIN1015i:token.ThrowIfCancellationRequested()|};
                _owner.Uncharge(4);
            }

            [ReleasePath]
            async Task GoAsync(long n, CancellationToken ct)
            {
                await {|PIN1015i:FlushAsync(ct)|};
                _owner.Uncharge(n);
            }

            [Release("own")]
            void Give(nint page, CancellationToken ct)
            {
                {|PIN1015i:_lock.Wait(ct)|};
                try { Native.Unpin(page); } finally { _lock.Release(); }
            }

            [Charge("own", ReleasedBy = nameof(Give))]
            void Take() { }

            void ReleasePages(long n)
            {
                if (!{|PIN1015i:Monitor.TryEnter(_gate, 100)|}) return;
                try { _owner.Uncharge(n); }
                finally { Monitor.Exit(_gate); }
            }

            void UnpinAll(nint page)
            {
                if ({|PIN1015i:_lock.Wait(50)|})
                {
                    Native.Unpin(page);
                    _lock.Release();
                }
            }

            async Task UnregisterAsync(Task io, nint page)
            {
                await {|PIN1015i:io.WaitAsync(TimeSpan.FromSeconds(1))|};
                Native.Unpin(page);
            }

            async Task FreeAsync(long n, CancellationToken ct)
            {
                try { await {|PIN1015i:FlushAsync(ct)|}; }
                catch (IOException) { }
                Interlocked.Add(ref _freed, -n);
            }

            void UnchargeWhenIdle(ManualResetEventSlim idle)
            {
                {|PIN1015i:idle.Wait(_stop.Token)|};
                _owner.Uncharge(1);
            }

            static Task FlushAsync(CancellationToken ct) => Task.Delay(1, ct);
        }
        """);

    [Fact]
    public Task ReleaseThatIsReached_IsSilent() => Verify.File("""
        class C
        {
            private readonly Owner _owner = new();
            private readonly SemaphoreSlim _lock = new(1, 1);
            private readonly object _gate = new();
            private long _used;

            async ValueTask ReleaseAsync(long n)
            {
                await _lock.WaitAsync(CancellationToken.None);
                try { _used -= n; } finally { _lock.Release(); }
            }

            static void Note(CancellationToken ct) { if (ct.IsCancellationRequested) Console.WriteLine("late"); }

            async Task ReleaseAsync(long n, CancellationToken ct)
            {
                Note(ct);
                _owner.Uncharge(n);
                await Task.Yield();
            }

            async Task DisposeAsync(CancellationToken ct)
            {
                _owner.Uncharge(4);
                await FlushAsync(ct);
            }

            async Task ReleaseAfterDraining(CancellationToken ct)
            {
                await FlushAsync(ct);
                _owner.Charge(4);
                try { await Task.Yield(); }
                finally { _owner.Uncharge(4); }
            }

            async Task CloseAsync(CancellationToken ct)
            {
                try { await FlushAsync(ct); }
                finally { _owner.Uncharge(4); }
            }

            async Task FreeAsync(CancellationToken ct)
            {
                try { await FlushAsync(ct); }
                catch (OperationCanceledException) { }
                _owner.Uncharge(4);
            }

            async Task ReleaseDefault(long n)
            {
                await FlushAsync(default);
                await FlushAsync();
                _owner.Uncharge(n);
            }

            void ReleaseAnyway(long n)
            {
                bool locked = Monitor.TryEnter(_gate, 100);
                try { _owner.Uncharge(n); }
                finally { if (locked) Monitor.Exit(_gate); }
            }

            void ReleaseInfinite(long n)
            {
                if (!_lock.Wait(Timeout.Infinite)) return;
                _owner.Uncharge(n);
                _lock.Release();
            }

            // Not a release path: a cancelled operation has charged nothing yet.
            async Task WorkAsync(long n, CancellationToken ct)
            {
                await FlushAsync(ct);
                _owner.Uncharge(n);
            }

            // The cancellable call is the release.
            async Task ReleaseThrough(CancellationToken ct)
            {
                await DisposeAsync(ct);
                _owner.Uncharge(1);
            }

            void ReleaseLater(CancellationToken ct)
            {
                Action wait = () => _lock.Wait(ct);
                _owner.Uncharge(1);
                wait();
            }

            void UnlockOnly(CancellationToken ct)
            {
                _lock.Wait(ct);
                _lock.Release();
            }

            static Task FlushAsync(CancellationToken ct = default) => Task.Delay(1, ct);
        }
        """);

    /// <summary>A token of its own may say that all is over already; one that is handed in says that the caller has lost interest.</summary>
    [Fact]
    public Task AskedWhetherCancelled_IsSuggested() => Verify.File("""
        using PinAccounting.Annotations;

        class C
        {
            private readonly Owner _owner = new();
            private readonly CancellationTokenSource _stop = new();

            public void Close(CancellationToken token)
            {
                if ({|PIN1015i:token.IsCancellationRequested|}) return;
                _owner.Uncharge(4);
            }

            public void Release(CancellationToken token)
            {
                if (!{|PIN1015i:token.IsCancellationRequested|}) _owner.Uncharge(4);
            }

            public void Dispose()
            {
                if (_stop.IsCancellationRequested) return;
                _stop.Cancel();
                _owner.Uncharge(4);
            }

            public void ReleaseAll(CancellationToken token)
            {
                if (token.IsCancellationRequested) Calls.Quiet();
                _owner.Uncharge(4);
            }
        }
        """);

    [Fact]
    public Task AnswerKeptInALocal_IsFollowed() => Verify.File("""
        using PinAccounting.Annotations;

        class C
        {
            private readonly Owner _owner = new();
            private readonly SemaphoreSlim _gate = new(1, 1);
            private readonly Task _pump = Task.CompletedTask;

            public void Close()
            {
                bool taken = {|PIN1015i:_gate.Wait(100)|};
                if (taken) { _owner.Uncharge(4); _gate.Release(); }
            }

            public async Task ReleaseAsync()
            {
                bool taken = await {|PIN1015i:_gate.WaitAsync(100)|}.ConfigureAwait(false);
                if (!taken) return;
                _owner.Uncharge(4);
                _gate.Release();
            }

            public void Free()
            {
                bool taken = _gate.Wait(100);
                _owner.Uncharge(4);
                if (taken) _gate.Release();
            }

            public void Unpin()
            {
                bool taken = _gate.Wait(100);
                _owner.Uncharge(4);
                if (!taken) throw new TimeoutException();
                _gate.Release();
            }

            public async ValueTask DisposeAsync()
            {
                await _pump.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _owner.Uncharge(4);
            }
        }
        """);

    /// <summary>What a task ends with is thrown where the task is awaited.</summary>
    [Fact]
    public Task TaskThatIsAwaitedBefore_IsSuggested() => Verify.File("""
        class C
        {
            private readonly Owner _owner = new();
            private readonly Stream _stream = Stream.Null;

            public async Task CloseAsync(CancellationToken ct)
            {
                Task flush = {|PIN1015i:_stream.FlushAsync(ct)|};
                Calls.Quiet();
                await flush.ConfigureAwait(false);
                _owner.Uncharge(4);
            }

            public async Task ReleaseAsync(CancellationToken ct, bool both)
            {
                await Task.WhenAll({|PIN1015i:_stream.FlushAsync(ct)|}, both ? Calls.WorkAsync() : Task.CompletedTask);
                _owner.Uncharge(4);
            }

            public void Free(CancellationToken ct)
            {
                {|PIN1015i:_stream.FlushAsync(ct)|}.GetAwaiter().GetResult();
                _owner.Uncharge(4);
            }
        }
        """);

    [Fact]
    public Task TaskThatIsNotAwaitedBefore_IsSilent() => Verify.File("""
        class C
        {
            private readonly Owner _owner = new();
            private readonly Stream _stream = Stream.Null;
            private readonly Task _work = Task.CompletedTask;

            // As a hosted service stops: the token bounds the wait, and nothing is thrown.
            public async Task CloseAsync(CancellationToken ct)
            {
                await Task.WhenAny(_work, Task.Delay(Timeout.Infinite, ct));
                _owner.Uncharge(4);
            }

            public async Task ReleaseAsync(CancellationToken ct)
            {
                Task flush = _stream.FlushAsync(ct);
                _owner.Uncharge(4);
                await flush;
            }

            public async Task FreeAsync(CancellationToken ct)
            {
                List<Task> tasks = new();
                tasks.Add(_stream.FlushAsync(ct));
                _owner.Uncharge(4);
                await Task.WhenAll(tasks);
            }

            public async ValueTask DisposeAsync(CancellationToken ct)
            {
                using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(ct);
                _owner.Uncharge(4);
                await Task.Delay(1, linked.Token);
            }
        }
        """);
}
