using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CodeFixes;
using PinAnalyzers.CodeFixes.SharedMemory;
using PinAnalyzers.SharedMemory;
using PinAnalyzers.Tests.Verification;
using Xunit;
using static PinAnalyzers.Tests.SharedMemory.RingSources;
using static PinAnalyzers.Tests.SharedMemory.SharedVerifier;

namespace PinAnalyzers.Tests.SharedMemory;

/// <summary>Fixes of the rules that look at what an access shows by itself; each in all members at once.</summary>
public sealed class RingFixerTests
{
    [Fact]
    public Task ReadOfAReadOnlyMapping_BecomesVolatile() => AllFixed<ReadAsVolatileFixer>(
        "PIN3010",
        ("[SharedMemory(ReadOnlyMapping = true)] long* _ro1; long M() => {|PIN3010:Interlocked.Read(ref *_ro1)|};", "[SharedMemory(ReadOnlyMapping = true)] long* _ro1; long M() => Volatile.Read(ref *_ro1);"),
        ("[SharedMemory(ReadOnlyMapping = true)] Header* _ro2; bool M() => {|PIN3010:Interlocked.CompareExchange(ref _ro2->Flags, 0, 0)|} != 0;", "[SharedMemory(ReadOnlyMapping = true)] Header* _ro2; bool M() => Volatile.Read(ref _ro2->Flags) != 0;"),
        ("[SharedMemory(ReadOnlyMapping = true)] long* _ro3; void M() { long n = {|PIN3010:Interlocked.Add(ref *_ro3, 0)|}; Use(n); }", "[SharedMemory(ReadOnlyMapping = true)] long* _ro3; void M() { long n = Volatile.Read(ref *_ro3); Use(n); }"));

    [Fact]
    public Task OwnIndexReadBack_BecomesThePrivateCopy() => AllFixed<ReadPrivateCopyFixer>(
        "PIN3012",
        ("uint M() => {|PIN3012:Volatile.Read(ref _ring->Tail)|} + 1;", "uint M() => _cachedTail + 1;"),
        ("uint M() { var r = _ring; return {|PIN3012:Volatile.Read(ref r->Tail)|}; }", "uint M() { var r = _ring; return _cachedTail; }"),
        ("void M() { uint t = {|PIN3012:_ring->Tail|}; Use(t); }", "void M() { uint t = _cachedTail; Use(t); }"),
        ("[SharedIndex(RingSide.Local)] ulong* _own; [PrivateCopy(\"_own\")] ulong _ownCopy = 3; void Set3(ulong* p) { _own = p; } ulong M() => {|PIN3012:Volatile.Read(ref *_own)|};", "[SharedIndex(RingSide.Local)] ulong* _own; [PrivateCopy(\"_own\")] ulong _ownCopy = 3; void Set3(ulong* p) { _own = p; } ulong M() => _ownCopy;"));

    [Fact]
    public Task WithoutAPrivateCopy_NoFix() => NoneFixed<ReadPrivateCopyFixer>(
        "PIN3012",
        "[SharedIndex(RingSide.Local)] ulong* _own; ulong M() => {|PIN3012:Volatile.Read(ref *_own)|};",
        "void M(uint n) { {|PIN3012:Volatile.Write(ref _ring->Head, n)|}; }",
        "void M(uint n) { {|PIN3012:_ring->Head|} = n; }",
        "static uint M(Header* h) => {|PIN3012:Volatile.Read(ref h->Tail)|};",
        // The copy would stay behind.
        "void M() => Volatile.Write(ref _ring->Tail, {|PIN3012:Volatile.Read(ref _ring->Tail)|} + 1);",
        "void M() { _ring->Tail = {|PIN3012:_ring->Tail|} + 1; }",
        "uint M(Ring other) => {|PIN3012:Volatile.Read(ref other._ring->Tail)|};",
        "uint M(Ring other) { var r = other._ring; return {|PIN3012:Volatile.Read(ref r->Tail)|}; }",
        "uint M() { uint _cachedTail = 3; return {|PIN3012:Volatile.Read(ref _ring->Tail)|} + _cachedTail; }");

    [Fact]
    public Task WholeCopy_IsFetchedFieldByField() => AllFixed<FetchFieldsFixer>(
        "PIN3008",
        ("uint M() { ¶Cqe c = {|PIN3008:_ring->Inline|}; ¶return c.Flags;¶ }", "uint M() { ¶Cqe c = default; ¶c.UserData = Volatile.Read(ref _ring->Inline.UserData); ¶c.Res = Volatile.Read(ref _ring->Inline.Res); ¶c.Flags = Volatile.Read(ref _ring->Inline.Flags); ¶return c.Flags;¶ }"),
        ("int M() { ¶Cqe* at = _cqes; ¶var c = {|PIN3008:*at|}; ¶return c.Res;¶ }", "int M() { ¶Cqe* at = _cqes; ¶Cqe c = default; ¶c.UserData = Volatile.Read(ref at->UserData); ¶c.Res = Volatile.Read(ref at->Res); ¶c.Flags = Volatile.Read(ref at->Flags); ¶return c.Res;¶ }"),
        ("Op M() { ¶Sqe s = {|PIN3008:_sqes[0]|}; ¶return s.Kind;¶ }", "Op M() { ¶Sqe s = default; ¶s.Opcode = Volatile.Read(ref _sqes[0].Opcode); ¶s.Fd = Volatile.Read(ref _sqes[0].Fd); ¶s.Len = Volatile.Read(ref _sqes[0].Len); ¶s.Off = Volatile.Read(ref _sqes[0].Off); ¶s.Kind = (Op)Volatile.Read(ref Unsafe.As<Op, byte>(ref _sqes[0].Kind)); ¶return s.Kind;¶ }"));

    [Fact]
    public Task WholeCopyWithoutFieldForms_NoFix() => NoneFixed<FetchFieldsFixer>(
        "PIN3008",
        "uint M() { Header h = {|PIN3008:*_ring|}; return h.Head; }",
        "void M() { Use({|PIN3008:_ring->Inline|}); }",
        "void M(Cqe c) { {|PIN3008:_ring->Inline|} = c; }",
        "Cqe* Next1() => _cqes; int M() { Cqe c = {|PIN3008:*Next1()|}; return c.Res; }");

    [Fact]
    public Task PayloadBehindItsIndex_ChangesPlaces() => AllFixed<PublishLastFixer>(
        "PIN3007",
        ("void M(Cqe c) { ¶uint t = _cachedTail; ¶Volatile.Write(ref _ring->Tail, t + 1); ¶{|PIN3007:_cqes[t & _mask]|} = c;¶ }", "void M(Cqe c) { ¶uint t = _cachedTail; ¶_cqes[t & _mask] = c; ¶Volatile.Write(ref _ring->Tail, t + 1);¶ }"),
        ("void M(Cqe c) { ¶uint t = _cachedTail; ¶// now it is theirs\n        Volatile.Write(ref _ring->Tail, t + 1); // published\n        {|PIN3007:_cqes[t & _mask]|} = c; // filled\n    }", "void M(Cqe c) { ¶uint t = _cachedTail; ¶_cqes[t & _mask] = c; // filled\n        // now it is theirs\n        Volatile.Write(ref _ring->Tail, t + 1); // published\n    }"),
        ("int M() { ¶uint h = _cachedHead; ¶Volatile.Write(ref _ring->Tail, h + 1); ¶Cqe c = {|PIN3007:_cqes[h & _mask]|}; ¶return c.Res;¶ }", "int M() { ¶uint h = _cachedHead; ¶Cqe c = _cqes[h & _mask]; ¶Volatile.Write(ref _ring->Tail, h + 1); ¶return c.Res;¶ }"));

    [Fact]
    public Task PayloadFurtherBehind_NoFix() => NoneFixed<PublishLastFixer>(
        "PIN3007",
        "void M(Cqe c) { uint t = _cachedTail; Volatile.Write(ref _ring->Tail, t + 1); Wake(); {|PIN3007:_cqes[t & _mask]|} = c; }",
        "int M() { uint h = _cachedHead; Volatile.Write(ref _ring->Tail, h + 1); return {|PIN3007:_cqes[h & _mask].Res|}; }",
        "void M() { uint t = _cachedTail; Volatile.Write(ref _ring->Tail, t + 1); t = {|PIN3007:_cqes[t & _mask].Flags|}; }",
        "void M(Cqe c, bool more) { uint t = _cachedTail; Volatile.Write(ref _ring->Tail, t + 1); if (more) {|PIN3007:_cqes[t & _mask]|} = c; }");

    [Fact]
    public Task UncheckedIndex_IsChecked() => AllFixed<CheckIndexFixer>(
        "PIN3005",
        ("int M() { ¶uint n = Volatile.Read(ref _ring->Overflow); ¶return _data[{|PIN3005:n|}];¶ }", "int M() { ¶uint n = Volatile.Read(ref _ring->Overflow); ¶if ((uint)n >= (uint)_data.Length) throw new InvalidOperationException(); ¶return _data[n];¶ }"),
        ("int M() { ¶uint n = Volatile.Read(ref _ring->Overflow); ¶return _data[{|PIN3005:n|}] + _data[{|PIN3005:n|}];¶ }", "int M() { ¶uint n = Volatile.Read(ref _ring->Overflow); ¶if ((uint)n >= (uint)_data.Length) throw new InvalidOperationException(); ¶return _data[n] + _data[n];¶ }"),
        ("int M() { ¶return _data[{|PIN3005:Volatile.Read(ref _ring->Overflow)|}];¶ }", "int M() { ¶var index = Volatile.Read(ref _ring->Overflow); ¶if ((uint)index >= (uint)_data.Length) throw new InvalidOperationException(); ¶return _data[index];¶ }"),
        ("int M() { ¶ref uint n = ref _ring->Overflow; ¶return _data[{|PIN3005:n|}];¶ }", "int M() { ¶ref uint n = ref _ring->Overflow; ¶var index = n; ¶if ((uint)index >= (uint)_data.Length) throw new InvalidOperationException(); ¶return _data[index];¶ }"),
        ("void M(Span<int> s) { ¶s[{|PIN3005:(int)Volatile.Read(ref _ring->Overflow)|}] = 3;¶ }", "void M(Span<int> s) { ¶var index = (int)Volatile.Read(ref _ring->Overflow); ¶if ((uint)index >= (uint)s.Length) throw new InvalidOperationException(); ¶s[index] = 3;¶ }"));

    [Fact]
    public Task WithoutABoundInSight_NoFix() => NoneFixed<CheckIndexFixer>(
        "PIN3005",
        "byte[] M() { uint n = Volatile.Read(ref _ring->Overflow); return new byte[{|PIN3005:n|}]; }",
        "int M() => _data[{|PIN3005:Volatile.Read(ref _ring->Overflow)|}];",
        "int M(bool b) { return b ? _data[{|PIN3005:Volatile.Read(ref _ring->Overflow)|}] : 0; }",
        "Cqe M() { uint n = Volatile.Read(ref _ring->Overflow); return _cqes[{|PIN3005:n|}]; }",
        "int M() { int Get() => _data[{|PIN3005:Volatile.Read(ref _ring->Overflow)|}]; Use(1); return Get(); }",
        "int Step6() => 1; int M() { return Step6() + _data[{|PIN3005:Volatile.Read(ref _ring->Overflow)|}]; }",
        "void M(int i) { _data[i++] = _data[{|PIN3005:Volatile.Read(ref _ring->Overflow) + i|}]; }",
        "sealed class Rows8 { public int Select(Func<int, int> f) => f(1); } int M(Rows8 all) { return from x in all select _data[{|PIN3005:Volatile.Read(ref _ring->Overflow)|}]; }");

    [Fact]
    public Task AliasedCursor_BecomesACopy() => AllFixed<CopyCursorFixer>(
        "PIN3009",
        ("void M() { ref uint {|PIN3009:cachedHead = ref _ring->Head|}; Use(cachedHead); }", "void M() { uint cachedHead = Volatile.Read(ref _ring->Head); Use(cachedHead); }"),
        ("bool M() { ref var {|PIN3009:localTail = ref _ring->Tail|}; return localTail == _cachedTail; }", "bool M() { var localTail = Volatile.Read(ref _ring->Tail); return localTail == _cachedTail; }"));

    [Fact]
    public Task AliasThatIsWrittenOrKept_NoFix() => NoneFixed<CopyCursorFixer>(
        "PIN3009",
        "void M() { ref uint {|PIN3009:cachedHead = ref _ring->Head|}; Volatile.Write(ref cachedHead, 3); }",
        "void M() { ref uint {|PIN3009:cachedHead = ref _ring->Head|}; cachedHead++; }",
        "void M() { ref uint {|PIN3009:cachedHead = ref _ring->Head|}; (cachedHead)++; }",
        "void M() { ref uint {|PIN3009:cachedHead = ref _ring->Head|}; int n; (cachedHead, n) = (1u, 2); Use(n); }",
        "void M() { ref uint {|PIN3009:cachedHead = ref _ring->Head|}; while (cachedHead == 3) Wake(); }",
        "uint* _cachedAt; void M() { {|PIN3009:_cachedAt = &_ring->Head|}; }");

    /// <summary>Where <c>Volatile</c> has no overload, or the access is more than one.</summary>
    [Fact]
    public Task OtherTypesOfCells_AreReadInTheirForm() => AllFixed<AccessAsVolatileFixer>(
        "PIN3001",
        ("Mode M() => {|PIN3001:_ring->Mode|};", "Mode M() => (Mode)Volatile.Read(ref Unsafe.As<Mode, int>(ref _ring->Mode));"),
        ("char M() => {|PIN3001:_ring->Letter|};", "char M() => (char)Volatile.Read(ref Unsafe.As<char, ushort>(ref _ring->Letter));"),
        ("int M() => {|PIN3001:_ring->Small|} + 1;", "int M() => Volatile.Read(ref _ring->Small) + 1;"),
        ("bool M() => {|PIN3001:_ring->Kind|}.HasFlag(Op.Read);", "bool M() => ((Op)Volatile.Read(ref Unsafe.As<Op, byte>(ref _ring->Kind))).HasFlag(Op.Read);"),
        ("uint M() { /* now */ return {|PIN3001:_ring->Flags|} /* of the peer */; }", "uint M() { /* now */ return Volatile.Read(ref _ring->Flags) /* of the peer */; }"),
        ("uint M(int i) => {|PIN3001:_ring->Counts[i]|} & 3;", "uint M(int i) => Volatile.Read(ref _ring->Counts[i]) & 3;"),
        ("string M() => {|PIN3001:_ring->Flags|}.ToString();", "string M() => Volatile.Read(ref _ring->Flags).ToString();"),
        ("uint M() => {|PIN3001:Unsafe.Add(ref _ring->Flags, 1)|};", "uint M() => Volatile.Read(ref Unsafe.Add(ref _ring->Flags, 1));"));

    [Fact]
    public Task OtherTypesOfCells_AreWrittenInTheirForm() => AllFixed<AccessAsVolatileFixer>(
        "PIN3002",
        ("void M() { {|PIN3002:_ring->Kind|} = Op.Read; }", "void M() { Volatile.Write(ref Unsafe.As<Op, byte>(ref _ring->Kind), (byte)Op.Read); }"),
        ("void M(byte b) { {|PIN3002:_ring->Small|} = b; }", "void M(byte b) { Volatile.Write(ref _ring->Small, b); }"),
        ("void M() => {|PIN3002:_ring->Sum|} = 3;", "void M() => Volatile.Write(ref _ring->Sum, 3);"),
        ("void M(bool b) { if (b) {|PIN3002:_ring->Flags|} = 1; else Wake(); }", "void M(bool b) { if (b) Volatile.Write(ref _ring->Flags, 1); else Wake(); }"),
        ("void M(uint[] a) { foreach (uint n in a) {|PIN3002:_ring->Flags|} = n; }", "void M(uint[] a) { foreach (uint n in a) Volatile.Write(ref _ring->Flags, n); }"),
        ("Action M() => () => {|PIN3002:_ring->Flags|} = 3;", "Action M() => () => Volatile.Write(ref _ring->Flags, 3);"));

    [Fact]
    public Task WithoutAVolatileForm_NoFix() => NoneFixed<AccessAsVolatileFixer>(
        "PIN3001",
        "uint M() { ref readonly uint f = ref _ring->Flags; return {|PIN3001:f|}; }",
        "byte* M() => {|PIN3001:_ring->Next|};",
        "static T Get3<T>(T* p) where T : unmanaged => {|PIN3001:*p|}; uint M() => Get3(&_ring->Flags);");

    [Fact]
    public Task AutomaticLayout_BecomesSequential() => CSharpFixVerifier<SharedLayoutAnalyzer, LayOutInOrderFixer>.CodeFix(
        "using System.Runtime.InteropServices; using PinAccounting.Annotations; [SharedMemory, StructLayout(LayoutKind.Auto)] struct {|PIN3015:Cell|} { public uint A; }",
        "using System.Runtime.InteropServices; using PinAccounting.Annotations; [SharedMemory, StructLayout(LayoutKind.Sequential)] struct Cell { public uint A; }",
        Off("PIN3015"));

    [Fact]
    public Task FieldThatCannotBeShared_NoFix() => CSharpFixVerifier<SharedLayoutAnalyzer, LayOutInOrderFixer>.NoFix(
        "using PinAccounting.Annotations; [SharedMemory] struct Cell { public bool {|PIN3015:A|}; }", Off("PIN3015"));

    private static Task AllFixed<TFixer>(string id, params (string Before, string After)[] members)
        where TFixer : CodeFixProvider, new() =>
        CSharpFixVerifier<PinFlowAnalyzer, TFixer>.CodeFix(Source(members.Select(static m => m.Before)), Source(members.Select(static m => m.After)), Only(id));

    private static Task NoneFixed<TFixer>(string id, params string[] members)
        where TFixer : CodeFixProvider, new() =>
        CSharpFixVerifier<PinFlowAnalyzer, TFixer>.NoFix(Source(members), Only(id));

    private static TestSetup Only(string id) => Off(id).Option($"dotnet_diagnostic.{id}.severity", "warning");

    /// <summary>A statement a line. Who only reads a field leaves it unassigned for the compiler, so somebody else is handed them all.</summary>
    private static string Source(IEnumerable<string> members) => InRing(Numbered(members.Append("static void By(ref uint at) { } void Touch() { By(ref _ring->Flags); By(ref _ring->Head); By(ref _ring->Tail); By(ref _cachedTail); }").Select(static member => member
        .Replace(" { ¶", "\n    {\n        ").Replace("; ¶", ";\n        ").Replace("¶ }", "\n    }"))));
}
