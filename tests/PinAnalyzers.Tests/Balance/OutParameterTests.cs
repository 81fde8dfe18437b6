using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>A charge that a source method hands to its caller through an <c>out</c> parameter.</summary>
public sealed class OutParameterTests
{
    [Fact]
    public Task TakenAlways_CallerOwesIt() => Verify.Members("""
            static void Allocate(int n, out nint memory) => memory = Marshal.AllocHGlobal(n);

            static void AllocateFurtherAway(int n, out nint memory) => Allocate(n * 2, out memory);

            void Lost(int n)
            {
                {|PIN1001:Allocate(n, out nint memory)|};
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            void LostFurtherAway(int n)
            {
                nint memory;
                {|PIN1001:AllocateFurtherAway(n, out memory)|};
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            void Thrown(int n)
            {
                {|PIN1002i:Allocate(n, out nint memory)|};
                Calls.Work();
                Marshal.FreeHGlobal(memory);
            }

            void Kept(int n)
            {
                Allocate(n, out nint memory);
                try { Calls.Work(); }
                finally { Marshal.FreeHGlobal(memory); }
            }

            void Twice(int n)
            {
                Allocate(n, out nint memory);
                Marshal.FreeHGlobal(memory);
                {|PIN1003:Marshal.FreeHGlobal(memory)|};
            }

            void Ignored(int n) => {|PIN1001:Allocate(n, out _)|};
        """);

    [Fact]
    public Task TakenWhenTrue_CallerOwesItThen() => Verify.Members("""
            static bool TryAllocate(int n, out nint memory)
            {
                if (n <= 0)
                {
                    memory = 0;
                    return false;
                }

                memory = Marshal.AllocHGlobal(n);
                return true;
            }

            static bool TryFurtherAway(int n, out nint memory)
            {
                if (n > 4096) { memory = default; return false; }
                return TryAllocate(n, out memory);
            }

            void Lost(int n)
            {
                if (!{|PIN1001:TryAllocate(n, out nint memory)|}) return;
                if (n == 3) return;
                Marshal.FreeHGlobal(memory);
            }

            void LostFurtherAway(int n)
            {
                if ({|PIN1001:TryFurtherAway(n, out nint memory)|} && n != 3) Marshal.FreeHGlobal(memory);
            }

            void Kept(int n)
            {
                if (!TryAllocate(n, out nint memory)) return;
                try { Calls.Work(); }
                finally { Marshal.FreeHGlobal(memory); }
            }

            void KeptFurtherAway(int n)
            {
                bool taken = TryFurtherAway(n, out nint memory);
                try { Calls.Work(); }
                finally { if (taken) Marshal.FreeHGlobal(memory); }
            }

            void FreedIfThere(int n)
            {
                nint memory = 0;
                try
                {
                    if (TryAllocate(n, out memory)) Calls.Work();
                }
                finally
                {
                    if (memory != 0) Marshal.FreeHGlobal(memory);
                }
            }

            void Uncharged(int n)
            {
                if (TryAllocate(n, out nint memory)) Marshal.FreeHGlobal(memory);
                else Calls.Quiet();
            }
        """);

    [Fact]
    public Task TheArgumentTells_WhereNothingIsReturned() => Verify.Members("""
            static void AllocateIfLarge(int n, out nint memory)
            {
                memory = 0;
                if (n > 100) memory = Marshal.AllocHGlobal(n);
            }

            void Kept(int n)
            {
                AllocateIfLarge(n, out nint memory);
                if (memory != 0) Marshal.FreeHGlobal(memory);
            }

            void Lost(int n)
            {
                {|PIN1001:AllocateIfLarge(n, out nint memory)|};
                if (memory != 0 && n != 300) Marshal.FreeHGlobal(memory);
            }

            static bool Pin(byte[] data, out GCHandle handle)
            {
                handle = default;
                if (data.Length == 0) return true;
                handle = GCHandle.Alloc(data, GCHandleType.Pinned);
                return true;
            }

            void FreedIfPinned(byte[] data)
            {
                Pin(data, out GCHandle handle);
                try { Calls.Work(); }
                finally { if (handle.IsAllocated) handle.Free(); }
            }
        """);

    [Fact]
    public Task GivenBackByTheCallee_OwesNothing() => Verify.Members("""
            readonly List<nint> _all = new();
            nint _last;

            static bool UndoesOnFailure(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                if (n == 7)
                {
                    Marshal.FreeHGlobal(memory);
                    memory = 0;
                    return false;
                }

                return true;
            }

            static void Undoes(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(memory);
            }

            static void UndoesElsewhere(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                Free(memory);
            }

            static void Free(nint memory) => Marshal.FreeHGlobal(memory);

            void Records(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                _all.Add(memory);
            }

            void Stores(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                _last = memory;
            }

            static nint ByTwoNames(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                return memory;
            }

            static void InTwoPlaces(int n, out nint one, out nint other) => one = other = Marshal.AllocHGlobal(n);

            static void Overwrites(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                Free(memory);
                memory = 0;
            }

            void Uses(int n)
            {
                if (UndoesOnFailure(n, out nint first)) Marshal.FreeHGlobal(first);
                Undoes(n, out _);
                UndoesElsewhere(n, out _);
                Records(n, out _);
                Stores(n, out _);
                nint memory = ByTwoNames(n, out _);
                Marshal.FreeHGlobal(memory);
                InTwoPlaces(n, out nint one, out _);
                Marshal.FreeHGlobal(one);
                Overwrites(n, out _);
            }
        """);

    [Fact]
    public Task PutElsewhere_IsNotTheCallers() => Verify.Members("""
            nint _memory;
            readonly nint[] _slots = new nint[4];

            static bool TryAllocate(int n, out nint memory)
            {
                memory = n > 0 ? Marshal.AllocHGlobal(n) : 0;
                return memory != 0;
            }

            bool Open(int n) => TryAllocate(n, out _memory);

            bool Fill(int n) => TryAllocate(n, out _slots[1]);

            void Close() { Marshal.FreeHGlobal(_memory); Marshal.FreeHGlobal(_slots[1]); }

            void Assigned(int n)
            {
                if (TryAllocate(n, out nint memory)) _memory = memory;
            }

            void ByRef(int n, ref nint memory) => TryAllocate(n, out memory);

            void Lost(int n)
            {
                if ({|PIN1001:TryAllocate(n, out nint memory)|}) if (memory == 3) Calls.Quiet();
            }
        """);

    [Fact]
    public Task ForeignAndVirtualCallees_AreNotGuessed() => Verify.File("""
        public abstract class Source
        {
            public virtual bool TryOpen(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                return true;
            }

            public void Use(int n)
            {
                if (TryOpen(n, out nint memory)) if (memory == 3) Calls.Quiet();
            }
        }

        public sealed class Pool
        {
            private readonly Stack<byte[]> _free = new();

            public bool TryRent(out byte[]? buffer)
            {
                buffer = null;
                if (_free.Count == 0) return false;
                buffer = _free.Pop();
                return true;
            }

            public void Use()
            {
                if (TryRent(out byte[]? buffer)) _ = buffer!.Length;
            }
        }
        """);

    [Fact]
    public Task LocalFunctionsGenericsAndPools_AreFollowed() => Verify.Members("""
            static bool TryRent<T>(int n, out T[] buffer)
            {
                if (n == 0) { buffer = Array.Empty<T>(); return false; }
                buffer = ArrayPool<T>.Shared.Rent(n);
                return true;
            }

            void Generic(int n)
            {
                if (!{|PIN1001i:TryRent(n, out byte[] buffer)|}) return;
                if (buffer[0] == 3) return;
                ArrayPool<byte>.Shared.Return(buffer);
            }

            void GenericKept(int n)
            {
                if (!TryRent(n, out byte[] buffer)) return;
                ArrayPool<byte>.Shared.Return(buffer);
            }

            void Local(int n)
            {
                {|PIN1001:Take(out nint memory)|};
                if (n == 4) return;
                Marshal.FreeHGlobal(memory);

                void Take(out nint taken) => taken = Marshal.AllocHGlobal(n);
            }
        """);

    [Fact]
    public Task NeverFails_ItsResultNeedNotBeAsked() => Verify.Members("""
            static bool TryAlways(int n, out nint memory)
            {
                memory = Marshal.AllocHGlobal(n);
                bool done = false;
                try
                {
                    Calls.Work();
                    done = true;
                    return true;
                }
                finally
                {
                    if (!done) { Marshal.FreeHGlobal(memory); memory = 0; }
                }
            }

            static bool Pin(object target, out GCHandle handle)
            {
                handle = GCHandle.Alloc(target);
                return handle.IsAllocated;
            }

            static bool TryRent(int n, out byte[]? buffer)
            {
                buffer = n < 1 ? null : ArrayPool<byte>.Shared.Rent(n);
                return buffer != null;
            }

            void Asked(int n) { if (TryAlways(n, out nint memory)) Marshal.FreeHGlobal(memory); }

            void NotAsked(int n) { TryAlways(n, out nint memory); Marshal.FreeHGlobal(memory); }

            void AskedOfTheHandle(object o) { if (Pin(o, out GCHandle handle)) handle.Free(); }

            void AskedOfTheToken(int n)
            {
                TryRent(n, out byte[]? buffer);
                if (buffer != null) ArrayPool<byte>.Shared.Return(buffer);
            }

            void Dropped(int n) => {|PIN1001:TryAlways(n, out _)|};
        """);

    [Fact]
    public Task PutWhereItIsKept_IsNotTheBodys() => Verify.File("""
        unsafe struct Table { public fixed ulong Handles[8]; }

        unsafe class C
        {
            static void Make(out ulong handle, object kept) => handle = (ulong)GCHandle.ToIntPtr(GCHandle.Alloc(kept));
            static void Add(Table table) { }

            static void InAFixedBuffer(object[] all)
            {
                var table = default(Table);
                for (int i = 0; i < all.Length; i++)
                    if (all[i] != null) Make(out table.Handles[i], all[i]);
                Add(table);
            }

            static void BehindAPointer(ulong* p, Span<ulong> span, object kept)
            {
                Make(out *p, kept);
                Make(out p[3], kept);
                Make(out span[3], kept);
            }

            static void Lost(object kept, bool on)
            {
                {|PIN1001:Make(out var handle, kept)|};
                if (on) return;
                GCHandle.FromIntPtr((nint)handle).Free();
            }
        }
        """);

    /// <summary>Several numbers may tell in a way of their own: how many there are, or which of several things was given. A test of the token, or one number, is no such thing.</summary>
    [Fact]
    public Task NumbersOfItsOwn_AreNotGuessedAt() => Verify.Members("""
            private readonly List<string> _all = new();
            private readonly object _guard = new();

            int Get(out string? single, out string[]? several)
            {
                lock (_guard)
                {
                    if (_all.Count == 1) { single = _all[0]; several = null; return 1; }
                    single = null;
                    several = ArrayPool<string>.Shared.Rent(_all.Count);
                    _all.CopyTo(several, 0);
                    return _all.Count;
                }
            }

            void Each()
            {
                int count = Get(out string? single, out string[]? several);
                if (count == 1) { Console.WriteLine(single); return; }
                Console.WriteLine(several![0]);
                ArrayPool<string>.Shared.Return(several);
            }

            int GetOne(out string[]? several)
            {
                if (_all.Count == 0) { several = null; return 3; }
                several = ArrayPool<string>.Shared.Rent(_all.Count);
                return 3;
            }

            void EachOfOne(bool late)
            {
                {|PIN1001i:GetOne(out string[]? several)|};
                if (late) return;
                if (several != null) ArrayPool<string>.Shared.Return(several);
            }
        """);

    /// <summary>Yes may mean that there was nothing to take; no always means that nothing was.</summary>
    [Fact]
    public Task TrueWithNothingToTake_IsToldByTheToken() => Verify.Members("""
            readonly Dictionary<int, int> _known = new();

            bool TryRent(int[] all, out int[]? a, out long[]? b, out int n)
            {
                lock (_gate)
                {
                    n = all.Length;
                    a = null;
                    b = null;
                    if (n == 0) return true;
                    a = ArrayPool<int>.Shared.Rent(n);
                    b = ArrayPool<long>.Shared.Rent(n);
                    for (int i = 0; i < n; i++)
                    {
                        if (!_known.TryGetValue(all[i], out int found))
                        {
                            Return(a, b);
                            a = null;
                            b = null;
                            return false;
                        }

                        a[i] = found;
                        b[i] = all[i];
                    }

                    return true;
                }
            }

            static void Return(int[]? a, long[]? b)
            {
                if (a is not null) ArrayPool<int>.Shared.Return(a, clearArray: true);
                if (b is not null) ArrayPool<long>.Shared.Return(b, clearArray: true);
            }

            bool Kept(int[] all)
            {
                if (!TryRent(all, out int[]? a, out long[]? b, out int n)) return false;
                try { Calls.Work(); return true; }
                finally { Return(a, b); }
            }

            bool KeptLater(int[] all)
            {
                bool rented = TryRent(all, out int[]? a, out long[]? b, out int n);
                if (rented) Return(a, b);
                return rented;
            }

            static bool TryAllocate(int n, out nint memory)
            {
                memory = 0;
                if (n < 0) return false;
                if (n > 0) memory = Marshal.AllocHGlobal(n);
                return true;
            }

            static bool Lost(int n)
            {
                if (!{|PIN1001:TryAllocate(n, out nint memory)|}) return false;
                if (n == 7) return false;
                Marshal.FreeHGlobal(memory);
                return true;
            }

            static bool LostWhenTrue(int n)
            {
                if ({|PIN1001:TryAllocate(n, out nint memory)|}) return true;
                Marshal.FreeHGlobal(memory);
                return false;
            }
        """);
}
