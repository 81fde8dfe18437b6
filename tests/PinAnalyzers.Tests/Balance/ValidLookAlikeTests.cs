using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>What looks like a lost charge and is none: every one of these must stay silent.</summary>
public sealed class ValidLookAlikeTests
{
    /// <summary>A wrapper whose own out parameter, or a reference that it was handed, receives the token from the call itself.</summary>
    [Fact]
    public Task Escapes_StraightIntoTheCallersVariable() => Verify.File("""
        using PinAccounting.Annotations;

        public sealed class Token : IDisposable
        {
            [Release("slot")]
            public void Dispose() { }
        }

        public sealed class Slots
        {
            [Charge("slot", ReleasedBy = nameof(Token.Dispose))]
            public bool TryTake(long n, [NotNullWhen(true), ChargeToken] out Token? token) => (token = n > 0 ? new Token() : null) is not null;

            public bool Forwarded(long n, [NotNullWhen(true)] out Token? token) => TryTake(n, out token);

            [Charge("slot", ReleasedBy = nameof(Token.Dispose))]
            public bool ForwardedAsACharge(long n, [NotNullWhen(true), ChargeToken] out Token? token) => TryTake(n * 2, out token);

            public bool AfterATest(long n, [NotNullWhen(true)] out Token? token)
            {
                if (n < 0)
                {
                    token = null;
                    return false;
                }

                Calls.Work();
                return TryTake(Cost(n) * 2, out token);
            }

            public bool ToAReference(long n, ref Token? token) => token is null && TryTake(n, out token);

            public bool ThroughARefLocal(Token?[] tokens, long n)
            {
                ref Token? slot = ref tokens[0];
                return TryTake(n, out slot);
            }

            public void FirstThatFits(long n, out Token? token)
            {
                while (n > 0 && !TryTake(n, out token)) n /= 2;
                token = null;
            }

            private static long Cost(long n) => n;
        }
        """);

    [Fact]
    public Task Escapes_ToMembersAndContainers() => Verify.Members("""
            GCHandle _handle;
            nint _memory;
            static nint s_shared;
            readonly List<GCHandle> _list = new();
            readonly Dictionary<string, nint> _map = new();
            readonly ConcurrentQueue<nint> _queue = new();
            readonly nint[] _slots = new nint[4];
            GCHandle Property { get; set; }

            void ToAField(object target) => _handle = GCHandle.Alloc(target);

            void ThroughALocal(object target, int n)
            {
                GCHandle handle = GCHandle.Alloc(target);
                if (n == 3) { _handle = handle; return; }
                handle.Free();
            }

            void ToAProperty(object target) => Property = GCHandle.Alloc(target);

            void ToAList(object target) => _list.Add(GCHandle.Alloc(target));

            void ToADictionary(string key, int n) => _map[key] = Marshal.AllocHGlobal(n);

            void ToAQueue(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                _queue.Enqueue(memory);
            }

            void ToAnArray(int n, int i) => _slots[i] = Marshal.AllocHGlobal(n);

            void ToAStatic(int n) => s_shared = Marshal.AllocHGlobal(n);

            void ToAStaticAtomically(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                nint old = Interlocked.Exchange(ref _memory, memory);
                if (old != 0) Marshal.FreeHGlobal(old);
            }

            void FirstOneWins(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (Interlocked.CompareExchange(ref _memory, memory, 0) != 0) Marshal.FreeHGlobal(memory);
            }

            void ToAnOut(int n, out nint memory) => memory = Marshal.AllocHGlobal(n);

            void ToARef(object target, ref GCHandle handle) => handle = GCHandle.Alloc(target);

            unsafe void ThroughAPointer(nint* cell, int n) => *cell = Marshal.AllocHGlobal(n);

            struct Node { public nint Block; public GCHandle Owner; }

            unsafe void ToANativeStruct(Node* node, object target)
            {
                node->Owner = GCHandle.Alloc(target);
                node->Block = Marshal.AllocHGlobal(8);
            }

            Node Initializer(object target) => new Node { Block = Marshal.AllocHGlobal(8), Owner = GCHandle.Alloc(target) };

            (nint First, nint Second) Tuple(int n) => (Marshal.AllocHGlobal(n), Marshal.AllocHGlobal(n));

            nint[] ArrayOf(int n) => new[] { Marshal.AllocHGlobal(n), Marshal.AllocHGlobal(n) };

            void Result(TaskCompletionSource<nint> source, int n) => source.SetResult(Marshal.AllocHGlobal(n));

            void ToTheSlotOfAStruct(ref Node node, int n) => node.Block = Marshal.AllocHGlobal(n);

            void Coalesced(int n)
            {
                _memory = _memory != 0 ? _memory : Marshal.AllocHGlobal(n);
            }
        """);

    [Fact]
    public Task Escapes_ToCallersAndCallees() => Verify.Members("""
            GCHandle Returned(object target) => GCHandle.Alloc(target);

            nint ReturnedAsAnInteger(object target)
            {
                GCHandle handle = GCHandle.Alloc(target, GCHandleType.Normal);
                return GCHandle.ToIntPtr(handle);
            }

            nint ReturnedOnSuccess(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (n > 3) return memory;
                Marshal.FreeHGlobal(memory);
                return 0;
            }

            unsafe byte* ReturnedAsAPointer(int n) => (byte*)Marshal.AllocHGlobal(n);

            sealed class Box : IDisposable
            {
                private readonly nint _memory;

                public Box(nint memory) => _memory = memory;

                public void Dispose() => Marshal.FreeHGlobal(_memory);
            }

            Box ToAConstructor(int n) => new(Marshal.AllocHGlobal(n));

            void ToAConstructorAndUsing(int n)
            {
                using Box box = new(Marshal.AllocHGlobal(n));
                Calls.Work();
            }

            [DllImport("lib")] static extern int submit(nint state);

            void ToNativeCode(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                submit(GCHandle.ToIntPtr(handle));
            }

            static void OnNative(nint state)
            {
                GCHandle handle = GCHandle.FromIntPtr(state);
                ((Action)handle.Target!)();
                handle.Free();
            }

            unsafe MemoryHandle ToAFrameworkStruct(byte[] data)
            {
                GCHandle handle = GCHandle.Alloc(data, GCHandleType.Pinned);
                return new MemoryHandle((void*)handle.AddrOfPinnedObject(), handle);
            }

            void ToALambda(object target, List<Action> cleanups)
            {
                GCHandle handle = GCHandle.Alloc(target);
                cleanups.Add(() => handle.Free());
            }

            void ToAContinuation(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                _ = Calls.WorkAsync().ContinueWith(_ => handle.Free());
            }

            void ToAToken(object target, CancellationToken token)
            {
                nint memory = Marshal.AllocHGlobal(8);
                token.Register(() => Marshal.FreeHGlobal(memory));
            }

            void ToAMethodThatStores(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                Store(memory);
            }

            nint _stored;
            void Store(nint memory) => _stored = memory;

            void ToAMethodThatReleases(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                Drop(memory);
            }

            static void Drop(nint memory)
            {
                if (memory == 0) return;
                Marshal.FreeHGlobal(memory);
            }

            IEnumerable<nint> Yielded(int n)
            {
                for (int i = 0; i < n; i++) yield return Marshal.AllocHGlobal(8);
            }

            Task<IMemoryOwner<byte>> InATask(int n) => Task.FromResult(MemoryPool<byte>.Shared.Rent(n));
        """);

    [Fact]
    public Task Locks_HandedOverToTheCaller() => Verify.Members("""
            readonly ReaderWriterLockSlim _rw = new();
            bool _entered;

            void Enter() => Monitor.Enter(_gate);

            void Exit() => Monitor.Exit(_gate);

            bool TryEnter(int timeout) => Monitor.TryEnter(_gate, timeout);

            bool TryEnterAndCheck(int timeout)
            {
                if (!Monitor.TryEnter(_gate, timeout)) return false;
                if (_entered)
                {
                    Monitor.Exit(_gate);
                    return false;
                }
                return true;
            }

            int TryAsErrno(int timeout)
            {
                if (!_sem.Wait(timeout)) return -11;
                if (_entered) { _sem.Release(); return -4; }
                return 0;
            }

            async Task<bool> TryEnterAsync()
            {
                if (!await _sem.WaitAsync(0)) return false;
                if (_entered) { _sem.Release(); return false; }
                return true;
            }

            readonly struct Releaser : IDisposable
            {
                private readonly SemaphoreSlim _held;

                public Releaser(SemaphoreSlim held) => _held = held;

                public void Dispose() => _held.Release();
            }

            async Task<Releaser> LockAsync()
            {
                await _sem.WaitAsync();
                return new Releaser(_sem);
            }

            void Recorded()
            {
                Monitor.TryEnter(_gate, 10, ref _entered);
                if (_entered && _owner is null)
                {
                    Monitor.Exit(_gate);
                    _entered = false;
                }
            }

            void ReleasesAround()
            {
                Monitor.Exit(_gate);
                try { Calls.Work(); }
                finally { Monitor.Enter(_gate); }
            }

            void ReadersAndWriters(bool write)
            {
                if (write) _rw.EnterWriteLock();
                else _rw.EnterReadLock();
                try { Calls.Work(); }
                finally
                {
                    if (write) _rw.ExitWriteLock();
                    else _rw.ExitReadLock();
                }
            }

            void Serves()
            {
                Monitor.Enter(_gate);
                while (true)
                {
                    Monitor.Wait(_gate);
                    Calls.Quiet();
                }
            }

            void Locks(object other)
            {
                lock (_gate)
                {
                    if (other is null) return;
                    lock (other) Calls.Work();
                }
            }

            void Signals(SemaphoreSlim full, SemaphoreSlim empty)
            {
                empty.Wait();
                Calls.Quiet();
                full.Release();
            }
        """);

    [Fact]
    public Task Conditions_ThatBelongTogether() => Verify.Members("""
            readonly bool _pins;

            void SameParameter(object target, bool pin)
            {
                GCHandle handle = default;
                if (pin) handle = GCHandle.Alloc(target);
                Calls.Quiet();
                if (pin) handle.Free();
            }

            void SameReadOnlyMember(object target)
            {
                GCHandle handle = default;
                if (_pins) handle = GCHandle.Alloc(target);
                Calls.Quiet();
                if (_pins) handle.Free();
            }

            void SameComparison(int n, object target)
            {
                GCHandle handle = default;
                if (n > 16) handle = GCHandle.Alloc(target);
                if (n > 16) handle.Free();
            }

            void BothTogether(bool a, bool b, int n)
            {
                nint memory = 0;
                if (a && b) memory = Marshal.AllocHGlobal(n);
                if (a && b) Marshal.FreeHGlobal(memory);
            }

            void IsAllocated(object? target)
            {
                GCHandle handle = default;
                if (target is not null) handle = GCHandle.Alloc(target);
                try { Calls.Work(); }
                finally { if (handle.IsAllocated) handle.Free(); }
            }

            void NotZero(int n)
            {
                nint memory = 0;
                try
                {
                    if (n > 3) memory = Marshal.AllocHGlobal(n);
                    Calls.Work();
                }
                finally
                {
                    if (memory != 0) Marshal.FreeHGlobal(memory);
                }
            }

            unsafe void StackOrHeap(int n)
            {
                byte[]? rented = null;
                Span<byte> span = n <= 128 ? stackalloc byte[128] : (rented = ArrayPool<byte>.Shared.Rent(n));
                span.Clear();
                if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
            }

            void FailedAllocation(int n)
            {
                nint page = Native.PinOne(n);
                if (page == 0) return;
                try { Calls.Work(); }
                finally { Native.Unpin(page); }
            }

            void SuccessKept(int n)
            {
                bool ok = _owner.TryCharge(n);
                Calls.Quiet();
                if (ok) _owner.Uncharge(n);
            }

            void SuccessNegated(int n)
            {
                bool denied = !_owner.TryCharge(n);
                if (denied) return;
                _owner.Uncharge(n);
            }

            void SuccessCompared(int n)
            {
                if (_owner.TryCharge(n) == false) return;
                _owner.Uncharge(n);
            }

            int Commits(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                bool committed = false;
                try
                {
                    Calls.Work();
                    _kept = memory;
                    committed = true;
                    return 1;
                }
                finally { if (!committed) Marshal.FreeHGlobal(memory); }
            }

            nint _kept;

            unsafe int ErrorCode(int n)
            {
                int error = 0;
                void* block = NativeMemory.Alloc((nuint)n);
                if (n == 7) error = -22;
                if (error != 0) { NativeMemory.Free(block); return error; }
                NativeMemory.Free(block);
                return 0;
            }
        """);

    [Fact]
    public Task Ends_WithoutAReturn() => Verify.Members("""
            [DoesNotReturn] static void Die() => throw new InvalidOperationException();

            void FailsFast(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (n == 3) Environment.FailFast("broken");
                Marshal.FreeHGlobal(memory);
            }

            void Exits(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (n == 3) Environment.Exit(1);
                Marshal.FreeHGlobal(memory);
            }

            void NeverComesBack(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try
                {
                    if (n == 3) Die();
                }
                finally { Marshal.FreeHGlobal(memory); }
            }

            void MayEndTheProcess(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (n == 3) Die();
                Marshal.FreeHGlobal(memory);
            }

            // The catalogue's A1, right.
            int Account(int n)
            {
                if (!_owner.TryCharge(n)) return -3;
                try
                {
                    if (!Monitor.TryEnter(_gate, 10)) return -4;
                    try { Calls.Work(); return 0; } finally { Monitor.Exit(_gate); }
                }
                finally { _owner.Uncharge(n); }
            }

            // The catalogue's A2, right.
            bool Map(int n)
            {
                if (!_owner.TryCharge(n)) return false;
                Calls.Quiet();
                return true;
            }

            // The catalogue's A3, right.
            bool PinExternal(nint a)
            {
                nint page = Native.PinOne(a);
                if (_owner.TryCharge(1)) { _pages.Add(page); return page != 0; }
                Native.Unpin(page);
                return false;
            }

            readonly List<nint> _pages = new();

            // The catalogue's A4, right.
            bool PinAll(nint[] pages)
            {
                int done = 0;
                for (; done < pages.Length; done++)
                {
                    nint p = Native.PinOne(pages[done]);
                    _pages.Add(p);
                    if (_owner.TryCharge(1)) continue;
                    Native.Unpin(p);
                    while (done-- > 0) { Native.Unpin(pages[done]); _owner.Uncharge(1); }
                    return false;
                }
                return true;
            }

            // The catalogue's A22, right.
            bool Charges(int n)
            {
                if (!_owner.TryCharge(n)) return false;
                if (n == 3) return true;
                _owner.Uncharge(n);
                return false;
            }
        """);

    [Fact]
    public Task Loops_ThatSumUp() => Verify.Members("""
            void PerItem(int n)
            {
                for (int i = 0; i < n; i++) _owner.Charge(1);
                for (int i = 0; i < n; i++) _owner.Uncharge(1);
            }

            void BySum(int[] sizes)
            {
                long charged = 0;
                foreach (int size in sizes)
                {
                    _owner.Charge(size);
                    charged += size;
                }
                _owner.Uncharge(charged);
            }

            bool AllOrNothing(int[] sizes)
            {
                long charged = 0;
                foreach (int size in sizes)
                {
                    if (!_owner.TryCharge(size))
                    {
                        _owner.Uncharge(charged);
                        return false;
                    }
                    charged += size;
                }
                return true;
            }

            void LockEach(object[] gates)
            {
                int held = 0;
                try
                {
                    for (; held < gates.Length; held++) Monitor.Enter(gates[held]);
                    Calls.Work();
                }
                finally { while (--held >= 0) Monitor.Exit(gates[held]); }
            }

            // A semaphore made here and waited for is a signal: the callback gives it.
            void WaitsForACallback(Action<Action> start)
            {
                SemaphoreSlim done = new(0);
                start(() => done.Release());
                done.Wait();
                done.Wait(100);
            }

            // Waits for a signal in a loop and signals itself when there is more to do.
            async Task Drain(Queue<int> work, CancellationToken stop)
            {
                while (work.Count >= 0)
                {
                    await _sem.WaitAsync(stop);
                    if (work.Count > 3) _sem.Release();
                }
            }

            // Permits that go with what they stand for, and then one taken and given back.
            void Trim(Stack<object> old)
            {
                while (old.Count > 3)
                {
                    if (!_sem.Wait(0)) break;
                    if (old.Count > 0) old.Pop();
                    else break;
                }
                if (_sem.Wait(0)) _sem.Release();
            }

            int _count;

            void WaitForAll(int n)
            {
                for (int i = 0; i < n; i++) _sem.Wait();
                _sem.Release(n);
            }

            unsafe void Grows(int n)
            {
                nuint size = 8;
                void* block = NativeMemory.Alloc(size);
                for (int i = 0; i < n; i++) block = NativeMemory.Realloc(block, size *= 2);
                NativeMemory.Free(block);
            }

            void Replaces(object[] targets)
            {
                GCHandle handle = default;
                foreach (object target in targets)
                {
                    if (handle.IsAllocated) handle.Free();
                    handle = GCHandle.Alloc(target);
                }
                if (handle.IsAllocated) handle.Free();
            }
        """);

    [Fact]
    public Task Semaphores_ThatCountThings() => Verify.Members("""
            private readonly Stack<string> _idle = new();

            void Give(string thing)
            {
                lock (_idle) _idle.Push(thing);
                _sem.Release();
            }

            string? Take()
            {
                if (!_sem.Wait(0)) return null;
                lock (_idle)
                {
                    if (_idle.Count > 0) return _idle.Pop();
                }
                _sem.Release();
                return null;
            }

            async Task Loop(CancellationToken token)
            {
                while (!token.IsCancellationRequested)
                {
                    await _sem.WaitAsync(token);
                    lock (_idle) _idle.Clear();
                    if (_idle.Count == 0) continue;
                    await Task.Delay(5, token);
                    _sem.Release();
                }
            }
        """);

    [Fact]
    public Task Semaphores_WithWrappersAreStillLocks() => Verify.Members("""
            void Exit() => _sem.Release();

            bool Leaves(bool early)
            {
                {|PIN1001:_sem.Wait()|};
                if (early) return false;
                _sem.Release();
                return true;
            }
        """);

    [Fact]
    public Task Pointers_WrittenIntoNativeStructures() => Verify.Members("""
            static nint Write(nint table, string name, string? text)
            {
                nint namePointer = Marshal.StringToHGlobalAnsi(name);
                nint textPointer = text != null ? Marshal.StringToHGlobalAnsi(text) : 0;
                return Write(table, namePointer, textPointer);
            }

            static nint Write(nint table, nint name, nint text)
            {
                Marshal.WriteIntPtr(table, name);
                Marshal.WriteIntPtr(table, 8, text);
                return table + 16;
            }

            unsafe static void Direct(void** cell, string name) => Unsafe.Write(cell, Marshal.StringToHGlobalAnsi(name));

            static void Published(ref nint cell, string name)
            {
                nint pointer = Marshal.StringToHGlobalAnsi(name);
                Volatile.Write(ref cell, pointer);
            }

            static void Into(string name)
            {
                nint pointer = {|PIN1001:Marshal.StringToHGlobalAnsi(name)|};
                Marshal.WriteIntPtr(pointer, 0, 3);
            }
        """);

    [Fact]
    public Task LockType_KeepsOneLockOrTheOther() => Verify.Members("""
            private int _count;

            // A lock type's own pair of members: which of the two locks stays held is what the caller asked for, and the other member gives back.
            void Begin(bool fromAnyThread)
            {
                Monitor.Enter(_sem);
                if (fromAnyThread || _count > 3)
                {
                    _sem.Wait();
                    if (fromAnyThread) Monitor.Exit(_sem);
                    else _sem.Release();
                }
            }

            void TryBegin(bool fromAnyThread, int timeout, ref bool taken)
            {
                taken = false;
                bool hasMonitor = false;
                try
                {
                    Monitor.TryEnter(_sem, timeout, ref hasMonitor);
                    if (hasMonitor)
                    {
                        if (fromAnyThread || _sem.CurrentCount == 0)
                        {
                            if (_sem.Wait(timeout))
                            {
                                if (fromAnyThread)
                                {
                                    Monitor.Exit(_sem);
                                    hasMonitor = false;
                                }
                                else
                                {
                                    _sem.Release();
                                }
                                taken = true;
                            }
                        }
                        else
                        {
                            taken = true;
                        }
                    }
                }
                finally
                {
                    if (!taken && hasMonitor) Monitor.Exit(_sem);
                }
            }

            void End()
            {
                if (_sem.CurrentCount == 0) _sem.Release();
                else Monitor.Exit(_sem);
            }
        """);

    /// <summary>Where the token goes in something made of it, or as the state of a callback, the duty goes too.</summary>
    [Fact]
    public Task Escapes_InWhatIsMadeOfIt() => Verify.File("""
        using System.Threading.Channels;

        static class C
        {
            static Task<IntPtr> AsResult(int n) { IntPtr p = Marshal.AllocHGlobal(n); return Task.FromResult(p); }

            static ValueTask<IntPtr> AsValue(int n) { IntPtr p = Marshal.AllocHGlobal(n); return new(p); }

            static KeyValuePair<int, IntPtr> AsPart(int n) { IntPtr p = Marshal.AllocHGlobal(n); return KeyValuePair.Create(n, p); }

            static unsafe ref int AsReference() { int* p = (int*)NativeMemory.Alloc(4); return ref *p; }

            static Memory<byte> AsMemory(int n) { byte[] b = ArrayPool<byte>.Shared.Rent(n); return b; }

            static void InATuple(int n) { var t = Tuple.Create(ArrayPool<byte>.Shared.Rent(n), n); ArrayPool<byte>.Shared.Return(t.Item1); }

            static void InASegment(int n)
            {
                ArraySegment<byte> segment = new(ArrayPool<byte>.Shared.Rent(n), 0, n);
                ArrayPool<byte>.Shared.Return(segment.Array!);
            }

            static void OutOfItsMemory(int n)
            {
                Memory<byte> memory = ArrayPool<byte>.Shared.Rent(n).AsMemory(0, n);
                if (MemoryMarshal.TryGetArray<byte>(memory, out var segment)) ArrayPool<byte>.Shared.Return(segment.Array!);
            }

            static Task AsState(int n, Stream stream)
            {
                byte[] b = ArrayPool<byte>.Shared.Rent(n);
                return stream.WriteAsync(b, 0, n).ContinueWith((_, state) => ArrayPool<byte>.Shared.Return((byte[])state!), b, TaskScheduler.Default);
            }

            static async Task ToAChannel(Channel<byte[]> channel, int n)
            {
                byte[] b = ArrayPool<byte>.Shared.Rent(n);
                await channel.Writer.WriteAsync(b);
            }

            static void ASegmentIsOnlyAView(int n)
            {
                ArraySegment<byte> segment = new({|PIN1001i:ArrayPool<byte>.Shared.Rent(n)|}, 0, n);
                if (n > 3) ArrayPool<byte>.Shared.Return(segment.Array!);
            }
        }
        """);

    /// <summary>What a record's <c>with</c> makes can be released in the original's place.</summary>
    [Fact]
    public Task CloneOfARecord_CanReleaseTheCharge() => Verify.File("""
        using PinAccounting.Annotations;

        public record Lease(int Id, string Name) : IDisposable
        {
            [Release("lease")]
            public void Dispose() { }
        }

        public sealed class Leases
        {
            [Charge("lease", ReleasedBy = nameof(Lease.Dispose))]
            [return: ChargeToken]
            public Lease Take(int id) => new(id, "");

            public void Renamed(int id)
            {
                Lease lease = Take(id);
                lease = lease with { Name = "renamed" };
                lease.Dispose();
            }

            public Lease Handed(int id) => Take(id) with { Name = "handed" };

            public void Lost(int id)
            {
                Lease lease = {|PIN1001:Take(id)|};
                Console.WriteLine(lease.Name);
            }
        }
        """);

    [Fact]
    public Task SemaphoreThatBeginsAtZero_IsASignal() => Verify.Members("""
            private readonly SemaphoreSlim _arrived = new(initialCount: 0, maxCount: 1);
            private readonly SemaphoreSlim _room = new(1, 1);
            private int _version;

            async Task Follow(CancellationToken token)
            {
                while (!token.IsCancellationRequested)
                {
                    await _arrived.WaitAsync(token);
                    if (_version < 3) break;
                    TryReleaseArrived();
                }
            }

            void TryReleaseArrived() { try { _arrived.Release(); } catch (SemaphoreFullException) { } }

            void Local(int n)
            {
                var done = new SemaphoreSlim(0);
                ThreadPool.QueueUserWorkItem(_ => done.Release());
                done.Wait();
                if (n > 3) return;
                done.Release();
            }

            async Task Lost(CancellationToken token)
            {
                while (!token.IsCancellationRequested)
                {
                    await {|PIN1001:_room.WaitAsync(token)|};
                    if (_version < 3) break;
                    _room.Release();
                }
            }
        """);

    /// <summary>What is held when the body begins is given up for a while and taken again: in the end as much is held as before.</summary>
    [Fact]
    public Task GivenUpForAWhile_AndTakenAgain() => Verify.Members("""
            void PollsUnderALock(Func<bool> isReady)
            {
                lock (_gate)
                {
                    while (true)
                    {
                        if (!isReady())
                        {
                            Monitor.Exit(_gate);
                            Thread.Sleep(100);
                            Monitor.Enter(_gate);
                        }
                        else
                        {
                            Monitor.PulseAll(_gate);
                            break;
                        }
                    }
                }
            }

            void PollsWhatTheCallerHolds(int rounds)
            {
                for (int i = 0; i < rounds; i++)
                {
                    Monitor.Exit(_gate);
                    Thread.Yield();
                    Monitor.Enter(_gate);
                }
            }
        """);

    [Fact]
    public Task TakenBeforeItIsGivenUp_IsLost() => Verify.Members("""
            void LeavesBetween(bool stop, int rounds)
            {
                for (int i = 0; i < rounds; i++)
                {
                    {|PIN1001:Monitor.Enter(_gate)|};
                    if (stop) return;
                    Monitor.Exit(_gate);
                }
            }

            void GivesUpOnlySometimes(bool had, bool stop, int rounds)
            {
                for (int i = 0; i < rounds; i++)
                {
                    if (had) Monitor.Exit(_gate);
                    {|PIN1001:Monitor.Enter(_gate)|};
                    if (stop) return;
                    Monitor.Exit(_gate);
                }
            }

            void KeepsItOrNot(bool stop)
            {
                Monitor.Exit(_gate);
                Thread.Yield();
                {|PIN1001:Monitor.Enter(_gate)|};
                if (stop) return;
                Monitor.Exit(_gate);
            }
        """);

    /// <summary>Released while its own wait is under way: the release is what the wait is for.</summary>
    [Fact]
    public Task SignalledWhileItIsWaitedFor() => Verify.Members("""
            async Task Signals(SemaphoreSlim sem)
            {
                Task first = WaitFor(sem);
                sem.Release();
                await first;
                first = WaitFor(sem);
                Calls.Work();
                sem.Release();
                await first;
            }

            async Task WaitFor(SemaphoreSlim sem)
            {
                await Task.Yield();
                await sem.WaitAsync();
            }
        """);
}
