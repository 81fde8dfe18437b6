using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Authority;

/// <summary>PIN2001 where privilege decides a release.</summary>
public sealed class CapabilityDecidesReleaseTests
{
    internal const string Start = """
        using System;
        using System.Security.Claims;
        using System.Security.Principal;
        using System.Threading;
        using System.Threading.Tasks;
        using System.Runtime.InteropServices;
        using PinAccounting.Annotations;

        """;

    /// <summary>A user whose locked pages are counted, and a type around the member under test that charges them.</summary>
    internal static string InRing(string members) => Start + $$"""
        class User { public long LockedPages; public bool IsElevated { get; set; } }

        class Account
        {
            [Charge("account", SucceedsWhen = SucceedsWhen.Always)] public void Charge([ChargeAmount] long n) { }
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
        }

        class Ring
        {
            readonly User _user = new();
            readonly Account _account = new();
            long _pages;
            int _open;
            void Map(long n) { Interlocked.Add(ref _user.LockedPages, n); _pages += n; _open++; }
            {{members}}
        }
        """;

    [Theory]
    // The review that this rule comes from: root creates, drops its capability, destroys.
    [InlineData("void Unaccount(long n) { if ([|Environment.IsPrivilegedProcess|]) return; Interlocked.Add(ref _user.LockedPages, -n); }")]
    [InlineData("void Unaccount(long n) { if (!Environment.IsPrivilegedProcess) [|Interlocked.Add(ref _user.LockedPages, -n)|]; }")]
    [InlineData("void Unaccount(long n) { if (!Environment.IsPrivilegedProcess) { [|_user.LockedPages -= n|]; } }")]
    [InlineData("void Close() { if (Environment.IsPrivilegedProcess) { Console.WriteLine(); } else { [|_open--|]; } }")]
    [InlineData("void Free(long n) { bool root = Environment.IsPrivilegedProcess; if (root) return; Interlocked.Add(ref _user.LockedPages, -n); }", "void Free(long n) { bool root = [|Environment.IsPrivilegedProcess|]; if (root) return; Interlocked.Add(ref _user.LockedPages, -n); }")]
    [InlineData("void Release(long n) { if (n > 0 && !Environment.IsPrivilegedProcess) { [|_pages -= n|]; } }")]
    [InlineData("void Release(long n) { if (n == 0 || [|Environment.IsPrivilegedProcess|]) return; _pages -= n; }")]
    [InlineData("void Release(long n) { bool skip = Environment.IsPrivilegedProcess ? true : false; if (!skip) { [|_pages = _pages - n|]; } }")]
    [InlineData("void Release(long n) { bool skip = false; if (Environment.IsPrivilegedProcess) skip = true; if (!skip) { [|_pages -= n|]; } }")]
    [InlineData("void Release(long n) { if (Environment.IsPrivilegedProcess is false) { [|_pages -= n|]; } }")]
    [InlineData("void Release(long n, bool force) { if ([|Environment.IsPrivilegedProcess|] && !force) return; _pages -= n; }")]
    [InlineData("void Release(long[] all) { foreach (long n in all) { if (Environment.IsPrivilegedProcess) continue; [|_pages -= n|]; } }")]
    [InlineData("void Release(long n) { lock (_user) { if ([|_user.IsElevated|]) return; _pages -= n; } }")]
    [InlineData("void Release(long n) { try { Console.WriteLine(); } finally { if (!_user.IsElevated) [|_pages -= n|]; } }")]
    [InlineData("void Release(long n) { if (n > 1) { if ([|_user.IsElevated|]) return; } _pages -= n; }")]
    public Task InOneBody_IsReported(string member, string? marked = null) => Verify.Analyzer(Marked(InRing(marked ?? member)), TestSetup.Annotated);

    [Theory]
    [InlineData("bool Exempt => Environment.IsPrivilegedProcess; void Release(long n) { if ({|#0:Exempt|}) return; _pages -= n; }")]
    [InlineData("bool Exempt() => Environment.IsPrivilegedProcess; void Release(long n) { if ({|#0:Exempt()|}) return; _pages -= n; }")]
    [InlineData("bool Counts(long n) => n > 0 && !Environment.IsPrivilegedProcess; void Release(long n) { if (Counts(n)) { {|#0:_pages -= n|}; } }")]
    [InlineData("bool Exempt() { if (Environment.IsPrivilegedProcess) return true; return false; } void Release(long n) { if ({|#0:Exempt()|}) return; _pages -= n; }")]
    [InlineData("bool Inner() => Environment.IsPrivilegedProcess; bool Outer() => !Inner(); void Release(long n) { if (!{|#0:Outer()|}) return; _pages -= n; }")]
    [InlineData("[CapabilityCheck] bool May() => _open > 3; void Release(long n) { if ({|#0:May()|}) return; _pages -= n; }")]
    [InlineData("[CapabilityCheck] bool May => _open > 3; void Release(long n) { if ({|#0:May|}) return; _pages -= n; }")]
    [InlineData("void Release(long n, ClaimsPrincipal who) { if (!who.IsInRole(\"admin\")) { {|#0:_pages -= n|}; } }")]
    [InlineData("void Release(long n, IPrincipal who) { if ({|#0:who.IsInRole(\"admin\")|}) return; _pages -= n; }")]
    [InlineData("void Release(long n, ClaimsPrincipal who) { if ({|#0:who.HasClaim(\"a\", \"b\")|}) return; _pages -= n; }")]
    [InlineData("[DllImport(\"libc\")] static extern uint geteuid(); void Release(long n) { if ({|#0:geteuid()|} == 0) return; _pages -= n; }")]
    [InlineData("[DllImport(\"libc\", EntryPoint = \"geteuid\")] static extern uint Uid(); void Release(long n) { if (Uid() != 0) { {|#0:_pages -= n|}; } }")]
    [InlineData("static bool IsRoot() => DateTime.Now.Day > 3; void Release(long n) { if ({|#0:IsRoot()|}) return; _pages -= n; }")]
    [InlineData("static bool HasCapability(int which) => which > 3; void Release(long n) { if ({|#0:HasCapability(14)|}) return; _pages -= n; }")]
    [InlineData("Task<bool> Exempt() => Task.Run(() => true); [CapabilityCheck] Task<bool> Asks() => Exempt(); async Task ReleaseAsync(long n) { if ({|#0:await Asks()|}) return; _pages -= n; }", "Asks()")]
    public Task AskedThroughSomething_IsReported(string members, string? at = null) => Verify.Analyzer(Numbered(InRing(members), at), TestSetup.Annotated);

    [Theory]
    [InlineData("public void Dispose() { if (Environment.IsPrivilegedProcess) return; Give(); } void Give() { _open--; }", "Environment.IsPrivilegedProcess")]
    [InlineData("public void Dispose() { Give(); } void Give() { if (!Environment.IsPrivilegedProcess) { _open--; } }", "_open--")]
    [InlineData("public void Dispose() { if (!Environment.IsPrivilegedProcess) { _account.Uncharge(1); } }", "_account.Uncharge(1)")]
    [InlineData("~Ring() { if (!Environment.IsPrivilegedProcess) { _account.Uncharge(1); } }", "_account.Uncharge(1)")]
    [InlineData("[ReleasePath] void End() { if (!Environment.IsPrivilegedProcess) { _account.Uncharge(1); } }", "_account.Uncharge(1)")]
    [InlineData("void Watch(CancellationToken token) { token.Register(() => { if (!Environment.IsPrivilegedProcess) { _account.Uncharge(1); } }); }", "_account.Uncharge(1)")]
    [InlineData("public void Dispose() { Core(); void Core() { if (!Environment.IsPrivilegedProcess) { _account.Uncharge(1); } } }", "_account.Uncharge(1)")]
    [InlineData("IntPtr _memory; public void Dispose() { if (!Environment.IsPrivilegedProcess) { Marshal.FreeHGlobal(_memory); } }", "Marshal.FreeHGlobal(_memory)")]
    [InlineData("[Counter] static long s_total; void Unmap(long n) { if (!Environment.IsPrivilegedProcess) { Interlocked.Add(ref s_total, -n); } }", "Interlocked.Add(ref s_total, -n)")]
    [InlineData("int Unaccount() { if (Environment.IsPrivilegedProcess) return 0; _open--; return 0; }", "Environment.IsPrivilegedProcess")]
    public Task OnEveryKindOfReleasePath_IsReported(string members, string at)
    {
        string source = InRing(members);
        int index = source.LastIndexOf(at, System.StringComparison.Ordinal);
        return Verify.Analyzer(source[..index] + "{|PIN2001:" + at + "|}" + source[(index + at.Length)..], TestSetup.Annotated);
    }

    [Fact]
    public Task ConfiguredByName_IsReported() => Verify.Analyzer(
        InRing("bool MayBypass() => _open > 3; void Release(long n) { if ({|PIN2001:MayBypass()|}) return; _pages -= n; }"),
        TestSetup.Annotated.Option("pin.capability_checks", "MayBypass"));

    [Fact]
    public Task ConfiguredById_IsReported() => Verify.Analyzer(
        InRing("bool MayBypass() => _open > 3; void Release(long n) { if ({|PIN2001:MayBypass()|}) return; _pages -= n; }"),
        TestSetup.Annotated.Option("pin.capability_checks", "M:Ring.MayBypass"));

    [Fact]
    public Task ConfiguredReleaseName_IsReported() => Verify.Analyzer(
        InRing("void TearDown(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _pages -= n; }"),
        TestSetup.Annotated.Option("pin.release_names", "TearDown"));

    [Fact]
    public Task Path_NamesCheckTestAndRelease() => Verify.Analyzer(
        InRing("void Release(long n) { bool root = {|#0:Environment.IsPrivilegedProcess|}; if ({|#1:root|}) return; {|#2:_pages -= n|}; }"),
        TestSetup.Annotated,
        Verify.Diagnostic("PIN2001").WithLocation(0).WithLocation(0).WithLocation(1).WithLocation(2).WithArguments("IsPrivilegedProcess", "_pages")
            // The sites that the fix edits follow.
            .WithOptions(Microsoft.CodeAnalysis.Testing.DiagnosticOptions.IgnoreAdditionalLocations));

    private static string Marked(string source) => source.Replace("[|", "{|PIN2001:", System.StringComparison.Ordinal).Replace("|]", "|}", System.StringComparison.Ordinal);

    private static string Numbered(string source, string? at) => at is null
        ? source.Replace("{|#0:", "{|PIN2001:", System.StringComparison.Ordinal)
        : source.Replace("{|#0:await Asks()|}", "await {|PIN2001:Asks()|}", System.StringComparison.Ordinal);
}
