using System.Linq;
using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.SharedMemory;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.UpdateAtomicallyFixer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3003 and its fixes.</summary>
public sealed class SharedUpdateTests
{
    [Fact]
    public Task Update_BecomesInterlocked() => AllFixed(
        ("void M() => {|PIN3003:_ring->Overflow++|};", "void M() => Interlocked.Increment(ref _ring->Overflow);"),
        ("void M() { {|PIN3003:--_ring->Overflow|}; }", "void M() { Interlocked.Decrement(ref _ring->Overflow); }"),
        ("uint M() => {|PIN3003:_ring->Overflow++|};", "uint M() => Interlocked.Increment(ref _ring->Overflow) - 1;"),
        ("void M() { Use(3 * {|PIN3003:_ring->Overflow--|}); }", "void M() { Use(3 * (Interlocked.Decrement(ref _ring->Overflow) + 1)); }"),
        ("void M() { Use({|PIN3003:_ring->Overflow++|}); }", "void M() { Use(Interlocked.Increment(ref _ring->Overflow) - 1); }"),
        ("void M() { Use({|PIN3003:++_ring->Overflow|}); }", "void M() { Use(Interlocked.Increment(ref _ring->Overflow)); }"),
        ("void M(uint n) { {|PIN3003:_ring->Overflow += n|}; }", "void M(uint n) { Interlocked.Add(ref _ring->Overflow, n); }"),
        ("void M(long n) { {|PIN3003:_ring->Sum -= n|}; }", "void M(long n) { Interlocked.Add(ref _ring->Sum, -(n)); }"),
        ("void M(uint n) { {|PIN3003:_ring->Overflow -= n|}; }", "void M(uint n) { Interlocked.Add(ref _ring->Overflow, unchecked(0 - (n))); }"),
        ("void M() { {|PIN3003:_ring->Flags |= 4u|}; }", "void M() { Interlocked.Or(ref _ring->Flags, 4u); }"),
        ("void M() { {|PIN3003:_ring->Flags &= 4u|}; }", "void M() { Interlocked.And(ref _ring->Flags, 4u); }"),
        ("void M() { {|PIN3003:_ring->Overflow = _ring->Overflow + 1|}; }", "void M() { Interlocked.Increment(ref _ring->Overflow); }"),
        ("void M() { {|PIN3003:_ring->Overflow = Volatile.Read(ref _ring->Overflow) + 1|}; }", "void M() { Interlocked.Increment(ref _ring->Overflow); }"),
        ("void M() { {|PIN3003:Volatile.Write(ref _ring->Overflow, Volatile.Read(ref _ring->Overflow) + 1)|}; }", "void M() { Interlocked.Increment(ref _ring->Overflow); }"),
        ("void M(uint n) { {|PIN3003:Volatile.Write(ref _ring->Overflow, unchecked(n + _ring->Overflow))|}; }", "void M(uint n) { Interlocked.Add(ref _ring->Overflow, n); }"),
        ("void M() { int* p = &_cqes->Res; {|PIN3003:(*p)++|}; }", "void M() { int* p = &_cqes->Res; Interlocked.Increment(ref *p); }"),
        ("void M() { {|PIN3003:_ring->Live++|}; }", "void M() { Interlocked.Increment(ref _ring->Live); }"));

    [Theory]
    [InlineData("void M() => {|PIN3003:_ring->Overflow++|};", "private uint _localOverflow;\n\n    void M() => Volatile.Write(ref _ring->Overflow, ++_localOverflow);")]
    [InlineData("void M(uint n) { {|PIN3003:_ring->Overflow += n|}; }", "private uint _localOverflow;\n\n    void M(uint n) { Volatile.Write(ref _ring->Overflow, _localOverflow += n); }")]
    [InlineData("private string _localOverflow = \"\";\n    void M() { {|PIN3003:_ring->Overflow++|}; }", "private string _localOverflow = \"\";\n    private uint _localOverflow2;\n\n    void M() { Volatile.Write(ref _ring->Overflow, ++_localOverflow2); }")]
    [InlineData("private uint _localOverflow;\n    uint Count() => ++_localOverflow;\n    void M() { {|PIN3003:_ring->Overflow++|}; }", "private uint _localOverflow;\n    uint Count() => ++_localOverflow;\n    private uint _localOverflow2;\n\n    void M() { Volatile.Write(ref _ring->Overflow, ++_localOverflow2); }")]
    [InlineData("private uint _localOverflow() => 3;\n    void M() { {|PIN3003:_ring->Overflow++|}; }", "private uint _localOverflow() => 3;\n    private uint _localOverflow2;\n\n    void M() { Volatile.Write(ref _ring->Overflow, ++_localOverflow2); }")]
    [InlineData("private uint _localOverflow;\n    void N() { Volatile.Write(ref _ring->Overflow, ++_localOverflow); }\n    void M() { {|PIN3003:_ring->Overflow++|}; }", "private uint _localOverflow;\n    void N() { Volatile.Write(ref _ring->Overflow, ++_localOverflow); }\n    void M() { Volatile.Write(ref _ring->Overflow, ++_localOverflow); }")]
    [InlineData("void M() { {|PIN3003:_ring->Overflow++|}; }\n    void N() { {|PIN3003:_ring->Overflow++|}; }", "private uint _localOverflow;\n\n    void M() { Volatile.Write(ref _ring->Overflow, ++_localOverflow); }\n    void N() { Volatile.Write(ref _ring->Overflow, ++_localOverflow); }")]
    [InlineData("[PrivateCopy(\"Overflow\")] uint _seen = 3;\n    void M() { {|PIN3003:_ring->Overflow++|}; }", "[PrivateCopy(\"Overflow\")] uint _seen = 3;\n    void M() { Volatile.Write(ref _ring->Overflow, ++_seen); }")]
    [InlineData("[PrivateCopy(\"Overflow\")] uint _seen = 3;\n    void N() => _seen++;\n    void M(uint n) { {|PIN3003:_ring->Overflow += n|}; }", "[PrivateCopy(\"Overflow\")] uint _seen = 3;\n    void N() => _seen++;\n    void M(uint n) { Volatile.Write(ref _ring->Overflow, _seen += n); }")]
    [InlineData("[PrivateCopy(\"Overflow\")] static uint s_seen;\n    void M() { {|PIN3003:_ring->Overflow++|}; }", "[PrivateCopy(\"Overflow\")] static uint s_seen;\n    private uint _localOverflow;\n\n    void M() { Volatile.Write(ref _ring->Overflow, ++_localOverflow); }")]
    [InlineData("[PrivateCopy(\"Overflow\")] uint _seen;\n    void M(uint _seen) { {|PIN3003:_ring->Overflow += _seen|}; }", "[PrivateCopy(\"Overflow\")] uint _seen;\n    private uint _localOverflow;\n\n    void M(uint _seen) { Volatile.Write(ref _ring->Overflow, _localOverflow += _seen); }")]
    [InlineData("void M() { checked { {|PIN3003:_ring->Overflow++|}; } }", "private uint _localOverflow;\n\n    void M() { checked { Volatile.Write(ref _ring->Overflow, ++_localOverflow); } }")]
    public Task Update_OfAPrivateCopy(string before, string after) =>
        Verify.CodeFix(InRing(before), InRing(after), TestSetup.Annotated, UpdateAtomicallyFixer.Key_PrivateCopy);

    [Fact]
    public Task WithoutAtomicForm_IsNotFixed() => NoneFixed(
        "void M() { {|PIN3003:_ring->Small++|}; }",
        "void M() { {|PIN3003:_ring->Flags *= 3|}; }",
        "void M() { {|PIN3003:_ring->Flags = (byte)(_ring->Flags + 1)|}; }",
        "void M() { {|PIN3003:Volatile.Write(ref _ring->Sum, (int)(Volatile.Read(ref _ring->Sum) + 3))|}; }",
        "void M() { {|PIN3003:_ring->Kind|= Op.Read|}; }",
        "void M() { {|PIN3003:_ring->Flags = Math.Max(_ring->Flags, 3)|}; }");

    /// <summary>No atomic operation throws on overflow, and what is published of a copy must wrap where the cell did.</summary>
    [Theory]
    [InlineData("uint M() => checked({|PIN3003:_ring->Overflow++|});", UpdateAtomicallyFixer.Key_Interlocked)]
    [InlineData("void M() { checked { {|PIN3003:_ring->Overflow += 3|}; } }", UpdateAtomicallyFixer.Key_Interlocked)]
    [InlineData("void M() { checked { {|PIN3003:_ring->Overflow = _ring->Overflow + 3|}; } }", UpdateAtomicallyFixer.Key_Interlocked)]
    [InlineData("void M(uint n) { checked { {|PIN3003:Volatile.Write(ref _ring->Overflow, unchecked(n + _ring->Overflow))|}; } }", UpdateAtomicallyFixer.Key_PrivateCopy)]
    public Task WithoutAFormThatOverflowsAlike_IsNotFixed(string member, string key) => Verify.CodeFix(InRing(member), InRing(member), TestSetup.Annotated, key);

    [Fact]
    public Task RightUpdate_IsSilent() => AllReported(
        "void M() => Volatile.Write(ref _ring->Overflow, ++_cachedTail);",
        "void M() => Interlocked.Increment(ref _ring->Overflow);",
        "void M() => Interlocked.Add(ref _ring->Sum, 3);",
        "void M() { _cachedTail++; _mask |= 3; }",
        "void M() { _ring++; }",
        "void M() { Sqe* s = _sqes; s++; s += 3; s = s + 1; }",
        "void M() { Volatile.Write(ref _ring->Overflow, Volatile.Read(ref _ring->Flags) + 1); }",
        "void M(Sqe* t) { Sqe s = default; s.Fd++; t = &s; t->Fd++; }",
        "void M() { _data[0]++; }",
        "Ring() { _ring->Overflow++; }");

    private static Task AllFixed(params (string Before, string After)[] members) =>
        Verify.CodeFix(InRing(Numbered(members.Select(static m => m.Before))), InRing(Numbered(members.Select(static m => m.After))), TestSetup.Annotated, UpdateAtomicallyFixer.Key_Interlocked);

    private static Task AllReported(params string[] members) => Verify.Analyzer(InRing(Numbered(members)), TestSetup.Annotated);

    private static Task NoneFixed(params string[] members) => Verify.NoFix(InRing(Numbered(members)), TestSetup.Annotated);
}
