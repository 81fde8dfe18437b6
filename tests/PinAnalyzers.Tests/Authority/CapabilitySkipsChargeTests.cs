using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Authority;

/// <summary>PIN2002: privilege skips the charge, or only the limit.</summary>
public sealed class CapabilitySkipsChargeTests
{
    private static string InType(string members) => CapabilityDecidesReleaseTests.Start + $$"""
        class Account
        {
            [Charge("account", SucceedsWhen = SucceedsWhen.True)] public bool TryCharge([ChargeAmount] long n) => n > 0;
            [Charge("account", SucceedsWhen = SucceedsWhen.Always)] public void Charge([ChargeAmount] long n) { }
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
        }

        class Ring
        {
            long _pages, _limit = 100;
            readonly Account _account = new();
            {{members}}
        }
        """;

    [Theory]
    [InlineData("void Map(long n) { if ({|#0:Environment.IsPrivilegedProcess|}) return; _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { if (!{|#0:Environment.IsPrivilegedProcess|}) _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { if (!{|#0:Environment.IsPrivilegedProcess|}) { Interlocked.Add(ref _pages, n); } } void Unmap(long n) => Interlocked.Add(ref _pages, -n);")]
    [InlineData("void Map(long n) { bool root = {|#0:Environment.IsPrivilegedProcess|}; if (root) return; _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("bool Map(long n) { if ({|#0:Environment.IsPrivilegedProcess|}) return true; _pages += n; return true; } void Unmap(long n) => _pages -= n;")]
    [InlineData("int Map(long n) { if ({|#0:Environment.IsPrivilegedProcess|}) return 0; _pages += n; return 0; } void Unmap(long n) => _pages -= n;")]
    [InlineData("bool Exempt() => Environment.IsPrivilegedProcess; void Map(long n) { if ({|#0:Exempt()|}) return; _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("bool Counts() => !Environment.IsPrivilegedProcess; void Map(long n) { if ({|#0:Counts()|}) _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { if (n > 0 && !{|#0:Environment.IsPrivilegedProcess|}) _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { if ({|#0:Environment.IsPrivilegedProcess|}) return; _account.Charge(n); } void Unmap(long n) => _account.Uncharge(n);")]
    [InlineData("bool Map(long n) => {|#0:Environment.IsPrivilegedProcess|} || _account.TryCharge(n); void Unmap(long n) => _account.Uncharge(n);")]
    [InlineData("[DllImport(\"libc\")] static extern uint geteuid(); void Map(long n) { if ({|#0:geteuid()|} == 0) return; _pages++; } void Unmap() => _pages--;")]
    public Task ReleasedUnconditionally_IsAWarning(string members) => Verify.Analyzer(
        InType(members).Replace("{|#0:", "{|PIN2002:", System.StringComparison.Ordinal), AuthoritySetup.Alone);

    [Theory]
    [InlineData("void Map(long n) { if ({|#0:Environment.IsPrivilegedProcess|}) return; _pages += n; } void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _pages -= n; }", "_pages")]
    [InlineData("bool Map(Account shared, long n) => {|#0:Environment.IsPrivilegedProcess|} || shared.TryCharge(n);", "account")]
    public Task ReleasedElsewhereOrAskedAgain_IsAHint(string members, string account)
    {
        string source = InType(members);
        return Verify.Analyzer(source, AuthoritySetup.Alone, Verify.Diagnostic("PIN2002").WithSeverity(DiagnosticSeverity.Info).WithLocation(0)
            .WithArguments("IsPrivilegedProcess", account).WithOptions(Microsoft.CodeAnalysis.Testing.DiagnosticOptions.IgnoreAdditionalLocations));
    }

    [Theory]
    [InlineData("bool Map(long n) { if (n > _limit - _pages && !Environment.IsPrivilegedProcess) return false; _pages += n; return true; } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { if (n > _limit - _pages && !Environment.IsPrivilegedProcess) throw new InvalidOperationException(); _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("bool Map(long n) { bool over = n > _limit - _pages; if (over) { if (!Environment.IsPrivilegedProcess) return false; } _pages += n; return true; } void Unmap(long n) => _pages -= n;")]
    [InlineData("bool Map(long n) { if (!Environment.IsPrivilegedProcess) return false; _pages += n; return true; } void Unmap(long n) => _pages -= n;")]
    [InlineData("bool Map(long n) { if (Environment.IsPrivilegedProcess) return false; _pages += n; return true; } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { if (Environment.IsPrivilegedProcess) throw new InvalidOperationException(); _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { if (Environment.IsPrivilegedProcess) Console.WriteLine(); _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("bool _charged; void Map(long n) { if (Environment.IsPrivilegedProcess) return; _pages += n; _charged = true; } void Unmap(long n) { if (_charged) _pages -= n; }")]
    [InlineData("object? _owner; void Map(long n) { if (Environment.IsPrivilegedProcess) return; _pages += n; _owner = this; } void Unmap(long n) { if (Interlocked.Exchange(ref _owner, null) is null) return; _pages -= n; }")]
    [InlineData("readonly bool _exempt = Environment.IsPrivilegedProcess; void Map(long n) { if (_exempt) return; _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { if (Environment.IsPrivilegedProcess) return; _pages += n; }")]
    [InlineData("void Map(long n) { if (Environment.IsPrivilegedProcess) { _pages += n; } else { _pages += 2 * n; } } void Unmap(long n) => _pages -= n;")]
    [InlineData("void Map(long n) { bool root = Environment.IsPrivilegedProcess; if (!root) _account.Charge(n); if (!root) _account.Uncharge(n); }")]
    [InlineData("void Map(long n) { if (!Environment.IsPrivilegedProcess) { lock (this) { Console.WriteLine(); } } }")]
    [InlineData("CountdownEvent _queued = new(1); void Map(long n) { if (Environment.IsPrivilegedProcess) return; _queued.AddCount(); } void Unmap() => _queued.Signal();")]
    [InlineData("int _calls; void Map(long n) { if (!Environment.IsPrivilegedProcess) _calls++; _pages += n; } void Unmap(long n) => _pages -= n;")]
    [InlineData("long _held; void Map(long n) { if (!Environment.IsPrivilegedProcess) { _account.Charge(n); _held += n; } } void Unmap() { _account.Uncharge(_held); _held = 0; }")]
    [InlineData("long _held; void Map(long n) { if (Environment.IsPrivilegedProcess) return; _pages += n; _held += n; } void Unmap() { _pages -= _held; _held = 0; }")]
    public Task LimitBypassedOrDecisionRecorded_IsSilent(string members) => Verify.Analyzer(InType(members), AuthoritySetup.Alone);
}
