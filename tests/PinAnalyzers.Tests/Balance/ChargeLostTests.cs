using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1001: a charge that some path neither releases nor hands on.</summary>
public sealed class ChargeLostTests
{
    [Fact]
    public Task EarlyWayOut_LosesTheCharge() => Verify.Members("""
            int Returns(int n)
            {
                if (!{|PIN1001:_owner.TryCharge(n)|}) return -3;
                if (n == 7) return -4;
                _owner.Uncharge(n);
                return 0;
            }

            (int Done, int Status) ReturnsBoth(int n)
            {
                if (!{|PIN1001:_owner.TryCharge(n)|}) return (0, -3);
                int status = n % 3;
                if (status == 1) return (0, status);
                _owner.Uncharge(n);
                return (n, status);
            }

            // The catalogue's A1: the reference is kept when the lock is not had.
            int Account(int n)
            {
                if (!{|PIN1001:_owner.TryCharge(n)|}) return -3;
                if (!Monitor.TryEnter(_gate, 10)) return -4;
                try { Calls.Quiet(); } finally { Monitor.Exit(_gate); }
                _owner.Uncharge(n);
                return 0;
            }

            void Throws(object target, int n)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                if (n < 0) throw new ArgumentOutOfRangeException(nameof(n));
                handle.Free();
            }

            void ThrowsInAnExpression(object target, string? s)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                string t = s ?? throw new InvalidOperationException();
                handle.Free();
            }

            void Continues(object[] targets)
            {
                foreach (object target in targets)
                {
                    GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                    if (target is string) continue;
                    handle.Free();
                }
            }

            void Breaks(object[] targets)
            {
                foreach (object target in targets)
                {
                    GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                    if (target is string) break;
                    handle.Free();
                }
            }

            void JumpsOver(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                if (n > 3) goto done;
                Marshal.FreeHGlobal(memory);
            done:
                Calls.Quiet();
            }

            unsafe int SwitchHasOneCaseTooFew(int kind)
            {
                void* block = {|PIN1001:NativeMemory.Alloc(8)|};
                switch (kind)
                {
                    case 0: NativeMemory.Free(block); return 0;
                    case 1: NativeMemory.Free(block); break;
                    case 2: break;
                    default: NativeMemory.Free(block); break;
                }
                return 1;
            }

            int SwitchLeavesInOneCase(int kind)
            {
                _owner.Charge(1);
                _owner.Uncharge(1);
                {|PIN1001:_owner.Charge(2)|};
                switch (kind)
                {
                    case > 10 and < 20:
                        return 2;
                    default:
                        _owner.Uncharge(2);
                        return 3;
                }
            }
        """);

    [Fact]
    public Task ReleasedOnNoPath_TokenIsLost() => Verify.Members("""
            void FallsOut(object target)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(target)|};
                Calls.Quiet();
            }

            nint UsesTheAddressOnly(byte[] data)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(data, GCHandleType.Pinned)|};
                return handle.AddrOfPinnedObject();
            }

            unsafe byte ReadsThroughIt()
            {
                byte* p = (byte*){|PIN1001:NativeMemory.AllocZeroed(16)|};
                p[3] = 7;
                return p[3];
            }

            void LocalLock()
            {
                ReaderWriterLockSlim own = new();
                {|PIN1001:own.EnterReadLock()|};
            }
        """);

    [Fact]
    public Task LaterChargeFails_EarlierIsNotRolledBack() => Verify.Members("""
            // The catalogue's A3.
            bool PinExternal(nint a)
            {
                nint page = {|PIN1001:Native.PinOne(a)|};
                if (!_owner.TryCharge(1)) return false;
                Keep(page);
                return page != 0;
            }

            nint _kept;
            void Keep(nint page) => _kept = page;

            bool TwoAccounts(Owner other, int n)
            {
                if (!{|PIN1001:_owner.TryCharge(n)|}) return false;
                if (!other.TryCharge(n)) return false;
                other.Uncharge(n);
                _owner.Uncharge(n);
                return true;
            }

            bool ThreeInARow(nint a)
            {
                nint first = Native.PinOne(a);
                if (first == 0) return false;
                nint second = {|PIN1001:Native.PinOne(a + 1)|};
                if (second == 0) { Native.Unpin(first); return false; }
                nint third = Native.PinOne(a + 2);
                if (third == 0) { Native.Unpin(first); return false; }
                Native.Unpin(third);
                Native.Unpin(second);
                Native.Unpin(first);
                return true;
            }

            bool SecondLockNotHad(SemaphoreSlim other)
            {
                {|PIN1001:_sem.Wait()|};
                if (!other.Wait(10)) return false;
                other.Release();
                _sem.Release();
                return true;
            }
        """);

    [Fact]
    public Task OverwrittenWhileHeld_IsLost() => Verify.Members("""
            void Twice(object a, object b)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(a)|};
                handle = GCHandle.Alloc(b);
                handle.Free();
            }

            void InALoop(object[] targets)
            {
                GCHandle handle = default;
                for (int i = 0; i < targets.Length; i++) handle = {|PIN1001:GCHandle.Alloc(targets[i])|};
                if (handle.IsAllocated) handle.Free();
            }

            void WithNothing(object a)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(a)|};
                handle = default;
            }

            unsafe void GrownByHand(nuint n)
            {
                byte* block = (byte*){|PIN1001:NativeMemory.Alloc(n)|};
                if (n < 100) block = (byte*)NativeMemory.Alloc(100);
                NativeMemory.Free(block);
            }
        """);

    [Fact]
    public Task OneBranchOfTwo_IsLost() => Verify.Members("""
            void UnderAnUnrelatedCondition(object a, bool first, bool second)
            {
                GCHandle handle = default;
                if (first) handle = {|PIN1001:GCHandle.Alloc(a)|};
                if (second) handle.Free();
            }

            void ConditionHasChanged(object a, bool use)
            {
                GCHandle handle = default;
                if (use) handle = {|PIN1001:GCHandle.Alloc(a)|};
                use = false;
                if (use) handle.Free();
            }

            void CaughtAndForgotten(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                try
                {
                    Calls.Work();
                    Marshal.FreeHGlobal(memory);
                }
                catch (IOException)
                {
                    Calls.Quiet();
                }
            }

            void OnlyTheFailureIsCleanedUp(int n)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(n)|};
                try
                {
                    Calls.Work();
                }
                catch
                {
                    Marshal.FreeHGlobal(memory);
                    throw;
                }
            }

            void FinallyReleasesUnderTheWrongCondition(object a, bool dry)
            {
                GCHandle handle = {|PIN1001:GCHandle.Alloc(a)|};
                try { Calls.Work(); }
                finally { if (!dry) handle.Free(); }
            }

            void WrongOne(object a, object b)
            {
                GCHandle x = GCHandle.Alloc(a);
                GCHandle y = {|PIN1001:GCHandle.Alloc(b)|};
                x.Free();
            }
        """);

    [Fact]
    public Task LocksAndCounts_LostOnOnePath() => Verify.Members("""
            ReaderWriterLockSlim _rw = new();
            int _value;

            int Reads(int n)
            {
                {|PIN1001:_rw.EnterReadLock()|};
                if (n == _value) return n;
                _rw.ExitReadLock();
                return 0;
            }

            bool TimedOut(int n)
            {
                if (!{|PIN1001:_sem.Wait(n)|}) return false;
                if (_value > n) return false;
                _sem.Release();
                return true;
            }

            async Task<int> WaitsAndReturns(int n)
            {
                await {|PIN1001:_sem.WaitAsync()|};
                if (n == _value) return n;
                _sem.Release();
                return 0;
            }

            void Flagged(int n)
            {
                bool taken = false;
                {|PIN1001:Monitor.Enter(_gate, ref taken)|};
                if (n == 0) return;
                if (taken) Monitor.Exit(_gate);
            }

            void Pressure(int n)
            {
                {|PIN1001:GC.AddMemoryPressure(n)|};
                if (n == 5) return;
                GC.RemoveMemoryPressure(n);
            }

            bool Reference(SafeHandle handle, int n)
            {
                bool added = false;
                {|PIN1001:handle.DangerousAddRef(ref added)|};
                if (n == 0) return false;
                if (added) handle.DangerousRelease();
                return true;
            }
        """);

    [Fact]
    public Task PooledArray_IsASuggestion() => Verify.Members("""
            int Rents(int n)
            {
                byte[] buffer = {|PIN1001i:ArrayPool<byte>.Shared.Rent(n)|};
                if (n == 3) return 3;
                ArrayPool<byte>.Shared.Return(buffer);
                return 0;
            }
        """);

    [Fact]
    public Task ChargesEachRound_ReleasesOnce() => Verify.Members("""
            void Count(int n)
            {
                for (int i = 0; i < n; i++) {|PIN1001:_owner.Charge(1)|};
                _owner.Uncharge(1);
            }

            // The catalogue's A4: the page in hand is forgotten.
            bool PinAll(nint[] pages)
            {
                for (int i = 0; i < pages.Length; i++)
                {
                    nint p = {|PIN1001:Native.PinOne(pages[i])|};
                    if (_owner.TryCharge(1)) continue;
                    {|PIN1019i:for (int j = 0; j < pages.Length; j++) Native.Unpin(pages[j]);|}
                    return false;
                }
                return true;
            }

            unsafe void ReallocInALoop(int n)
            {
                void* block = {|PIN1001:NativeMemory.Alloc(8)|};
                for (int i = 0; i < n; i++) block = {|PIN1001:NativeMemory.Realloc(block, 16)|};
                if (n == 3) NativeMemory.Free(block);
            }
        """);

    [Fact]
    public Task SumIsGivenBackBehindTheLoop_NotFromWithin() => Verify.Members("""
            bool LeavesWithin(int[] sizes)
            {
                long sum = 0;
                foreach (int size in sizes)
                {
                    if (!{|PIN1001:_owner.TryCharge(size)|}) return false;
                    sum += size;
                }
                _owner.Uncharge(sum);
                return true;
            }

            int ThrowsWithin(int[] sizes)
            {
                foreach (int size in sizes)
                {
                    {|PIN1001:_owner.Charge(size)|};
                    if (size > 9) throw new ArgumentException("too large");
                }
                _owner.Uncharge(sizes.Sum());
                return 0;
            }

            bool GivesBackWithin(int[] sizes, out long reserved)
            {
                reserved = 0;
                foreach (int size in sizes)
                {
                    if (!_owner.TryCharge(size))
                    {
                        if (reserved > 0) _owner.Uncharge(reserved);
                        reserved = 0;
                        return false;
                    }
                    reserved += size;
                }
                return true;
            }

            bool GivesBackInAFinally(int[] sizes)
            {
                long sum = 0;
                try
                {
                    foreach (int size in sizes)
                    {
                        if (!_owner.TryCharge(size)) return false;
                        sum += size;
                    }
                    return sizes.Length > 3;
                }
                finally
                {
                    if (sum != 0) _owner.Uncharge(sum);
                }
            }

            bool KnowsThatThereWereNone(List<int> sizes)
            {
                foreach (int size in sizes) _owner.Charge(size);
                if (sizes.Count == 0) return false;
                _owner.Uncharge(sizes.Sum());
                return true;
            }

            void NothingToCharge(int n)
            {
                _owner.Charge(n);
                if (n == 0) return;
                _owner.Uncharge(n);
            }

            bool AnotherSum(Owner other, int n, long sum)
            {
                if (!{|PIN1001:_owner.TryCharge(n)|}) return false;
                if (sum > 0) _owner.Uncharge(n);
                return true;
            }
        """);

    // What a member is called says nothing.
    [Fact]
    public Task NamedForAcquiring_HoldsNothingOnOneWay() => Verify.Members("""
            void Enter(bool quickly, int n)
            {
                {|PIN1001:Monitor.Enter(_gate)|};
                if (quickly) return;
                Calls.Work();
                Monitor.Exit(_gate);
            }
        """);

    // A callee that gets a span gives nothing back.
    [Fact]
    public Task LookedAtThroughASpan_IsLost() => Verify.File("""
        static class Compiler
        {
            static byte[] Compile(string text, int n)
            {
                byte[] source = {|PIN1001i:ArrayPool<byte>.Shared.Rent(n)|};
                byte[] entry = {|PIN1001i:ArrayPool<byte>.Shared.Rent(n)|};
                int written = System.Text.Encoding.ASCII.GetBytes(text, source);
                ReadOnlySpan<byte> ascii = source.AsSpan(0, written);
                return Compile(ascii, entry, n > 3);
            }

            static unsafe byte[] Compile(ReadOnlySpan<byte> source, Span<byte> entry, bool links)
            {
                fixed (byte* p = source) *p = 0;
                return links ? source.ToArray() : Array.Empty<byte>();
            }

            static Reader Read(int n) => new(ArrayPool<byte>.Shared.Rent(n));

            static Reader Open(int n) => Reader.Of(ArrayPool<byte>.Shared.Rent(n));

            static void Keep(ref Reader reader, int n) => reader.Add(ArrayPool<byte>.Shared.Rent(n));

            ref struct Reader
            {
                private ReadOnlySpan<byte> _bytes;

                public Reader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

                public static Reader Of(ReadOnlySpan<byte> bytes) => new(bytes);

                public void Add(ReadOnlySpan<byte> bytes) => _bytes = bytes;
            }
        }
        """);

    // A tuple of which only the elements are used is a bundle of variables.
    [Fact]
    public Task KeptInATuple_IsLost() => Verify.Members("""
            private (GCHandle, int) _slot;

            void OnOneWay(object o, bool c)
            {
                var t = (H: {|PIN1001:GCHandle.Alloc(o)|}, K: 3);
                if (c) return;
                t.H.Free();
            }

            void Overwritten(object o, bool c)
            {
                (GCHandle H, int K) t = ({|PIN1001:GCHandle.Alloc(o)|}, 3);
                if (c) t = (GCHandle.Alloc(o), 4);
                t.H.Free();
            }

            void EachRound(object[] os, int k)
            {
                foreach (object o in os)
                {
                    var t = (H: {|PIN1001:GCHandle.Alloc(o)|}, K: k);
                    if (t.K > 3) continue;
                    t.H.Free();
                }
            }

            void OneOfTwo(int n)
            {
                var t = (A: {|PIN1001:Marshal.AllocHGlobal(n)|}, B: Marshal.AllocHGlobal(n));
                Marshal.FreeHGlobal(t.B);
            }

            void Twice(object o)
            {
                var t = (H: GCHandle.Alloc(o), K: 3);
                t.H.Free();
                {|PIN1003:t.H.Free()|};
            }

            void InAFinally(object o)
            {
                var t = (H: GCHandle.Alloc(o), K: 3);
                try { Calls.Work(); }
                finally { t.H.Free(); }
            }

            void StoredWhole(object o, bool c)
            {
                var t = (H: GCHandle.Alloc(o), K: 3);
                if (c) _slot = t;
                else t.H.Free();
            }

            void InALambda(object o)
            {
                var t = (H: GCHandle.Alloc(o), K: 3);
                Action free = () => t.H.Free();
                free();
            }

            nint HandedOut(int n)
            {
                var t = (Memory: Marshal.AllocHGlobal(n), Size: n);
                return t.Memory;
            }
        """);

    [Fact]
    public Task ChosenInAnExpression_GoesOnOneWayOnly() => Verify.Members("""
            private GCHandle _handle;
            private nint _memory;

            void Stored(object o, bool ok)
            {
                GCHandle handle = GCHandle.Alloc(o);
                _handle = ok ? handle : default;
                if (!ok) handle.Free();
            }

            nint Returned(bool ok)
            {
                nint memory = Marshal.AllocHGlobal(8);
                nint result = ok ? memory : 0;
                if (!ok) Marshal.FreeHGlobal(memory);
                return result;
            }

            void OldOrNew(bool ok)
            {
                nint memory = Marshal.AllocHGlobal(8), old = _memory;
                _memory = ok ? memory : old;
                Marshal.FreeHGlobal(ok ? old : memory);
            }

            void GivenBack(bool ok, nint other)
            {
                nint memory = Marshal.AllocHGlobal(8);
                Marshal.FreeHGlobal(ok ? memory : other);
                if (!ok) Marshal.FreeHGlobal(memory);
            }

            void Listed(bool[] all, List<nint> list)
            {
                foreach (bool ok in all)
                {
                    nint memory = Marshal.AllocHGlobal(8);
                    list.Add(ok ? memory : 0);
                    if (!ok) Marshal.FreeHGlobal(memory);
                }
            }

            void NotStored(bool ok)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                _memory = ok ? memory : 0;
            }

            nint NotReturned(bool ok)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                return ok ? memory : 0;
            }

            void NotGivenBack(bool ok, nint other)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(8)|};
                Marshal.FreeHGlobal(ok ? memory : other);
            }

            void Caller(bool ok, bool quick)
            {
                nint memory = {|PIN1001:Returned(ok)|};
                if (memory == 0 || quick) return;
                Marshal.FreeHGlobal(memory);
            }
        """);

    [Fact]
    public Task NothingAskedFor_IsNothingLost() => Verify.Members("""
            readonly Queue<nint> _blocks = new();

            void Slices(int count, int size)
            {
                int all = count * size;
                nint memory = Marshal.AllocHGlobal(all);
                for (int at = 0; at < all; at += size) _blocks.Enqueue(memory + at);
            }

            void SlicesByCount(int count, int size)
            {
                nint memory = Marshal.AllocHGlobal(count * size);
                for (int at = 0; at < count; at++) _blocks.Enqueue(memory + at * size);
            }

            void SlicesOfAnother(int count, int size)
            {
                nint memory = {|PIN1001:Marshal.AllocHGlobal(size)|};
                for (int at = 0; at < count; at++) _blocks.Enqueue(memory + at);
            }

            unsafe int Copied(byte* from, nuint size)
            {
                try
                {
                    void* copy = NativeMemory.Alloc(size);
                    Buffer.MemoryCopy(from, copy, size, size);
                    _blocks.Enqueue((nint)copy);
                    return 0;
                }
                catch (Exception)
                {
                    return -1;
                }
            }
        """);

    /// <summary>Held behind every release, with an answer of its own: the caller knows that it is held.</summary>
    [Theory]
    [InlineData("Status", "return Status.Denied;", "return Status.Broken;", "return Status.Fine;")]
    [InlineData("Status", "return Status.Fine;", "return Status.Broken;", "return Status.Denied;")]
    [InlineData("bool", "return Fail();", "return Fail();", "return true;")]
    [InlineData("bool", "return false;", "return Undo(n);", "return true;")]
    [InlineData("int", "return Error(5);", "return Error(7);", "return 0;")]
    [InlineData("async Task<bool>", "return Fail();", "await Calls.WorkAsync(); return Fail();", "return true;")]
    [InlineData("async Task<Status>", "return Status.Denied;", "await Calls.WorkAsync(); return Status.Broken;", "return Status.Fine;")]
    [InlineData("(bool Ok, string? Error)", "return (false, \"limit\");", "return (false, \"broken\");", "return (true, null);")]
    [InlineData("Outcome", "return Outcome.Denied;", "return Outcome.Error(\"broken\");", "return Outcome.Ok;")]
    [InlineData("Outcome", "return Outcome.Error(\"limit\");", "return Outcome.Error(\"broken\");", "return Outcome.Of(n);")]
    [InlineData("Outcome", "return Outcome.Denied;", "return Outcome.Broken;", "Outcome done = Outcome.Of(n); return done;")]
    [InlineData("async Task<Outcome>", "return Outcome.Denied;", "await Calls.WorkAsync(); return Outcome.Error(\"broken\");", "return Outcome.Ok;")]
    [InlineData("async Task<(long Got, string? Error)>", "return (n, \"limit\");", "await Calls.WorkAsync(); return (n, \"broken\");", "return (n, null);")]
    public Task HeldWithAnAnswerOfItsOwn_IsTheCallers(string type, string denied, string broken, string held) => Verify.Members(Answers($$"""
            {{type}} M(long n)
            {
                if (!_owner.TryCharge(n)) {{denied}}
                if (n > 3) { {{(broken.Contains("Undo") ? "" : "_owner.Uncharge(n);")}} {{broken}} }
                {{held}}
            }
        """));

    [Theory]
    [InlineData("Status", "return Status.Denied;", "return Status.Broken;", "return Status.Fine;")]
    [InlineData("bool", "return Fail();", "return true;", "return Fail();")]
    [InlineData("int", "return Error(5);", "return 5;", "return Error(7);")]
    [InlineData("(bool Ok, string? Error)", "return (false, \"limit\");", "return (false, \"busy\");", "return (true, null);")]
    [InlineData("Outcome", "return Outcome.Denied;", "return Outcome.Error(\"busy\");", "return Outcome.Ok;")]
    public Task HeldBeforeTheRelease_IsLost(string type, string denied, string held, string given) => Verify.Members(Answers($$"""
            {{type}} M(long n)
            {
                if (!{|PIN1001:_owner.TryCharge(n)|}) {{denied}}
                if (n > 3) {{held}}
                _owner.Uncharge(n);
                {{given}}
            }
        """));

    /// <summary>One way out of many forgets the release.</summary>
    [Theory]
    [InlineData("int", "return -1;", "return -2;", "return -3;", "return 0;")]
    [InlineData("Result", "return Result.Denied;", "return Result.Denied;", "return Result.Broken;", "return Result.Ok;")]
    [InlineData("Outcome", "return Outcome.Denied;", "return Outcome.Denied;", "return Outcome.Broken;", "return Outcome.Ok;")]
    [InlineData("Outcome", "return Outcome.Ok;", "return Outcome.Denied;", "return Outcome.Ok;", "return Outcome.Ok;")]
    [InlineData("Outcome", "return Outcome.Error(\"limit\");", "return new Outcome(\"?\");", "return Outcome.Of(n);", "return Outcome.Of(n);")]
    public Task HeldWithSeveralAnswers_IsLost(string type, string denied, string released, string forgotten, string held) => Verify.Members(Answers($$"""
            {{type}} M(long n)
            {
                if (!{|PIN1001:_owner.TryCharge(n)|}) {{denied}}
                if (n > 3) { _owner.Uncharge(n); {{released}} }
                if (n > 2) {{forgotten}}
                {{held}}
            }
        """));

    private static string Answers(string member) => $$"""
            enum Status { Denied, Fine, Broken }
            enum Result { Ok, Denied, Broken }
            sealed record Outcome(string? Message)
            {
                public static readonly Outcome Denied = new("denied");
                public static Outcome Broken { get; } = new("broken");
                public static Outcome Ok { get; } = new((string?)null);
                public static Outcome Of(long n) => new(n.ToString());
                public static Outcome Error(string message) => new(message);
            }
            bool Fail() { Calls.Quiet(); return false; }
            bool Undo(long n) { _owner.Uncharge(n); return false; }
            int Error(int number) => -number;
        {{member}}
        """;

    /// <summary>Several answers that are put together into one.</summary>
    [Fact]
    public Task AnswersPutTogether_AreAllOfThem() => Verify.Members("""
            private readonly Owner _other = new();

            bool All(long n)
            {
                bool failed = false;
                bool first = _owner.TryCharge(n);
                failed |= !first;
                bool second = _other.TryCharge(n);
                failed |= !second;
                if (!failed) return true;
                if (first) _owner.Uncharge(n);
                if (second) _other.Uncharge(n);
                return false;
            }

            bool AllButOne(long n, bool x)
            {
                bool ok = _owner.TryCharge(n);
                bool second = {|PIN1001:_other.TryCharge(n)|};
                bool first = ok;
                ok &= second;
                if (ok) return true;
                if (first) _owner.Uncharge(n);
                if (second && x) _other.Uncharge(n);
                return false;
            }
        """);

    /// <summary>What was charged ahead and is not needed goes back, where there is any.</summary>
    [Theory]
    [InlineData("_owner.Charge(most);", "if (used < most) _owner.Uncharge(most - used);")]
    [InlineData("_owner.Charge(most);", "if (most > used) _owner.Uncharge(most - used);")]
    [InlineData("_owner.Charge(most);", "if (used != most) _owner.Uncharge(most - used);")]
    [InlineData("_owner.Charge(most);", "if (used >= most) return; _owner.Uncharge(most - used);")]
    [InlineData("{|PIN1001:_owner.Charge(most)|};", "if (other) _owner.Uncharge(most - used);")]
    [InlineData("{|PIN1001:_owner.Charge(most)|};", "if (used < most && other) _owner.Uncharge(most - used);")]
    public Task RestOfWhatWasChargedAhead_GoesBack(string charge, string release) => Verify.Members($$"""
            void M(long most, bool other)
            {
                {{charge}}
                long used = Math.Min(most, 7);
                {{release}}
            }
        """);

    /// <summary>What is moved from an address in memory is an address still.</summary>
    [Theory]
    [InlineData("at += n;")]
    [InlineData("at = at + n + 1;")]
    [InlineData("at++; ++at; at -= 2;")]
    public Task PointerThatIsMoved_IsNotNull(string moved) => Verify.Members($$"""
            static unsafe byte First(System.IO.MemoryMappedFiles.MemoryMappedViewAccessor view, long n)
            {
                byte* at = null;
                try
                {
                    view.SafeMemoryMappedViewHandle.AcquirePointer(ref at);
                    {{moved}}
                    return *at;
                }
                finally
                {
                    if (at != null) view.SafeMemoryMappedViewHandle.ReleasePointer();
                }
            }

            static unsafe byte Forgets(System.IO.MemoryMappedFiles.MemoryMappedViewAccessor view, long n)
            {
                byte* at = null;
                try
                {
                    {|PIN1001:view.SafeMemoryMappedViewHandle.AcquirePointer(ref at)|};
                    {{moved}}
                    return *at;
                }
                finally
                {
                    if (n > 3) view.SafeMemoryMappedViewHandle.ReleasePointer();
                }
            }
        """);

    [Fact]
    public Task GivenBackBeforeAThrow_IsTheCallersOtherwise() => Verify.Members("""
            private object? _held;

            void Enter(object? gate, bool takes, int n)
            {
                _held = gate;
                if (gate != null && takes) Monitor.Enter(gate);
                if (n > 3)
                {
                    if (gate != null && takes) Monitor.Exit(gate);
                    throw new IOException();
                }
            }

            void Leave()
            {
                if (_held != null) Monitor.Exit(_held);
            }

            void LeavesByReturn(object gate, bool takes, int n)
            {
                if (!takes) return;
                {|PIN1001:Monitor.Enter(gate)|};
                if (n > 3)
                {
                    Monitor.Exit(gate);
                    return;
                }
            }
        """);
}
