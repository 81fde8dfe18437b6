using System.Threading.Tasks;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.Contract.PairDeclarationAnalyzer>;

namespace PinAnalyzers.Tests.Contract;

/// <summary>PIN4011 for annotations that are no pair's.</summary>
public sealed class AnnotationProblemTests
{
    private static string InType(string members) => $$"""
        #nullable enable
        using System;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;

        public enum Status { Ok, PolicyLimit, Fault }
        public struct Result { public Status Status { get; set; } }
        public unsafe class C
        {
        {{members}}
        }
        """;

    [Theory]
    [InlineData("void M([{|#0:ValidRange(9, 1)|}] int n) { }", "[ValidRange(9, 1)] is empty; expected the smaller end first, as in [ValidRange(1, 9)]")]
    [InlineData("void M([{|#0:ValidRange(1, 9)|}] string n) { }", "[ValidRange] is on 'n' of type 'string', which is no integral number")]
    [InlineData("void M([{|#0:ValidRange(1, 9)|}] double n) { }", "[ValidRange] is on 'n' of type 'double', which is no integral number")]
    [InlineData("void M([{|#0:ValidRange(-9, -1)|}] uint n) { }", "[ValidRange(-9, -1)] lies outside of 'uint', the type of 'n'")]
    [InlineData("void M([{|#0:ValidRange(1, 9)|}] int n = 0) { }", "The default of 'n' is 0, outside its own range 1 to 9")]
    [InlineData("void M([{|#0:ValidMask(0)|}] int n) { }", "[ValidMask(0)] allows 'n' no bit at all; expected the bits that may be set")]
    [InlineData("void M([{|#0:ValidMask(3, RequireAnyOf = 4)|}] int n) { }", "RequireAnyOf has bits (0x4) that the mask 0x3 does not allow")]
    [InlineData("void M([{|#0:ValidMask(3)|}] bool n) { }", "[ValidMask] is on 'n' of type 'bool', which is no integral number")]
    [InlineData("void M([{|#0:ValidMask(3)|}] int n = 4) { }", "The default of 'n' has bits (0x4) outside its own mask 0x3")]
    [InlineData("void M([{|#0:ValidMask(7, RequireAnyOf = 3)|}] int n = 4) { }", "The default of 'n' has none of the bits 0x3 that it requires")]
    [InlineData("void M([{|#0:MustBeZero|}] out int n) => n = 0;", "[MustBeZero] is on 'n', an 'out' parameter: the callee never sees what it was")]
    [InlineData("void M([{|#0:MustBeZero|}] in int n) { }", "[MustBeZero] is on 'n', an 'in' parameter: nothing is filled in; expected 'ref'")]
    [InlineData("void M([{|#0:MustBeZero|}] int n = 5) { }", "The default of 'n' is 5, but it must be zero")]
    [InlineData("[return: {|#0:Errno(ErrnoConvention.NegativeErrno)|}] string M() => \"\";", "[Errno] is on 'M', whose result of type 'string' can hold no error number")]
    [InlineData("[return: {|#0:Errno(ErrnoConvention.ZeroOrErrno)|}] Task<bool> M() => Task.FromResult(true);", "[Errno] is on 'M', whose result of type 'bool' can hold no error number")]
    [InlineData("[{|#0:Inherited(Inheritance.Zero)|}] static int s_n;", "[Inherited] is on 's_n', which is static: no copy gets one of its own")]
    [InlineData("void M([{|#0:Deferred|}] int work) { }", "[Deferred] is on 'work' of type 'int', which is no delegate: nothing of it runs later")]
    [InlineData("[{|#0:CapabilityCheck|}] void May() { }", "[CapabilityCheck] is on 'May', which returns nothing and so answers nothing")]
    [InlineData("[{|#0:Ambient|}] void Current() { }", "[Ambient] is on 'Current', which returns nothing")]
    [InlineData("uint _tail; [{|#0:PrivateCopy(\"_tial\")|}] uint _localTail;", "[PrivateCopy] names '_tial', but 'C' has no such member; did you mean '_tail'?")]
    [InlineData("[{|#0:SharedIndex(RingSide.Local, Payload = \"_entrys\")|}] uint* _tail; ulong* _entries;", "Payload names '_entrys', but 'C' has no such member; did you mean '_entries'?")]
    [InlineData("[{|#0:FailsWith(\"PolicyLimt\")|}] Status M() => default;", "'PolicyLimt' is no member of 'Status'; did you mean 'PolicyLimit'?")]
    [InlineData("[{|#0:FailsWith(\"Fualt\")|}] Result M() => default;", "'Fualt' is no member of 'Status'; did you mean 'Fault'?")]
    [InlineData("[{|#0:FailsWith(\"EAGIAN\")|}] [return: Errno(ErrnoConvention.NegativeErrno)] int M() => 0;", "'EAGIAN' is no error number; did you mean 'EAGAIN'?")]
    [InlineData("[{|#0:Interruptible(Status = \"EINTER\")|}] [return: Errno(ErrnoConvention.NegativeErrno)] int M() => 0;", "'EINTER' is no error number; did you mean 'EINTR'?")]
    [InlineData("[{|#0:FailsWith(\"\")|}] int M() => 0;", "[FailsWith] has to name a status; it names nothing")]
    [InlineData("[{|#0:TakesLock(\" \")|}] int M() => 0;", "[TakesLock] has to name a lock; it names nothing")]
    [InlineData("[{|#0:Constraint(\"\")|}] int M() => 0;", "[Constraint] has to name a condition; it names nothing")]
    [InlineData("[{|#0:StateTransition(\"ctx\", When = \"always\")|}] int M() => 0;", "[StateTransition] says neither From nor To, so nothing changes")]
    [InlineData("[Charge(\"pages\")] void Take() { } [{|#0:Release(\"page\")|}] void Give() { } [Release(\"pages\")] void Other() { }", "[Release(\"page\")] has no [Charge(\"page\")] in this assembly, so it returns nothing; did you mean 'pages'?")]
    public Task Problem_IsReportedWhereItStands(string members, string message) =>
        Verify.Analyzer(InType(members), TestSetup.Annotated, Verify.Diagnostic().WithLocation(0).WithArguments(message));

    [Theory]
    [InlineData("void M([ValidRange(1, 9)] int n = 3, [ValidRange(0, long.MaxValue)] uint m = 0) { }")]
    [InlineData("void M([ValidRange(1, 9)] int? n = null, [ValidRange(5, 5)] Status s = (Status)5) { }")]
    [InlineData("void M([ValidMask(0x8000_0001)] int n = int.MinValue, [ValidMask(-1)] long m = -1) { }")]
    [InlineData("void M([MustBeZero] ref nint n, [MustBeZero] nint m = 0, [MustBeZero] object? o = null) { }")]
    [InlineData("[return: Errno(ErrnoConvention.NegativeErrno)] Task<int> M() => Task.FromResult(0);")]
    [InlineData("[return: Errno(ErrnoConvention.MinusOneErrno)] void* M() => null;")]
    [InlineData("void M([Deferred] Action work, [Deferred] Delegate other) { } [Deferred] void Later() { }")]
    [InlineData("void M([Deferred] System.Linq.Expressions.Expression<Action> job, [Deferred] System.Linq.Expressions.LambdaExpression other) { }")]
    [InlineData("uint* _tail; [PrivateCopy(nameof(_tail))] uint _localTail; [SharedIndex(RingSide.Peer)] uint* _head;")]
    [InlineData("[FailsWith(\"PolicyLimit\"), FailsWith(\"TimeoutException\"), FailsWith(\"quota\")] Status M() => default;")]
    [InlineData("[FailsWith(\"EAGAIN\"), FailsWith(\"-EINVAL\"), FailsWith(\"EHWPOISON\")] [return: Errno(ErrnoConvention.NegativeErrno)] int M() => 0;")]
    [InlineData("[StateTransition(\"ctx\", To = \"ready\")] [TakesLock(\"gate\")] [Constraint(\"a < b\")] int M() => 0;")]
    [InlineData("void M([ValidRange(1, )] int n) { }", true)]
    [InlineData("void M([ValidRange(1, 9)] Missing n) { }", true)]
    public Task Meaningful_IsSilent(string members, bool broken = false) => broken
        ? RunBroken(members)
        : Verify.Analyzer(InType(members), TestSetup.Annotated);

    [Fact]
    public Task MisspeltKey_IsReportedOnce() => Verify.Analyzer(
        "class C { }", TestSetup.Annotated.Option("pin.builtin_pair", "none"),
        new DiagnosticResult(Descriptors.PIN4011_DeclarationMustMeanSomething).WithArguments("There is no option 'pin.builtin_pair'; did you mean 'pin.builtin_pairs'?"));

    [Fact]
    public Task ForeignKey_IsSilent() => Verify.Analyzer("class C { }", TestSetup.Annotated.Option("pinboard.color", "red").Option("pin.other_tool", "x"));

    private static async Task RunBroken(string members)
    {
        var test = new PinTest<PinAnalyzers.Contract.PairDeclarationAnalyzer, EmptyCodeFixProvider>(InType(members), TestSetup.Annotated, []) { CompilerDiagnostics = CompilerDiagnostics.None };
        await test.RunAsync(System.Threading.CancellationToken.None);
    }
}
