using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>One signal, several ways of asking for it: what zero on success leaves open the test settles.</summary>
public sealed class ResultConventionTests
{
    private const string Pairs = """
            [DllImport("libc", SetLastError = true)] static extern int mlock(nint address, nuint length);
            [DllImport("libc")] static extern int munlock(nint address, nuint length);
            [DllImport("libc")] static extern nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);
            [DllImport("libc")] static extern int munmap(nint address, nuint length);

            [Charge("slot", SucceedsWhen = SucceedsWhen.Zero, ReleasedBy = nameof(Put))] static int Get() => 0;
            [Release("slot")] static void Put() { }
            [Charge("count", SucceedsWhen = SucceedsWhen.NonNegative, ReleasedBy = nameof(PutCount))] static int GetCount() => 0;
            [Release("count")] static void PutCount() { }
            [Charge("id", SucceedsWhen = SucceedsWhen.NotMinusOne, ReleasedBy = nameof(PutId))] static int GetId() => 0;
            [Release("id")] static void PutId() { }
        """;

    [Theory]
    [InlineData("if (mlock(p, n) < 0) return; munlock(p, n);")]
    [InlineData("if (0 > mlock(p, n)) return; munlock(p, n);")]
    [InlineData("if (mlock(p, n) == -1) throw new IOException(); munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (r == -1) return; munlock(p, n);")]
    [InlineData("int r = mlock(p, n); if (r != -1) munlock(p, n);")]
    [InlineData("if (mlock(p, n) >= 0) munlock(p, n);")]
    [InlineData("if (mlock(p, n) > -1) munlock(p, n);")]
    [InlineData("if (mlock(p, n) is -1) return; munlock(p, n);")]
    [InlineData("if (mlock(p, n) is not < 0) munlock(p, n);")]
    [InlineData("if (mlock(p, n) != 0) return; munlock(p, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if (a == -1) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if (a < 0) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ({|PIN4012:a == 0|}) return; munmap(a, n);")]
    [InlineData("nint a = mmap(0, n, 1, 2, 3, 0); if ({|PIN4012:a != IntPtr.Zero|}) munmap(a, n);")]
    [InlineData("if (Get() < 0) return; Put();")]
    [InlineData("int r; if ((r = Get()) < 0) return; Put();")]
    [InlineData("int r = Get(); if (r > 0) return; Put();")]
    [InlineData("int r = Get(); if (r is -1) return; Put();")]
    [InlineData("if (GetCount() == -1) return; PutCount();")]
    [InlineData("if (GetCount() < 0) return; PutCount();")]
    [InlineData("if (GetId() < 0) return; PutId();")]
    [InlineData("if (GetId() >= 0) PutId();")]
    public Task FailureThatIsAskedFor_IsTheOnlyOne(string body) => Verify.File($$"""
        using PinAccounting.Annotations;

        class C
        {
        {{Pairs}}
            void M(nint p, nuint n) { {{body}} }
        }
        """);

    [Theory]
    [InlineData("if (mlock(p, n) < 0) {|PIN1004:munlock(p, n)|};")]
    [InlineData("int r = mlock(p, n); if (r == -1) {|PIN1004:munlock(p, n)|}; else munlock(p, n);")]
    [InlineData("int r = {|PIN1001:mlock(p, n)|}; if (r < 0 || p == 3) return; munlock(p, n);")]
    [InlineData("int r = {|PIN1001:Get()|}; if (r == -1) return; if (p == 3) return; Put();")]
    [InlineData("int r = Get(); Calls.Quiet(); {|PIN1004:Put()|};")]
    [InlineData("if ({|PIN1001:GetId()|} == 0) return; {|PIN1004:PutId()|};")]
    public Task FailureThatIsAskedFor_IsStillOne(string body) => Verify.File($$"""
        using PinAccounting.Annotations;

        class C
        {
        {{Pairs}}
            void M(nint p, nuint n) { {{body}} }
        }
        """);
}
