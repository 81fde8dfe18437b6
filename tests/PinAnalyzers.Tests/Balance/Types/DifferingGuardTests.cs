using System.Threading.Tasks;
using PinAnalyzers.Balance.Types;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Fix = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.Balance.Types.RecordDecisionFixer>;

namespace PinAnalyzers.Tests.Balance.Types;

/// <summary>PIN1008: decided one way, undone another.</summary>
public sealed class DifferingGuardTests
{
    // A charge without the release that belongs to it is for other rules to find.
    private static TestSetup Setup => TypeVerifier.Setup.Option("dotnet_diagnostic.PIN1001.severity", "none").Option("dotnet_diagnostic.PIN1002.severity", "none").Option("dotnet_diagnostic.PIN2001.severity", "none");

    [Theory]
    [InlineData("if (_track && !IsReserved(p)) _account.Charge(1);", "if (_track) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (_track) _account.Charge(1);", "{|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (!IsReserved(p)) _account.Charge(1);", "{|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (_track) _account.Charge(1);", "if (_track && !IsReserved(p)) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (!_track) return; if (IsReserved(p)) return; _account.Charge(1);", "if (!_track) return; {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("bool reserved = IsReserved(p); if (_track && !reserved) _account.Charge(1);", "if (_track) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (_track && !IsReserved(p)) { _account.Charge(1); }", "if (_track == true) { {|PIN1008:_account.Uncharge(1)|}; }")]
    [InlineData("if (Tracks && _track) _account.Charge(1);", "if (Tracks) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (_track && !IsReserved(p)) GC.AddMemoryPressure(4096);", "if (_track) {|PIN1008:GC.RemoveMemoryPressure(4096)|};")]
    [InlineData("_held = 1; if (_track) _account.Charge(1);", "{|PIN1008:_account.Uncharge(_held)|};")]
    [InlineData("_held = 1; if (!_track) return; _account.Charge(1);", "{|PIN1008:_account.Uncharge(_held)|};")]
    public Task AcrossMembers_IsReported(string pin, string unpin) => TypeVerifier.File(Type($$"""
            public void Pin(nint p) { {{pin}} }
            public void Unpin(nint p) { {{unpin}} }
        """), Setup);

    /// <summary>Nothing is released where nothing was charged.</summary>
    [Theory]
    [InlineData("if (_track) _account.Charge(1);", "_account.Uncharge(_track ? 1 : 0);")]
    [InlineData("_account.Charge(_track ? 1 : 0);", "if (_track) _account.Uncharge(1);")]
    [InlineData("if (_track) _account.Charge(1);", "_account.Uncharge(_track switch { true => 1, false => 0 });")]
    public Task AmountThatAsksTheSame_IsSilent(string pin, string unpin) => TypeVerifier.File(Type($$"""
            public void Pin(nint p) { {{pin}} }
            public void Unpin(nint p) { {{unpin}} }
        """), Setup);

    /// <summary>Where privilege alone skips the charge, PIN2002 says so; with anything else beside it both speak.</summary>
    [Theory]
    [InlineData("if ({|PIN2002:Environment.IsPrivilegedProcess|}) return true; return _account.TryCharge(1);", "_account.Uncharge(1);")]
    [InlineData("if ({|PIN2002:Exempt|}) return true; return _account.TryCharge(1);", "_account.Uncharge(1);")]
    [InlineData("if (_track && !Environment.IsPrivilegedProcess) _account.Charge(1); return true;", "if (_track) {|PIN1008:_account.Uncharge(1)|};")]
    public Task PrivilegeThatSkipsTheCharge_IsAnotherRules(string pin, string unpin) => TypeVerifier.File(Type($$"""
            private static bool Exempt => Environment.IsPrivilegedProcess;
            public bool Pin(nint p) { {{pin}} }
            public void Unpin(nint p) { {{unpin}} }
        """), Setup);

    /// <summary>True says that it went well, not that anything was charged.</summary>
    [Theory]
    [InlineData("if (_track && !IsReserved(p) && !_account.TryCharge(1)) return false; Work(); return true;", "if (_track) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (_track && !IsReserved(p)) { if (!_account.TryCharge(1)) return false; } Work(); return true;", "if (_track) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (!_track || IsReserved(p)) return true; _account.Charge(1); return true;", "if (_track) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (!_track) return true; if (!_account.TryCharge(1)) return false; return true;", "{|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (!_track || IsReserved(p)) return true; return _account.TryCharge(1);", "if (_track) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("try { if (_track && !IsReserved(p)) _account.Charge(1); return true; } finally { Work(); }", "if (_track) {|PIN1008:_account.Uncharge(1)|};")]
    public Task AcrossMembersThatSaySuccess_IsReported(string pin, string unpin) => TypeVerifier.File(Type($$"""
            public bool Pin(nint p) { {{pin}} }
            public void Unpin(nint p) { {{unpin}} }
        """), Setup);

    [Theory]
    [InlineData("if (_track && !IsReserved(p) && !_account.TryCharge(1)) return false; Work(); return true;", "if (_track && !IsReserved(p)) _account.Uncharge(1);")]
    [InlineData("if (!_track || IsReserved(p)) return false; return _account.TryCharge(1);", "if (_track) _account.Uncharge(1);")]
    [InlineData("if (!_track || IsReserved(p)) return false; _account.Charge(1); return true;", "if (_track) _account.Uncharge(1);")]
    [InlineData("return _track && !IsReserved(p) && _account.TryCharge(1);", "if (_track) _account.Uncharge(1);")]
    [InlineData("if (_pages.Contains(p)) return true; if (!_track) return false; _account.Charge(1); return true;", "_account.Uncharge(1);")]
    [InlineData("if (!_track || !_account.TryCharge(1)) return true; _charged = true; return true;", "if (_charged) _account.Uncharge(1);")]
    [InlineData("if (_disposed) return true; _account.Charge(1); return true;", "_account.Uncharge(1);")]
    public Task AcrossMembersThatTell_IsSilent(string pin, string unpin) => TypeVerifier.File(Type($$"""
            public bool Pin(nint p) { {{pin}} }
            public void Unpin(nint p) { {{unpin}} }
        """), Setup);

    [Theory]
    [InlineData("if (!reserved && accounting) _account.Charge(1); Work(); if (accounting) {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (accounting) _account.Charge(1); Work(); {|PIN1008:_account.Uncharge(1)|};")]
    [InlineData("if (accounting && _track) _account.Charge(1); try { Work(); } finally { if (accounting) {|PIN1008:_account.Uncharge(1)|}; }")]
    public Task InOneMethod_IsReported(string body) => TypeVerifier.File(Type($$"""
            public void Run(bool accounting, bool reserved) { {{body}} }
        """), Setup);

    [Theory]
    [InlineData("if (_track && !IsReserved(p)) _account.Charge(1);", "if (_track && !IsReserved(p)) _account.Uncharge(1);")]
    [InlineData("if (_track && !IsReserved(p)) _account.Charge(1);", "if (!IsReserved(p) && _track) _account.Uncharge(1);")]
    [InlineData("if (_track && !IsReserved(p)) { _account.Charge(1); _charged = true; }", "if (_charged) _account.Uncharge(1);")]
    [InlineData("if (_track) { _account.Charge(1); _pages.Add(p); }", "if (_pages.Remove(p)) _account.Uncharge(1);")]
    [InlineData("if (_track) _account.Charge(1);", "if (_recorded) _account.Uncharge(1);")]
    [InlineData("if (_disposed) return; _account.Charge(1);", "_account.Uncharge(1);")]
    [InlineData("_account.Charge(1);", "if (_disposed) return; _disposed = true; _account.Uncharge(1);")]
    [InlineData("if (++_refs == 1) _account.Charge(1);", "if (--_refs == 0) _account.Uncharge(1);")]
    [InlineData("if (p == 0) return; _account.Charge(1);", "_account.Uncharge(1);")]
    [InlineData("if (_track) _account.Charge(1); else _account.Charge(2);", "_account.Uncharge(1);")]
    [InlineData("if (_track) _other.Charge(1);", "if (_track && IsReserved(p)) _account.Uncharge(1);")]
    [InlineData("if (_track) { _account.Charge(1); _held += 1; }", "_account.Uncharge(_held); _held = 0;")]
    [InlineData("if (!_track) return; _account.Charge(1); _held++; _held = 1;", "_account.Uncharge(_held);")]
    public Task SameOrRecordedDecision_IsSilent(string pin, string unpin) => TypeVerifier.File(Type($$"""
            public void Pin(nint p) { {{pin}} }
            public void Unpin(nint p) { {{unpin}} }
        """), Setup.Option("dotnet_diagnostic.PIN1009.severity", "none"));

    [Theory]
    [InlineData("public bool Pin(nint p) { if (IsReserved(p)) return false; _account.Charge(1); return true; } public void Unpin(nint p) => _account.Uncharge(1);")]
    [InlineData("public void Pin(bool account) { if (account) _account.Charge(1); } public void Unpin() => _account.Uncharge(1);")]
    [InlineData("public void Pin() { if (_track) _account.Charge(1); } public void Unpin() { if (_track) Give(); } private void Give() => _account.Uncharge(1);")]
    [InlineData("public void Run(bool a) { bool charged = false; if (a) { _account.Charge(1); charged = true; } Work(); if (charged) _account.Uncharge(1); }")]
    [InlineData("public void Run(bool a) { if (a) _account.Charge(1); Work(); if (a) _account.Uncharge(1); }")]
    [InlineData("public void Run(bool a) { if (a && !_account.TryCharge(1)) return; Work(); if (a) _account.Uncharge(1); }")]
    [InlineData("public void Pin(nint p) { if (_track && _sem.Wait(3)) Work(); } public void Unpin(nint p) => _sem.Release();")]
    public Task CallerDecides_IsSilent(string members) => TypeVerifier.File(Type(members), Setup);

    [Fact]
    public Task InOneMethod_IsRecordedInALocal() => Fix.CodeFix(TypeVerifier.Imports + Type("""
            public void Run(bool accounting, bool reserved)
            {
                // Not for what is reserved.
                if (!reserved && accounting)
                    _account.Charge(1);
                Work();
                if (accounting)
                    {|PIN1008:_account.Uncharge(1)|};
            }
        """), TypeVerifier.Imports + Type("""
            public void Run(bool accounting, bool reserved)
            {
                // Not for what is reserved.
                bool charged = !reserved && accounting;
                if (charged)
                    _account.Charge(1);
                Work();
                if (charged)
                    _account.Uncharge(1);
            }
        """), Setup);

    [Fact]
    public Task AcrossMembers_IsRecordedInAField() => Fix.CodeFix(TypeVerifier.Imports + """
        class C
        {
            private readonly Account _account = new();
            private bool _track;

            public void Pin(nint p)
            {
                // Not for what is reserved.
                if (_track && p > 4096) Work();
                if (_track && !IsReserved(p)) _account.Charge(1);
            }

            public void Unpin()
            {
                Work();
                if (_track)
                {
                    {|PIN1008:_account.Uncharge(1)|};
                }
            }

            private static bool IsReserved(nint p) => p < 4096;
            private static void Work() { }
        }

        class D
        {
            private readonly Account _account = new();
            private bool _track;

            public void Open()
            {
                if (!_track) return;
                _account.Charge(1);
            }

            public void Dispose()
            {
                {|PIN1008:_account.Uncharge(1)|}; // given back
            }
        }

        class E
        {
            private readonly Account _account = new();
            private bool _track;

            public void Open()
            {
                if (_track)
                {
                    _account.Charge(1);
                }
            }

            public void Close() => {|PIN1008:_account.Uncharge(1)|};
        }
        """, TypeVerifier.Imports + """
        class C
        {
            private readonly Account _account = new();
            private bool _track;
            private bool _charged;

            public void Pin(nint p)
            {
                // Not for what is reserved.
                if (_track && p > 4096) Work();
                if (_track && !IsReserved(p))
                {
                    _account.Charge(1);
                    _charged = true;
                }
            }

            public void Unpin()
            {
                Work();
                if (_charged)
                {
                    _charged = false;
                    _account.Uncharge(1);
                }
            }

            private static bool IsReserved(nint p) => p < 4096;
            private static void Work() { }
        }

        class D
        {
            private readonly Account _account = new();
            private bool _track;
            private bool _charged;

            public void Open()
            {
                if (!_track) return;
                _account.Charge(1);
                _charged = true;
            }

            public void Dispose()
            {
                if (_charged)
                {
                    _charged = false;
                    _account.Uncharge(1);
                } // given back
            }
        }

        class E
        {
            private readonly Account _account = new();
            private bool _track;
            private bool _charged;

            public void Open()
            {
                if (_track)
                {
                    _account.Charge(1);
                    _charged = true;
                }
            }

            public void Close()
            {
                if (_charged)
                {
                    _charged = false;
                    _account.Uncharge(1);
                }
            }
        }
        """, Setup);

    [Theory]
    // Other decisions remain, or others charge and release too.
    [InlineData("public void Pin(nint p) { if (_track && !IsReserved(p)) _account.Charge(1); } public void Unpin(nint p) { if (!_track) return; {|PIN1008:_account.Uncharge(1)|}; }")]
    [InlineData("public void Pin(nint p) { if (_track) _account.Charge(1); } public void Unpin(nint p) { if (_track && !IsReserved(p)) {|PIN1008:_account.Uncharge(1)|}; }")]
    [InlineData("public void Pin(nint p) { if (_track) _account.Charge(1); } public void Unpin(nint p) { {|PIN1008:_account.Uncharge(1)|}; } public void Close() { {|PIN1008:_account.Uncharge(1)|}; }")]
    [InlineData("public void Pin(nint p) { if (_track) _account.Charge(1); } public void More() { if (_track) _account.Charge(1); } public void Unpin(nint p) { {|PIN1008:_account.Uncharge(1)|}; }")]
    // One field does not remember several.
    [InlineData("public void Pin(nint p) { if (!IsReserved(p)) _account.Charge(1); } public void Unpin(nint p) { {|PIN1008:_account.Uncharge(1)|}; }")]
    [InlineData("public void Pin(long n) { if (_track) _account.Charge(n); } public void Unpin(long n) => {|PIN1008:_account.Uncharge(n)|};")]
    public Task AcrossMembers_HasNoFixWhereItIsNotCertain(string members) => Fix.NoFix(TypeVerifier.Imports + Type(members), Setup);

    private static string Type(string members) => $$"""
        class C
        {
            private readonly Account _account = new(), _other = new();
            private readonly SemaphoreSlim _sem = new(1);
            private readonly HashSet<nint> _pages = new();
            private bool _track, _charged, _disposed;
            [RecordedDecision] private bool _recorded;
            private int _refs, _held;
            private bool Tracks => _refs > 3;
            private static bool IsReserved(nint p) => p < 4096;
            private static void Work() { }
        {{members}}
        }
        """;
}
