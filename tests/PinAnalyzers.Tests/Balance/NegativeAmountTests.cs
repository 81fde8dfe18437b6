using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1017: an amount that is negative, negated or perhaps an error code.</summary>
public sealed class NegativeAmountTests
{
    /// <summary>A guard of the framework, or one of this source that throws or answers, has looked at the result.</summary>
    [Fact]
    public Task GuardedByAMethodThatThrows_IsSilent() => Verify.Members("""
            [DllImport("pages")] private static extern int pin_pages(nint address, int count);

            private static void Check(int code) { if (code < 0) throw new InvalidOperationException(); }

            private static void Log(int code) { }

            private static int Checked(int code) => code < 0 ? throw new InvalidOperationException() : code;

            private static bool IsGood(int code) => !IsBad(code);

            private static bool IsBad(int code) => code < 0;

            void ByOneThatReturns(nint a, int n)
            {
                int got = pin_pages(a, n);
                Checked(got);
                _owner.Charge(got);
                _owner.Uncharge(got);
            }

            void ByAnAnswer(nint a, int n)
            {
                int got = pin_pages(a, n);
                if (!IsGood(got)) return;
                _owner.Charge(got);
                _owner.Uncharge(got);
            }

            void ByTheFramework(nint a, int n)
            {
                int got = pin_pages(a, n);
                ArgumentOutOfRangeException.ThrowIfNegative(got);
                _owner.Charge(got);
                _owner.Uncharge(got);
            }

            void ByOurOwn(nint a, int n)
            {
                int got = pin_pages(a, n);
                Check(got);
                _owner.Charge(got);
                _owner.Uncharge(got);
            }

            void ByNobody(nint a, int n)
            {
                int got = pin_pages(a, n);
                Log(got);
                _owner.Charge({|PIN1017:got|});
                _owner.Uncharge({|PIN1017:got|});
            }

            // The charge itself throws, but for want of room.
            private readonly Budget _budget = new();

            void ByTheChargeOnly(nint a, int n)
            {
                int got = pin_pages(a, n);
                _budget.Charge({|PIN1017:got|});
                _budget.Uncharge({|PIN1017:got|});
            }

            private sealed class Budget
            {
                private long _used;

                [PinAccounting.Annotations.Charge("budget", ReleasedBy = nameof(Uncharge))]
                public void Charge([PinAccounting.Annotations.ChargeAmount] long n) { if (n > 100 - _used) throw new InvalidOperationException(); _used += n; }

                [PinAccounting.Annotations.Release("budget")]
                public void Uncharge([PinAccounting.Annotations.ChargeAmount] long n) => _used -= n;
            }
        """);

    [Fact]
    public Task NegativeOrNegated_IsReported() => Verify.Members("""
            void Constant() => _owner.Charge({|PIN1017:-4|});

            bool InATest() => _owner.TryCharge({|PIN1017:-1|});

            void Local()
            {
                const long n = -3;
                _owner.Uncharge({|PIN1017:n|});
            }

            void Negated(long n) => _owner.Uncharge({|PIN1017:-n|});

            void NegatedBefore(long n)
            {
                long less = -n;
                _owner.Uncharge({|PIN1017:less|});
            }

            void KnownNegative(long delta)
            {
                if (delta < 0) _owner.Charge({|PIN1017:delta|});
            }

            void Pressure(long n) => GC.AddMemoryPressure({|PIN1017:-n|});

            void WrongBranch(long delta)
            {
                if (delta > 0) _owner.Uncharge({|PIN1017:-delta|});
                else Calls.Quiet();
            }

            // The sign was not turned when one signed call was split into two.
            void WrongWayRound(long asked, long got)
            {
                if (got < asked) _owner.Uncharge({|PIN1017:got - asked|});
            }

            void WrongWayRoundLater(long asked, long got)
            {
                if (asked <= got) return;
                long rest = got - asked;
                _owner.Uncharge({|PIN1017:rest|});
            }

            // One mistake, one message: that it is another amount than was charged follows.
            void OfWhatWasCharged(long n)
            {
                if (!_owner.TryCharge(n)) return;
                _owner.Uncharge({|PIN1017:-n|});
            }

            void OneTooMany(long used, long n)
            {
                if (n > used) { _owner.Charge({|PIN1017:used - n - 1|}); }
            }
        """);

    [Fact]
    public Task UncheckedErrorCode_IsReported() => Verify.File("""
        using PinAccounting.Annotations;

        class Ring
        {
            private readonly Owner _owner = new();
            [Counter] private long _used;
            [Counter] private long _atomic;
            private long _pages;

            [return: Errno(ErrnoConvention.NegativeErrno)]
            static int PinPages(nint address, int n) => address == 0 ? -12 : n;

            [DllImport("libc", SetLastError = true)]
            static extern nint read(int file, nint buffer, nint count);

            void Charged(nint address, int n)
            {
                int got = PinPages(address, n);
                _owner.Charge({|PIN1017:got|});
            }

            // The catalogue's A6.
            bool Counted(nint address, int n)
            {
                _pages = PinPages(address, n);
                _used += {|PIN1017:_pages|};
                return _pages == n;
            }

            void OnlyZeroIsTested(nint address, int n)
            {
                int got = PinPages(address, n);
                if (got == 0) return;
                _owner.Charge({|PIN1017:got|});
            }

            void AtOnce(nint address, int n) => Interlocked.Add(ref _atomic, {|PIN1017:PinPages(address, n)|});

            void Imported(int file, nint buffer)
            {
                long count = read(file, buffer, 100);
                GC.AddMemoryPressure({|PIN1017:count|});
            }

            void MinusOneIsNotAllOfIt(nint address, int n)
            {
                int got = PinPages(address, n);
                if ({|PIN4012:got == -1|}) return;
                _owner.Charge({|PIN1017:got|});
            }
        }
        """);

    [Fact]
    public Task Tested_IsSilent() => Verify.File("""
        using PinAccounting.Annotations;

        class Ring
        {
            private readonly Owner _owner = new();
            [Counter] private long _used;
            [Counter] private long _atomic;
            private long _pages;

            void Rest(long asked, long got) { if (got < asked) _owner.Uncharge(asked - got); else _owner.Uncharge(got - asked); }
            void AtMostZero(long a, long b) { if (a <= b) _owner.Uncharge(b - a); }
            void NotKnown(long locked, long unlocked) => _owner.Uncharge(locked - unlocked);
            void MoreThanTheDifference(long a, long b) { if (a < b) _owner.Uncharge(a - b + 5); }

            [return: Errno(ErrnoConvention.NegativeErrno)]
            static int PinPages(nint address, int n) => address == 0 ? -12 : n;

            [DllImport("libc", SetLastError = true)]
            static extern nint read(int file, nint buffer, nint count);

            [DllImport("libc")]
            static extern int getpagesize();

            static int Count(int n) => n * 2;

            bool Checked(nint address, int n)
            {
                int r = PinPages(address, n);
                if (r <= 0) return false;
                _pages = r;
                _owner.Charge(_pages);
                return r == n;
            }

            void AllOrNothing(nint address, int n)
            {
                int r = PinPages(address, n);
                if (r != n) throw new InvalidOperationException();
                _owner.Charge(r);
            }

            void MinusOne(int file, nint buffer)
            {
                nint count = read(file, buffer, 100);
                if (count == -1) throw new IOException();
                GC.AddMemoryPressure(count);
            }

            void Positive(nint address, int n)
            {
                int r = PinPages(address, n);
                if (r >= 0) _used += r;
            }

            void Delta(long delta)
            {
                if (delta < 0) _owner.Uncharge(-delta);
                else _owner.Charge(delta);
            }

            void DeltaBelow(long delta)
            {
                if (delta >= 0) return;
                long back = -delta;
                _owner.Uncharge(back);
            }

            void Subtract(long n)
            {
                _used += -n;
                Interlocked.Add(ref _atomic, -n);
            }

            void Difference(long all, long kept) => _owner.Uncharge(all - kept);

            void Size() => GC.AddMemoryPressure(getpagesize());

            void Own(int n) => _owner.Charge(Count(n));

            void Clamped(nint address, int n) => _owner.Charge(Math.Max(0, PinPages(address, n)));

            void Parameter(long n) => _owner.Charge(n);
        }
        """);

    /// <summary>An amount that shrinks until there is room for it is negative only if it was before anything was charged.</summary>
    [Theory]
    [InlineData("while (n > 0 && !_owner.TryCharge(n)) n /= 2; if (n == 0) return; Calls.Quiet(); _owner.Uncharge(n);")]
    [InlineData("while (n > 0 && !_owner.TryCharge(n)) n = n >> 1; if (n != 0) _owner.Uncharge(n);")]
    [InlineData("for (; n > 0 && !_owner.TryCharge(n); n /= 2) { } if (n == 0) return; Calls.Quiet(); _owner.Uncharge(n);")]
    [InlineData("while (n > 0) { if (_owner.TryCharge(n)) break; n /= 2; } if (n == 0) return; Calls.Quiet(); _owner.Uncharge(n);")]
    [InlineData("do { if (_owner.TryCharge(n)) break; n /= 2; } while (n > 0); if (n == 0) return; Calls.Quiet(); _owner.Uncharge(n);")]
    [InlineData("while (n > 0 && !_owner.TryCharge(n)) n -= 10; if (n == 0) return; Calls.Quiet(); _owner.Uncharge({|PIN1017:n|});")]
    [InlineData("if (n < 0) { _owner.Charge({|PIN1017:n|}); Calls.Quiet(); _owner.Uncharge({|PIN1017:n|}); }")]
    [InlineData("if (n < 0) _owner.Uncharge({|PIN1017:n|}); else _owner.Charge(n);")]
    public Task ShrunkUntilItFits_IsSilent(string statements) => Verify.Members($$"""
            void M(long n) { {{statements}} }
        """);
}
