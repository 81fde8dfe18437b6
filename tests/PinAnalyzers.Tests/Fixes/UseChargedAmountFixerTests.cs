using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.UseChargedAmountFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class UseChargedAmountFixerTests
{
    [Fact]
    public Task ChargedExpression_IsReleasedAgain() => Verify.CodeFix(
        """
        using System;
        using System.Buffers;

        static class C
        {
            static void OtherParameter(long asked, long used)
            {
                GC.AddMemoryPressure(asked);
                {|PIN1006:GC.RemoveMemoryPressure(used)|}; // what was asked
            }

            static void Header(int length)
            {
                GC.AddMemoryPressure(length + 64);
                {|PIN1006:GC.RemoveMemoryPressure(length)|};
            }

            static void Rented(int n)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(n);
                GC.AddMemoryPressure(buffer.Length);
                ArrayPool<byte>.Shared.Return(buffer);
                {|PIN1006:GC.RemoveMemoryPressure(n)|};
            }

            static void Constants()
            {
                GC.AddMemoryPressure(4096);
                {|PIN1006:GC.RemoveMemoryPressure(4095)|};
            }
        }
        """,
        """
        using System;
        using System.Buffers;

        static class C
        {
            static void OtherParameter(long asked, long used)
            {
                GC.AddMemoryPressure(asked);
                GC.RemoveMemoryPressure(asked); // what was asked
            }

            static void Header(int length)
            {
                GC.AddMemoryPressure(length + 64);
                GC.RemoveMemoryPressure(length + 64);
            }

            static void Rented(int n)
            {
                byte[] buffer = ArrayPool<byte>.Shared.Rent(n);
                GC.AddMemoryPressure(buffer.Length);
                ArrayPool<byte>.Shared.Return(buffer);
                GC.RemoveMemoryPressure(buffer.Length);
            }

            static void Constants()
            {
                GC.AddMemoryPressure(4096);
                GC.RemoveMemoryPressure(4096);
            }
        }
        """);

    [Fact]
    public Task ChangedVariable_IsKeptInALocal() => Verify.CodeFix(
        """
        using System;

        static class C
        {
            static void Grown(long n)
            {
                Console.WriteLine();

                // as much as there is
                GC.AddMemoryPressure(n);
                n++;
                {|PIN1006:GC.RemoveMemoryPressure(n)|};
            }
        }
        """,
        """
        using System;

        static class C
        {
            static void Grown(long n)
            {
                Console.WriteLine();

                // as much as there is
                long charged = n;
                GC.AddMemoryPressure(charged);
                n++;
                GC.RemoveMemoryPressure(charged);
            }
        }
        """);

    [Fact]
    public Task ChargeInAnExpression_IsLeftAlone() => Verify.NoFix(
        """
        using PinAccounting.Annotations;

        class Account
        {
            [Charge("pages", SucceedsWhen = SucceedsWhen.True, ReleasedBy = nameof(Uncharge))]
            public bool TryCharge([ChargeAmount] long n) => n < 100;

            [Release("pages")]
            public void Uncharge([ChargeAmount] long n) { }
        }

        class C
        {
            void M(Account account, long n)
            {
                if (n > 3 && account.TryCharge(n))
                {
                    n++;
                    {|PIN1006:account.Uncharge(n)|};
                }
            }
        }
        """, PinAnalyzers.Tests.Verification.TestSetup.Annotated);
}
