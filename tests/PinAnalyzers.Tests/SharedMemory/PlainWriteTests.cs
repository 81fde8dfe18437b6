using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using PinAnalyzers.CodeFixes.SharedMemory;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.SharedMemory.AccessAsVolatileFixer>;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>PIN3002 and its fix.</summary>
public sealed class PlainWriteTests
{
    [Fact]
    public Task PlainWrite_BecomesVolatile() => AllFixed(
        ("void M(uint t) { {|PIN3002:_ring->Tail|} = t; }", "void M(uint t) { Volatile.Write(ref _ring->Tail, t); }"),
        ("void M(uint t) => {|PIN3002:_ring->Flags|} = t + 1;", "void M(uint t) => Volatile.Write(ref _ring->Flags, t + 1);"),
        ("void M(uint* t) { {|PIN3002:_ring->Flags|} = *t; // why\n }", "void M(uint* t) { Volatile.Write(ref _ring->Flags, *t); // why\n }"),
        ("void M() { {|PIN3002:_ring->Small|} = 1; }", "void M() { Volatile.Write(ref _ring->Small, 1); }"),
        ("void M(bool b) { {|PIN3002:_ring->Kind|} = b ? Op.Nop : Op.Read; }", "void M(bool b) { Volatile.Write(ref Unsafe.As<Op, byte>(ref _ring->Kind), (byte)(b ? Op.Nop : Op.Read)); }"),
        ("void M() { {|PIN3002:_ring->Mode|} = Mode.On; }", "void M() { Volatile.Write(ref Unsafe.As<Mode, int>(ref _ring->Mode), (int)Mode.On); }"),
        ("void M() { {|PIN3002:_ring->Letter|} = 'a'; }", "void M() { Volatile.Write(ref Unsafe.As<char, ushort>(ref _ring->Letter), (ushort)'a'); }"),
        ("void M(int i) { {|PIN3002:_sqes[i].Fd|} = 3; }", "void M(int i) { Volatile.Write(ref _sqes[i].Fd, 3); }"),
        ("void M(int i) { ref Sqe s = ref _sqes[i]; {|PIN3002:s.Fd|} = 3; }", "void M(int i) { ref Sqe s = ref _sqes[i]; Volatile.Write(ref s.Fd, 3); }"),
        ("void M() { uint* p = &_ring->Flags; {|PIN3002:*p|} = 3; }", "void M() { uint* p = &_ring->Flags; Volatile.Write(ref *p, 3); }"),
        ("uint Prop { set { {|PIN3002:_ring->Flags|} = value; } }", "uint Prop { set { Volatile.Write(ref _ring->Flags, value); } }"),
        ("uint Other { set => {|PIN3002:_ring->Flags|} = value; }", "uint Other { set => Volatile.Write(ref _ring->Flags, value); }"),
        ("void M() { for ({|PIN3002:_ring->Flags|} = 1; ; ) { Wake(); } }", "void M() { for (Volatile.Write(ref _ring->Flags, 1); ; ) { Wake(); } }"),
        ("void M() { Action a = () => {|PIN3002:_ring->Flags|} = 3; a(); }", "void M() { Action a = () => Volatile.Write(ref _ring->Flags, 3); a(); }"),
        ("void M() { {|PIN3002:_ring->Inline.Res|} = 3; }", "void M() { Volatile.Write(ref _ring->Inline.Res, 3); }"),
        ("void M(ulong ud) { Cqe* c = _cqes; {|PIN3002:c->UserData|} = ud; {|PIN3002:c->Res|} = 0; }", "void M(ulong ud) { Cqe* c = _cqes; Volatile.Write(ref c->UserData, ud); Volatile.Write(ref c->Res, 0); }"));

    [Fact]
    public Task ValueOfTheAssignmentUsed_IsNotFixed() => NoneFixed(
        "void M(uint t) { Use({|PIN3002:_ring->Flags|} = t); }",
        "void M(uint t) { uint x = {|PIN3002:_ring->Flags|} = t; }",
        "void M(uint t) { ({|PIN3002:_ring->Flags|}, _cachedHead) = (t, t); }",
        "void M() { {|PIN3002:_ring->Next|} = null; }");

    [Theory]
    [InlineData("void M(uint t) { {|#0:_ring->Flags|} = 3; Volatile.Write(ref _ring->Tail, t); }")]
    [InlineData("void M(uint t, bool b) { {|#0:_ring->Flags|} = 3; if (b) Interlocked.Exchange(ref _ring->Tail, t); }")]
    public Task PublishedLater_IsASuggestion(string members) => Verify.Analyzer(
        InRing(members), TestSetup.Annotated, Verify.Diagnostic("PIN3002").WithLocation(0).WithSeverity(DiagnosticSeverity.Info).WithMessage(null));

    [Fact]
    public Task RightWrite_IsSilent() => AllReported(
        "void M(uint t) { Volatile.Write(ref _ring->Flags, t); }",
        "void M(uint t) { Interlocked.Exchange(ref _ring->Flags, t); }",
        "void M(uint t) { _ring->Live = t; }",
        "void M(uint t) { _cachedTail = t; _cachedHead = t; }",
        "Ring() { _ring->Tail = 0; _ring->Flags = 1; }",
        "void M() { Sqe s = default; s.Fd = 3; ref Sqe r = ref s; r.Fd = 4; }",
        "void M(Header* mine) { Header h = default; mine = &h; }",
        "void M() { _ring->Entries = 3; }",
        "void M(Header* r) { _ring = r; }",
        "void M() { Header* r = null; r = _ring; }",
        "static void Set(ref uint at, uint v) => Volatile.Write(ref at, v); void M() { Set(ref _ring->Flags, 3); }",
        "void M() { int x = 0; int* p = &x; *p = 3; }",
        "void M() { var t = new int[3]; t[1] = 3; }");

    private static Task AllFixed(params (string Before, string After)[] members) =>
        Verify.CodeFix(InRing(Numbered(members.Select(static m => m.Before))), InRing(Numbered(members.Select(static m => m.After))), TestSetup.Annotated, AccessAsVolatileFixer.Key_Volatile);

    private static Task AllReported(params string[] members) => Verify.Analyzer(InRing(Numbered(members)), TestSetup.Annotated);

    private static Task NoneFixed(params string[] members) => Verify.NoFix(InRing(Numbered(members)), TestSetup.Annotated);
}
