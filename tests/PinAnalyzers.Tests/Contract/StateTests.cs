using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.Contract;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>PIN4008, PIN4009 and PIN4010, with their fixes: state that is set, copied and guarded.</summary>
public sealed class StateTests
{
    private const string LockState = """
        public class LockState
        {
            [Inherited(Inheritance.Copy)] public int Inherit;
            public Mcl Flags { get; set; }
            public int Plain;
        }

        """;

    [Theory]
    // Catalogue E7, as it was seen.
    [InlineData("void LockAll(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) {|PIN4008:s.Inherit = (int)(f & (Mcl.Inherit | Mcl.Recursive))|}; }")]
    [InlineData("void M(LockState s, Mcl f) { if ((f & Mcl.Inherit) != 0) { {|PIN4008:s.Inherit = 4|}; } }")]
    [InlineData("void M(LockState s, [ValidMask(15)] Mcl f) { if ((f & Mcl.Inherit) == Mcl.Inherit) {|PIN4008:s.Flags = f|}; }")]
    [InlineData("void M(LockState s, [ValidMask(15)] Mcl f) { if (f.HasFlag(Mcl.Inherit)) {|PIN4008:s.Plain = (int)(f & Mcl.All)|}; }")]
    [InlineData("[Inherited(Inheritance.Zero)] bool _on; void M(Mcl f) { if ((f & Mcl.Future) != 0) {|PIN4008:_on = true|}; }")]
    [InlineData("[Inherited(Inheritance.Zero)] bool _on; void M(Mcl f) { Console.Write(f); if (f.HasFlag(Mcl.Future)) { Console.Write(f); {|PIN4008:_on = true|}; } }")]
    [InlineData("[Inherited(Inheritance.Zero)] bool On { get; set; } = false; void M(Mcl f) { if ((Mcl.Future & f) != Mcl.None) {|PIN4008:On = true|}; }")]
    [InlineData("[Inherited(Inheritance.Zero)] bool _a, _b; void M(Mcl f) { if (f.HasFlag(Mcl.Future)) {|PIN4008:_a = true|}; else { _b = false; } }")]
    [InlineData("[Inherited(Inheritance.Zero)] Mcl _f; void M([ValidMask(15)] Mcl f) { if (f.HasFlag(Mcl.Current)) {|PIN4008:this._f = f|}; }")]
    public Task SetOnly_IsSuggested(string members) => ContractVerifier.File(LockState + ContractVerifier.InType(members));

    [Theory]
    [InlineData("void LockAll(LockState s, Mcl f) => s.Inherit = f.HasFlag(Mcl.Inherit) ? (int)(f & (Mcl.Inherit | Mcl.Recursive)) : 0;")]
    [InlineData("void M(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Inherit = 4; else s.Inherit = 0; }")]
    [InlineData("void M(LockState s, Mcl f) { s.Inherit = 0; if (f.HasFlag(Mcl.Inherit)) s.Inherit = 4; }")]
    [InlineData("void M(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Inherit |= 4; }")]
    [InlineData("void M(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Inherit = s.Inherit | 4; }")]
    [InlineData("void M(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Inherit = 4; } void Clear(LockState s) => s.Inherit = 0;")]
    [InlineData("void M(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Plain = 4; }")]
    [InlineData("void M(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Inherit = 0; }")]
    [InlineData("void M(LockState s, bool f) { if (f) s.Inherit = 4; }")]
    [InlineData("LockState M(Mcl f) { var s = new LockState(); if (f.HasFlag(Mcl.Inherit)) s.Inherit = 4; return s; }")]
    [InlineData("void M(LockState s, Mcl f, bool b) { if (b && f.HasFlag(Mcl.Inherit)) s.Inherit = 4; }")]
    [InlineData("void M(LockState s, Mcl f) { if (!f.HasFlag(Mcl.Inherit)) s.Inherit = 0; }")]
    [InlineData("bool _on; void M(Mcl f) { if (f.HasFlag(Mcl.Future)) _on = true; }")]
    [InlineData("void M(Mcl f) { bool on = false; if (f.HasFlag(Mcl.Future)) on = true; Console.Write(on); }")]
    public Task ClearedOrAccumulated_IsSilent(string members) => ContractVerifier.File(LockState + ContractVerifier.InType(members));

    [Fact]
    public Task Fix_AddsTheElse() => ContractVerifier.Fix<AddElseFixer>(
        """
            [Inherited(Inheritance.Zero)] private bool _on;
            [Inherited(Inheritance.Copy)] private int _inherit;

            void A(Mcl f)
            {
                // for the future
                if (f.HasFlag(Mcl.Future)) {|PIN4008:_on = true|}; // on
                Console.Write(f);
            }

            void B(Mcl f)
            {
                if ((f & Mcl.Inherit) != 0)
                {
                    {|PIN4008:_inherit = 4|};
                }
            }
        """,
        """
            [Inherited(Inheritance.Zero)] private bool _on;
            [Inherited(Inheritance.Copy)] private int _inherit;

            void A(Mcl f)
            {
                // for the future
                if (f.HasFlag(Mcl.Future)) _on = true; // on
                else _on = default;
                Console.Write(f);
            }

            void B(Mcl f)
            {
                if ((f & Mcl.Inherit) != 0)
                {
                    _inherit = 4;
                }
                else
                {
                    _inherit = default;
                }
            }
        """);

    [Fact]
    public Task Fix_OnOneLine_LeavesNoBlank() => ContractVerifier.Fix<AddElseFixer>(
        """
            [Inherited(Inheritance.Zero)] private bool _on;
            void A(Mcl f) { if (f.HasFlag(Mcl.Future)) {|PIN4008:_on = true|}; }
        """,
        """
            [Inherited(Inheritance.Zero)] private bool _on;
            void A(Mcl f) { if (f.HasFlag(Mcl.Future)) _on = true;
        else _on = default;
        }
        """);

    private const string Lease = """
        public sealed class Lease : IDisposable
        {
            [Charge("lease")] public Lease() { }
            [Release("lease")] public void Dispose() { }
        }

        public sealed record Fork([property: Inherited(Inheritance.Zero)] long Locked, Mcl Inherit);
        public sealed record Held([property: Inherited(Inheritance.Recharge)] long Locked, Mcl Inherit);

        """;

    [Theory]
    // Catalogue E10, as it was seen.
    [InlineData("Fork M(Fork parent) => {|PIN4009i:parent with { }|};")]
    [InlineData("Fork M(Fork parent) => {|PIN4009i:parent with { Inherit = Mcl.None }|};")]
    [InlineData("Held M(Held parent) => {|PIN4009:parent with { Inherit = Mcl.None }|};")]
    [InlineData("class A { readonly Lease _lease = new(); public object Clone() => {|PIN4009:MemberwiseClone()|}; }")]
    [InlineData("class A { [Inherited(Inheritance.Zero)] long _n; public A Clone() => (A){|PIN4009i:MemberwiseClone()|}; }")]
    [InlineData("class A { [Counter] long _n; public A Clone() { var c = (A){|PIN4009i:this.MemberwiseClone()|}; return c; } }")]
    [InlineData("class A { [Inherited(Inheritance.Zero)] public long N; A() { } A(A other) { {|PIN4009i:N = other.N|}; } }")]
    [InlineData("class A { [Inherited(Inheritance.Recharge)] public long N; A Fork() { var c = new A(); {|PIN4009:c.N = N|}; return c; } }")]
    [InlineData("class A { [Inherited(Inheritance.Zero)] public long N; A Fork() => new A { {|PIN4009i:N = N|} }; }")]
    [InlineData("struct S { GCHandle _h; public int X; } class A { GCHandle _h; object Clone() => {|PIN4009:MemberwiseClone()|}; }")]
    [InlineData("record class R { [Counter] public long N; public R M() => {|PIN4009i:this with { }|}; }")]
    public Task CopiedCharge_IsReported(string members) => ContractVerifier.File(Lease + ContractVerifier.InType(members));

    private const string Ticket = """
        public sealed record Ticket(int Id) : IDisposable
        {
            private readonly Lease _lease = new();
            [Charge("ticket", ReleasedBy = nameof(Dispose))] public static Ticket Take(int id) => new(id);
            [Release("ticket")] public void Dispose() => _lease.Dispose();
            public Ticket Twin() => {|PIN1013:this with { }|};
        }

        public class Token : IDisposable
        {
            private readonly Lease _lease = new();
            [Charge("token", ReleasedBy = nameof(Dispose))] public Token() { }
            [Release("token")] public void Dispose() => _lease.Dispose();
            public Token Copy() => (Token){|PIN1013:MemberwiseClone()|};
        }

        """;

    // What stands for a charge itself and holds another one: one copy, one finding, and none where it is only moved.
    [Theory]
    [InlineData("Ticket M(Ticket ticket) { Ticket other = {|PIN1013:ticket with { Id = 2 }|}; ticket.Dispose(); return other; }")]
    [InlineData("Ticket M(Ticket ticket) => ticket with { Id = 2 };")]
    public Task CopyOfAToken_IsToldOnce(string members) => ContractVerifier.File(Lease + Ticket + ContractVerifier.InType(members));

    [Theory]
    [InlineData("Fork M(Fork parent, Func<long> recharge) => new Fork(recharge(), Mcl.None);")]
    [InlineData("Fork M(Fork parent) => parent with { Locked = 0 };")]
    [InlineData("Held M(Held parent, long charged) => parent with { Locked = charged };")]
    [InlineData("class A { [Inherited(Inheritance.Zero)] long _n; public A Clone() { var c = (A)MemberwiseClone(); c._n = 0; return c; } }")]
    [InlineData("class A { [Inherited(Inheritance.Copy)] long _n; public A Clone() => (A)MemberwiseClone(); }")]
    [InlineData("class A { [Inherited(Inheritance.Share)] Lease? _l; public A Clone() => (A)MemberwiseClone(); }")]
    [InlineData("class A { int _n; string? _s; public A Clone() => (A)MemberwiseClone(); }")]
    [InlineData("class A { static Lease s_l = new(); public A Clone() => (A)MemberwiseClone(); }")]
    [InlineData("class A { [Inherited(Inheritance.Zero)] public long N; void M(A other) { N = N; other.N = 5; } }")]
    [InlineData("class A { [Inherited(Inheritance.Copy)] public long N; A Fork() { var c = new A(); c.N = N; return c; } }")]
    [InlineData("class A { [Inherited(Inheritance.Recharge)] long _n; Account _a = new(); public A? Clone() { var c = (A)MemberwiseClone(); if (!c._a.TryCharge(_n)) return null; return c; } public void Close() => _a.Uncharge(_n); }")]
    [InlineData("record class R { public long N; public R M() => this with { }; }")]
    public Task ZeroedOrChargedAnew_IsSilent(string members) => ContractVerifier.File(Lease + ContractVerifier.InType(members));

    /// <summary>State that lives one object deeper: in one that the new object makes for itself, in a struct, and in one that was given to it.</summary>
    private const string Deep = """
        class Limits { [Inherited(Inheritance.Copy)] public int Mode; public int Other; public void Reset() => Mode = 2; }
        struct PlainLimits { [Inherited(Inheritance.Copy)] public int Mode; }
        class Fork { static Limits s_given = new Limits { Mode = 2 }; public Limits Limits = new Limits(); public PlainLimits Plain; public Limits Given = s_given; public int Pages; }

        """;

    [Theory]
    // Catalogue E11, as it was seen.
    [InlineData("LockState Copy(LockState src) { var dst = new LockState(); if (({|PIN4010:dst.Inherit|} & 8) != 0) dst.Inherit = src.Inherit; return dst; }")]
    [InlineData("LockState Copy(LockState src) { LockState dst = new(); if ({|PIN4010:dst.Flags|}.HasFlag(Mcl.Recursive)) { dst.Flags = src.Flags; } return dst; }")]
    [InlineData("LockState Copy(LockState src) { var dst = new LockState(); dst.Plain = 4; if ({|PIN4010:dst.Inherit|} != 0) dst.Inherit = src.Inherit & 4; return dst; }")]
    [InlineData("LockState Copy(LockState src) { var dst = new LockState { Plain = src.Plain }; if ({|PIN4010:dst.Inherit|} > 0) dst.Inherit = src.Inherit; return dst; }")]
    [InlineData("LockState Copy(LockState src) { if (src.Inherit != 0) { var dst = new LockState(); if ({|PIN4010:dst.Inherit|} == 8) dst.Inherit = src.Inherit; return dst; } return src; }")]
    [InlineData("LockState _src = new(); LockState Copy() { var dst = new LockState(); if (({|PIN4010:dst.Inherit|} & 8) != 0) dst.Inherit = _src.Inherit; return dst; }")]
    [InlineData("LockState Copy(LockState src) { var dst = new LockState(); if ({|PIN4010:dst.Plain|} != 0) dst.Plain = src.Plain; return dst; }")]
    [InlineData("LockState Copy(LockState[] all) { foreach (LockState src in all) { var dst = new LockState(); if ({|PIN4010:dst.Inherit|} != 0) dst.Inherit = src.Inherit; return dst; } return all[0]; }")]
    [InlineData(Deep + "Fork M(Fork src) { var dst = new Fork(); if ({|PIN4010:dst.Limits.Mode|} == 2) dst.Limits.Mode = src.Limits.Mode; return dst; }")]
    [InlineData(Deep + "Fork M(Fork src) { var dst = new Fork { Pages = 3 }; dst.Limits.Other = 4; if (({|PIN4010:dst.Limits.Mode|} & 1) != 0) { dst.Limits.Mode = src.Limits.Mode; } return dst; }")]
    [InlineData(Deep + "Fork M(Fork src) { var dst = new Fork(); if ({|PIN4010:dst.Plain.Mode|} != 0) dst.Plain.Mode = src.Plain.Mode; return dst; }")]
    public Task GuardedByTheCopy_IsReported(string members) => ContractVerifier.File(LockState + ContractVerifier.InType(members));

    [Theory]
    [InlineData("LockState Copy(LockState src) { var dst = new LockState(); if ((src.Inherit & 8) != 0) dst.Inherit = src.Inherit; return dst; }")]
    [InlineData("LockState Copy(LockState src) { var dst = new LockState(); dst.Inherit = src.Plain; if (dst.Inherit != 0) dst.Inherit = src.Inherit; return dst; }")]
    [InlineData("LockState Copy(LockState src) { var dst = new LockState { Inherit = 4 }; if (dst.Inherit != 0) dst.Inherit = src.Inherit; return dst; }")]
    [InlineData("LockState Copy(LockState src) { var dst = src; if (dst.Inherit != 0) dst.Inherit = src.Inherit; return dst; }")]
    [InlineData("LockState Copy(LockState src, LockState dst) { if (dst.Inherit != 0) dst.Inherit = src.Inherit; return dst; }")]
    [InlineData("static void Init(LockState s) => s.Inherit = 3; LockState Copy(LockState src) { var dst = new LockState(); Init(dst); if (dst.Inherit != 0) dst.Inherit = src.Inherit; return dst; }")]
    [InlineData("LockState Copy(LockState[] all) { var dst = new LockState(); foreach (LockState src in all) { if (dst.Inherit == 0) dst.Inherit = src.Inherit; } return dst; }")]
    [InlineData("class N { public int F; } N Copy(N src) { var dst = new N(); if (dst.F != 0) dst.F = src.F; return dst; }")]
    [InlineData("class N { [Inherited(Inheritance.Copy)] public int F = 5; } N Copy(N src) { var dst = new N(); if (dst.F != 0) dst.F = src.F; return dst; }")]
    [InlineData("class N { [Inherited(Inheritance.Copy)] public int F; public N() { F = 5; } } N Copy(N src) { var dst = new N(); if (dst.F != 0) dst.F = src.F; return dst; }")]
    [InlineData(Deep + "Fork M(Fork src) { var dst = new Fork(); dst.Limits = src.Limits; if (dst.Limits.Mode == 2) dst.Limits.Mode = src.Limits.Mode; return dst; }")]
    [InlineData(Deep + "Fork M(Fork src) { var dst = new Fork(); dst.Limits = new Limits { Mode = 3 }; if (dst.Limits.Mode == 2) dst.Limits.Mode = src.Limits.Mode; return dst; }")]
    [InlineData(Deep + "Fork M(Fork src) { var dst = new Fork(); var limits = dst.Limits; limits.Mode = 3; if (dst.Limits.Mode == 2) dst.Limits.Mode = src.Limits.Mode; return dst; }")]
    [InlineData(Deep + "static void Set(Limits l) => l.Mode = 3; Fork M(Fork src) { var dst = new Fork(); Set(dst.Limits); if (dst.Limits.Mode == 2) dst.Limits.Mode = src.Limits.Mode; return dst; }")]
    [InlineData(Deep + "Fork M(Fork src) { var dst = new Fork(); dst.Limits.Reset(); if (dst.Limits.Mode == 2) dst.Limits.Mode = src.Limits.Mode; return dst; }")]
    [InlineData(Deep + "Fork M(Fork src) { var dst = new Fork(); if (dst.Given.Mode == 2) dst.Given.Mode = src.Given.Mode; return dst; }")]
    public Task GuardedBySourceOrSet_IsSilent(string members) => ContractVerifier.File(LockState + ContractVerifier.InType(members));

    [Fact]
    public Task Fix_TestsTheSource() => ContractVerifier.Fix<TestSourceFixer>(
        """
            class State { [Inherited(Inheritance.Copy)] public int Inherit; }

            State A(State src)
            {
                var dst = new State();
                if (({|PIN4010:dst.Inherit|} & 8) != 0 || dst.Inherit == 3) dst.Inherit = src.Inherit;
                return dst;
            }
        """,
        """
            class State { [Inherited(Inheritance.Copy)] public int Inherit; }

            State A(State src)
            {
                var dst = new State();
                if ((src.Inherit & 8) != 0 || src.Inherit == 3) dst.Inherit = src.Inherit;
                return dst;
            }
        """);

    [Fact]
    public Task Fix_NamesThisWhereItIsNotWritten() => ContractVerifier.Fix<TestSourceFixer>(
        """
            class State
            {
                [Inherited(Inheritance.Copy)] private int _inherit;

                public State Fork()
                {
                    var child = new State();
                    if (({|PIN4010:child._inherit|} & 8) != 0) child._inherit = _inherit;
                    return child;
                }
            }
        """,
        """
            class State
            {
                [Inherited(Inheritance.Copy)] private int _inherit;

                public State Fork()
                {
                    var child = new State();
                    if ((this._inherit & 8) != 0) child._inherit = _inherit;
                    return child;
                }
            }
        """);

    [Fact]
    public Task Fix_TestsTheSourceOneMemberDeeper() => ContractVerifier.Fix<TestSourceFixer>(
        """
            class Limits { [Inherited(Inheritance.Copy)] public int Mode; }
            class State { public Limits Limits = new(); }

            State A(State src)
            {
                var dst = new State();
                if ({|PIN4010:dst.Limits.Mode|} != 0) dst.Limits.Mode = src.Limits.Mode;
                return dst;
            }
        """,
        """
            class Limits { [Inherited(Inheritance.Copy)] public int Mode; }
            class State { public Limits Limits = new(); }

            State A(State src)
            {
                var dst = new State();
                if (src.Limits.Mode != 0) dst.Limits.Mode = src.Limits.Mode;
                return dst;
            }
        """);

    [Fact]
    public Task Fix_TestsTheSourceInAChoice() => ContractVerifier.Fix<TestSourceFixer>(
        """
            class State { [Inherited(Inheritance.Copy)] public int Inherit; }

            State A(State src)
            {
                var dst = new State();
                dst.Inherit = ({|PIN4010:dst.Inherit|} & 8) != 0 ? src.Inherit : 0; // kept
                return dst;
            }
        """,
        """
            class State { [Inherited(Inheritance.Copy)] public int Inherit; }

            State A(State src)
            {
                var dst = new State();
                dst.Inherit = (src.Inherit & 8) != 0 ? src.Inherit : 0; // kept
                return dst;
            }
        """);

    [Fact]
    public Task NoFix_WhereTheSourceIsACall() => ContractVerifier.NoFix<TestSourceFixer>("""
        class State { [Inherited(Inheritance.Copy)] public int Inherit; }
        static State Find() => new();
        State A()
        {
            var dst = new State();
            if ({|PIN4010:dst.Inherit|} != 0) dst.Inherit = Find().Inherit;
            return dst;
        }
        """);
}
