using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>What is asked twice and answers the same: whether something is held, what the process runs on, which flags were set.</summary>
public sealed class RepeatedConditionTests
{
    [Fact]
    public Task HeldAsTheLockItselfSays_IsReleased() => Verify.Members("""
            private readonly ReaderWriterLockSlim _lock = new();
            private SpinLock _spin = new(true);

            void Write()
            {
                try { _lock.EnterWriteLock(); Calls.Quiet(); }
                finally { if (_lock.IsWriteLockHeld) _lock.ExitWriteLock(); }
            }

            void TriedToWrite()
            {
                bool taken = _lock.TryEnterWriteLock(10);
                try { if (!taken) return; Calls.Quiet(); }
                finally { if (_lock.IsWriteLockHeld) _lock.ExitWriteLock(); }
            }

            void Upgraded(int n)
            {
                _lock.EnterUpgradeableReadLock();
                try { if (n > 3) _lock.EnterWriteLock(); Calls.Quiet(); }
                finally
                {
                    if (_lock.IsWriteLockHeld) _lock.ExitWriteLock();
                    if (_lock.IsUpgradeableReadLockHeld) _lock.ExitUpgradeableReadLock();
                }
            }

            void Entered()
            {
                Monitor.Enter(_gate);
                try { Calls.Quiet(); }
                finally { if (Monitor.IsEntered(_gate)) Monitor.Exit(_gate); }
            }

            void Spun()
            {
                bool taken = false;
                try { _spin.Enter(ref taken); Calls.Quiet(); }
                finally { if (_spin.IsHeldByCurrentThread) _spin.Exit(); }
            }

            void WithoutCollections()
            {
                if (!GC.TryStartNoGCRegion(1 << 20)) return;
                try { Calls.Quiet(); }
                finally { if (System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion) GC.EndNoGCRegion(); }
            }

            void AnotherLock(object other)
            {
                {|PIN1001:Monitor.Enter(_gate)|};
                if (Monitor.IsEntered(other)) Monitor.Exit(_gate);
            }
        """);

    [Fact]
    public Task PureFunctionAskedTwice_AnswersTheSame() => Verify.Members("""
            void OfAString(object o, string s)
            {
                GCHandle h = default;
                if (string.IsNullOrEmpty(s)) h = GCHandle.Alloc(o);
                if (string.IsNullOrEmpty(s)) h.Free();
            }

            void OfAType<T>(T[] o)
            {
                GCHandle h = default;
                if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>()) h = GCHandle.Alloc(o, GCHandleType.Pinned);
                if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>()) h.Free();
            }

            void OfTypes<T>(object o)
            {
                GCHandle h = default;
                if (typeof(T) == typeof(int)) h = GCHandle.Alloc(o);
                if (typeof(T) == typeof(int)) h.Free();
            }

            void OfThePlatform(object o)
            {
                GCHandle h = default;
                if (OperatingSystem.IsWindows()) h = GCHandle.Alloc(o);
                if (OperatingSystem.IsWindows()) h.Free();
            }

            void OfTheOldPlatform(object o)
            {
                GCHandle h = default;
                if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux)) h = GCHandle.Alloc(o);
                Calls.Quiet();
                if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux)) h.Free();
            }

            void OfTheProcess(object o)
            {
                GCHandle h = default;
                if (Environment.Is64BitProcess) h = GCHandle.Alloc(o);
                if (Environment.Is64BitProcess) h.Free();
            }

            void OfAnotherString(object o, string s, string t)
            {
                GCHandle h = default;
                if (string.IsNullOrEmpty(s)) h = {|PIN1001:GCHandle.Alloc(o)|};
                if (string.IsNullOrEmpty(t)) h.Free();
            }

            void OfAnotherType<T>(object o)
            {
                GCHandle h = default;
                if (typeof(T) == typeof(int)) h = {|PIN1001:GCHandle.Alloc(o)|};
                if (typeof(T) == typeof(long)) h.Free();
            }
        """);

    [Fact]
    public Task FlagsSetOnTheWay_AreKnown() => Verify.Members("""
            [Flags] enum Steps { None = 0, First = 1, Second = 2 }

            void Numbers(int n)
            {
                uint done = 0;
                IntPtr p = default, q = default;
                if (n > 1) { p = Marshal.AllocHGlobal(n); done |= 1u; }
                if (n > 2) { q = Marshal.AllocHGlobal(n); done |= 2u; }
                if ((done & 1u) != 0) Marshal.FreeHGlobal(p);
                if ((done & 2u) != 0) Marshal.FreeHGlobal(q);
            }

            void Enumeration(int n)
            {
                Steps done = Steps.None;
                IntPtr p = default, q = default;
                if (n > 1) { p = Marshal.AllocHGlobal(n); done |= Steps.First; }
                if (n > 2) { q = Marshal.AllocHGlobal(n); done |= Steps.Second; }
                if ((done & Steps.First) == Steps.First) Marshal.FreeHGlobal(p);
                if ((done & Steps.Second) == Steps.Second) Marshal.FreeHGlobal(q);
            }

            void AnotherFlag(int n)
            {
                Steps done = Steps.None;
                IntPtr p = default;
                if (n > 1) { p = {|PIN1001:Marshal.AllocHGlobal(n)|}; done |= Steps.First; }
                if ((done & Steps.Second) != 0) Marshal.FreeHGlobal(p);
            }
        """);

    [Fact]
    public Task AddressOfWhatIsPinned_IsNotNull() => Verify.Members("""
            unsafe void Pinned(byte[]? data)
            {
                GCHandle handle = default;
                byte* p = null;
                if (data is { Length: > 0 })
                {
                    handle = GCHandle.Alloc(data, GCHandleType.Pinned);
                    p = (byte*)handle.AddrOfPinnedObject();
                }

                try { Calls.Work(); }
                finally { if (p != null) handle.Free(); }
            }

            unsafe void OfAnother(GCHandle other, object data)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(data)|};
                if (other.AddrOfPinnedObject() != 0) handle.Free();
            }
        """);

    [Fact]
    public Task SumThatIsStillZero_GivesBackNothing() => Verify.Members("""
            bool Roll(int n)
            {
                long sum = 0;
                for (int i = 0; i < n; i++)
                {
                    if (!_owner.TryCharge(i)) { _owner.Uncharge(sum); return false; }
                    sum += i;
                }

                _owner.Uncharge(sum);
                return true;
            }
        """);

    /// <summary>However often a number is divided, what the loop asked of it is asked again behind the loop.</summary>
    [Theory]
    [InlineData("while (n > 3 && !_owner.TryCharge(n)) n /= 2; if (n <= 3) return; Calls.Quiet(); _owner.Uncharge(n);")]
    [InlineData("while (n >= 1 && !_owner.TryCharge(n)) n -= n / 4; if (n < 1) return; Calls.Quiet(); _owner.Uncharge(n);")]
    [InlineData("while (n > 3 && !_owner.TryCharge(n)) n = n * 3 / 4; if (n <= 3) return; Calls.Quiet(); _owner.Uncharge(n);")]
    [InlineData("while (true) { if (n <= 3) break; if (_owner.TryCharge(n)) break; n = n - n / 4; } if (n <= 3) return; Calls.Quiet(); _owner.Uncharge(n);")]
    [InlineData("while (n > 3 && !{|PIN1001:_owner.TryCharge(n)|}) n /= 2; if (n <= 4) return; Calls.Quiet(); _owner.Uncharge(n);")]
    public Task AmountThatShrinks_IsAskedAgain(string statements) => Verify.Members($$"""
            void M(long n) { {{statements}} }
        """);

    [Theory]
    [InlineData("bool f = x; f ^= _owner.TryCharge(n); if (f ^ x) _owner.Uncharge(n);")]
    [InlineData("bool ok = _owner.TryCharge(n), f = ok != x; if (f != x) _owner.Uncharge(n);")]
    [InlineData("bool f = !x ^ _owner.TryCharge(n); if (f ^ !x) _owner.Uncharge(n);")]
    [InlineData("bool f = x ^ _owner.TryCharge(n); if (f == x) return; _owner.Uncharge(n);")]
    [InlineData("bool f = x; f ^= _owner.TryCharge(n); if (f == x) {|PIN1004:_owner.Uncharge(n)|};")]
    public Task TruthThatIsCombinedTwice_IsItselfAgain(string statements) => Verify.Members($$"""
            void M(long n, bool x) { {{statements}} }
        """);
}
