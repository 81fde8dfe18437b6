using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1003: one charge, two releases on one path.</summary>
public sealed class ReleasedTwiceTests
{
    [Fact]
    public Task SamePath_ReleasesTwice() => Verify.Members("""
            void InARow(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(memory);
                {|PIN1003:Marshal.FreeHGlobal(memory)|};
            }

            void InBodyAndFinally(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try
                {
                    Calls.Quiet();
                    Marshal.FreeHGlobal(memory);
                }
                finally
                {
                    {|PIN1003:Marshal.FreeHGlobal(memory)|};
                }
            }

            void InBranchAndAfter(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (n == 3) Marshal.FreeHGlobal(memory);
                {|PIN1003:Marshal.FreeHGlobal(memory)|};
            }

            void ThroughAnAlias(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                nint same = memory;
                Marshal.FreeHGlobal(memory);
                {|PIN1003:Marshal.FreeHGlobal(same)|};
            }

            unsafe void ThroughACast(nuint n)
            {
                byte* block = (byte*)NativeMemory.Alloc(n);
                int* words = (int*)block;
                NativeMemory.Free(words);
                {|PIN1003:NativeMemory.Free(block)|};
            }

            void CopiedStruct(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                GCHandle copy = handle;
                handle.Free();
                {|PIN1003:copy.Free()|};
            }

            void InACatchAfterTheRelease(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try
                {
                    Calls.Quiet();
                    Marshal.FreeHGlobal(memory);
                    Calls.Work();
                }
                catch
                {
                    {|PIN1003:Marshal.FreeHGlobal(memory)|};
                    throw;
                }
            }

            void Pool(int n)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(n);
                ArrayPool<byte>.Shared.Return(buffer);
                {|PIN1003:ArrayPool<byte>.Shared.Return(buffer)|};
            }

            void CalleeHasReleased(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                Give(memory);
                {|PIN1003:Marshal.FreeHGlobal(memory)|};
            }

            static void Give(nint memory) => Marshal.FreeHGlobal(memory);

            void InALoop(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                for (int i = 0; i < 3; i++)
                {
                    {|PIN1003:Marshal.FreeHGlobal(memory)|};
                }
            }

            void OfTheRoundBefore(int n)
            {
                nint memory = Marshal.AllocHGlobal(8);
                for (int i = 0; i < n; i++)
                {
                    Marshal.FreeHGlobal(memory);
                    {|PIN1003:Marshal.FreeHGlobal(memory)|};
                    memory = Marshal.AllocHGlobal(i);
                }
                Marshal.FreeHGlobal(memory);
            }

            void NotChargedHere(nint memory)
            {
                Marshal.FreeHGlobal(memory);
                Calls.Quiet();
                {|PIN1003:Marshal.FreeHGlobal(memory)|};
            }

            void SwitchFallsInto(int kind)
            {
                nint page = Native.PinOne(7);
                if (page == 0) return;
                switch (kind)
                {
                    case 0:
                        Native.Unpin(page);
                        goto case 1;
                    case 1:
                        {|PIN1003:Native.Unpin(page)|};
                        break;
                    default:
                        Native.Unpin(page);
                        break;
                }
            }
        """);

    [Fact]
    public Task OtherPathsOrIdempotent_Silent() => Verify.Members("""
            void EitherOr(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (n == 3) { Marshal.FreeHGlobal(memory); return; }
                Marshal.FreeHGlobal(memory);
            }

            void ForgottenInBetween(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try
                {
                    Calls.Work();
                    Marshal.FreeHGlobal(memory);
                    memory = 0;
                }
                finally
                {
                    if (memory != 0) Marshal.FreeHGlobal(memory);
                }
            }

            void NullIsFine(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try
                {
                    Calls.Work();
                    Marshal.FreeHGlobal(memory);
                    memory = 0;
                }
                finally
                {
                    Marshal.FreeHGlobal(memory);
                }
            }

            void ChargedAnew(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(memory);
                memory = Marshal.AllocHGlobal(n);
                Marshal.FreeHGlobal(memory);
            }

            void IsAllocated(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                if (target is string) handle.Free();
                if (handle.IsAllocated) handle.Free();
            }

            void CountedTwice(SemaphoreSlim sem)
            {
                sem.Wait();
                sem.Wait();
                sem.Release();
                sem.Release();
            }

            void Recursive()
            {
                Monitor.Enter(_gate);
                Monitor.Enter(_gate);
                Monitor.Exit(_gate);
                Monitor.Exit(_gate);
            }

            void DisposedTwice(CancellationToken token)
            {
                CancellationTokenRegistration registration = token.Register(Calls.Quiet);
                registration.Dispose();
                registration.Dispose();
            }

            void OwnerDisposedTwice(int n)
            {
                IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(n);
                owner.Dispose();
                owner.Dispose();
            }

            void EachHasItsOwn(nint[] pages)
            {
                foreach (nint page in pages) Native.Unpin(page);
                for (int i = 0; i < pages.Length; i++) Native.Unpin(pages[i]);
            }

            void Correlated(int n, bool early)
            {
                nint memory = Marshal.AllocHGlobal(n);
                if (early) Marshal.FreeHGlobal(memory);
                Calls.Quiet();
                if (!early) Marshal.FreeHGlobal(memory);
            }

            void SemaphoreIsNobodys()
            {
                _sem.Release();
                _sem.Release();
            }

            unsafe void MovedByRealloc(nuint n)
            {
                void* block = NativeMemory.Alloc(n);
                void* larger = NativeMemory.Realloc(block, n * 2);
                NativeMemory.Free(larger);
            }

            int Grows(Func<byte[], int> fill)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(16);
                try
                {
                    int got;
                    while ((got = fill(buffer)) == buffer.Length)
                    {
                        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                        byte[] old = buffer;
                        buffer = larger;
                        ArrayPool<byte>.Shared.Return(old);
                    }
                    return got;
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }

            void GrowsWhatItWasGiven(int n, nint memory)
            {
                for (int i = 0; i < n; i++)
                {
                    nint old = memory;
                    memory = Marshal.AllocHGlobal(i);
                    Marshal.FreeHGlobal(old);
                }
                Marshal.FreeHGlobal(memory);
            }

            void Drain(Queue<nint> pages)
            {
                while (pages.Count > 0)
                {
                    nint page = pages.Dequeue();
                    Native.Unpin(page);
                }
            }
        """);

    private const string Callees = """
            static void Free(GCHandle handle) => handle.Free();

            static void FreeIfThere(GCHandle handle)
            {
                if (handle.IsAllocated) handle.Free();
            }

            static unsafe void Free(void* block) => NativeMemory.Free(block);

            static unsafe bool FreeIf(void* block, bool now)
            {
                if (!now) return false;
                NativeMemory.Free(block);
                return true;
            }

            static void Look(GCHandle handle) => Console.WriteLine(handle.IsAllocated);

            static void Unpin(nint page) => Native.Unpin(page);

            protected virtual void Give(nint page) => Native.Unpin(page);

            static void Close(IMemoryOwner<byte> owner) => owner.Dispose();

        """;

    [Fact]
    public Task ReleasedAgainByACallee() => Verify.Members(Callees + """
            void Handle(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                handle.Free();
                {|PIN1003:Free(handle)|};
            }

            unsafe void Block(nuint n)
            {
                void* block = NativeMemory.Alloc(n);
                NativeMemory.Free(block);
                {|PIN1003:Free(block)|};
            }

            unsafe void ByCalleesTwice(nuint n)
            {
                void* block = NativeMemory.Alloc(n);
                Free(block);
                {|PIN1003:Free(block)|};
            }

            void Declared(nint a)
            {
                nint page = Native.PinOne(a);
                if (page == 0) return;
                Native.Unpin(page);
                {|PIN1003:Unpin(page)|};
            }

            void OnOnePath(object target, bool early)
            {
                GCHandle handle = GCHandle.Alloc(target);
                if (early) handle.Free();
                {|PIN1003:Free(handle)|};
            }

            void InALocalFunction(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                handle.Free();
                {|PIN1003:Done()|};

                void Done() => handle.Free();
            }
        """);

    [Fact]
    public Task CalleeAsksOrOnlyLooks_Silent() => Verify.Members(Callees + """
            void Asks(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                handle.Free();
                FreeIfThere(handle);
            }

            void Looks(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                handle.Free();
                Look(handle);
            }

            unsafe void Cleared(nuint n)
            {
                void* block = NativeMemory.Alloc(n);
                NativeMemory.Free(block);
                block = null;
                Free(block);
            }

            unsafe void Either(nuint n, bool now)
            {
                void* block = NativeMemory.Alloc(n);
                if (!FreeIf(block, now)) NativeMemory.Free(block);
            }

            void DisposingTwiceDoesNoHarm(int n)
            {
                IMemoryOwner<byte> owner = MemoryPool<byte>.Shared.Rent(n);
                owner.Dispose();
                Close(owner);
            }

            void Overridable(nint a)
            {
                nint page = Native.PinOne(a);
                if (page == 0) return;
                Native.Unpin(page);
                Give(page);
            }

            void TakenAgain(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                handle.Free();
                handle = GCHandle.Alloc(this);
                Free(handle);
            }
        """);

    // As seen in a reader that grows its buffer: the charge was not followed, its release was.
    [Fact]
    public Task PairThatIsNotFollowed_IsSilent() => Verify.OwnPairsOnly("""
        class Reader
        {
            int Read(int left)
            {
                char[]? buffer = null;
                int done = 0;
                bool rented = false;
                while (left > 0)
                {
                    char[] larger = ArrayPool<char>.Shared.Rent(done + left);
                    if (buffer != null)
                    {
                        Array.Copy(buffer, larger, done);
                        if (rented) ArrayPool<char>.Shared.Return(buffer);
                    }

                    buffer = larger;
                    rented = true;
                    done += left--;
                }

                return done;
            }

            void Twice(char[] buffer)
            {
                ArrayPool<char>.Shared.Return(buffer);
                ArrayPool<char>.Shared.Return(buffer);
            }
        }
        """);

    /// <summary>What is given back in two parts, the second on the way out, is given back once.</summary>
    [Fact]
    public Task Parts_AreNoSecondRelease() => Verify.Members("""
            void Shrunk(long n, long kept)
            {
                _owner.Charge(n);
                try
                {
                    if (kept < n)
                    {
                        _owner.Uncharge(n - kept);
                        n = kept;
                    }
                    Calls.Work();
                }
                finally { _owner.Uncharge(n); }
            }

            void Whole(long n)
            {
                _owner.Charge(n);
                try
                {
                    Calls.Work();
                    _owner.Uncharge(n);
                }
                finally { {|PIN1003:_owner.Uncharge(n)|}; }
            }
        """);

    [Fact]
    public Task WhatAHelperMayNotHaveMade_IsNotReleasedTwice() => Verify.Members("""
            static nint Copied(string? text) => text == null ? 0 : Marshal.StringToHGlobalUni(text);

            static nint Filled(byte[]? bytes)
            {
                if (bytes == null) return IntPtr.Zero;
                nint memory = Marshal.AllocHGlobal(bytes.Length);
                Marshal.Copy(bytes, 0, memory, bytes.Length);
                return memory;
            }

            void Two(byte[]? a, byte[]? b)
            {
                nint first = {|PIN1002i:Filled(a)|};
                nint second = Filled(b);
                Calls.Quiet();
                Marshal.FreeHGlobal(first);
                Marshal.FreeHGlobal(second);
            }

            void TwoTexts(string? a, string? b)
            {
                nint first = {|PIN1002i:Copied(a)|};
                nint second = Copied(b);
                Marshal.FreeHGlobal(first);
                Marshal.FreeHGlobal(second);
            }

            void Same(byte[] a)
            {
                nint first = Filled(a);
                nint second = first;
                Marshal.FreeHGlobal(first);
                {|PIN1003:Marshal.FreeHGlobal(second)|};
            }
        """);

    [Fact]
    public Task AskedWhetherItIsStillHeld_Silent() => Verify.Members("""
            void Leaves(Action? told)
            {
                Monitor.Enter(_gate);
                try
                {
                    if (told != null)
                    {
                        Monitor.Exit(_gate);
                        told();
                    }
                }
                finally
                {
                    if (Monitor.IsEntered(_gate)) Monitor.Exit(_gate);
                }
            }

            void DoesNotAsk(Action? told)
            {
                Monitor.Enter(_gate);
                try
                {
                    if (told != null)
                    {
                        Monitor.Exit(_gate);
                        told();
                    }
                }
                finally
                {
                    {|PIN1003:Monitor.Exit(_gate)|};
                }
            }
        """);

    [Fact]
    public Task UpgradedByAHelper_IsStillTheReaders() => Verify.Members("""
            private readonly ReaderWriterLock _old = new();
            private readonly Dictionary<int, int> _made = new();

            int Find(int key)
            {
                _old.AcquireReaderLock(-1);
                try
                {
                    if (!_made.TryGetValue(key, out int value)) value = Make(key);
                    return value;
                }
                finally { _old.ReleaseReaderLock(); }
            }

            int Make(int key)
            {
                LockCookie cookie = _old.UpgradeToWriterLock(-1);
                try { return _made[key] = key; }
                finally { _old.DowngradeFromWriterLock(ref cookie); }
            }
        """);
}
