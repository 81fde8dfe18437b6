using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1005: what a charge returned is thrown away.</summary>
public sealed class ResultDroppedTests
{
    [Fact]
    public Task TokenIsDropped() => Verify.Members("""
            void Handle(object target) => {|PIN1005:GCHandle.Alloc(target)|};

            unsafe void Block() { {|PIN1005:NativeMemory.Alloc(8)|}; }

            void Memory(int n)
            {
                {|PIN1005:Marshal.AllocHGlobal(n)|};
                Calls.Quiet();
            }

            void Rented(int n) { {|PIN1005:ArrayPool<byte>.Shared.Rent(n)|}; }

            void InALoop(object[] targets)
            {
                foreach (object target in targets) {|PIN1005:GCHandle.Alloc(target)|};
            }

            void Text(string s) { {|PIN1005:Marshal.StringToHGlobalUni(s)|}; }

            void Page(nint a) { {|PIN1005:Native.PinOne(a)|}; }
        """);

    [Fact]
    public Task OutcomeIsDropped() => Verify.Members("""
            // The catalogue's A2: pinned, but who knows whether it is charged.
            void Map(int n)
            {
                Calls.Quiet();
                {|PIN1005:_owner.TryCharge(n)|};
            }

            void Waits()
            {
                {|PIN1005:_sem.Wait(10)|};
                _sem.Release();
            }

            async Task WaitsAsync()
            {
                await {|PIN1005:_sem.WaitAsync(10)|};
                _sem.Release();
            }

            async Task WaitsElsewhere()
            {
                await {|PIN1005:_sem.WaitAsync(TimeSpan.Zero)|}.ConfigureAwait(false);
                _sem.Release();
            }

            void Enters() { {|PIN1005:Monitor.TryEnter(_gate)|}; }

            void Reads(ReaderWriterLockSlim rw)
            {
                {|PIN1005:rw.TryEnterReadLock(3)|};
                Calls.Quiet();
            }

            void InAnExpressionBody(int n) => {|PIN1005:_owner.TryCharge(n)|};

            void ThenReleased(int n)
            {
                {|PIN1005:_owner.TryCharge(n)|};
                _owner.Uncharge(n);
            }

            void InABranch(int n)
            {
                if (n > 3) {|PIN1005:_owner.TryCharge(n)|};
            }

            void ForTheEffect(int n)
            {
                for ({|PIN1005:_owner.TryCharge(n)|}; n > 0; n--) Calls.Quiet();
            }
        """);

    /// <summary>The idiom for a function whose address native code keeps: nothing hangs on it that could be lost.</summary>
    [Fact]
    public Task StaticFunctionIsKeptForNativeCode_Silent() => Verify.Members("""
            delegate void Callback(nint state);

            private static readonly Callback s_kept = OnEvent;

            static void OnEvent(nint state) { }

            [DllImport("x")]
            static extern void install(Callback first, Callback second);

            static void Initialize()
            {
                Callback first = OnEvent;
                Callback second = new Callback(OnEvent), third;
                third = static state => { };
                GCHandle.Alloc(first);
                GCHandle.Alloc(second);
                GCHandle.Alloc(third);
                GCHandle.Alloc(s_kept);
                GCHandle.Alloc((Callback)OnEvent);
                install(first, second);
            }
        """);

    // Native code gets the address, so the delegate must live as long as that may be called.
    [Fact]
    public Task FunctionWhoseAddressIsAskedFor_Silent() => Verify.Members("""
            delegate void Callback(nint state);

            nint Given(Callback callback)
            {
                GCHandle.Alloc(callback);
                return Marshal.GetFunctionPointerForDelegate(callback);
            }

            nint Bound(Delegate of, bool fast)
            {
                Callback callback = (Callback)of;
                nint address = Marshal.GetFunctionPointerForDelegate((Delegate)callback);
                if (!fast) GCHandle.Alloc((object)callback);
                return address;
            }

            nint OneOfTwo(bool fast)
            {
                Delegate callback;
                if (fast) callback = new Callback(OnFast);
                else callback = new Action<nint>(OnFast);
                GCHandle.Alloc(callback);
                return Marshal.GetFunctionPointerForDelegate(callback);
            }

            void OnFast(nint state) { }

            Delegate Returned(System.Reflection.MethodInfo method)
            {
                Delegate callback = method.CreateDelegate(typeof(Callback), this);
                GCHandle.Alloc(callback);
                return callback;
            }

            Delegate AnotherIsReturned(Callback callback, Callback other)
            {
                {|PIN1005:GCHandle.Alloc(callback)|};
                return other;
            }

            object NoFunction(object kept)
            {
                {|PIN1005:GCHandle.Alloc(kept)|};
                return kept;
            }

            nint Another(Callback callback, Callback other)
            {
                {|PIN1005:GCHandle.Alloc(callback)|};
                return Marshal.GetFunctionPointerForDelegate(other);
            }

            nint InALoop(Callback[] all)
            {
                nint last = 0;
                foreach (Callback callback in all)
                {
                    {|PIN1005:GCHandle.Alloc(callback)|};
                    last = Marshal.GetFunctionPointerForDelegate(callback);
                }

                return last;
            }
        """);

    [Fact]
    public Task BoundFunctionOrPinnedMemory_IsDropped() => Verify.Members("""
            delegate void Callback(nint state);

            private readonly Callback _own = OnEvent;

            static void OnEvent(nint state) { }

            void OnOwnEvent(nint state) { }

            void Bound()
            {
                Callback callback = OnOwnEvent;
                {|PIN1005:GCHandle.Alloc(callback)|};
            }

            void BoundLambda(object target)
            {
                Callback callback = state => Console.WriteLine(target);
                {|PIN1005:GCHandle.Alloc(callback)|};
            }

            void Given(Callback callback) { {|PIN1005:GCHandle.Alloc(callback)|}; }

            void OfTheObject() { {|PIN1005:GCHandle.Alloc(_own)|}; }

            void PerhapsBound(bool own)
            {
                Callback callback = OnEvent;
                if (own) callback = OnOwnEvent;
                {|PIN1005:GCHandle.Alloc(callback)|};
            }

            void FilledIn()
            {
                Callback callback = OnEvent;
                Fill(ref callback);
                {|PIN1005:GCHandle.Alloc(callback)|};
            }

            void Fill(ref Callback callback) => callback = OnOwnEvent;

            void EachRound(int n)
            {
                Callback callback = OnEvent;
                for (int i = 0; i < n; i++) {|PIN1005:GCHandle.Alloc(callback)|};
            }

            void Pinned(byte[] data) { {|PIN1005:GCHandle.Alloc(data, GCHandleType.Pinned)|}; }

            void Itself() { {|PIN1005:GCHandle.Alloc(this)|}; }
        """);

    [Fact]
    public Task UsedOrDiscardedOnPurpose_Silent() => Verify.Members("""
            bool _last;

            void OnPurpose(int n) => _ = _owner.TryCharge(n);

            void TokenOnPurpose(object target) => _ = GCHandle.Alloc(target);

            bool Returned(int n) => _owner.TryCharge(n);

            void Stored(int n) => _last = _owner.TryCharge(n);

            // The catalogue's A23, hoisted: asserted is used.
            void Asserted(int n)
            {
                bool charged = _owner.TryCharge(n);
                Debug.Assert(charged);
            }

            void Passed(int n) => Console.WriteLine(_owner.TryCharge(n));

            void Always(int n) { _owner.Charge(n); }

            void CannotFail() { _sem.Wait(); }

            void WaitsForASignal() { _sem.Wait(10); }

            async Task WaitsForASignalAsync() => await _sem.WaitAsync(10).ConfigureAwait(false);

            async Task CannotFailEither() { await _sem.WaitAsync(); }

            void Tested(int n)
            {
                if (_owner.TryCharge(n)) _owner.Uncharge(n);
            }

            void Looped(int n)
            {
                while (!_owner.TryCharge(n)) Thread.Yield();
            }

            nint Given(nint a) => Native.PinOne(a);

            Task<bool> TaskIsTheCallers() => _sem.WaitAsync(3);

            GCHandle Conditional(object a, object b, bool first) => GCHandle.Alloc(first ? a : b);

            void ChainedCall(object target) => Keep(GCHandle.ToIntPtr(GCHandle.Alloc(target)));

            nint _kept;
            void Keep(nint value) => _kept = value;
        """);

    /// <summary>Who moves a charge and drops what it is moved to has dropped the charge.</summary>
    [Fact]
    public Task MovedAndDropped_IsReportedOnce() => Verify.Runtime("""
        using PinAccounting;

        class C
        {
            private readonly PinAccount _account = new();

            void Committed()
            {
                using PinReservation reservation = _account.Reserve(1);
                {|PIN1005:reservation.Commit(1)|};
            }

            void Detached()
            {
                PinCharge charge = _account.Charge(1);
                {|PIN1005:charge.Detach()|};
            }

            PinCharge Handed()
            {
                using PinReservation reservation = _account.Reserve(1);
                return reservation.Commit(1);
            }
        }
        """);

    [Fact]
    public Task OutcomeThatAnOutArgumentTells_IsNotDropped() => Verify.Members("""
            bool TryTake(long n, out Exception? error)
            {
                error = null;
                if (_owner.TryCharge(n)) return true;
                error = new IOException();
                return false;
            }

            void AsksTheError(long n)
            {
                TryTake(n, out Exception? error);
                if (error != null) throw error;
                _owner.Uncharge(n);
            }

            void AsksNothing(long n)
            {
                {|PIN1005:TryTake(n, out _)|};
                _owner.Uncharge(n);
            }

            void AsksAndLoses(long n, bool early)
            {
                {|PIN1001:TryTake(n, out Exception? error)|};
                if (error is { } reason) throw reason;
                if (early) return;
                _owner.Uncharge(n);
            }

            void AsksForNothing(long n)
            {
                TryTake(n, out Exception? error);
                if (error != null) Calls.Quiet();
                {|PIN1004:_owner.Uncharge(n)|};
            }

            static bool TryCopy(string text, out nint memory, out string? error)
            {
                memory = 0;
                error = text.Length == 0 ? "empty" : null;
                if (error != null) return false;
                memory = Marshal.StringToHGlobalUni(text);
                return true;
            }

            void AsksWhatComesWithTheToken(string text)
            {
                TryCopy(text, out nint memory, out string? error);
                if (error != null) throw new IOException(error);
                Marshal.FreeHGlobal(memory);
            }

            int Reserve(long n, out int code)
            {
                code = 0;
                if (_owner.TryCharge(n)) return 1;
                code = 12;
                return 0;
            }

            void AsksTheCode(long n)
            {
                int result = Reserve(n, out int code);
                if (code != 0) throw new IOException();
                _owner.Uncharge(n);
            }
        """);

    [Fact]
    public Task WaitWithoutEnd_HasNoResult() => Verify.Members("""
            private readonly ReaderWriterLockSlim _slim = new();
            private readonly Mutex _mutex = new();

            void ForEver()
            {
                _slim.TryEnterReadLock(-1);
                try { Calls.Work(); }
                finally { _slim.ExitReadLock(); }
            }

            void ForEverByName()
            {
                _slim.TryEnterWriteLock(Timeout.Infinite);
                try { Calls.Work(); }
                finally { _slim.ExitWriteLock(); }
            }

            void ForEverAsSpan()
            {
                _mutex.WaitOne(Timeout.InfiniteTimeSpan);
                try { Calls.Work(); }
                finally { _mutex.ReleaseMutex(); }
            }

            void AskedForNothing()
            {
                if (!_mutex.WaitOne()) throw new IOException();
                try { Calls.Work(); }
                finally { _mutex.ReleaseMutex(); }
            }

            void ForAWhile()
            {
                {|PIN1005:_slim.TryEnterReadLock(10)|};
                try { Calls.Work(); }
                finally { _slim.ExitReadLock(); }
            }

            void Lost(bool leaves)
            {
                {|PIN1001:_slim.TryEnterReadLock(-1)|};
                if (leaves) return;
                _slim.ExitReadLock();
            }
        """);

    [Fact]
    public Task LambdaThatIsTheCall_IsForWhoeverGetsIt() => Verify.Members("""
            static void Throws<T>(Action action) where T : Exception { try { action(); } catch (T) { return; } throw new InvalidOperationException(); }

            void Expected(SemaphoreSlim gate, Mutex mutex)
            {
                Throws<ObjectDisposedException>(() => gate.Wait(0));
                Action act = () => mutex.WaitOne(0);
                Throws<ObjectDisposedException>(act);
            }

            void InABlock(SemaphoreSlim gate)
            {
                Run(() => { {|PIN1005:gate.Wait(0)|}; Calls.Work(); gate.Release(); });
                Throws<ObjectDisposedException>(() => { gate.Wait(0); Calls.Work(); gate.Release(); });
            }

            static void Run(Action action) => action();

            void AMethodThatIsTheCall(Mutex mutex) => {|PIN1005:mutex.WaitOne(0)|};
        """);
}
