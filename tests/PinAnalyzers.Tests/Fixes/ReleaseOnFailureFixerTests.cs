using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.ReleaseOnFailureFixer>;

namespace PinAnalyzers.Tests.Fixes;

public sealed class ReleaseOnFailureFixerTests
{
    private const string Account =
        """
        using PinAccounting.Annotations;

        sealed class Account
        {
            private long _used;

            [Charge("pages", ReleasedBy = nameof(Uncharge))]
            public bool TryCharge([ChargeAmount] long pages)
            {
                if (pages > 16 - _used) return false;
                _used += pages;
                return true;
            }

            [Release("pages")]
            public void Uncharge([ChargeAmount] long pages) => _used -= pages;
        }
        """;

    [Fact]
    public Task TokenKeptOnSuccess_IsReleasedWhereTheMethodGivesUp() => Verify.CodeFix(
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static IntPtr Read(int size, bool isBad, bool isWorse)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                if (isBad) return IntPtr.Zero;
                if (isWorse)
                {
                    // Nothing to read.
                    throw new InvalidOperationException("worse");
                }

                return p;
            }
        }
        """,
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            static IntPtr Read(int size, bool isBad, bool isWorse)
            {
                IntPtr p = Marshal.AllocHGlobal(size);
                if (isBad)
                {
                    Marshal.FreeHGlobal(p);
                    return IntPtr.Zero;
                }

                if (isWorse)
                {
                    // Nothing to read.
                    Marshal.FreeHGlobal(p);
                    throw new InvalidOperationException("worse");
                }

                return p;
            }
        }
        """);

    [Fact]
    public Task FailureOfALaterCharge_RollsBack() => Verify.CodeFix(
        """
        static class C
        {
            static int Both(Account a, Account b, long pages)
            {
                if (!{|PIN1001:a.TryCharge(pages)|}) return 1;
                if (!b.TryCharge(pages)) return 2;
                b.Uncharge(pages);
                a.Uncharge(pages);
                return 0;
            }
        }
        """,
        """
        static class C
        {
            static int Both(Account a, Account b, long pages)
            {
                if (!a.TryCharge(pages)) return 1;
                if (!b.TryCharge(pages))
                {
                    a.Uncharge(pages);
                    return 2;
                }

                b.Uncharge(pages);
                a.Uncharge(pages);
                return 0;
            }
        }
        """,
        TestSetup.Annotated.Source("/0/Account.cs", Account));

    [Fact]
    public Task NoCertainEdit_NoFix() => Verify.NoFix(
        """
        using System;
        using System.Runtime.InteropServices;

        static class C
        {
            // The result is read through the token.
            static IntPtr Needed(int size, bool isBad)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                if (isBad) return Marshal.ReadIntPtr(p);
                return p;
            }

            // Released already on one of the ways there.
            static IntPtr Sometimes(int size, bool isBad, bool frees)
            {
                IntPtr p = {|PIN1001:Marshal.AllocHGlobal(size)|};
                if (frees) Marshal.FreeHGlobal(p);
                if (isBad || frees) return IntPtr.Zero;
                return p;
            }
        }
        """);
}
