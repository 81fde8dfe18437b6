using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>Wrong programs in the shapes that real code has them in.</summary>
public sealed class ContractShapeTests
{
    [Theory]
    [InlineData("""class C { void M(ChargeStatus s) { switch (s) { case ChargeStatus.PolicyLimit: throw {|PIN4002:new OutOfMemoryException()|}; default: break; } } }""")]
    [InlineData("""class C { int M(ChargeStatus s) => s switch { ChargeStatus.PolicyLimit => throw {|PIN4002:new OutOfMemoryException()|}, _ => 0 }; }""")]
    [InlineData("""class C { readonly Account _a = new(); void M() { bool ok = _a.TryCharge(4); if (!ok) throw {|PIN4002:new OutOfMemoryException()|}; _a.Uncharge(4); } }""")]
    [InlineData("""class C { readonly Account _a = new(); bool M() { if (_a.TryCharge(4)) return true; throw {|PIN4002:new OutOfMemoryException()|}; } }""")]
    [InlineData("""class C { readonly Account _a = new(); void M() { if (_a.TryCharge(4) == false) throw {|PIN4002:new OutOfMemoryException()|}; _a.Uncharge(4); } }""")]
    [InlineData("""class C { ChargeStatus M(Action a) { try { a(); } catch (Exception e) when (e is OutOfMemoryException) { return {|PIN4002:ChargeStatus.PolicyLimit|}; } return ChargeStatus.Charged; } }""")]
    [InlineData("""class C { ChargeStatus M(Exception e) { switch (e) { case OutOfMemoryException: return {|PIN4002:ChargeStatus.PolicyLimit|}; default: return ChargeStatus.Fault; } } }""")]
    [InlineData("""class C { ChargeStatus Try() => 0; bool M() { while (true) { switch ({|PIN4002:Try()|}) { case ChargeStatus.PolicyLimit: case ChargeStatus.ResourceExhausted: continue; default: return true; } } } }""")]
    public Task Denial_IsReported(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class B { public B([ValidRange(1, 9)] int n) { } } class D : B { public D() : base({|PIN4003:0|}) { } public D(string s) : this() { } }""")]
    [InlineData("""class B { public B([ValidRange(1, 9)] int n) { } public B() : this({|PIN4003:10|}) { } }""")]
    [InlineData("""class L : System.Collections.IEnumerable { public void Add([ValidRange(1, 9)] int n) { } public System.Collections.IEnumerator GetEnumerator() => null!; } class C { L M() => new L { 1, {|PIN4003:0|} }; }""")]
    [InlineData("""class C { void M() { Native.Wide({|PIN4003:2|}); Native.Wide({|PIN4003:0xF000_0000_0000_0000UL|}); } }""")]
    [InlineData("""class C { void M() { Native.Maybe({|PIN4003:0|}); Native.Maybe({|PIN4003:10|}); } }""")]
    public Task Argument_IsReported(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { nint _handle; void Open() { Native.Make(ref {|PIN4004:_handle|}); } void Twice() { Open(); Native.Make(ref {|PIN4004:_handle|}); } }""")]
    [InlineData("""class C { nint _handle; void Open() { if (_handle != 0) Console.WriteLine("again"); Native.Make(ref {|PIN4004:_handle|}); } }""")]
    [InlineData("""class C { nint _handle; public C() { Init(); } public void Again() => Init(); private void Init() => Native.Make(ref {|PIN4004:_handle|}); }""")]
    public Task Handle_IsReported(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""[Flags] enum A { None = 0, X = 1 } class C { bool M(A a) => {|PIN4005:(a & A.None) is not 0|}; bool N(A a) => {|PIN4005:(a & A.None) is A.None|}; }""")]
    [InlineData("""[Flags] enum A { None = 0, X = 1, Y = 1, Z = 2 } class C { bool M(A a) => {|PIN4005:a is A.X or A.Z|}; }""")]
    [InlineData("""[Flags] enum A { None = 0, X = 1, Y = 1, Z = 2 } class C { int M(A a) => a switch { {|PIN4005:A.Y|} => 1, _ => 0 }; }""")]
    [InlineData("""[Flags] enum A { None = 0, X = 1, Y = 1, Z = 2 } class C { int M(A a) { switch (a) { case {|PIN4005:A.X|}: return 1; default: return 0; } } }""")]
    public Task FlagTest_IsReported(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class Other { public int Inherit; public void Reset() => Inherit = 0; } class C { void Lock(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) {|PIN4008:s.Inherit = 4|}; } void Clear(Other o) => o.Inherit = 0; }""")]
    public Task Setter_IsReported(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class A { [Inherited(Inheritance.Zero)] public long N; A Fork() { var c = new A(); {|PIN4009i:c.N = N|}; N = N + 1; return c; } }""")]
    public Task Copy_IsReported(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { LockState M(LockState src) { var dst = new LockState(); dst.Inherit = ({|PIN4010:dst.Inherit|} & 8) != 0 ? src.Inherit : 0; return dst; } }""")]
    public Task Guard_IsReported(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { string M(nint a) => Native.PinPages(a, 4) switch { {|PIN4012:-1|} => "failed", _ => "ok" }; }""")]
    [InlineData("""class C { async Task<bool> M(nint a) => {|PIN4012:await Native.PinAsync(a) == -1|}; }""")]
    [InlineData("""class C { const int EOF = -1; bool M(nint a) => {|PIN4012:Native.PinPages(a, 4) == EOF|}; }""")]
    public Task ReturnConvention_IsReported(string types) => ContractTypes.Verify(types);
}
