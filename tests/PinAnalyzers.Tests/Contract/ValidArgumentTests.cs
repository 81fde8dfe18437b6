using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>PIN4003.</summary>
public sealed class ValidArgumentTests
{
    [Theory]
    [InlineData("void M() { nint h = 0; Native.Setup({|PIN4003:0|}, ref h); }")]
    [InlineData("void M() { nint h = 0; Native.Setup({|PIN4003:8_388_609|}, ref h); }")]
    [InlineData("void M() { nint h = 0; Native.Setup(handle: ref h, events: {|PIN4003:uint.MaxValue|}); }")]
    [InlineData("const uint Many = 9_000_000; void M() { nint h = 0; Native.Setup({|PIN4003:Many|}, ref h); }")]
    [InlineData("void M() { nint h = 0; uint n = 0; Native.Setup({|PIN4003:n|}, ref h); }")]
    [InlineData("void M(uint n) { nint h = 0; if (n > 9_000_000) Native.Setup({|PIN4003:n|}, ref h); }")]
    [InlineData("void M() => Native.Small({|PIN4003:-6|});")]
    [InlineData("void M() => Native.Small({|PIN4003:6|}, {|PIN4003:2|});")]
    [InlineData("void M() => Native.SetPolicy({|PIN4003:Mcl.Unknown|});")]
    [InlineData("void M() => Native.SetPolicy({|PIN4003:Mcl.Current | Mcl.Unknown|});")]
    [InlineData("void M() => Native.SetPolicy({|PIN4003:Mcl.Inherit|});")]
    [InlineData("void M() => Native.SetPolicy({|PIN4003:Mcl.None|});")]
    [InlineData("void M() => Native.SetPolicy({|PIN4003:default|});")]
    [InlineData("void M() => Native.SetPolicy({|PIN4003:(Mcl)16|});")]
    [InlineData("void M() => Native.SetPolicy({|PIN4003:~Mcl.None|});")]
    [InlineData("Action M() => () => Native.SetPolicy({|PIN4003:Mcl.Recursive|});")]
    [InlineData("Api M() => new({|PIN4003:0|}); class Api { public Api([ValidRange(1, 9)] int n) { } }")]
    [InlineData("int N { [param: ValidRange(1, 9)] set { } } void M() => N = {|PIN4003:0|};")]
    [InlineData("class Base { public virtual void F([ValidRange(1, 9)] int n) { } } class D : Base { public override void F(int n) { } } void M(D d) => d.F({|PIN4003:10|});")]
    [InlineData("interface I { void F([ValidRange(1, 9)] int n); } class D : I { public void F(int n) { } } void M(D d) => d.F({|PIN4003:10|});")]
    public Task Invalid_IsReported(string members) => ContractVerifier.Members(members);

    [Theory]
    [InlineData("void M() { nint h = 0; Native.Setup(1, ref h); }")]
    [InlineData("void M() { nint h = 0; Native.Setup(8_388_608, ref h); }")]
    [InlineData("void M(uint n) { nint h = 0; Native.Setup(n, ref h); }")]
    [InlineData("void M(uint n) { nint h = 0; if (n == 0) n = 1; Native.Setup(n, ref h); }")]
    [InlineData("void M(uint n) { nint h = 0; Native.Setup(n * 2, ref h); }")]
    [InlineData("static uint Compute() => 0; void M() { nint h = 0; Native.Setup(Compute(), ref h); }")]
    [InlineData("void M() { nint h = 0; uint n = 0; for (int i = 0; i < 4; i++) n++; Console.Write(n); if (n > 0) Native.Setup(n, ref h); }")]
    [InlineData("void M(bool b) { nint h = 0; uint n = 5; if (b) n = 0; Native.Setup(n, ref h); }")]
    [InlineData("void M() => Native.Small(5);")]
    [InlineData("void M() => Native.Small(-5, int.MinValue);")]
    [InlineData("void M() => Native.Small(0, 1);")]
    [InlineData("void M() => Native.SetPolicy(Mcl.Current);")]
    [InlineData("void M() => Native.SetPolicy(Mcl.All);")]
    [InlineData("void M() => Native.SetPolicy(Mcl.Future | Mcl.Inherit | Mcl.Recursive);")]
    [InlineData("void M(Mcl f) => Native.SetPolicy(f);")]
    [InlineData("void M(Mcl f) => Native.SetPolicy(f | Mcl.Unknown);")]
    [InlineData("static void F([ValidRange(9, 1)] int n) { } void M() => F(20);")]
    [InlineData("static void F(int n) { } void M() => F(-20);")]
    public Task ValidOrUnknown_IsSilent(string members) => ContractVerifier.Members(members);
}
