using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.Contract;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>PIN4002 and its fix.</summary>
public sealed class MistakenDenialTests
{
    private const string Subjects = """
        enum ChargeStatus { Charged, PolicyLimit, ResourceExhausted, Fault }
        sealed class PinLimitExceededException : Exception { }
        [Counter(Limit = nameof(_limit))] long _used;
        long _limit = 5;
        static ChargeStatus Try() => ChargeStatus.Charged;

        """;

    [Theory]
    // Catalogue E2, as it was seen.
    [InlineData("ChargeStatus Map(Exception e) => e is OutOfMemoryException ? {|PIN4002:ChargeStatus.PolicyLimit|} : ChargeStatus.Fault;")]
    [InlineData("ChargeStatus Map(Exception e) => e is PinLimitExceededException ? {|PIN4002:ChargeStatus.ResourceExhausted|} : ChargeStatus.Fault;")]
    [InlineData("ChargeStatus Map(Exception e) => e switch { OutOfMemoryException => {|PIN4002:ChargeStatus.PolicyLimit|}, _ => ChargeStatus.Fault };")]
    [InlineData("ChargeStatus M(Action a) { try { a(); } catch (OutOfMemoryException) { return {|PIN4002:ChargeStatus.PolicyLimit|}; } return ChargeStatus.Charged; }")]
    [InlineData("ChargeStatus M(Action a) { try { a(); } catch (PinLimitExceededException) { return {|PIN4002:ChargeStatus.ResourceExhausted|}; } return ChargeStatus.Charged; }")]
    [InlineData("void M() { if (!_account.TryCharge(5)) throw {|PIN4002:new OutOfMemoryException()|}; _account.Uncharge(5); }")]
    [InlineData("void M() { if (!_account.TryCharge(5)) { throw {|PIN4002:new OutOfMemoryException(\"no\")|}; } _account.Uncharge(5); }")]
    [InlineData("void M(ChargeStatus s) { if (s == ChargeStatus.PolicyLimit) throw {|PIN4002:new OutOfMemoryException()|}; }")]
    [InlineData("void M(ChargeStatus s) { if (s is ChargeStatus.PolicyLimit) throw {|PIN4002:new InsufficientMemoryException()|}; }")]
    [InlineData("void M(long n) { if (n > _limit - _used) throw {|PIN4002:new OutOfMemoryException()|}; }")]
    [InlineData("void M(Action a) { try { a(); } catch (PinLimitExceededException e) { throw {|PIN4002:new OutOfMemoryException(\"x\", e)|}; } }")]
    [InlineData("void M() { ChargeStatus s; do { s = Try(); } while ({|PIN4002:s is ChargeStatus.PolicyLimit or ChargeStatus.ResourceExhausted|}); }")]
    [InlineData("void M() { while (true) { ChargeStatus s = Try(); if ({|PIN4002:s == ChargeStatus.PolicyLimit || s == ChargeStatus.ResourceExhausted|}) continue; return; } }")]
    // The answer in a local, wherever it was put there.
    [InlineData("void M() { bool ok; ok = _account.TryCharge(5); if (!ok) throw {|PIN4002:new OutOfMemoryException()|}; _account.Uncharge(5); }")]
    [InlineData("void M() { bool ok = false; ok = _account.TryCharge(5); if (!ok) throw {|PIN4002:new OutOfMemoryException()|}; _account.Uncharge(5); }")]
    [InlineData("void M(bool again) { bool ok = _account.TryCharge(5); if (!ok && again) ok = _account.TryCharge(4); if (!ok) throw {|PIN4002:new OutOfMemoryException()|}; }")]
    [InlineData("void M() { bool ok; if (!(ok = _account.TryCharge(5))) throw {|PIN4002:new OutOfMemoryException()|}; if (ok) _account.Uncharge(5); }")]
    [InlineData("void M(int[] all) { bool ok = _account.TryCharge(5); foreach (int i in all) { if (!ok) throw {|PIN4002:new OutOfMemoryException()|}; } }")]
    public Task Confused_IsSuggested(string members) => ContractVerifier.Members(Subjects + members);

    [Theory]
    [InlineData("ChargeStatus Map(Exception e) => e is OutOfMemoryException ? ChargeStatus.ResourceExhausted : ChargeStatus.Fault;")]
    [InlineData("ChargeStatus Map(Exception e) => e is PinLimitExceededException ? ChargeStatus.PolicyLimit : ChargeStatus.ResourceExhausted;")]
    [InlineData("ChargeStatus Map(Exception e) => e is not OutOfMemoryException ? ChargeStatus.PolicyLimit : ChargeStatus.ResourceExhausted;")]
    [InlineData("int ToErrno(ChargeStatus s) => s switch { ChargeStatus.PolicyLimit or ChargeStatus.ResourceExhausted => 12, _ => 0 };")]
    [InlineData("int ToErrno(ChargeStatus s) { switch (s) { case ChargeStatus.PolicyLimit: case ChargeStatus.ResourceExhausted: return 12; default: return 0; } }")]
    [InlineData("bool Denied(ChargeStatus s) => s is ChargeStatus.PolicyLimit or ChargeStatus.ResourceExhausted;")]
    [InlineData("void M(ChargeStatus s) { if (s == ChargeStatus.ResourceExhausted) throw new OutOfMemoryException(); }")]
    [InlineData("void M(nint p) { if (p == 0) throw new OutOfMemoryException(); }")]
    [InlineData("void M() { if (!_account.TryCharge(5)) throw new InvalidOperationException(); _account.Uncharge(5); }")]
    [InlineData("void M(nint p) { if (!_account.TryCharge(5)) return; try { if (p == 0) throw new OutOfMemoryException(); } finally { _account.Uncharge(5); } }")]
    [InlineData("void M() { ChargeStatus s; do { s = Try(); } while (s == ChargeStatus.PolicyLimit); }")]
    [InlineData("void M(ChargeStatus s) { if (s == ChargeStatus.PolicyLimit || s == ChargeStatus.ResourceExhausted) Console.Write(s); }")]
    [InlineData("void M() { ChargeStatus s; do { s = Try(); } while (!(s is ChargeStatus.PolicyLimit or ChargeStatus.ResourceExhausted)); }")]
    [InlineData("void M(long n) { if (n > 5) throw new OutOfMemoryException(); }")]
    // Something else was asked last.
    [InlineData("bool Grow() => true; void M() { bool ok = _account.TryCharge(5); if (!ok) { ok = Grow(); if (!ok) throw new OutOfMemoryException(); } }")]
    [InlineData("bool Grow() => true; void M() { bool ok = _account.TryCharge(5); while (!ok) { ok = Grow(); if (!ok) throw new OutOfMemoryException(); } }")]
    [InlineData("bool Grow() => true; void M(int n) { bool ok = _account.TryCharge(5); for (; n > 0; n--) { if (!ok) throw new OutOfMemoryException(); ok = Grow(); } }")]
    [InlineData("bool Grow() => true; void M() { bool ok; if (_account.TryCharge(5)) ok = Grow(); else ok = false; if (!ok) throw new OutOfMemoryException(); }")]
    [InlineData("bool Grow(out bool grown) => grown = true; void M() { bool ok = _account.TryCharge(5); if (Grow(out ok)) { if (!ok) throw new OutOfMemoryException(); } }")]
    [InlineData("bool Grow() => true; void M() { bool ok = _account.TryCharge(5); try { if (ok) ok = Grow(); } finally { if (!ok) throw new OutOfMemoryException(); } }")]
    [InlineData("bool Grow() => true; void M() { bool ok = _account.TryCharge(5); Action grow = () => ok = Grow(); grow(); if (!ok) throw new OutOfMemoryException(); }")]
    public Task RightOrBoundary_IsSilent(string members) => ContractVerifier.Members(Subjects + members);

    [Fact]
    public Task Fix_SaysWhatHappened() => ContractVerifier.Fix<RightStatusFixer>(
        Subjects + """
            ChargeStatus A(Exception e) => e is OutOfMemoryException ? {|PIN4002:ChargeStatus.PolicyLimit|} : ChargeStatus.Fault;
            ChargeStatus B(Exception e) => e is PinLimitExceededException ? {|PIN4002:ChargeStatus.ResourceExhausted|} /* why */ : ChargeStatus.Fault;
            void D(ChargeStatus s) { if (s == ChargeStatus.PolicyLimit) throw {|PIN4002:new OutOfMemoryException("full")|}; }
        """,
        Subjects + """
            ChargeStatus A(Exception e) => e is OutOfMemoryException ? ChargeStatus.ResourceExhausted : ChargeStatus.Fault;
            ChargeStatus B(Exception e) => e is PinLimitExceededException ? ChargeStatus.PolicyLimit /* why */ : ChargeStatus.Fault;
            void D(ChargeStatus s) { if (s == ChargeStatus.PolicyLimit) throw new InvalidOperationException("full"); }
        """);

    [Fact]
    public Task NoFix_ForARetry() => ContractVerifier.NoFix<RightStatusFixer>(
        Subjects + "void M() { ChargeStatus s; do { s = Try(); } while ({|PIN4002:s is ChargeStatus.PolicyLimit or ChargeStatus.ResourceExhausted|}); }");
}
