using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>A helper that releases what a flag says is held gets the flag by reference and clears it: a flag that was down stays down, and what it guards is released once.</summary>
public sealed class ClearedFlagTests
{
    private const string EarlyReturn = "private void ReleaseIfHeld(ref bool held) { if (!held) return; _sem.Release(); held = false; }";
    private const string ClearedFirst = "private void ReleaseIfHeld(ref bool held) { if (held) { held = false; _sem.Release(); } }";
    private const string ByDefault = "private void ReleaseIfHeld(ref bool held) { if (held) { _sem.Release(); held = default; } }";
    private const string ThroughAnother = "private void ReleaseIfHeld(ref bool held) => Inner(ref held); private void Inner(ref bool flag) { if (flag) { _sem.Release(); flag = false; } }";

    [Theory]
    [InlineData(EarlyReturn)]
    [InlineData(ClearedFirst)]
    [InlineData(ByDefault)]
    [InlineData(ThroughAnother)]
    public Task HelperInFinally_IsSilent(string helper) => Verify.Members(helper + Around("", "ReleaseIfHeld(ref held);"));

    [Theory]
    [InlineData(EarlyReturn)]
    [InlineData(ClearedFirst)]
    [InlineData(ByDefault)]
    [InlineData(ThroughAnother)]
    public Task HelperBeforeGuardedRelease_IsSilent(string helper) => Verify.Members(helper + Around("ReleaseIfHeld(ref held);", "if (held) _sem.Release();"));

    [Theory]
    [InlineData("return Complete(ref held, 1);")]
    [InlineData("if (other) return Complete(ref held, 1); Calls.Work(); return Complete(ref held, 2);")]
    [InlineData("if (other) throw new InvalidOperationException(); await using (open(5)) { if (n > 3) return Complete(ref held, 1); } return this.Complete(ref held, 2);")]
    public Task HelperOfHelper_IsSilent(string use) => Verify.Members(EarlyReturn + $$"""

            private int Complete(ref bool held, int result)
            {
                ReleaseIfHeld(ref held);
                return result;
            }

            private IDisposable? Measure() => null;

            async Task<int> RunAsync(bool other, int n, CancellationToken cancellation, Func<int, IAsyncDisposable> open)
            {
                bool held = false;
                try
                {
                    using (Measure()) await _sem.WaitAsync(cancellation);
                    held = true;
                    {{use}}
                }
                catch
                {
                    ReleaseIfHeld(ref held);
                    throw;
                }
                finally
                {
                    if (held) _sem.Release();
                }
            }
        """);

    [Fact]
    public Task TokenClearedToZero_IsSilent() => Verify.Members("""
            private static void UnpinIfPinned(ref nint page) { if (page != 0) { Native.Unpin(page); page = IntPtr.Zero; } }

            void Run(nint address)
            {
                nint page = Native.PinOne(address);
                if (page == 0) return;
                try { Calls.Work(); UnpinIfPinned(ref page); }
                finally { if (page != 0) Native.Unpin(page); }
            }
        """);

    // What is cleared is not what is released.
    [Theory]
    [InlineData("bool held = n > 3; {|PIN1001:_owner.Charge(3)|}; Lower(ref held); if (n > 3) return; _owner.Uncharge(3);")]
    [InlineData("bool held = n > 3; {|PIN1001:_owner.Charge(3)|}; Lower(ref held); if (held) return; _owner.Uncharge(3);")]
    [InlineData("bool held = false; {|PIN1001:_owner.Charge(3)|}; if (n > 5) { Lower(ref held); if (!held) return; } _owner.Uncharge(3);")]
    [InlineData("bool other = false; nint page = Native.PinOne(n); Native.Unpin(page); Lower(ref other); if (!other) {|PIN1003:Native.Unpin(page)|};")]
    [InlineData("bool held = true; nint page = Native.PinOne(n); Native.Unpin(page); Raise(ref held); if (held) {|PIN1003:Native.Unpin(page)|};")]
    public Task ChargeItself_IsReported(string body) => Verify.Members($$"""
            private static void Lower(ref bool flag) { if (flag) flag = false; }
            private static void Raise(ref bool flag) { if (flag) flag = true; }
            void Run(int n) { {{body}} }
        """);

    [Theory]
    [InlineData(EarlyReturn)]
    [InlineData(ClearedFirst)]
    public Task Account_IsSilent(string helper) =>
        Verify.Members(helper.Replace("_sem.Release()", "_owner.Uncharge(3)", System.StringComparison.Ordinal) + OfAccount("_owner.Charge(3)", "if (held) _owner.Uncharge(3);"));

    private static string OfAccount(string charge, string end) =>
        Around("ReleaseIfHeld(ref held);", end).Replace("_sem.Wait(cancellation)", charge, System.StringComparison.Ordinal);

    private static string Around(string use, string end) => $$"""

            void Run(CancellationToken cancellation)
            {
                bool held = false;
                try
                {
                    _sem.Wait(cancellation);
                    held = true;
                    Calls.Work();
                    {{use}}
                }
                finally
                {
                    {{end}}
                }
            }
        """;
}
