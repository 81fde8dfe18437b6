using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1004: a release that is reached although the charge was denied.</summary>
public sealed class ReleasedUnchargedTests
{
    [Fact]
    public Task ReleaseIsReached_FromTheFailureOfTheCharge() => Verify.Members("""
            bool _ok = false;

            // The catalogue's A22: the finally runs when the charge was denied, too, and not when the flag says so.
            bool Map(int n)
            {
                try
                {
                    if (!{|PIN1001:_owner.TryCharge(n)|}) return false;
                    Calls.Quiet();
                    return true;
                }
                finally { if (!_ok) {|PIN1004:_owner.Uncharge(n)|}; }
            }

            void InTheFailureBranch(int n)
            {
                if (!_owner.TryCharge(n))
                {
                    {|PIN1004:_owner.Uncharge(n)|};
                    return;
                }
                _owner.Uncharge(n);
            }

            void WhateverCame(int n)
            {
                bool ok = _owner.TryCharge(n);
                if (ok) Calls.Quiet();
                {|PIN1004:_owner.Uncharge(n)|};
            }

            void SharedLabel(int n)
            {
                if (!_owner.TryCharge(n)) goto done;
                Calls.Quiet();
            done:
                {|PIN1004:_owner.Uncharge(n)|};
            }

            void TimedOut()
            {
                try
                {
                    if (!_sem.Wait(10)) return;
                    Calls.Work();
                }
                finally { {|PIN1004:_sem.Release()|}; }
            }

            bool Locked()
            {
                bool had = Monitor.TryEnter(_gate, 10);
                try { return had; }
                finally { {|PIN1004:Monitor.Exit(_gate)|}; }
            }

            async Task<bool> AwaitedAndTimedOut()
            {
                try
                {
                    if (!await _sem.WaitAsync(10)) return false;
                    Calls.Quiet();
                    return true;
                }
                finally { {|PIN1004:_sem.Release()|}; }
            }

            void TestedTheWrongWayRound(int n)
            {
                bool denied = !_owner.TryCharge(n);
                if (denied) {|PIN1004:_owner.Uncharge(n)|};
            }

            void Reader(ReaderWriterLockSlim rw)
            {
                bool entered = rw.TryEnterReadLock(5);
                try { if (entered) Calls.Quiet(); }
                finally { {|PIN1004:rw.ExitReadLock()|}; }
            }

            void FlagOfALock(int n)
            {
                SpinLock spin = new();
                bool taken = false;
                spin.TryEnter(ref taken);
                {|PIN1004:spin.Exit()|};
            }

            async Task CancelledBeforeItWasHad(CancellationToken token)
            {
                try
                {
                    await _sem.WaitAsync(token);
                    Calls.Quiet();
                }
                finally { {|PIN1004:_sem.Release()|}; }
            }
        """);

    [Fact]
    public Task GuardedByItsOutcome_Silent() => Verify.Members("""
            bool Map(int n)
            {
                if (!_owner.TryCharge(n)) return false;
                if (n == 4) return true;
                _owner.Uncharge(n);
                return false;
            }

            void Guarded(int n)
            {
                bool ok = _owner.TryCharge(n);
                try { Calls.Work(); }
                finally { if (ok) _owner.Uncharge(n); }
            }

            void Taken()
            {
                bool taken = false;
                try
                {
                    Monitor.TryEnter(_gate, ref taken);
                    if (taken) Calls.Work();
                }
                finally { if (taken) Monitor.Exit(_gate); }
            }

            void SetAfterwards(int n)
            {
                bool charged = false;
                try
                {
                    if (!_owner.TryCharge(n)) return;
                    charged = true;
                    Calls.Work();
                }
                finally { if (charged) _owner.Uncharge(n); }
            }

            void Counted(int n)
            {
                int charged = 0;
                try
                {
                    while (charged < n && _owner.TryCharge(1)) charged++;
                    Calls.Work();
                }
                finally { while (charged-- > 0) _owner.Uncharge(1); }
            }

            void Denied(int n)
            {
                if (!_owner.TryCharge(n)) throw new InvalidOperationException("denied");
                try { Calls.Work(); }
                finally { _owner.Uncharge(n); }
            }

            async Task Waits(CancellationToken token)
            {
                bool entered = await _sem.WaitAsync(100, token);
                if (!entered) return;
                try { await Calls.WorkAsync(); }
                finally { _sem.Release(); }
            }

            void Retries(int n)
            {
                while (!_owner.TryCharge(n)) Thread.Yield();
                _owner.Uncharge(n);
            }

            void OtherOwner(Owner other, int n)
            {
                if (!_owner.TryCharge(n)) { other.Uncharge(n); return; }
                _owner.Uncharge(n);
            }

            void ChargedAnyway(int n)
            {
                if (!_owner.TryCharge(n)) _owner.Charge(n);
                _owner.Uncharge(n);
            }

            void ReleaseBeforeCharge(int n)
            {
                _owner.Uncharge(n);
                try { Calls.Work(); }
                finally { _owner.Charge(n); }
            }

            void FreedWhenNull()
            {
                nint page = Native.PinOne(3);
                if (page != 0) Native.Unpin(page);
            }
        """);

    [Fact]
    public Task AssertionThatASemaphoreIsTaken_IsNoFailedCharge() => Verify.Members("""
            static void False(bool condition) { if (condition) throw new InvalidOperationException(); }
            static void Equal(bool expected, bool actual) { if (expected != actual) throw new InvalidOperationException(); }

            void Asserted(Semaphore semaphore)
            {
                False(semaphore.WaitOne(0));
                semaphore.Release();
            }

            void Each(SemaphoreSlim[] semaphores)
            {
                for (int i = 0; i < semaphores.Length; i++)
                {
                    Equal(i > 0, semaphores[i].Wait(0));
                    semaphores[i].Release();
                }
            }

            void Branched(Semaphore semaphore)
            {
                if (!semaphore.WaitOne(0)) Console.WriteLine();
                {|PIN1004:semaphore.Release()|};
            }

            void AccountAsserted(int n)
            {
                False(_owner.TryCharge(n));
                {|PIN1004:_owner.Uncharge(n)|};
            }
        """);

    /// <summary>Who catches an abandoned mutex beside a wait means the wait, and has the mutex.</summary>
    [Theory]
    [InlineData("bool has = false; try { try { has = m.WaitOne(5000, false); if (!has) { fail(); return; } } catch (AbandonedMutexException) { has = true; } op(); } finally { if (has) m.ReleaseMutex(); }")]
    [InlineData("bool has; try { has = m.WaitOne(100); if (!has) throw new TimeoutException(); } catch (AbandonedMutexException) { has = true; } try { op(); } finally { if (has) m.ReleaseMutex(); }")]
    [InlineData("try { if (!m.WaitOne(100)) return; } catch (AbandonedMutexException) { } try { op(); } finally { m.ReleaseMutex(); }")]
    [InlineData("bool has; try { has = m.WaitOne(100); if (!has) throw new TimeoutException(); } catch (Exception) { has = true; } try { op(); } finally { if (has) {|PIN1004:m.ReleaseMutex()|}; }")]
    public Task AbandonedMutex_IsTaken(string body) => Verify.Members($"void M(Mutex m, Action fail, Action op) {{ {body} }}");
}
