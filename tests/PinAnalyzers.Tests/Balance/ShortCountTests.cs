using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>PIN1005, its suggestion: a count-or-error result is asked only whether it is an error.</summary>
public sealed class ShortCountTests
{
    private const string Pinner = """
            /// <summary>Pins at most so many pages; returns how many, or a negative error.</summary>
            public sealed class Pinner
            {
                [Charge("pinned pages", SucceedsWhen = SucceedsWhen.NonNegative, ReleasedBy = nameof(Unpin))]
                public int Pin(nint address, [ChargeAmount] int n) => address == 0 ? -14 : n;

                [Release("pinned pages")]
                public void Unpin(nint address, [ChargeAmount] int n) { }
            }

            private readonly Pinner _pinner = new();

            private static void Use(nint address, int pages) { }

        """;

    private static Task Members(string members, params DiagnosticResult[] expected) => Verify.File($$"""
        using PinAccounting.Annotations;

        public class C
        {
        {{members}}
        }
        """, expected);

    [Fact]
    public Task OnlyTheSignIsLookedAt() => Members(Pinner + """
            bool Compared(nint a, int n) => {|PIN1005i:_pinner.Pin(a, n)|} >= 0;

            bool InACondition(nint a, int n)
            {
                if ({|PIN1005i:_pinner.Pin(a, n)|} < 0) return false;
                Use(a, n);
                return true;
            }

            int HandsOnTheError(nint a, int n)
            {
                int got = {|PIN1005i:_pinner.Pin(a, n)|};
                if (got < 0) return got;
                Use(a, n);
                return 0;
            }

            int ThrowsTheError(nint a, int n)
            {
                var got = {|PIN1005i:_pinner.Pin(a, n)|};
                if (got < 0)
                {
                    throw new InvalidOperationException($"pin failed: {got}");
                }

                return n;
            }

            int AssignedInTheTest(nint a, int n)
            {
                int got;
                if ((got = {|PIN1005i:_pinner.Pin(a, n)|}) < 0) return got;
                return n;
            }

            int AssignedLater(nint a, int n)
            {
                int got = 0;
                got = {|PIN1005i:_pinner.Pin(a, n)|};
                return got is < 0 ? got : n;
            }

            bool MinusOne(nint a, int n) => {|PIN1005i:_pinner.Pin(a, n)|} != -1;

            bool TestedTwice(nint a, int n)
            {
                int got = {|PIN1005i:_pinner.Pin(a, n)|};
                if (got <= 0) return false;
                if (got > 0) Use(a, n);
                return true;
            }

            void Turned(nint a, int n)
            {
                int got = {|PIN1005i:_pinner.Pin(a, n)|};
                if (0 > got) return;
                Use(a, n);
            }

            async Task<bool> Async(nint a, int n)
            {
                int got = {|PIN1005i:_pinner.Pin(a, n)|};
                await Task.Yield();
                return got >= 0;
            }

            void InALambda(nint a, int n)
            {
                Func<bool> pins = () => {|PIN1005i:_pinner.Pin(a, n)|} >= 0;
                pins();
            }

            bool AllOf(nint a, int[] counts)
            {
                foreach (int n in counts)
                {
                    if ({|PIN1005i:_pinner.Pin(a, n)|} < 0) return false;
                }

                return true;
            }
        """);

    [Fact]
    public Task CountIsUsed_Silent() => Members(Pinner + """
            bool AgainstWhatWasAsked(nint a, int n) => _pinner.Pin(a, n) == n;

            int Returned(nint a, int n) => _pinner.Pin(a, n);

            bool ComparedThenUsed(nint a, int n)
            {
                int got = _pinner.Pin(a, n);
                if (got < 0) return false;
                if (got < n)
                {
                    _pinner.Unpin(a, got);
                    return false;
                }

                return true;
            }

            int ReturnedAsItIs(nint a, int n)
            {
                int got = _pinner.Pin(a, n);
                if (got < 0) goto done;
                Use(a, got);
            done:
                return got;
            }

            int _pinned;

            bool Kept(nint a, int n)
            {
                int got = _pinner.Pin(a, n);
                if (got < 0) return false;
                _pinned += got;
                return true;
            }

            void Loops(nint a, int n)
            {
                for (int done = 0; done < n;)
                {
                    int got = _pinner.Pin(a + done, n - done);
                    if (got <= 0) break;
                    done += got;
                }
            }

            bool Matched(nint a, int n) => _pinner.Pin(a, n) switch
            {
                < 0 => false,
                var got => got == n,
            };

            int Named(nint a, int n)
            {
                const int NoMemory = -12;
                int got = _pinner.Pin(a, n);
                return got == NoMemory ? 0 : n;
            }

            // There is no fewer than one that is not none.
            bool AskedForOne(nint a) => _pinner.Pin(a, 1) > 0;

            void Captured(nint a, int n)
            {
                int got = _pinner.Pin(a, n);
                Action later = () => Use(a, got);
                later();
            }

            void Out(nint a, int n, out int got)
            {
                got = _pinner.Pin(a, n);
                if (got < 0) got = 0;
            }

            bool Asserted(nint a, int n)
            {
                int got = _pinner.Pin(a, n);
                Debug.Assert(got == n);
                return got >= 0;
            }
        """);

    [Fact]
    public Task SignConvention_IsNoCount_Silent() => Members("""
            public sealed class Errors
            {
                [Charge("errno pages", SucceedsWhen = SucceedsWhen.Zero, ReleasedBy = nameof(Unpin))]
                public int Pin([ChargeAmount] int n) => -n;

                [Release("errno pages")]
                public void Unpin([ChargeAmount] int n) { }

                [Charge("slot", SucceedsWhen = SucceedsWhen.NonNegative, ReleasedBy = nameof(Free))]
                [return: ChargeToken]
                public int Take() => 1;

                [Release("slot")]
                public void Free([ChargeToken] int slot) { }
            }

            private readonly Errors _errors = new();

            bool Errno(int n) => _errors.Pin(n) == 0;

            void Slot()
            {
                int slot = _errors.Take();
                if (slot < 0) return;
                _errors.Free(slot);
            }
        """);

    [Fact]
    public Task IsASuggestion() => Members(
        Pinner + "    bool Compared(nint a, int n) => {|#0:_pinner.Pin(a, n)|} >= 0;",
        new DiagnosticResult("PIN1005", DiagnosticSeverity.Info).WithLocation(0).WithMessage("The result of '_pinner.Pin(a, n)' is not used: a short count is not a full one").WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
}
