using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.Authority;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.Authority.AskProbeLastFixer>;

namespace PinAnalyzers.Tests.Authority;

/// <summary>PIN2005 and its fix.</summary>
public sealed class EagerProbeTests
{
    private static string InType(string condition) => CapabilityDecidesReleaseTests.Start + $$"""
        class Owner { public long Used { get; set; } public long Limit; public virtual bool V { get; set; } }

        class Ring
        {
            [CapabilityCheck] static bool May() => Environment.IsPrivilegedProcess;
            [CapabilityCheck] static bool May(int what) => Environment.IsPrivilegedProcess;
            [CapabilityCheck] static bool Cached { get; set; }
            [DllImport("libc")] static extern uint geteuid();
            static bool Wrapped() => geteuid() == 0;
            static bool s_off;
            readonly Owner _owner = new();
            Owner? _maybe;
            volatile bool _stop;
            long[] _sizes = { 1 };
            bool Other() => _sizes.Length > 3;

            bool M(long n, IPrincipal who, object? o, int k) => {{condition}};
        }
        """;

    [Theory]
    [InlineData("!{|PIN2005:May()|} && n > 3", "n > 3 && !May()")]
    [InlineData("{|PIN2005:May()|} || n > 3", "n > 3 || May()")]
    [InlineData("!{|PIN2005:May()|} && n > _owner.Limit - _owner.Used", "n > _owner.Limit - _owner.Used && !May()")]
    [InlineData("{|PIN2005:May(3)|} && s_off", "s_off && May(3)")]
    [InlineData("{|PIN2005:geteuid()|} == 0 && n > 3", "n > 3 && geteuid() == 0")]
    [InlineData("{|PIN2005:Wrapped()|} && n > 3", "n > 3 && Wrapped()")]
    [InlineData("{|PIN2005:who.IsInRole(\"a\")|} && n > 3", "n > 3 && who.IsInRole(\"a\")")]
    [InlineData("({|PIN2005:May()|}) && (n > 3)", "(n > 3) && (May())")]
    [InlineData("{|PIN2005:May()|} && o is null", "o is null && May()")]
    [InlineData("{|PIN2005:May()|} /* asks */ && /* free */ n > 3", "n > 3 /* asks */ && /* free */ May()")]
    [InlineData("k == 3 && ({|PIN2005:May()|} || n > 3)", "k == 3 && (n > 3 || May())")]
    [InlineData("{|PIN2005:May()|} && (int)n > k + 1", "(int)n > k + 1 && May()")]
    // What stands before the probe stays there: it may be what makes the test safe.
    [InlineData("k == 3 && {|PIN2005:May()|} && n > 3", "k == 3 && n > 3 && May()")]
    [InlineData("o is null || !{|PIN2005:May()|} /* asks */ || /* free */ n > 3", "o is null || n > 3 /* asks */ || /* free */ !May()")]
    [InlineData("{|PIN2005:May()|} is true && n is > 3 and < 9", "n is > 3 and < 9 && May() is true")]
    // Behind all of them at once.
    [InlineData("!{|PIN2005:May()|} && n > 3 /* more */ && k < 9", "n > 3 && k < 9 /* more */ && !May()")]
    [InlineData("k == 3 && {|PIN2005:May()|} && n > 3 && k < 9 && Other()", "k == 3 && n > 3 && k < 9 && May() && Other()")]
    [InlineData("{|PIN2005:May()|} && (s_off || n > 3)", "(s_off || n > 3) && May()")]
    public Task BeforeCheapTest_IsSwapped(string before, string after) =>
        Verify.CodeFix(InType(before), InType(after), AuthoritySetup.Alone, AskProbeLastFixer.Key_AskProbeLast);

    [Theory]
    [InlineData("n > 3 && May()")]
    [InlineData("May() && Other()")]
    [InlineData("May() && _sizes[k] > 3")]
    [InlineData("May() && _sizes.Length > 3")]
    [InlineData("May() && n / k > 3")]
    [InlineData("May() && n % k > 3")]
    [InlineData("May() && _maybe!.Limit > 3")]
    [InlineData("May() && checked(n + 1) > 3")]
    [InlineData("May() && _owner.V")]
    [InlineData("May() && _stop")]
    [InlineData("Cached && n > 3")]
    [InlineData("Environment.IsPrivilegedProcess && n > 3")]
    [InlineData("Other() && n > 3")]
    [InlineData("May() & n > 3")]
    [InlineData("May() && (string)o! == null")]
    [InlineData("May(k++) && k > 3")]
    [InlineData("May() && k++ > 3")]
    public Task BeforeDearTest_IsSilent(string condition) => Verify.Analyzer(InType(condition), AuthoritySetup.Alone);
}
