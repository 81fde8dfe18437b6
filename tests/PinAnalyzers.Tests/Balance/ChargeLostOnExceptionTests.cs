using System;
using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1002: released on every normal path, lost when something in between throws.</summary>
public sealed class ChargeLostOnExceptionTests
{
    [Fact]
    public Task CallInBetween_MayThrow() => Verify.Members("""
            void Straight(object target)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                Calls.Work();
                handle.Free();
            }

            void InBothBranches(int n)
            {
                nint memory = {|PIN1002i:Marshal.AllocHGlobal(n)|};
                if (n > 3)
                {
                    Calls.Work();
                    Marshal.FreeHGlobal(memory);
                    return;
                }
                Marshal.FreeHGlobal(memory);
            }

            void CatchesTheWrongType(int n)
            {
                nint memory = {|PIN1002i:Marshal.AllocHGlobal(n)|};
                try
                {
                    Calls.Work();
                }
                catch (IOException)
                {
                    Marshal.FreeHGlobal(memory);
                    throw;
                }
                Marshal.FreeHGlobal(memory);
            }

            void CatchesUnderAFilter(int n)
            {
                nint memory = {|PIN1002i:Marshal.AllocHGlobal(n)|};
                try
                {
                    Calls.Work();
                }
                catch (Exception e) when (e.HResult == 3)
                {
                    Marshal.FreeHGlobal(memory);
                    throw;
                }
                Marshal.FreeHGlobal(memory);
            }

            void BeforeTheTry(object target)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                Calls.Work();
                try { Calls.Work(); }
                finally { handle.Free(); }
            }

            void FinallyThrowsFirst(object target)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                try { Calls.Quiet(); }
                finally
                {
                    Calls.Work();
                    handle.Free();
                }
            }

            void SecondChargeThrows(object a, Stream b)
            {
                GCHandle first = {|PIN1002i:GCHandle.Alloc(a)|};
                string text = b.ToString()!;
                GCHandle second = GCHandle.Alloc(text);
                second.Free();
                first.Free();
            }

            void EachRound(List<object> targets)
            {
                foreach (object target in targets)
                {
                    GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                    Calls.Work();
                    handle.Free();
                }
            }

            unsafe void ThroughAnInterface(IComparer<int> comparer)
            {
                void* block = {|PIN1002i:NativeMemory.Alloc(8)|};
                int order = comparer.Compare(1, 2);
                NativeMemory.Free(block);
            }

            void Constructs(int n)
            {
                GC.AddMemoryPressure(n);
                GC.RemoveMemoryPressure(n);
                {|PIN1002i:GC.AddMemoryPressure(n)|};
                _ = new FileStream("x", FileMode.Open);
                GC.RemoveMemoryPressure(n);
            }
        """);

    [Fact]
    public Task AwaitOrCallback_OnLocksAndAccounts() => Verify.Members("""
            async Task Awaits(int n)
            {
                await {|PIN1002:_sem.WaitAsync()|};
                await Calls.WorkAsync();
                _sem.Release();
            }

            async Task AwaitsForEach(IAsyncEnumerable<int> source)
            {
                await {|PIN1002:_sem.WaitAsync()|};
                await foreach (int n in source) Calls.Quiet();
                _sem.Release();
            }

            void CallsBack(Action action)
            {
                {|PIN1002:Monitor.Enter(_gate)|};
                action();
                Monitor.Exit(_gate);
            }

            // The catalogue's D3: delivery fails, the charge stays.
            void Setup(Action<int> deliver)
            {
                {|PIN1002:_owner.Charge(1)|};
                deliver(1);
                _owner.Uncharge(1);
            }

            bool TriesAndCallsBack(Func<bool> check)
            {
                if (!{|PIN1002:_owner.TryCharge(1)|}) return false;
                bool ok = check();
                _owner.Uncharge(1);
                return ok;
            }

            void HandsALambdaOn(List<int> list)
            {
                {|PIN1002:Monitor.Enter(_gate)|};
                list.ForEach(n => Console.WriteLine(n));
                Monitor.Exit(_gate);
            }

            event Action? Changed;

            void Raises()
            {
                {|PIN1002:_sem.Wait()|};
                Changed?.Invoke();
                _sem.Release();
            }
        """);

    [Fact]
    public Task IteratorIsAbandoned_OutsideOfAnyFinally() => Verify.Members("""
            IEnumerable<int> Yields(object target)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                yield return 1;
                handle.Free();
            }

            IEnumerable<int> CatchesAreNotMet(int n)
            {
                nint memory = {|PIN1002i:Marshal.AllocHGlobal(n)|};
                for (int i = 0; i < n; i++) yield return i;
                Marshal.FreeHGlobal(memory);
            }
        """);

    [Fact]
    public Task ThrowsNothing_OrIsCleanedUp_Silent() => Verify.Members("""
            int _count;

            void InFinally(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                try { Calls.Work(); }
                finally { handle.Free(); }
            }

            void InACatchOfEverything(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                catch
                {
                    Marshal.FreeHGlobal(memory);
                    throw;
                }
                Marshal.FreeHGlobal(memory);
            }

            void InACatchOfException(int n)
            {
                nint memory = Marshal.AllocHGlobal(n);
                try { Calls.Work(); }
                catch (Exception)
                {
                    Marshal.FreeHGlobal(memory);
                    throw;
                }
                Marshal.FreeHGlobal(memory);
            }

            int Arithmetic(object target, int[] numbers)
            {
                GCHandle handle = GCHandle.Alloc(target);
                int sum = 0;
                for (int i = 0; i < numbers.Length; i++) sum += numbers[i] * 3;
                _count = sum;
                Interlocked.Increment(ref _count);
                Volatile.Write(ref _count, 3);
                Debug.Assert(sum > 0);
                handle.Free();
                return sum;
            }

            int Plain { get; set; }

            void AutoProperties()
            {
                _owner.Charge(1);
                Plain = Plain + 1;
                Calls.Quiet();
                _owner.Uncharge(1);
            }

            int Pool(int n)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(n);
                Calls.Work();
                ArrayPool<byte>.Shared.Return(buffer);
                return 1;
            }

            void SwallowsAll(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                try { Calls.Work(); }
                catch (Exception) { Calls.Quiet(); }
                handle.Free();
            }

            unsafe void Copies(byte* from, int n)
            {
                byte* block = (byte*)NativeMemory.Alloc((nuint)n);
                Unsafe.CopyBlock(block, from, (uint)n);
                new Span<byte>(block, n).Clear();
                NativeMemory.Free(block);
            }

            void BuildsADelegate(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                Action later = Calls.Work;
                Func<int> other = () => 3;
                handle.Free();
                later();
            }

            IEnumerable<int> YieldsInATry(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                try
                {
                    yield return 1;
                    yield return 2;
                }
                finally { handle.Free(); }
            }

            async Task AwaitsInATry()
            {
                await _sem.WaitAsync();
                try { await Calls.WorkAsync(); }
                finally { _sem.Release(); }
            }
        """);

    /// <summary>The second of two handles may be closed already; reading a handle throws nothing.</summary>
    [Fact]
    public Task SecondHandleIsRefused_TheFirstStaysReferenced() => Verify.Members("""
            bool Same(SafeHandle left, SafeHandle right)
            {
                bool a = false, b = false;
                {|PIN1002i:left.DangerousAddRef(ref a)|};
                right.DangerousAddRef(ref b);
                bool same = left.DangerousGetHandle() == right.DangerousGetHandle();
                right.DangerousRelease();
                left.DangerousRelease();
                return same;
            }

            long Half(long n) => n / 2;

            void DividingByANumber(object o, long n)
            {
                var handle = GCHandle.Alloc(o);
                n = Half(n);
                handle.Free();
            }
        """);

    [Fact]
    public Task AccessorsWithoutABody_DoNotThrow() => Verify.File("""
        public abstract class Base
        {
            protected abstract SemaphoreSlim Gate { get; }

            public void Run()
            {
                Gate.Wait();
                try { Calls.Work(); }
                finally { Gate.Release(); }
            }
        }

        public interface IGated
        {
            SemaphoreSlim Gate { get; }
        }

        public static class Runner
        {
            public static void Run(IGated gated)
            {
                gated.Gate.Wait();
                try { Calls.Work(); }
                finally { gated.Gate.Release(); }
            }
        }
        """);

    /// <summary>In an editor the generator may not have run yet.</summary>
    [Fact]
    public Task ImportToBeGenerated_DoesNotThrow() => Verify.File("""
        static partial class Imports
        {
            [LibraryImport("libc")] public static partial int {|CS8795:madvise|}(nint a, nuint n, int advice);
            public static partial int {|CS8795:Other|}(nint a);
        }

        class C
        {
            static int Fill(int n)
            {
                nint a = Marshal.AllocHGlobal(n);
                int advised = Imports.madvise(a, (nuint)n, 4);
                Marshal.FreeHGlobal(a);
                nint b = {|PIN1002i:Marshal.AllocHGlobal(n)|};
                advised += Imports.Other(3);
                Marshal.FreeHGlobal(b);
                return advised;
            }
        }
        """);

    /// <summary>A generated import has a body, and throws no more than one without.</summary>
    [Fact]
    public Task GeneratedImport_DoesNotThrow() => Verify.File("""
        static partial class Imports
        {
            [LibraryImport("libc")] public static partial nint mmap(nint a, nuint n, int prot, int flags, int fd, nint offset);
            [LibraryImport("libc")] public static partial int munmap(nint a, nuint n);
            [LibraryImport("libc", SetLastError = true)] public static partial int madvise(nint a, nuint n, int advice);
        }

        static partial class Imports
        {
            public static partial nint mmap(nint a, nuint n, int prot, int flags, int fd, nint offset) => 0;
            public static partial int munmap(nint a, nuint n) => 0;
            public static partial int madvise(nint a, nuint n, int advice)
            {
                Marshal.SetLastSystemError(0);
                int result = __PInvoke(a, n, advice);
                Marshal.SetLastPInvokeError(Marshal.GetLastSystemError());
                return result;
                [DllImport("libc", EntryPoint = "madvise", ExactSpelling = true)] static extern int __PInvoke(nint a, nuint n, int advice);
            }
        }

        class C
        {
            static int Map(nuint n)
            {
                nint a = Imports.mmap(0, n, 3, 0x22, -1, 0);
                if (a == -1) return -1;
                int advised = Imports.madvise(a, n, 4);
                Imports.munmap(a, n);
                return advised;
            }
        }
        """);

    [Fact]
    public Task CastBetweenNumbers_DoesNotThrow() => Verify.Members("""
            static int Small(nint size) => (int)size;
            static long At(nint address, int by) { return (long)address + by; }
            static int Unboxed(object number) => (int)number;
            const int Page = 4096;
            static long Pages(long size) => (size + Page - 1) / Page;

            void OfNumbers(object target, nint size)
            {
                GCHandle handle = GCHandle.Alloc(target);
                Calls.Quiet();
                long sum = Small(size) + At(size, 3) + Pages(7);
                handle.Free();
            }

            void OfAnObject(object target)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                int number = Unboxed(target);
                handle.Free();
            }
        """);

    [Fact]
    public Task CheckOfWhatIsKnown_DoesNotThrow() => Verify.Members("""
            static void Check(bool holds) { if (!holds) throw new IOException(); }

            void Holds(object target)
            {
                GCHandle handle = GCHandle.Alloc(target);
                Check(handle.IsAllocated);
                handle.Free();
                Check(!handle.IsAllocated);
            }

            void MayNotHold(object target, bool other)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                Check(other);
                handle.Free();
            }
        """);

    [Fact]
    public Task WhateverTheCalleeSwallows_DoesNotThrow() => Verify.Members("""
            static void Sweep(Stream s)
            {
                try { if (s.CanWrite) s.Flush(); }
                catch { }
            }

            static void SweepNamed(Stream s)
            {
                try { s.Flush(); }
                catch (ObjectDisposedException) { }
                catch (System.Exception) { }
            }

            static void SweepSome(Stream s)
            {
                try { s.Flush(); }
                catch (IOException) { }
            }

            static void SweepUnderAFilter(Stream s)
            {
                try { s.Flush(); }
                catch (Exception e) when (e.HResult == 3) { }
            }

            static void SweepAndTell(Stream s)
            {
                try { s.Flush(); }
                catch (Exception) { throw new IOException(); }
            }

            static void SweepAfterwards(Stream s)
            {
                try { s.Flush(); }
                catch { }
                finally { s.Flush(); }
            }

            void Holds(object target, Stream s)
            {
                GCHandle handle = GCHandle.Alloc(target);
                Sweep(s);
                SweepNamed(s);
                handle.Free();
            }

            void Some(object target, Stream s)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                SweepSome(s);
                handle.Free();
            }

            void UnderAFilter(object target, Stream s)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                SweepUnderAFilter(s);
                handle.Free();
            }

            void Told(object target, Stream s)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                SweepAndTell(s);
                handle.Free();
            }

            void Afterwards(object target, Stream s)
            {
                GCHandle handle = {|PIN1002i:GCHandle.Alloc(target)|};
                SweepAfterwards(s);
                handle.Free();
            }
        """);

    /// <summary>A lambda that only compares is as much in the method's hands as the code around it; what remains is the call that runs it.</summary>
    [Fact]
    public Task LambdaInSight_IsNoCallback() => Verify.Members("""
            private readonly List<string> _names = new();

            int CountsByLength(int n)
            {
                {|PIN1002i:Monitor.Enter(_gate)|};
                int count = _names.Count(name => name.Length == n);
                Monitor.Exit(_gate);
                return count;
            }

            int CountsByWhatIsGiven(Func<string, bool> filter)
            {
                {|PIN1002:Monitor.Enter(_gate)|};
                int count = _names.Count(name => filter(name));
                Monitor.Exit(_gate);
                return count;
            }

            int CountsByAnother()
            {
                {|PIN1002:Monitor.Enter(_gate)|};
                int count = _names.Count(name => { return int.Parse(name) > 3; });
                Monitor.Exit(_gate);
                return count;
            }

            int CountsByAMethod(Predicate<string> filter)
            {
                {|PIN1002:Monitor.Enter(_gate)|};
                int count = _names.FindIndex(filter) + _names.Count(string.IsNullOrEmpty);
                Monitor.Exit(_gate);
                return count;
            }
        """);

    /// <summary>A pause that nobody can cancel ends in time and not by an exception.</summary>
    [Fact]
    public Task PauseThatCannotBeCancelled_DoesNotThrow() => Verify.Members("""
            async Task Pauses()
            {
                await _sem.WaitAsync();
                await Task.Delay(500);
                await Task.Delay(TimeSpan.FromSeconds(1)).ConfigureAwait(false);
                await Task.Yield();
                _sem.Release();
            }

            async Task PausesAndWorks()
            {
                await {|PIN1002i:_sem.WaitAsync()|};
                await Task.Delay(500);
                Calls.Work();
                _sem.Release();
            }

            async Task PausesUntilCancelled(CancellationToken token)
            {
                await {|PIN1002:_sem.WaitAsync()|};
                await Task.Delay(500, token);
                _sem.Release();
            }

            async Task WaitsForWork()
            {
                await {|PIN1002:_sem.WaitAsync()|};
                Task pause = Task.Delay(500);
                await Task.WhenAny(pause, Calls.WorkAsync());
                _sem.Release();
            }
        """);

    /// <summary>Numbers are cut and shifted without an exception, however deep the parentheses.</summary>
    [Fact]
    public Task HelperThatOnlyComputes_DoesNotThrow() => Verify.Members("""
            private int _low, _high;
            private Guid _id;

            void Splits(long ticks)
            {
                Monitor.Enter(_gate);
                Split(ticks);
                _id = Guid.NewGuid();
                Monitor.Exit(_gate);
            }

            private void Split(long ticks)
            {
                _low = (int)(ticks & 0xFFFFFFFF);
                _high = (int)(~(ticks + 1) >> 32);
            }

            void Unboxes(object number)
            {
                {|PIN1002i:Monitor.Enter(_gate)|};
                Unbox(number);
                Monitor.Exit(_gate);
            }

            private void Unbox(object number) => _low = (int)(number);

            void Divides(long ticks)
            {
                {|PIN1002i:Monitor.Enter(_gate)|};
                Divide(ticks);
                Monitor.Exit(_gate);
            }

            private void Divide(long ticks) => _low = (int)(7 / ticks);
        """);

    // An assert of one's own is left out of the builds in which a lost charge would matter.
    [Theory]
    [InlineData("[Conditional(\"DEBUG\")]", "GCHandle.Alloc(target)")]
    [InlineData("", "{|PIN1002i:GCHandle.Alloc(target)|}")]
    public Task CallThatBuildsLeaveOut_LosesNothing(string attribute, string charge) => Verify.Members($$"""
            {{attribute}} static void Check(bool condition) { if (!condition) throw new InvalidOperationException(); }
            void Pinned(object target, int n)
            {
                GCHandle handle = {{charge}};
                Check(n > 3);
                handle.Free();
            }
        """);

    [Theory]
    [InlineData("list.Add(n);")]
    [InlineData("list.RemoveAt(0);")]
    [InlineData("var made = new List<int>(); made.Insert(0, n);")]
    [InlineData("var made = new Dictionary<int, int>(8); if (made.TryGetValue(n, out int found)) made.Remove(found);")]
    [InlineData("set.Add(n); set.Clear();")]
    [InlineData("queue.Enqueue(n);")]
    [InlineData("var text = new System.Text.StringBuilder(n); text.Append(n).Append('x');")]
    [InlineData("var source = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously); source.TrySetResult(n);")]
    [InlineData("var stream = new MemoryStream(); GC.KeepAlive(stream);")]
    [InlineData("if (bag.TryTake(out int taken)) bag.Add(taken);")]
    [InlineData("map.TryAdd(n, n); map.TryRemove(n, out _);")]
    public Task CollectionThatGrowsOrIsAsked_DoesNotThrow(string body) => Verify.Members(Changing(body, ""));

    [Theory]
    [InlineData("list.AddRange(others);")]
    [InlineData("var made = new List<int>(others);")]
    [InlineData("var made = new Dictionary<int, int>(); made.Add(n, n);")]
    [InlineData("queue.Dequeue();")]
    [InlineData("var source = new TaskCompletionSource<int>(); source.SetResult(n);")]
    [InlineData("new System.Text.StringBuilder().Insert(n, 'x');")]
    [InlineData("map.GetOrAdd(n, key => { Calls.Work(); return key; });")]
    [InlineData("list.RemoveAll(x => { Calls.Work(); return x == 3; });")]
    [InlineData("any.Add(n);")]
    public Task CollectionThatMayRefuse_Throws(string body) => Verify.Members(Changing(body, "i"));

    [Fact]
    public Task PropertyThatMakesItsObjectFirst_DoesNotThrow() => Verify.Members("""
            private SemaphoreSlim? _lazy;
            private SemaphoreSlim Gate => _lazy ??= new(1);
            private SemaphoreSlim Made { get { return _lazy ??= new SemaphoreSlim(1); } }
            private SemaphoreSlim Checked => _lazy ?? throw new InvalidOperationException();

            async Task Flush()
            {
                await Gate.WaitAsync();
                Gate.Release();
            }

            void Turn()
            {
                Made.Wait();
                Made.Release();
            }

            void Asks()
            {
                {|PIN1002i:Checked.Wait()|};
                Checked.Release();
            }
        """);

    // Nobody can end these waits sooner, so they end with what is waited for.
    [Fact]
    public Task WaitWithoutAToken_DoesNotThrow() => Verify.Members("""
            async Task Both(SemaphoreSlim other)
            {
                await _sem.WaitAsync();
                await other.WaitAsync().ConfigureAwait(false);
                other.Release();
                _sem.Release();
            }

            async Task InTheTry()
            {
                try
                {
                    await _sem.WaitAsync();
                    GC.KeepAlive(this);
                }
                finally
                {
                    _sem.Release();
                }
            }

            async Task MayBeCancelled(SemaphoreSlim other, CancellationToken token)
            {
                await {|PIN1002:_sem.WaitAsync()|};
                await other.WaitAsync(token);
                other.Release();
                _sem.Release();
            }
        """);

    private static string Changing(string body, string mark) => $$"""
            void Grows(object target, int n, List<int> list, HashSet<int> set, Queue<int> queue, System.Collections.Concurrent.ConcurrentBag<int> bag, System.Collections.Concurrent.ConcurrentDictionary<int, int> map, ICollection<int> any, IEnumerable<int> others)
            {
                GCHandle handle = {{(mark == "" ? "GCHandle.Alloc(target)" : "{|PIN1002i:GCHandle.Alloc(target)|}")}};
                {{body}}
                handle.Free();
            }
        """;

    private const string Kept = "try { Calls.Work(); } finally { _sem.Release(); }";

    /// <summary>Whoever wraps what it caught goes on with what was thrown while the charge was held.</summary>
    [Theory]
    [InlineData("try { {|PIN1002i:_sem.Wait()|}; Calls.Work(); KEPT } catch (Exception ex) { throw new InvalidOperationException(\"x\", ex); }")]
    [InlineData("try { {|PIN1002i:_sem.Wait()|}; Calls.Work(); KEPT } catch (Exception ex) { if (n > 3) throw new InvalidOperationException(\"x\", ex); throw; }")]
    [InlineData("try { {|PIN1002i:_sem.Wait()|}; Calls.Work(); KEPT } catch (Exception ex) when (n > 3) { throw new InvalidOperationException(\"x\", ex); }")]
    [InlineData("try { {|PIN1002i:_sem.Wait()|}; Calls.Work(); KEPT } catch (Exception ex) { if (n > 3) { try { Calls.Work(); } catch (Exception e2) { throw new AggregateException(ex, e2); } } throw; }")]
    [InlineData("try { {|PIN1002:_sem.Wait()|}; await Calls.WorkAsync(); KEPT } catch (Exception ex) { throw new InvalidOperationException(\"x\", ex); }")]
    // Thrown by itself, taken by the handler, or swallowed: nothing else is to blame.
    [InlineData("try { {|PIN1001:_sem.Wait()|}; if (n > 3) throw new IOException(); KEPT } catch (Exception ex) { throw new InvalidOperationException(\"x\", ex); }")]
    [InlineData("try { Calls.Work(); } catch (Exception ex) { {|PIN1001:_sem.Wait()|}; if (n > 3) throw new InvalidOperationException(\"x\", ex); KEPT }")]
    [InlineData("try { {|PIN1001:_sem.Wait()|}; Calls.Work(); KEPT } catch (Exception ex) { Console.WriteLine(ex); }")]
    // The handler stands behind the charge.
    [InlineData("{|PIN1001:_sem.Wait()|}; try { Calls.Work(); } catch (Exception ex) { throw new InvalidOperationException(\"x\", ex); } KEPT")]
    public Task WrappedException_IsNoThrowOfItsOwn(string body) => Verify.Members("async Task M(int n) { await Task.Yield(); " + body.Replace("KEPT", Kept, StringComparison.Ordinal) + " }");
}
