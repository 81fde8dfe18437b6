using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.HoistEffectFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class HoistEffectFixerTests
{
    private const string Account = """
        using System.Diagnostics;
        using System.Threading;
        using PinAccounting.Annotations;

        class Account
        {
            [Charge("pages", SucceedsWhen = SucceedsWhen.True, ReleasedBy = nameof(Uncharge))]
            public bool TryCharge([ChargeAmount] long n) => n < 100;

            [Release("pages")]
            public void Uncharge([ChargeAmount] long n) { }
        }

        """;

    [Fact]
    public Task Effect_IsMovedOut() => Verify.CodeFix(
        Account + """
        class C
        {
            private int _state;

            void Take(Account account, long n)
            {
                // must have room
                Debug.Assert({|PIN1014:account.TryCharge(n)|}, "no room");
            }

            int Enter(int i)
            {
                Debug.Assert({|PIN1014:Interlocked.CompareExchange(ref _state, 1, 0)|} == 0);
                Debug.Assert({|PIN1014:i++|} < 5);
                Debug.Assert(0 < {|PIN1014:++i|});
                Debug.Assert(({|PIN1014:i = i * 2|}) > 3);
                return i + _state;
            }
        }
        """,
        Account + """
        class C
        {
            private int _state;

            void Take(Account account, long n)
            {
                // must have room
                bool charged = account.TryCharge(n);
                Debug.Assert(charged, "no room");
            }

            int Enter(int i)
            {
                int result = Interlocked.CompareExchange(ref _state, 1, 0);
                Debug.Assert(result == 0);
                int previous = i++;
                Debug.Assert(previous < 5);
                ++i;
                Debug.Assert(0 < i);
                i = i * 2;
                Debug.Assert(i > 3);
                return i + _state;
            }
        }
        """,
        TestSetup.Annotated);

    [Fact]
    public Task ConditionalEffect_IsLeftAlone() => Verify.NoFix(
        Account + """
        class C
        {
            void BehindATest(Account account, bool on, long n)
            {
                Debug.Assert(!on || {|PIN1014:account.TryCharge(n)|});
            }

            void InALambda(Account account, long n)
            {
                System.Action take = () => Debug.Assert({|PIN1014:account.TryCharge(n)|});
                take();
            }

            int AfterAnother(int i)
            {
                Debug.WriteLine(Next(), ({|PIN1014:i++|}).ToString());
                return i;
            }

            static string Next() => "";
        }
        """,
        TestSetup.Annotated);

    [Fact]
    public Task ExpressionBody_BecomesABlock() => Verify.CodeFix(
        Account + """
        class C
        {
            // The catalogue's A23.
            void Take(Account account, long n) => Debug.Assert({|PIN1014:account.TryCharge(n)|}); // or else
        }
        """,
        Account + """
        class C
        {
            // The catalogue's A23.
            void Take(Account account, long n)
            {
                bool charged = account.TryCharge(n);
                Debug.Assert(charged);
            } // or else
        }
        """,
        TestSetup.Annotated);

    [Fact]
    public Task AwaitedEffect_IsAwaitedBefore() => Verify.CodeFix(
        Account + """
        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            async System.Threading.Tasks.Task Enter()
            {
                Debug.Assert(await {|PIN1014:_gate.WaitAsync(5)|});
            }
        }
        """,
        Account + """
        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            async System.Threading.Tasks.Task Enter()
            {
                bool result = await _gate.WaitAsync(5);
                Debug.Assert(result);
            }
        }
        """,
        TestSetup.Annotated);
}
