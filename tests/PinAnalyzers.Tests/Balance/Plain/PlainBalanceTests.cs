using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance.Plain;

/// <summary>Which bodies need no flow, and that those which only look so are followed.</summary>
public sealed class PlainBalanceTests
{
    [Theory]
    [InlineData("void M(int n) { _sem.Wait(); try { if (n < 0) return; s_count += n; } finally { _sem.Release(); } }")]
    [InlineData("async Task<int> M(Stream s, CancellationToken c) { await _sem.WaitAsync(c).ConfigureAwait(false); try { return await s.ReadAsync(new byte[3], c); } finally { _sem.Release(); } }")]
    [InlineData("bool M(int n) { if (!_sem.Wait(n)) return false; try { Work(); return true; } finally { _sem.Release(); } }")]
    [InlineData("async Task<bool> M(int n) { if (!await _sem.WaitAsync(n)) { s_count++; throw new TimeoutException(); } try { Work(); return true; } finally { _sem.Release(); } }")]
    [InlineData("void M() { Monitor.Enter(_sync); try { Monitor.Pulse(_sync); } catch (IOException) when (s_count > 3) { Work(); } finally { Monitor.Exit(_sync); Work(); } }")]
    [InlineData("void M(object o) { while (s_count < 3) { if (!Monitor.TryEnter(o, 3)) continue; try { break; } finally { Monitor.Exit(o); } } }")]
    [InlineData("void M() { bool taken = false; try { Monitor.Enter(_sync, ref taken); Work(); } finally { if (taken) Monitor.Exit(_sync); } }")]
    [InlineData("int M(int n) { bool taken = false; try { Monitor.TryEnter(_sync, n, ref taken); if (!taken) return 0; return 1; } finally { if (taken) { Monitor.Exit(_sync); Work(); } } }")]
    [InlineData("void M() { bool ok = false; try { _handle.DangerousAddRef(ref ok); Work(); } finally { if (ok) _handle.DangerousRelease(); } }")]
    [InlineData("int M(Dictionary<int, int> map, int k) { _rw.EnterUpgradeableReadLock(); try { _rw.EnterWriteLock(); try { return map[k] = 3; } finally { _rw.ExitWriteLock(); } } finally { _rw.ExitUpgradeableReadLock(); } }")]
    [InlineData("void M(object o) { var h = GCHandle.Alloc(o, GCHandleType.Pinned); try { Marshal.ReadByte(h.AddrOfPinnedObject(), 3); } finally { h.Free(); } }")]
    [InlineData("void M(object o) { GCHandle h = default; try { h = GCHandle.Alloc(o); Work(); } finally { if (h.IsAllocated) h.Free(); } }")]
    [InlineData("int M(int n) { IntPtr b = IntPtr.Zero; try { b = Marshal.AllocHGlobal(n); return Marshal.ReadInt32(b); } finally { if (b != IntPtr.Zero) Marshal.FreeHGlobal(b); } }")]
    [InlineData("int M(int n) { IntPtr b = IntPtr.Zero; try { if (n > 3) b = Marshal.AllocHGlobal(n); return n; } finally { Marshal.FreeHGlobal(b); } }")]
    [InlineData("void M(int n) { byte[] a = null; Span<byte> s = n < 64 ? stackalloc byte[64] : (a = ArrayPool<byte>.Shared.Rent(n)); try { Work(); } finally { if (a is not null) ArrayPool<byte>.Shared.Return(a); } }")]
    [InlineData("void M(Stream s, int n) { byte[] a = ArrayPool<byte>.Shared.Rent(n); Work(); int r = s.Read(a, 0, n); ArrayPool<byte>.Shared.Return(a, clearArray: true); }")]
    [InlineData("void M(Stream s, int n) { var a = ArrayPool<byte>.Shared.Rent(n); s_count = a.Length; try { foreach (byte b in a) s_count += b; } finally { ArrayPool<byte>.Shared.Return(a); } }")]
    [InlineData("void M(Memory<byte> m) { using var h = m.Pin(); Work(); }")]
    [InlineData("void M(Memory<byte> m) { using (m.Pin()) Work(); }")]
    [InlineData("void M(int n) { using (IMemoryOwner<byte> o = MemoryPool<byte>.Shared.Rent(n)) s_count = o.Memory.Length; }")]
    [InlineData("void M(object o) { Action a = () => { _sem.Wait(); try { Work(); } finally { _sem.Release(); } }; a(); }")]
    [InlineData("void M<T>(int n, List<T> l) { var a = ArrayPool<T>.Shared.Rent(n); try { l.CopyTo(a); } finally { ArrayPool<T>.Shared.Return(a); } }")]
    [InlineData("async IAsyncEnumerable<int> M(int n) { await _sem.WaitAsync(); try { for (int i = 0; i < n; i++) { await Task.Yield(); yield return i; } } finally { _sem.Release(); } }")]
    [InlineData("IEnumerable<int> M(int n) { _sem.Wait(); try { for (int i = 0; i < n; i++) yield return i; } finally { _sem.Release(); } }")]
    public async Task ChargeWithItsReleaseAroundIt_IsNotFollowed(string member) => Assert.DoesNotContain("M", await FollowedBodies.InAsync(Class(member)));

    [Theory]
    [InlineData("void M(object o) { if (_pin.IsAllocated) _pin.Free(); _pin = GCHandle.Alloc(o); s_count = 3; }")]
    [InlineData("void M(object o) { Work(); this._pin = (GCHandle.Alloc(o)); Work(); }")]
    [InlineData("IntPtr M(int n) => Marshal.AllocHGlobal(n);")]
    [InlineData("IntPtr M(int n) { if (n < 3) { return Marshal.AllocHGlobal(n); } try { return Marshal.AllocHGlobal(3); } finally { Work(); } }")]
    [InlineData("unsafe int* M(uint n) { return (int*)NativeMemory.Alloc(n); }")]
    [InlineData("byte[] M(int n) { if (_rented is { } old && old.Length < n) { _rented = null; ArrayPool<byte>.Shared.Return(old); } return _rented ??= ArrayPool<byte>.Shared.Rent(n); }")]
    [InlineData("void M() { _rw.EnterWriteLock(); Work(); }")]
    [InlineData("async Task M(CancellationToken c) { Work(); await _sem.WaitAsync(c); Work(); }")]
    [InlineData("bool M(SemaphoreSlim s) { return s.Wait(3); }")]
    [InlineData("void M(int n) { FreeBlock(); _block = Marshal.AllocHGlobal(n); GC.AddMemoryPressure(n); }")]
    [InlineData("IntPtr M(int n) { var b = Marshal.AllocHGlobal(n); try { Marshal.WriteInt32(b, n); Work(); return b; } catch { Marshal.FreeHGlobal(b); throw; } }")]
    [InlineData("IntPtr M(int n) { IntPtr b = default; try { b = Marshal.AllocHGlobal(n); Work(); return b; } catch { Marshal.FreeHGlobal(b); throw; } }")]
    public async Task ChargeThatLeavesAtOnce_IsNotFollowed(string member) => Assert.DoesNotContain("M", await FollowedBodies.InAsync(Class(member)));

    [Theory]
    [InlineData("void M(object o) { _pin.Free(); _pin = GCHandle.Alloc(o); _pin.Free(); }")]
    [InlineData("void M(object o) { for (int i = 0; i < 3; i++) _pin.Free(); _pin = GCHandle.Alloc(o); }")]
    [InlineData("void M(object o) { GCHandle local; local = GCHandle.Alloc(o); Work(); }")]
    [InlineData("void M(object o, GCHandle[] all) { all[0] = GCHandle.Alloc(o); }")]
    [InlineData("void M(object o) { GCHandle.Alloc(o); }")]
    [InlineData("void M(object o) => GCHandle.Alloc(o);")]
    [InlineData("void M(object o) { Action<object> a = x => GCHandle.Alloc(x); a(o); }")]
    [InlineData("void M() { _rw.EnterWriteLock(); Work(); _rw.ExitWriteLock(); }")]
    [InlineData("void M() { _rw.EnterWriteLock(); _rw.EnterWriteLock(); try { Work(); } finally { _rw.ExitWriteLock(); } }")]
    [InlineData("void M() { _sem.Wait(); GiveBack(); }")]
    [InlineData("void M() { for (int i = 0; i < 3; i++) { GiveBack(); _sem.Wait(); } }")]
    [InlineData("void M() { var s = new SemaphoreSlim(1); s.Wait(); Work(); }")]
    [InlineData("bool M() { _sem.Wait(3); return true; }")]
    [InlineData("void M(int n) { if (n < 0) GC.AddMemoryPressure(n); }")]
    [InlineData("void M(int n) { GC.AddMemoryPressure(-n); }")]
    [InlineData("void M(int n) { int m = s_count - n; GC.AddMemoryPressure(m); }")]
    [InlineData("IntPtr M(int n) { var b = Marshal.AllocHGlobal(n); try { if (n > 3) return default; Work(); return b; } catch { Marshal.FreeHGlobal(b); throw; } }")]
    [InlineData("IntPtr M(int n) { var b = Marshal.AllocHGlobal(n); try { Work(); return b; } catch (IOException) { Marshal.FreeHGlobal(b); throw; } }")]
    [InlineData("IntPtr M(int n) { var b = Marshal.AllocHGlobal(n); try { Work(); return b; } catch { Marshal.FreeHGlobal(b); } return b; }")]
    [InlineData("IntPtr M(int n) { var b = Marshal.AllocHGlobal(n); try { Work(); return default; } catch { Marshal.FreeHGlobal(b); throw; } }")]
    [InlineData("IntPtr M(int n) { var b = Marshal.AllocHGlobal(n); try { Work(); Marshal.FreeHGlobal(b); return b; } catch { Marshal.FreeHGlobal(b); throw; } }")]
    [InlineData("GCHandle M(object o) { GCHandle h = default; try { h = GCHandle.Alloc(o); Work(); return h; } catch { h.Free(); throw; } }")]
    [InlineData("void M(string s) { _pin = GCHandle.Alloc(s + '\\u0041'); }")]
    public async Task ChargeThatOnlySeemsToLeave_IsFollowed(string member) => Assert.Contains("M", await FollowedBodies.InAsync(Class(member)));

    [Theory]
    [InlineData("void M() { _sem.Wait(); try { Work(); } finally { _sem.Release(); } Work(); _sem.Release(); }")]
    [InlineData("void M() { _sem.Wait(); Work(); try { Work(); } finally { _sem.Release(); } }")]
    [InlineData("void M() { _sem.WaitAsync(); try { Work(); } finally { _sem.Release(); } }")]
    [InlineData("void M() { _other.Wait(); try { Work(); } finally { _other.Release(); } }")]
    [InlineData("void M() { _sem.Wait(); try { GiveBack(); } finally { _sem.Release(); } }")]
    [InlineData("void M() { _sem.Wait(); try { Work(); } finally { Action a = Work; a(); _sem.Release(); } }")]
    [InlineData("void M(SemaphoreSlim s) { s.Wait(); try { s = _sem; } finally { s.Release(); } }")]
    [InlineData("void M() { _sem.Wait(); try { Work(); } finally { _sem.Release(2); } }")]
    [InlineData("void M(object o) { Monitor.Enter(o); try { Pass(o); } finally { Monitor.Exit(o); } }")]
    [InlineData("void M(object o) { var h = GCHandle.Alloc(o); try { Pass(h); } finally { h.Free(); } }")]
    [InlineData("void M(object o) { var h = GCHandle.Alloc(o); try { h = default; } finally { h.Free(); } }")]
    [InlineData("void M(object o) { var h = GCHandle.Alloc(o); try { Change(ref h); } finally { h.Free(); } }")]
    [InlineData("void M(object o) { var h = GCHandle.Alloc(o); try { Action a = () => Pass(h); a(); } finally { h.Free(); } }")]
    [InlineData("void M(object o) { var h = GCHandle.Alloc(o); try { (h, s_count) = (default, 3); } finally { h.Free(); } }")]
    [InlineData("void M(object o) { GCHandle h = default; try { for (int i = 0; i < 3; i++) h = GCHandle.Alloc(o); } finally { h.Free(); } }")]
    [InlineData("void M(object o) { GCHandle h = default; try { h = GCHandle.Alloc(o); } finally { h.Free(); } }")]
    [InlineData("void M(object o) { GCHandle h = default; for (int i = 0; i < 3; i++) { try { h = GCHandle.Alloc(o); } finally { if (h.IsAllocated) h.Free(); } } }")]
    [InlineData("void M(object o) { GCHandle h = default; try { h = GCHandle.Alloc(o); } finally { if (s_count > 3) h.Free(); } }")]
    [InlineData("void M(int n) { IntPtr b = Marshal.AllocHGlobal(n); try { IntPtr c = b; Pass(c); } finally { Marshal.FreeHGlobal(b); } }")]
    [InlineData("void M(int n) { byte[] a = ArrayPool<byte>.Shared.Rent(n); if (n > 3) return; ArrayPool<byte>.Shared.Return(a); }")]
    [InlineData("void M(int n) { byte[] a = ArrayPool<byte>.Shared.Rent(n); byte[] b = ArrayPool<byte>.Shared.Rent(n); try { Work(); } finally { ArrayPool<byte>.Shared.Return(b); } }")]
    [InlineData("void M(int n) { byte[] a = ArrayPool<byte>.Shared.Rent(n); Work(); _pool.Return(a); }")]
    [InlineData("void M(int n) { bool t = false; try { Monitor.Enter(_sync, ref t); t = n > 3; } finally { if (t) Monitor.Exit(_sync); } }")]
    [InlineData("void M(int n) { bool t = true; try { Monitor.TryEnter(_sync, n, ref t); } finally { if (t) Monitor.Exit(_sync); } }")]
    [InlineData("void M(int n) { bool t = false; try { Monitor.TryEnter(_sync, n, ref t); } finally { if (!t) Monitor.Exit(_sync); } }")]
    [InlineData("void M(int n) { bool t = false; try { Monitor.TryEnter(_sync, n, ref t); } finally { Monitor.Exit(_sync); } }")]
    [InlineData("bool M(int n) { if (_sem.Wait(n)) return false; try { return true; } finally { _sem.Release(); } }")]
    [InlineData("bool M(int n) { if (!_sem.Wait(n)) Work(); try { return true; } finally { _sem.Release(); } }")]
    [InlineData("void M(Memory<byte> m) { var h = m.Pin(); using (h) Work(); h.Dispose(); }")]
    [InlineData("void M(object o) { _rw.EnterReadLock(); try { Work(); } finally { _rw.ExitWriteLock(); } }")]
    [InlineData("void M() { void Give() { _sem.Release(); } _sem.Wait(); try { Give(); } finally { _sem.Release(); } }")]
    [InlineData("void M(object o) { GCHandle h = default, k = default; try { h = GCHandle.Alloc(o); k = GCHandle.Alloc(o); } finally { if (h.IsAllocated) h.Free(); if (k.IsAllocated) k.Free(); } }")]
    [InlineData("void M(object o) { var h = GCHandle.Alloc(o); try { var k = h; k.Free(); } finally { if (h.IsAllocated) h.Free(); } }")]
    [InlineData("void M(SemaphoreSlim[] all, int i) { all[i].Wait(); try { i++; } finally { all[i].Release(); } }")]
    [InlineData("async Task M(SemaphoreSlim s) { var w = s.WaitAsync(); try { await w; } finally { s.Release(); } }")]
    [InlineData("void M() { Take(); try { Work(); } finally { _sem.Release(); } }")]
    public async Task AnythingElse_IsFollowed(string member) => Assert.Contains("M", await FollowedBodies.InAsync(Class(member)));

    [Fact]
    public Task ReleaseByACallee_IsOneTooMany() => Verify.Members("""
            void Twice(object o)
            {
                var handle = GCHandle.Alloc(o);
                try { Free(handle); }
                finally { {|PIN1003:handle.Free()|}; }
            }

            void TwiceThroughAnother(object o)
            {
                var handle = GCHandle.Alloc(o);
                try { Outer(handle); }
                finally { {|PIN1003:handle.Free()|}; }
            }

            void Outer(GCHandle handle) => Free(handle);
            void Free(GCHandle handle) => handle.Free();
        """);

    internal static FollowedBodies.CSharpSource Class(string member) => new($$"""
        using System;
        using System.Buffers;
        using System.Collections.Generic;
        using System.IO;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;

        class C
        {
            static int s_count;
            readonly SemaphoreSlim _sem = new(1);
            SemaphoreSlim _other = new(1);
            readonly object _sync = new();
            readonly SafeHandle _handle = null;
            readonly ArrayPool<byte> _pool = null;
            readonly ReaderWriterLockSlim _rw = new();
            GCHandle _pin;
            IntPtr _block;
            byte[] _rented;

            {{member}}

            static void Work() => s_count++;
            static void Pass(object o) { }
            static void Change(ref GCHandle h) { }
            static void Keep<T>(ref T h) { }
            void GiveBack() => _sem.Release();
            void FreeBlock() => Marshal.FreeHGlobal(_block);
            bool Take() { _sem.Wait(); return true; }
        }
        """);
}
