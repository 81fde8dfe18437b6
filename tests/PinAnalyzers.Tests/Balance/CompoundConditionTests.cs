using System.Threading.Tasks;
using Xunit;
using Verify = PinAnalyzers.Tests.Balance.BalanceVerifier;

namespace PinAnalyzers.Tests.Balance;

/// <summary>A condition of several parts that decides the charge and, again or kept in a variable, the release.</summary>
public sealed class CompoundConditionTests
{
    [Theory]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; if (a || b) h = GCHandle.Alloc(o); if (a || b) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; if (!a || !b) h = GCHandle.Alloc(o); if (!(a && b)) h.Free();")]
    [InlineData("bool a, bool b, bool c, object o", "GCHandle h = default; if (a || b || c) h = GCHandle.Alloc(o); if (a || b || c) h.Free();")]
    [InlineData("int a, int b, object o", "GCHandle h = default; if (a > 3 || b > 3) h = GCHandle.Alloc(o); if (a > 3 || b > 3) h.Free();")]
    [InlineData("string? a, string? b, object o", "GCHandle h = default; if (a != null || b is not null) h = GCHandle.Alloc(o); if (a != null || b != null) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; bool pin = a || b; if (pin) h = GCHandle.Alloc(o); if (a || b) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; bool pin = a && b; if (pin) h = GCHandle.Alloc(o); if (a && b) h.Free();")]
    [InlineData("bool a, bool b, bool c, object o", "GCHandle h = default; bool pin = a && b && c; if (pin) h = GCHandle.Alloc(o); if (a && b && c) h.Free();")]
    [InlineData("bool a, bool b, bool c, object o", "GCHandle h = default; bool pin = a && b || c; if (pin) h = GCHandle.Alloc(o); if (a && b || c) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; if (a && b) h = GCHandle.Alloc(o); bool unpin = a && b; if (unpin) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; if (a || b) h = GCHandle.Alloc(o); bool unpin = a || b; if (unpin) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; bool pin = false; if (a || b) pin = true; if (pin) h = GCHandle.Alloc(o); if (a || b) h.Free();")]
    [InlineData("int k, object o", "GCHandle h = default; bool pin = true; if (k == 3) pin = false; if (pin) h = GCHandle.Alloc(o); if (k != 3) h.Free();")]
    [InlineData("int k, object o", "GCHandle h = default; bool pin; switch (k) { case 1: pin = true; break; case 2: pin = true; break; default: pin = false; break; } if (pin) h = GCHandle.Alloc(o); if (pin) h.Free();")]
    [InlineData("int k, object o", "GCHandle h = default; bool pin = k is 1 or 2; if (pin) h = GCHandle.Alloc(o); if (k is 1 or 2) h.Free();")]
    [InlineData("int k, object o", "GCHandle h = default; bool pin = k is > 1 and < 8; if (pin) h = GCHandle.Alloc(o); if (k > 1 && k < 8) h.Free();")]
    [InlineData("bool a, bool b, object[] os", "foreach (object o in os) { GCHandle h = default; if (a || b) h = GCHandle.Alloc(o); if (a || b) h.Free(); }")]
    [InlineData("bool a, bool b, object[] os", "bool pin = a && b; foreach (object o in os) { GCHandle h = default; if (pin) h = GCHandle.Alloc(o); if (a && b) h.Free(); }")]
    [InlineData("object[] os", "foreach (object o in os) { GCHandle h = default; bool a = o is string, b = o is Array; if (a || b) h = GCHandle.Alloc(o); if (a || b) h.Free(); }")]
    [InlineData("object[] os, int n", "for (int i = 0; i < n; i++) { GCHandle h = default; bool pin = i > 3 && os[i] != null; if (pin) h = GCHandle.Alloc(os[i]); if (pin) h.Free(); }")]
    [InlineData("bool c, bool x, object o", "GCHandle h = default; if (c ? x : !x) h = GCHandle.Alloc(o); if (c ? x : !x) h.Free();")]
    [InlineData("bool c, int x, int y, object o", "GCHandle h = default; if (c ? x > 3 : y > 4) h = GCHandle.Alloc(o); if (c ? x > 3 : y > 4) h.Free();")]
    [InlineData("bool c, bool x, bool y, object o", "GCHandle h = default; if (!(c ? x : y)) return; h = GCHandle.Alloc(o); if (c ? x : y) h.Free();")]
    [InlineData("bool c, bool x, bool y, object[] os", "foreach (object o in os) { GCHandle h = default; if (c ? x : y) h = GCHandle.Alloc(o); if (c ? x : y) h.Free(); }")]
    [InlineData("bool c, bool x, bool y, object o", "GCHandle h = default; if (c ? x : y) h = GCHandle.Alloc(o); if (c && x || !c && y) h.Free();")]
    [InlineData("bool? c, bool x, object o", "GCHandle h = default; if (c ?? x) h = GCHandle.Alloc(o); if (c ?? x) h.Free();")]
    [InlineData("bool a, bool b, bool c, bool d, object o", "GCHandle h = default; if (a && b || c && d) h = GCHandle.Alloc(o); if (a && b || c && d) h.Free();")]
    [InlineData("string? s, bool x, object o", "GCHandle h = default; if (s == null ? x : s.Length > 3) h = GCHandle.Alloc(o); if (s == null ? x : s.Length > 3) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; if (a != b) h = GCHandle.Alloc(o); if (a ^ b) h.Free();")]
    public Task TheSameCondition_DecidesBoth(string parameters, string body) => Verify.File(Source(parameters, body));

    [Theory]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; if (a || b) h = {|PIN1001:GCHandle.Alloc(o)|}; if (a && b) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; bool pin = a || b; if (pin) h = {|PIN1001:GCHandle.Alloc(o)|}; if (a) h.Free();")]
    [InlineData("bool a, bool b, bool c, object o", "GCHandle h = default; bool pin = a && b; if (pin) h = {|PIN1001:GCHandle.Alloc(o)|}; if (a && b && c) h.Free();")]
    [InlineData("bool a, bool b, object o", "GCHandle h = default; bool pin = a || b; if (pin) h = {|PIN1001:GCHandle.Alloc(o)|}; a = false; if (a || b) h.Free();")]
    [InlineData("int a, object o", "GCHandle h = default; bool pin = a is 1 or 2; if (pin) h = {|PIN1001:GCHandle.Alloc(o)|}; if (a is 1) h.Free();")]
    [InlineData("bool c, bool x, bool y, object o", "GCHandle h = default; if (c ? x : y) h = {|PIN1001:GCHandle.Alloc(o)|}; if (c ? y : x) h.Free();")]
    [InlineData("bool c, bool x, object o", "GCHandle h = default; if (c ? x : !x) h = {|PIN1001:GCHandle.Alloc(o)|}; if (x) h.Free();")]
    [InlineData("bool a, bool b, bool c, bool d, object o", "GCHandle h = default; if (a && b || c && d) h = {|PIN1001:GCHandle.Alloc(o)|}; if (a && b || c && !d) h.Free();")]
    public Task AnotherCondition_DecidesTheRelease(string parameters, string body) => Verify.File(Source(parameters, body));

    /// <summary>What was decided is written down as a number, a name, a word or a nullable, and read from there.</summary>
    [Theory]
    [InlineData("int state = 0; if (f) state = 1;", "f", "state == 1")]
    [InlineData("int state = 0; if (f) state = 1;", "state != 0", "f")]
    [InlineData("int state = 3; if (f) state = -1;", "f", "state < 0")]
    [InlineData("State state = State.None; if (f) state = State.Pinned;", "f", "state == State.Pinned")]
    [InlineData("string state = \"none\"; if (f) state = \"pinned\";", "f", "state == \"pinned\"")]
    [InlineData("string? state = null; if (f) state = \"pinned\";", "f", "state is not null")]
    [InlineData("object? state = null; if (f) state = new object();", "f", "state != null")]
    [InlineData("bool? state = null; if (f) state = true;", "f", "state == true")]
    [InlineData("bool? state = null; if (f) state = false;", "f", "state is false")]
    [InlineData("bool? state = null; if (f) state = true;", "state ?? false", "f")]
    [InlineData("int? state = null; if (f) state = 0;", "f", "state == 0")]
    [InlineData("int? state = null; if (f) state = 0;", "state.HasValue", "f")]
    [InlineData("State? state = null; if (f) state = State.None;", "f", "state is State.None")]
    [InlineData("int state = 0; if (k > 3) state = 1; else if (k > 1) state = 2;", "k > 3", "state == 1")]
    [InlineData("int state = 0; if (k > 3) state = 1; else if (k > 1) state = 2;", "k > 1", "state is 1 or 2")]
    [InlineData("int state = 0; if (f) state = 1; if (k > 3) state = 2;", "state == 1", "f && k <= 3")]
    [InlineData("object? state = null; while (k-- > 0) { if (k == 7) state = new object(); }", "state != null", "state != null")]
    public Task WhatIsWrittenDown_IsTheCondition(string written, string taken, string given) => Verify.File(Written(written, $"if ({taken}) h = GCHandle.Alloc(o); if ({given}) h.Free();"));

    [Theory]
    [InlineData("int state = 0; if (f) state = 1;", "f", "state == 2")]
    [InlineData("int state = 0; if (f) state = 1; if (g) state = 0;", "f", "state == 1")]
    [InlineData("bool? state = null; if (f) state = false;", "f", "state == true")]
    [InlineData("string? state = null; if (f) state = \"a\"; else if (g) state = \"b\";", "f", "state == \"b\"")]
    [InlineData("int state = 0; while (k-- > 0) { state = 0; if (f) state = 1; f = g; }", "f", "state == 1")]
    public Task WhatIsWrittenDownOtherwise_IsAnother(string written, string taken, string given) => Verify.File(Written(written, $"if ({taken}) h = {{|PIN1001:GCHandle.Alloc(o)|}}; if ({given}) h.Free();"));

    private static string Written(string written, string body) => $"public class C {{ enum State {{ None, Pinned }} void M(bool f, bool g, int k, object o) {{ {written} GCHandle h = default; {body} }} }}";

    private static string Source(string parameters, string body) => $"public class C {{ void M({parameters}) {{ {body} }} }}";
}
