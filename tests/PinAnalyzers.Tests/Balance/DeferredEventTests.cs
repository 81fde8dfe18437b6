using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1010: charges and releases inside delegates that run later, and in finalizers.</summary>
public sealed class DeferredEventTests
{
    [Fact]
    public Task DeferredRelease_IsSuggested() => Verify.Members("""
            private Timer? _timer;
            private Task? _last;

            // The catalogue's A8.
            void Close(Handle h)
            {
                _ = Task.Run(() => { h.Free(); {|PIN1010i:_owner.Uncharge(h.Pages)|}; });
            }

            void Queue(long n) => ThreadPool.QueueUserWorkItem(_ => {|PIN1010i:_owner.Uncharge(n)|});

            void Continue(Task io, nint page) => io.ContinueWith(_ => {|PIN1010i:Native.Unpin(page)|});

            void Later(long n)
            {
                _timer = new Timer(_ => {|PIN1010i:_owner.Uncharge(n)|}, null, 100, -1);
            }

            Timer Made(long n) => new Timer(_ => {|PIN1010i:_owner.Uncharge(n)|}, null, 100, -1);

            void OnAThread(long n)
            {
                var thread = new Thread(() => {|PIN1010i:_owner.Uncharge(n)|});
                thread.Start();
            }

            void Posted(SynchronizationContext ui, long n) => ui.Post(_ => {|PIN1010i:_owner.Uncharge(n)|}, null);

            void LocalFunction(long n)
            {
                Task.Run(GiveBack);
                void GiveBack() => {|PIN1010i:_owner.Uncharge(n)|};
            }

            void Kept(long n) => _last = Task.Factory.StartNew(() => {|PIN1010i:_owner.Uncharge(n)|});

            // Nothing is done there that the charge is for.
            void ChargedHere(long n)
            {
                _owner.Charge(n);
                Task.Run(() => {|PIN1010i:_owner.Uncharge(n)|});
            }

            sealed class Handle
            {
                public long Pages => 4;
                public void Free() { }
            }
        """);

    [Fact]
    public Task DeferredCharge_IsReported() => Verify.File("""
        using PinAccounting.Annotations;

        class C
        {
            private readonly Owner _owner = new();
            private readonly object _gate = new();
            [Counter] private long _used;
            [Counter] private long _atomic;

            // The catalogue's A9.
            void Map(int n)
            {
                Calls.Quiet();
                ThreadPool.QueueUserWorkItem(_ => { lock (_gate) {|PIN1010:_used += n|}; });
            }

            void Run(long n) => Task.Run(() => {|PIN1010:_owner.Charge(n)|});

            void Interlocked_(int n)
            {
                new Thread(() => {|PIN1010:Interlocked.Add(ref _atomic, n)|}).Start();
            }

            void Own(long n)
            {
                Later(() => {|PIN1010:_owner.Charge(n)|});
            }

            static void Later([Deferred] Action what) => what();
        }

        class Finalized
        {
            private readonly Owner _owner = new();
            private readonly nint _page = 3;

            ~Finalized()
            {
                {|PIN1010i:_owner.Uncharge(4)|};
                {|PIN1010i:Native.Unpin(_page)|};
            }
        }

        class Annotated
        {
            private readonly Owner _owner = new();

            [Deferred]
            void OnIdle(long n) => {|PIN1010i:_owner.Uncharge(n)|};
        }
        """);

    [Fact]
    public Task AwaitedBalancedOrMeant_IsSilent() => Verify.File("""
        using PinAccounting.Annotations;

        class C
        {
            private readonly Owner _owner = new();
            private readonly SemaphoreSlim _sem = new(1);
            private readonly List<Task> _tasks = new();

            async Task Awaited(long n) => await Task.Run(() => _owner.Uncharge(n));

            async Task AwaitedLater(long n)
            {
                Task task = Task.Run(() => _owner.Uncharge(n));
                Calls.Quiet();
                await task.ConfigureAwait(false);
            }

            void Waited(long n) => Task.Run(() => _owner.Uncharge(n)).Wait();

            void Joined(long n)
            {
                var thread = new Thread(() => _owner.Uncharge(n));
                thread.Start();
                thread.Join();
            }

            async Task All(long n) => await Task.WhenAll(Task.Run(() => _owner.Uncharge(n)), Calls.WorkAsync());

            Task Returned(long n) => Task.Run(() => _owner.Uncharge(n));

            void Collected(long n) => _tasks.Add(Task.Run(() => _owner.Uncharge(n)));

            void BalancedThere(long n) => Task.Run(() =>
            {
                _owner.Charge(n);
                try { Calls.Work(); }
                finally { _owner.Uncharge(n); }
            });

            // The worker owns the charge while it works.
            bool HandedOver(long n)
            {
                if (!_owner.TryCharge(n)) return false;
                ThreadPool.QueueUserWorkItem(_ =>
                {
                    try { Calls.Work(); }
                    finally { _owner.Uncharge(n); }
                });
                return true;
            }

            void Semaphore()
            {
                _sem.Wait();
                Calls.WorkAsync().ContinueWith(_ => _sem.Release());
            }

            void Callback(object state)
            {
                GCHandle handle = GCHandle.Alloc(state);
                ThreadPool.QueueUserWorkItem(_ => handle.Free());
            }

            void Participant(CountdownEvent done)
            {
                done.AddCount();
                Task.Run(() => done.Signal());
            }

            void AtOnce(long[] sizes) => Array.ForEach(sizes, n => _owner.Uncharge(n));

            void Meant(long n) => Later(() => _owner.Uncharge(n));

            static void Later([Deferred(Reason = "the memory is in use until then")] Action what) => what();

            [Deferred(Reason = "the limit protects memory that is only free then")]
            void OnReaped(long n) => ThreadPool.QueueUserWorkItem(_ => _owner.Uncharge(n));

            // Logical release first, physical reaping may lag.
            void Close(long n)
            {
                _owner.Uncharge(n);
                _ = Task.Run(Calls.Work);
            }
        }

        class Finalized : IDisposable
        {
            private readonly Owner _owner = new();
            public Finalized() => GC.AddMemoryPressure(100);
            ~Finalized()
            {
                GC.RemoveMemoryPressure(100);
                Dispose(false);
            }
            public void Dispose() => Dispose(true);
            void Dispose(bool disposing) => _owner.Uncharge(4);
        }
        """);

    /// <summary>The charge is for the work that ends there, or for what the worker finds.</summary>
    [Fact]
    public Task EndOfTheWork_IsSilent() => Verify.Members("""
            private readonly ConcurrentDictionary<int, long> _live = new();
            private readonly BlockingCollection<long> _posted = new();
            private Timer? _sweep;

            void Start(Func<Task> work, long n)
            {
                _owner.Charge(n);
                work().ContinueWith(_ => _owner.Uncharge(n), TaskScheduler.Default);
            }

            void StartWithState(Task work, long n)
            {
                _owner.Charge(n);
                work.ContinueWith((_, owner) => ((Owner)owner!).Uncharge(n), _owner, TaskScheduler.Default);
            }

            void Serve(System.Threading.Channels.ChannelReader<long> posted)
            {
                _ = Task.Run(async () => { await foreach (long n in posted.ReadAllAsync()) _owner.Uncharge(n); });
                _ = Task.Run(async () => { while (await posted.WaitToReadAsync()) if (posted.TryRead(out long n)) _owner.Uncharge(n); });
                new Thread(() => { foreach (long n in _posted.GetConsumingEnumerable()) _owner.Uncharge(n); }).Start();
            }

            void Sweep() => _sweep = new Timer(_ =>
            {
                foreach (int key in _live.Keys)
                {
                    if (_live.TryRemove(key, out long n)) _owner.Uncharge(n);
                }
            }, null, 1000, 1000);

            async Task Chosen(bool later, long n) => await (later ? Task.Run(() => _owner.Uncharge(n)) : Task.CompletedTask);

            // What was there when it was queued.
            void All(long[] sizes) => Task.Run(() => { foreach (long n in sizes) {|PIN1010i:_owner.Uncharge(n)|}; });
        """);

    [Fact]
    public Task MovedCharge_BelongsToTheWorker() => Verify.Runtime("""
        using PinAccounting;

        class C
        {
            void Submit(PinCharge c)
            {
                PinCharge moved = c.Detach();
                try { ThreadPool.QueueUserWorkItem(_ => { try { TryDo(); } finally { moved.Dispose(); } }); }
                catch { moved.Dispose(); throw; }
            }

            void Given(PinCharge c)
            {
                ThreadPool.QueueUserWorkItem(_ => { TryDo(); {|PIN1010i:c.Dispose()|}; });
            }

            static void TryDo() { }
        }
        """);
}
