using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Authority;

/// <summary>Silent: privilege is asked near a release and does not decide it, or rightly so.</summary>
public sealed class CapabilityBesideReleaseTests
{
    [Theory]
    // Authorising the whole operation.
    [InlineData("void Release(long n) { if (!Environment.IsPrivilegedProcess) throw new UnauthorizedAccessException(); _pages -= n; }")]
    [InlineData("bool Release(long n) { if (!Environment.IsPrivilegedProcess) return false; _pages -= n; return true; }")]
    [InlineData("int Release(long n) { if (!Environment.IsPrivilegedProcess) return -1; _pages -= n; return 0; }")]
    [InlineData("int Release(long n) { const int EPERM = 1; if (!Environment.IsPrivilegedProcess) return EPERM; _pages -= n; return 0; }")]
    [InlineData("object Release(long n) { if (!Environment.IsPrivilegedProcess) return Forbid(); _pages -= n; return this; } object Forbid() => this;")]
    [InlineData("Task<bool> ReleaseAsync(long n) { if (!Environment.IsPrivilegedProcess) return Task.FromResult(false); _pages -= n; return Task.FromResult(true); }")]
    // What was decided at charge time.
    [InlineData("readonly bool _exempt = Environment.IsPrivilegedProcess; void Release(long n) { if (_exempt) return; _pages -= n; }")]
    [InlineData("bool Exempt { get; } = Environment.IsPrivilegedProcess; void Release(long n) { if (Exempt) return; _pages -= n; }")]
    [InlineData("static bool Exempt { get; } = Environment.IsPrivilegedProcess; void Release(long n) { if (Exempt) return; _pages -= n; }")]
    [InlineData("[RecordedDecision, CapabilityCheck] bool Exempt => _open > 3; void Release(long n) { if (Exempt) return; _pages -= n; }")]
    [InlineData("bool? _known; bool Exempt => _known ??= Environment.IsPrivilegedProcess; void Release(long n) { if (Exempt) return; _pages -= n; }")]
    [InlineData("User? _charged; void Release(long n) { var who = Interlocked.Exchange(ref _charged, null); if (who is not null) Interlocked.Add(ref who.LockedPages, -n); if (Environment.IsPrivilegedProcess) Console.WriteLine(); }")]
    // Nothing is skipped.
    [InlineData("void Release(long n) { if (Environment.IsPrivilegedProcess) Console.WriteLine(); _pages -= n; }")]
    [InlineData("void Release(long n) { _pages -= n; if (Environment.IsPrivilegedProcess) return; Console.WriteLine(); }")]
    [InlineData("void Release(long n) { if (Environment.IsPrivilegedProcess) { _pages -= n; } else { _pages -= n; } }")]
    [InlineData("void Release(long n) { bool root = Environment.IsPrivilegedProcess; _pages -= n; Console.WriteLine(root); }")]
    // Both ends in one body.
    [InlineData("void Close() { if (Environment.IsPrivilegedProcess) { lock (_user) { Console.WriteLine(); } } }")]
    [InlineData("void Close() { if (Environment.IsPrivilegedProcess) { Monitor.Enter(_user); try { Console.WriteLine(); } finally { Monitor.Exit(_user); } } }")]
    [InlineData("void Close(long n) { bool root = Environment.IsPrivilegedProcess; if (!root) _pages += n; Console.WriteLine(); if (!root) _pages -= n; }")]
    [InlineData("void Close() { if (Environment.IsPrivilegedProcess) Audit(); } void Audit() { lock (_user) { Console.WriteLine(); } }")]
    // Not a release path, not a counter, not a check.
    [InlineData("void Handle(long n) { if (Environment.IsPrivilegedProcess) return; _pages -= n; }")]
    [InlineData("int _left = 3; void Close() { if (!Environment.IsPrivilegedProcess) _left--; }")]
    [InlineData("void Release(long n) { int rest = 3; if (!Environment.IsPrivilegedProcess) { rest -= 1; } Console.WriteLine(rest); }")]
    [InlineData("sealed class Node { public bool IsRoot => true; } void Release(long n, object node) { if (((Node)node).IsRoot) return; _pages -= n; }")]
    [InlineData("sealed class Node { } static bool IsRoot(object node) => node is Node; void Release(long n) { if (IsRoot(this)) return; _pages -= n; }")]
    [InlineData("bool _isPrivileged; void Release(long n) { if (_isPrivileged) return; _pages -= n; }")]
    // The local holds an answer only some of the time.
    [InlineData("void Release(long n) { bool skip = Environment.IsPrivilegedProcess; skip = n == 0; if (skip) return; _pages -= n; }")]
    public Task Release_IsSilent(string members) => Verify.Analyzer(CapabilityDecidesReleaseTests.InRing(members), AuthoritySetup.Alone);

    [Fact]
    public Task ReleaseNameTakenAway_IsSilent() => Verify.Analyzer(
        CapabilityDecidesReleaseTests.InRing("void Free(long n) { if (Environment.IsPrivilegedProcess) return; _pages -= n; }"),
        AuthoritySetup.Alone.Option("pin.release_names", "-Free"));

    // The over-correction: privilege recorded for accounting must not be what authorises later operations, nor is it our business that it is.
    [Fact]
    public Task RecordedForAccounting_IsSilent() => Verify.Analyzer(CapabilityDecidesReleaseTests.InRing("""
        bool _charged;
        void Open(long n) { _charged = !Environment.IsPrivilegedProcess; if (_charged) _pages += n; }
        void Close(long n) { if (_charged) _pages -= n; }
        """), AuthoritySetup.Alone);

    // Bypass of the limit, never of the charge: what is charged always is released always.
    [Fact]
    public Task LimitBypassed_IsSilent() => Verify.Analyzer(CapabilityDecidesReleaseTests.InRing("""
        bool TryMap(long n)
        {
            bool over = n > 100 - _pages;
            if (over && !Environment.IsPrivilegedProcess) return false;
            _pages += n;
            return true;
        }
        void Unmap(long n) => _pages -= n;
        """), AuthoritySetup.Alone);
}
