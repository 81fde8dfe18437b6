using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>What a source method does with a charge is known to its callers without an annotation.</summary>
public sealed class CalleeSummaryTests
{
    [Fact]
    public Task CalleeHandsAChargeOut_CallerOwesIt() => Verify.Members("""
            static nint Allocate(int n)
            {
                nint memory = Marshal.AllocHGlobal(n + 8);
                return memory;
            }

            static nint AllocateTwiceRemoved(int n) => Allocate(n * 2);

            void Lost(int n)
            {
                nint memory = {|PIN1001:Allocate(n)|};
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            void LostFurtherAway(int n)
            {
                nint memory = {|PIN1001:AllocateTwiceRemoved(n)|};
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            void Dropped(int n)
            {
                {|PIN1005:Allocate(n)|};
            }

            void Kept(int n)
            {
                nint memory = Allocate(n);
                try { Calls.Work(); }
                finally { Marshal.FreeHGlobal(memory); }
            }

            static nint AllocateOrNothing(int n)
            {
                if (n > 100) return 0;
                return Marshal.AllocHGlobal(n);
            }

            void NothingOwesNothing(int n)
            {
                nint memory = AllocateOrNothing(n);
                if (memory == 0) return;
                Marshal.FreeHGlobal(memory);
            }

            void SomethingIsLost(int n)
            {
                nint memory = {|PIN1001:AllocateOrNothing(n)|};
                if (memory == 0 || n == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            static GCHandle Pin(object target) => GCHandle.Alloc(target, GCHandleType.Pinned);

            void LostHandle(object target, bool early)
            {
                GCHandle handle = {|PIN1001:Pin(target)|};
                if (early) return;
                handle.Free();
            }
        """);

    [Fact]
    public Task CalleeCharges_OnBehalfOfItsCaller() => Verify.Members("""
            bool Reserve(int n)
            {
                if (n < 0) return false;
                return _owner.TryCharge(n);
            }

            void Unreserve(int n) => _owner.Uncharge(n);

            void Enter() => Monitor.Enter(_gate);

            void Exit() => Monitor.Exit(_gate);

            bool Lost(int n)
            {
                if (!{|PIN1001:Reserve(n)|}) return false;
                if (n == 3) return false;
                Unreserve(n);
                return true;
            }

            int LostLock(int n)
            {
                {|PIN1001:Enter()|};
                if (n == 3) return -3;
                Exit();
                return 0;
            }

            int Kept(int n)
            {
                Enter();
                try
                {
                    if (n == 3) return 3;
                    Calls.Work();
                    return 0;
                }
                finally { Exit(); }
            }

            bool KeptReservation(int n)
            {
                if (!Reserve(n)) return false;
                Unreserve(n);
                return true;
            }

            async Task EnterAsync() => await _sem.WaitAsync();

            async Task LostAsync(int n)
            {
                await {|PIN1001:EnterAsync()|};
                if (n == 3) return;
                _sem.Release();
            }
        """);

    [Fact]
    public Task CalleeReleases_StoresOrOnlyUses() => Verify.Members("""
            readonly List<nint> _list = new();

            static void Free(nint memory) { if (memory != 0) Marshal.FreeHGlobal(memory); }
            static void FreeTwiceRemoved(nint memory) => Free(memory);
            static bool FreeIfSmall(nint memory, int n)
            {
                if (n > 3) return false;
                Marshal.FreeHGlobal(memory);
                return true;
            }
            void Keep(nint memory) => _list.Add(memory);
            static int Look(nint memory) => memory == 3 ? 1 : 0;
            static unsafe int Read(nint memory) => *(int*)memory;

            void Releases(int n) { nint memory = Marshal.AllocHGlobal(n); Free(memory); }

            void ReleasesFurtherAway(int n) { nint memory = Marshal.AllocHGlobal(n); FreeTwiceRemoved(memory); }

            void Stores(int n) { nint memory = Marshal.AllocHGlobal(n); Keep(memory); }

            void ReleasesIfTrue(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (!FreeIfSmall(memory, n)) Marshal.FreeHGlobal(memory);
            }

            void ForgetsTheOtherCase(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (!FreeIfSmall(memory, n)) Calls.Quiet();
            }

            void OnlyUses(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                _ = Look(memory) + Read(memory);
            }

            void Twice(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                Free(memory);
                {|PIN1003:Marshal.FreeHGlobal(memory)|};
            }
        """);

    [Fact]
    public Task RecursionVirtualsAndTransfers_AreNotGuessed() => Verify.File("""
        using PinAccounting.Annotations;

        public abstract class Base
        {
            public void Use(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                Take(memory);
            }

            protected abstract void Take(nint memory);

            public void Recurses(int n) => Descend(Marshal.AllocHGlobal(n), n);

            private static void Descend(nint memory, int n)
            {
                if (n == 0) Marshal.FreeHGlobal(memory);
                else Descend(memory, n - 1);
            }

            private static void Ping(nint memory, int n) { if (n > 0) Pong(memory, n - 1); else Marshal.FreeHGlobal(memory); }

            private static void Pong(nint memory, int n) { if (n > 0) Ping(memory, n - 1); else Marshal.FreeHGlobal(memory); }

            public void Mutual(int n) => Ping(Marshal.AllocHGlobal(n), n);

            public static void Transfer([TransfersObligation] nint memory) { }

            public void HandsOver(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                Transfer(memory);
            }
        }

        public sealed class Derived : Base
        {
            protected override void Take(nint memory) => Marshal.FreeHGlobal(memory);
        }

        public static class Extensions
        {
            public static void Give(this nint memory) => Marshal.FreeHGlobal(memory);

            public static void Use(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                memory.Give();
            }

            public static void Lost(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n > 3) memory.Give();
            }
        }
        """);

    /// <summary>What rolls back says no each time: on the way on nothing has been given back.</summary>
    [Theory]
    [InlineData("bool M(long n) { if (_owner.TryCharge(n) && (Ok(n) || Undo(n))) return true; return false; }")]
    [InlineData("bool M(long n) => _owner.TryCharge(n) && (Ok(n) || Undo(n));")]
    [InlineData("bool M(long n) { if (!_owner.TryCharge(n) || (!Ok(n) && Gone(n))) return false; return true; }")]
    [InlineData("bool M(long n) { return _owner.TryCharge(n) && (Ok(n) || Back()); bool Back() { _owner.Uncharge(n); return false; } }")]
    [InlineData("int M(long n) { if (!_owner.TryCharge(n)) return -1; return Ok(n) ? 0 : Fail(n); }")]
    [InlineData("bool M(long n) { if ({|PIN1001:_owner.TryCharge(n)|} && (Ok(n) || Maybe(n))) return true; return false; }")]
    [InlineData("bool M(long n) { if ({|PIN1001:_owner.TryCharge(n)|} && (Ok(n) || Undo(n))) { if (n == 3) return false; return true; } return false; }")]
    public Task ReleaseThatAnswers_DecidesTheWayOn(string method) => Verify.Members($$"""
            private bool Ok(long n) => n > Environment.TickCount;
            private bool Undo(long n) { _owner.Uncharge(n); return false; }
            private bool Gone(long n) { _owner.Uncharge(n); return true; }
            private int Fail(long n) { _owner.Uncharge(n); return -12; }
            private bool Maybe(long n) { _owner.Uncharge(n); return Ok(n); }
            {{method}}
        """);

    [Fact]
    public Task ReturnedFromATryWhoseFinallyReleases_IsNotHandedOut() => Verify.Members("""
            static async Task<string> TextAsync(int n)
            {
                char[] buffer = ArrayPool<char>.Shared.Rent(n);
                try
                {
                    await Calls.WorkAsync();
                    return new string(buffer, 0, n);
                }
                finally
                {
                    ArrayPool<char>.Shared.Return(buffer);
                }
            }

            static char[] Returned(int n)
            {
                char[] buffer = ArrayPool<char>.Shared.Rent(n);
                try
                {
                    Calls.Work();
                    return buffer;
                }
                finally
                {
                    ArrayPool<char>.Shared.Return(buffer);
                }
            }

            static char[] Filled(int n)
            {
                char[] buffer = ArrayPool<char>.Shared.Rent(n);
                try
                {
                    Calls.Work();
                }
                catch
                {
                    ArrayPool<char>.Shared.Return(buffer);
                    throw;
                }

                return buffer;
            }

            async Task Text(object o) { string text = await TextAsync(500); if (o is string) return; Console.WriteLine(text); }
            void Array(object o) { char[] array = Returned(500); if (o is string) return; Console.WriteLine(array); }
            void Lost(object o) { char[] array = {|PIN1001i:Filled(500)|}; if (o is string) return; ArrayPool<char>.Shared.Return(array); }
        """);

    [Fact]
    public Task StringMadeOfAToken_IsACopy() => Verify.Members("""
            static string Text(int n)
            {
                char[] buffer = {|PIN1001i:ArrayPool<char>.Shared.Rent(n)|};
                Calls.Work();
                return new string(buffer, 0, n);
            }
        """);

    [Fact]
    public Task FlagThatIsHandedOn_SaysWhatTheHelperTook() => Verify.Members("""
            private void In(ref bool taken) { Monitor.Enter(_gate, ref taken); }
            private void Out() { Monitor.Exit(_gate); }

            int Guarded(int n)
            {
                bool taken = false;
                try
                {
                    In(ref taken);
                    if (n == 3) return 3;
                    Calls.Work();
                }
                finally
                {
                    if (taken) Out();
                }

                return 0;
            }

            void Lost(int n)
            {
                bool taken = false;
                {|PIN1001:In(ref taken)|};
                if (n == 3) return;
                if (taken) Out();
            }
        """);

    [Fact]
    public Task HelperThatThrowsInsteadOfFailing_IsAskedAllTheSame() => Verify.Members("""
            private bool Enter() { bool taken = false; Monitor.TryEnter(_gate, 5, ref taken); return taken ? true : throw new TimeoutException(); }
            private bool EnterOrThrow() { bool taken = false; Monitor.TryEnter(_gate, 5, ref taken); if (!taken) throw new TimeoutException(); return true; }
            private int EnterAndAnswer() { Monitor.Enter(_gate); return 0; }
            private int EnterAndCount(int n) { Monitor.Enter(_gate); return n; }

            int Asked() { if (!Enter()) return 0; try { return 5; } finally { Monitor.Exit(_gate); } }
            int AskedToo() { if (!EnterOrThrow()) return 0; try { return 5; } finally { Monitor.Exit(_gate); } }
            int AskedTheOtherWay() { if (EnterAndAnswer() != 0) return 1; try { return 5; } finally { Monitor.Exit(_gate); } }
            int NotAsked() { EnterOrThrow(); try { return 5; } finally { Monitor.Exit(_gate); } }

            int Lost(int n) { if (!{|PIN1001:Enter()|}) return 0; if (n > 3) return 1; Monitor.Exit(_gate); return 2; }
            int LostUnasked(int n) { {|PIN1001:EnterOrThrow()|}; if (n > 3) return 1; Monitor.Exit(_gate); return 2; }
            int LostByCount(int n) { if ({|PIN1001:EnterAndCount(n)|} > 3) return 1; Monitor.Exit(_gate); return 2; }
        """);
}
