using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.Contract;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>PIN4005, PIN4006 and its fix, PIN4007.</summary>
public sealed class FlagTestsTests
{
    private const string Acc = "[Flags] enum Acc { User = 0, Bypass = 1, Task = 1, Host = 4, Alias = Host, [Obsolete] Old = 4, Both = Bypass | Host } ";

    [Theory]
    // Catalogue E9, as it was seen.
    [InlineData("static bool IsUser(Acc a) => {|PIN4005:(a & Acc.User) != 0|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:(a & Acc.User) == 0|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:(a & Acc.User) == Acc.User|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:(Acc.User & a) > 0|};", false)]
    [InlineData("static bool M(Acc a) => {|PIN4005:a.HasFlag(Acc.User)|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:0 != (Acc.User & a)|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:((int)a & (int)Acc.User) != 0|};")]
    [InlineData("static bool M(Acc a) { if ({|PIN4005:a.HasFlag(Acc.Task)|}) return true; return false; }")]
    [InlineData("static bool M(Acc a) => {|PIN4005:(a & Acc.Bypass) != 0|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:(a & Acc.Task) == Acc.Task|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:a == Acc.Task|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:a is Acc.Bypass|};")]
    [InlineData("static bool M(Mcl a) => {|PIN4005:a.HasFlag(Mcl.None)|};")]
    [InlineData("static bool M(Page a) => {|PIN4005:a.HasFlag(Page.Wide)|}; [Flags] enum Page { Wide = 1 << 0, Tall = 1, Zone = 2 << 3 }")]
    [InlineData("static bool M(Acc a) => {|PIN4005:a == /* which */ Acc.Task|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:Acc.Task /* which */ == a|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:a == // which\n Acc.Task|};")]
    [InlineData("static bool M(Acc a) => {|PIN4005:a is\n // which\n Acc.Bypass|};")]
    [InlineData("static Func<Acc, bool> M() => a => {|PIN4005:(a & Acc.User) != 0|};")]
    // One value that is there twice is a slip, whatever else is an alias; and so is one that was counted on from another.
    [InlineData("static bool M(Fs a) => {|PIN4005:a.HasFlag(Fs.Loud)|}; [Flags] enum Fs { Hot = 0b1000_000, Loud = 0b0100_0000, Two = 2, Deux = Two, [Obsolete] Old = 2 }")]
    [InlineData("static bool M(Fs a) => {|PIN4005:(a & Fs.D) != 0|}; [Flags] enum Fs { A = 1, B, C = 2, D = 4, E = 1 + 3 }")]
    [InlineData("static bool M(Fs a) => {|PIN4005:(a & Fs.C) != 0|}; [Flags] enum Fs { A = 1, B, C = 2, D = 4, E = 1 + 3 }")]
    [InlineData("static bool M(Ld a) => {|PIN4005:(a & Ld.Metadata) != 0|}; [Flags] enum Ld { None = 0, Metadata = 0x1, Allowed = 0x1 }")]
    [InlineData("static bool M(Ld a) => {|PIN4005:(a & Ld.Metadata) != 0|}; [Flags] enum Ld { None = 0, Metadata = 0x1, All = 0x1, Names = 2 }")]
    [InlineData("static bool M(Fs a) => {|PIN4005:a == Fs.None2|}; [Flags] enum Fs { None = 0, None1 = 1, None2 = 1, In3 = 3, Out3 = 3 }")]
    [InlineData("static bool M(Key a) => {|PIN4005:a == Key.Tab|}; [Flags] enum Key { None = 0, Tab = 4, Left = 8, KeyFirst = 4 }")]
    [InlineData("static bool M(Ld a) => {|PIN4005:(a & Ld.Pinned) != 0|}; [Flags] enum Ld { None = 0, Other = 2, Pinned = 0x1, CallAll = 0x1 }")]
    [InlineData("static bool M(Cm a) => {|PIN4005:a.HasFlag(Cm.Zero)|}; [Flags] enum Cm { Zero = 0, In1 = 1, In2 = 2, Out1 = 1, Out2 = 2 }")]
    public Task Meaningless_IsReported(string members, bool reported = true) =>
        ContractVerifier.Members(Acc + (reported ? members : members.Replace("{|PIN4005:", "", System.StringComparison.Ordinal).Replace("|}", "", System.StringComparison.Ordinal)));

    [Theory]
    [InlineData("static bool M(Mcl a) => a == Mcl.None;")]
    [InlineData("static bool M(Mcl a) => a != Mcl.None;")]
    [InlineData("static bool M(Mcl a) => a is Mcl.None;")]
    [InlineData("static bool M(Acc a) => (a & Acc.Host) != Acc.User;")]
    [InlineData("static bool M(Acc a) => (a & Acc.Host) != 0;")]
    [InlineData("static bool M(Acc a) => (a & Acc.Alias) != 0;")]
    [InlineData("static bool M(Acc a) => a.HasFlag(Acc.Host);")]
    [InlineData("static Acc M(Acc a) => a & Acc.User;")]
    [InlineData("static bool M(Plain a) => (a & Plain.Zero) != 0; enum Plain { Zero, One, Uno = 1 }")]
    [InlineData("static bool M(System.IO.FileAttributes a) => a.HasFlag(System.IO.FileAttributes.None);")]
    [InlineData("static bool M(Acc a) => a == Acc.User;")]
    [InlineData("static bool M(Acc a, Acc b) => a.HasFlag(b);")]
    [InlineData("static bool M(Dir a, Dir b) => (a & Dir.Mask) == (b & Dir.Mask); [Flags] enum Dir { North = 0, Up = 7, Mask = 7, Running = 128 }")]
    [InlineData("static int M(Dir a) { switch (a & Dir.Mask) { case Dir.Right: return 1; case Dir.Up: return 7; default: return 0; } } [Flags] enum Dir { North = 0, Right = 1, Up = 7, Mask = 0x7, Running = 128 }")]
    [InlineData("static bool M(Dir a) => (a & Dir.Mask) == Dir.Up; [Flags] enum Dir { North = 0, Right = 1, Up = 7, Mask = 0x7, Running = 128 }")]
    // A member that only says by how much others are shifted is no flag of its own.
    [InlineData("static bool M(Page a) => a.HasFlag(Page.Wide); [Flags] enum Page { Wide = 1 << 0, ZoneShift = 1, ZoneHigh = 2 << ZoneShift, ZoneMask = 7 << (int)ZoneShift }")]
    [InlineData("static bool M(Page a) => (a & Page.Locked) != 0; [Flags] enum Page { KindBit = 16, KindMask = 7 << KindBit, Locked = 1 << 4 }")]
    [InlineData("static bool M(Op a) => a != Op.Left; enum Op { Right = 0x10, _FlagBack = 0x100, _MaskRank = 0xF0, Left = 0xF0 }")]
    [InlineData("static bool M(Op a) => (a & Op.MaskRank) == Op.Left; [Flags] enum Op { Right = 0x10, Back = 0x100, MaskRank = 0xF0, Left = 0xF0 }")]
    [InlineData("static bool M(Kind a) => (a & Kind.ShapeMask) == Kind.Round; [Flags] enum Kind { Flat = 0, ShapeMask = 0x20, Round = 0x20, Sealed = 0x100 }")]
    [InlineData("[Flags] enum Ok { None = 0, User = 1, Task = 2, Bypass = 4 } static bool IsUser(Ok a) => (a & Ok.User) != 0;")]
    [InlineData("static bool M(Acc a) => (a & Acc.Both) == Acc.Both;")]
    // Two sets in one enum, as native headers have them, and names by kind for the same bits: one value that is there twice is a slip, several are none.
    [InlineData("static bool M(Cm a) => a.HasFlag(Cm.Out2); [Flags] enum Cm { In1 = 0x1, In2 = 0x2, In4 = 0x4, Out1 = 0x1, Out2 = 0x2 }")]
    [InlineData("static bool M(Btn a) => a == Btn.Finger || a is Btn.Right; [Flags] enum Btn : uint { None = 0, Primary = 1, Finger = 1, Eraser = 2, Barrel = 4, Left = 1, Right = 2, Back = 16 }")]
    [InlineData("static bool M(Ks a) => a == Ks.Enter; [Flags] enum Ks { Tab = 9, Return = 13, Enter = 13, Capital = 20, CapsLock = 20, Shift = 0x10000 }")]
    [InlineData("static int M(Cm a) => a switch { Cm.Out1 => 1, Cm.Out2 => 2, _ => 3 }; [Flags] enum Cm { In1 = 0x1, In2 = 0x2, Out1 = 0x1, Out2 = 0x2 }")]
    // All of one flag is that flag.
    [InlineData("static bool M(Ld a) => (a & Ld.Metadata) != 0; [Flags] enum Ld { None = 0, Metadata = 0x1, All = 0x1 }")]
    [InlineData("static bool M(Ld a) => (a & Ld.AllDetails) != 0; [Flags] enum Ld { None = 0, Metadata = 0x1, AllDetails = 0x1 }")]
    [InlineData("static bool M(Ld a) => (a & Ld.Pinned) != 0; [Flags] enum Ld { None = 0, Pinned = 0x1, MaskAll = 0x1 }")]
    // Where a range begins or ends.
    [InlineData("static bool M(Key a) => a == Key.Tab; [Flags] enum Key { None = 0, Tab = 512, Left = 513, NamedKeyBegin = 512, NamedKeyEnd = 514 }")]
    [InlineData("static bool M(Key a) => a is Key.Left; [Flags] enum Key { None = 0, Tab = 4, Left = 8, KeyFirst = 4, KeyLast = 8 }")]
    public Task Telling_IsSilent(string members) => ContractVerifier.Members(Acc + members);

    // Bits are used again under the next heading: a line of its own, apart from what stands above.
    [Theory]
    [InlineData("Plain = 1,\n    Locked = 1 << 5,\n\n    // Joints only\n    /// <summary>Tells of impulses.</summary>\n    Impulses = 1 << 5,\n\n    User = 4")]
    [InlineData("Plain = 1,\n    Locked = 1 << 5,\n    #region Joints\n    Impulses = 1 << 5,\n    #endregion\n    User = 4")]
    [InlineData("Plain = 1,\n    Locked = 1 << 5,\n\n    /* Joints only */\n    Impulses = 1 << 5,\n    User = 4")]
    [InlineData("// Contacts\n    Plain = 1,\n    Impulses = 1 << 5,\n\n    // Joints\n    User = 4,\n    Locked = 1 << 5")]
    public Task UsedAgainUnderAHeading_IsSilent(string flags) => ContractVerifier.Members($$"""
        bool M(Kinds k) => (k & Kinds.Impulses) != 0;
        [Flags] enum Kinds
        {
            {{flags}}
        }
        """);

    [Theory]
    [InlineData("Plain = 1,\n    Locked = 1 << 5,\n    // Tells of impulses.\n    Impulses = 1 << 5,\n    User = 4")]
    [InlineData("Plain = 1,\n    Locked = 1 << 5, // joints\n    Impulses = 1 << 5,\n\n    // Yours\n    User = 4")]
    [InlineData("Plain = 1,\n\n    Locked = 1 << 5,\n\n    /// <summary>Tells of impulses.</summary>\n    Impulses = 1 << 5,\n\n    User = 4")]
    [InlineData("// The plain one.\n    Plain = 1,\n\n    // The locked one.\n    Locked = 1 << 5,\n\n    // Tells of impulses.\n    Impulses = 1 << 5,\n\n    // Yours.\n    User = 4")]
    [InlineData("// Contacts\n    Plain = 1,\n    Other = 2,\n\n    // Joints\n    Impulses = 1 << 5,\n    Locked = 1 << 5")]
    public Task UsedAgainUnderTheSameHeading_IsReported(string flags) => ContractVerifier.Members($$"""
        bool M(Kinds k) => {|PIN4005:(k & Kinds.Impulses) != 0|};
        [Flags] enum Kinds
        {
            {{flags}}
        }
        """);

    [Theory]
    // Catalogue E5, as it was seen.
    [InlineData("bool FutureOnly(Mcl f) => {|PIN4006:f == Mcl.Future|};")]
    [InlineData("bool M(Mcl f) => {|PIN4006:f != Mcl.Future|};")]
    [InlineData("bool M(Mcl f) => {|PIN4006:Mcl.Future == f|};")]
    [InlineData("bool M(Mcl f) => {|PIN4006:f is Mcl.Future|};")]
    [InlineData("bool M(Mcl f) => {|PIN4006:f is not Mcl.Future|};")]
    [InlineData("Mcl _f; bool M() => {|PIN4006:_f == Mcl.Inherit|};")]
    [InlineData("void M(Mcl f) { while ({|PIN4006:f == Mcl.Current|}) f = Mcl.None; }")]
    [InlineData("int M(Mcl f) => {|PIN4006:f == Mcl.Future|} ? 1 : 2;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => {|PIN4006:m == Mode.B|}; bool N(Mode n) => n.HasFlag(Mode.B);")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => {|PIN4006:m == Mode.B|}; class T { int N(int n) => n & (int)(Mode.B); }")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m, Mode n) => (n & Mode.B) == 0 && {|PIN4006:m != Mode.B|};")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } Mode _m; bool M() => {|PIN4006:_m == Mode.B|}; void Add(bool b) { if (b) _m |= Mode.B; if ((_m & Mode.B) != 0 && _m.HasFlag(Mode.B)) _m &= ~Mode.B; }")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => {|PIN4006:m == Mode.B|}; Mode Both() => Mode.A | Mode.B; Mode One() => Mode.A; Mode Cut(Mode n) => n & Mode.B;")]
    [InlineData("Mcl Only() => Mcl.Future; bool M(Mcl f) => {|PIN4006:f == Mcl.Future|};")]
    [InlineData("bool M(System.IO.FileAccess m) => {|PIN4006:m == System.IO.FileAccess.Write|}; void N([ValidMask(3)] System.IO.FileAccess m) { }")]
    [InlineData("class S { public Mcl F; } bool A(S s) => {|PIN4006:s.F == Mcl.Future|}; class T { bool B(S s) => (s.F & Mcl.Current) == Mcl.Current || s.F == Mcl.None || s.F == (Mcl.Current | Mcl.Inherit); }")]
    [InlineData("bool M(Mcl f, Mcl g) => g == Mcl.None || {|PIN4006:f == Mcl.Future|};")]
    // Each object has its own.
    [InlineData("class S { public Mcl F; } bool A(S s) => {|PIN4006:s.F == Mcl.Future|}; class T { bool B(S other) => {|PIN4006:other.F != Mcl.Current|}; }")]
    [InlineData("class S { public Mcl Kind; } void M(S s, S t) { t.Kind &= ~Mcl.Current; if ({|PIN4006:s.Kind == Mcl.Future|}) s.Kind = Mcl.None; s.Kind &= ~Mcl.Current; }")]
    [InlineData("class S { public static Mcl Kind { get; set; } } bool A() => {|PIN4006:S.Kind == Mcl.Future|}; enum OtherMcl { Current } class T { bool B(OtherMcl Kind) => Kind == OtherMcl.Current; }")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m, Mode n) => m.HasFlag(Mode.A) && {|PIN4006:m == Mode.B|} || n.HasFlag(Mode.B);")]
    [InlineData("bool M(Func<Mcl> f) => {|PIN4006:f() == Mcl.Future|};")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2, C = 4, BC = 6 } bool M(Mode m) => {|PIN4006:m == Mode.A|} || m == Mode.BC; bool N(Mode m) => m.HasFlag(Mode.A);")]
    public Task EqualToOneFlag_IsSuggested(string members) => ContractVerifier.Members(members);

    [Theory]
    [InlineData("bool FutureOnly(Mcl f) => (f & (Mcl.Current | Mcl.Future)) == Mcl.Future;")]
    [InlineData("bool M(Mcl f) => f.HasFlag(Mcl.Future);")]
    [InlineData("bool M(Mcl f) => f == (Mcl.Current | Mcl.Future);")]
    [InlineData("bool M(Mcl f) => f == Mcl.All;")]
    [InlineData("bool M(Mcl f) => f == Mcl.None;")]
    [InlineData("bool M(Mcl f, Mcl g) => f == g;")]
    [InlineData("bool M(Mcl f) { Mcl which = f & (Mcl.Current | Mcl.Future); return which == Mcl.Future; }")]
    [InlineData("bool M(Mcl f) { f &= Mcl.Current | Mcl.Future; return (f & ~Mcl.Current) == Mcl.Future; }")]
    [InlineData("bool M(System.IO.FileAccess m) => m == System.IO.FileAccess.Write;")]
    // There is no other flag that could be set beside it.
    [InlineData("[Flags] enum Mode { None = 0, B = 2 } bool M(Mode m) => m == Mode.B;")]
    // The flag is a value of its own somewhere: then the enum is a choice there.
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => m == Mode.B; Mode Make() => Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } Mode _m; bool M() => _m == Mode.B; void Set() { _m = Mode.B; }")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => m == Mode.B; void Both() { M(Mode.B); }")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => m == Mode.B; int N(Mode m) { switch (m) { case Mode.B: return 1; default: return 2; } }")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => m == Mode.B; string N(Mode m) => m switch { Mode.B => \"b\", _ => \"\" };")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m = Mode.B) => m == Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } Mode Next(bool x) => x ? Mode.B : Mode.A; bool M(Mode m) => m != Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } Mode Of(int n) => (Mode)n; bool M(int n) => Of(n) == Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } Mode Of(int n) => (Mode)n; bool M(int n) { Mode m = Of(n); return m != Mode.B; }")]
    [InlineData("enum Color { Red = 1, Blue = 2 } bool M(Color c) => c == Color.Red;")]
    [InlineData("int M(Mcl f) { switch (f) { case Mcl.Future: return 1; default: return 2; } }")]
    [InlineData("bool M(Mcl f) => (f & ~Mcl.Inherit) is Mcl.Future;")]
    [InlineData("int M(Mcl f) { if (f == Mcl.Current) return 1; else if (f == Mcl.Future) return 2; return 3; }")]
    [InlineData("Mcl _f; bool A() => _f == Mcl.Current; bool B() => _f == Mcl.Future;")]
    [InlineData("static Mcl Basic(Mcl f) => f & Mcl.All; bool M(Mcl f) => Basic(f) == Mcl.Future;")]
    // One comparison after another, in whatever form.
    [InlineData("bool M(Mcl f) => f is Mcl.Current || f == Mcl.Future;")]
    [InlineData("bool M(Mcl f) => Mcl.Current == f || f is not Mcl.Future;")]
    [InlineData("bool M(Mcl f) => f is Mcl.Current or Mcl.Inherit || f == Mcl.Future;")]
    [InlineData("Mcl _f; bool A() => Mcl.Current == _f; bool B() => _f is Mcl.Future;")]
    // Whether there is anything besides it.
    [InlineData("bool M(Mcl f) => (f | Mcl.Future) == Mcl.Future;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } static readonly Mode[] s_all = { Mode.B }; bool M(Mode m) => m == Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } IEnumerable<Mode> All() { yield return Mode.B; } bool M(Mode m) => m == Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } Func<Mode> F => () => Mode.B; bool M(Mode m) => m == Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } Mode? _m; Mode F => _m ?? Mode.B; bool M(Mode m) => m == Mode.B;")]
    // One for all is compared with one flag here, with another there.
    [InlineData("class S { public static Mcl State { get; set; } } class A { bool M() => S.State == Mcl.Future; } class B { bool M() => S.State is not Mcl.Current; }")]
    // Who asks both whether it is there and whether it is alone says that it excludes the others.
    [InlineData("[Flags] enum Mode { A = 1, B = 2, C = 4 } void Check(Mode m) { if (m.HasFlag(Mode.C) && m != Mode.C) throw new Exception(); } class T { bool M(Mode m) => m == Mode.C; }")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2, C = 4 } Mode _m; bool Bad() => _m != Mode.C && (_m & Mode.C) != 0; bool M() => _m == Mode.C;")]
    // Nobody asks for it through a mask: what is put together is a filter, and what is compared has one of them.
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => m == Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => m == Mode.B; Mode Filter() => Mode.A | Mode.B;")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } bool M(Mode m) => m is Mode.B; bool N(Mode m) => m.HasFlag(Mode.A); Mode Cut(Mode m) => m & ~Mode.B;")]
    // This, or this with that, by name.
    [InlineData("[Flags] enum Mode { A = 1, B = 2, AB = 3 } bool M(Mode m) => m == Mode.A || m == Mode.AB; bool N(Mode m) => m.HasFlag(Mode.A);")]
    // Asked both ways in one member.
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } Mode _m; string M(bool one) => _m == Mode.B ? \"only\" : (_m & Mode.B) != 0 ? \"also\" : \"\";")]
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } void M(Mode m, Mode less) { if (m.HasFlag(Mode.B)) return; m &= ~less; if (m == Mode.B) m = 0; }")]
    // Nothing, or only this.
    [InlineData("bool M(Mcl f) => f == Mcl.None || f == Mcl.Future;")]
    [InlineData("void M(Mcl f, bool b) { if ((f == Mcl.None || f == Mcl.Future) && b) return; Console.Write(1); }")]
    [InlineData("bool M(Mcl f) => f != Mcl.Future && f is not Mcl.None;")]
    // What a callback is called with.
    [InlineData("[Flags] enum Mode { A = 1, B = 2 } void Add(Action<Mode> a) { } void M() => Add(m => { if (m == Mode.B) Console.Write(m); });")]
    // What is left when others were cleared.
    [InlineData("class S { public Mcl Kind { get; set; } } void M(S s) { s.Kind &= ~Mcl.Current; if (s.Kind == Mcl.Future) s.Kind = Mcl.None; }")]
    [InlineData("class S { public Mcl Kind; } void M(S s) { s.Kind = s.Kind & ~Mcl.Current; if (s.Kind == Mcl.Future) s.Kind = Mcl.None; }")]
    public Task MaskedOrWhole_IsSilent(string members) => ContractVerifier.Members(members);

    [Fact]
    public Task Fix_Masks() => ContractVerifier.Fix<CompareMaskFixer>(
        """
            bool A(Mcl f) => {|PIN4006:f == Mcl.Future|};
            bool B(Mcl f) => {|PIN4006:Mcl.Future != f|}; // not it
            bool D(Mcl f, Mcl g) => {|PIN4006:f is Mcl.Future|} || {|PIN4006:g is not Mcl.Inherit|};
            bool E(Mcl f, Mcl g) => {|PIN4006:(f | g) == Mcl.Current|};
            bool F(Mcl f, bool b) => ({|PIN4006:f == Mcl.Future|}) == b;
        """,
        """
            bool A(Mcl f) => (f & Mcl.Future) == Mcl.Future;
            bool B(Mcl f) => (f & Mcl.Future) != Mcl.Future; // not it
            bool D(Mcl f, Mcl g) => (f & Mcl.Future) == Mcl.Future || (g & Mcl.Inherit) != Mcl.Inherit;
            bool E(Mcl f, Mcl g) => ((f | g) & Mcl.Current) == Mcl.Current;
            bool F(Mcl f, bool b) => ((f & Mcl.Future) == Mcl.Future) == b;
        """);

    [Theory]
    // Catalogue E6, as it was seen.
    [InlineData("int _isInherited; void Set(Mcl f) => {|PIN4007:_isInherited = (int)(f & (Mcl.Inherit | Mcl.Recursive))|};")]
    [InlineData("int _isInherited; void Set(int f) { {|PIN4007:_isInherited = f & (int)(Mcl.Inherit | Mcl.Recursive)|}; }")]
    [InlineData("bool _locks; void Set(Mcl f) { {|PIN4007:_locks = (f & (Mcl.Current | Mcl.Future)) != 0|}; }")]
    [InlineData("bool Locks { get; set; } void Set(Mcl f) { {|PIN4007:Locks = (f & (Mcl.Current | Mcl.Future)) != Mcl.None|}; }")]
    [InlineData("void M(Mcl f) { bool any = {|PIN4007:(f & (Mcl.Current | Mcl.Future)) != 0|}; Console.Write(any); }")]
    [InlineData("void M(Mcl f) { Mcl isLocked = {|PIN4007:f & (Mcl.Current | Mcl.Future)|}; Console.Write(isLocked); }")]
    [InlineData("uint m_locksEnabled; void Set(Mcl f) { {|PIN4007:m_locksEnabled = (uint)((Mcl.Inherit | Mcl.Recursive) & f)|}; }")]
    [InlineData("static Mcl s_hasLocks; void Set(Mcl f) { if (f != 0) {|PIN4007:s_hasLocks = f & (Mcl.Inherit | Mcl.Recursive)|}; }")]
    [InlineData("void M(Mcl f) { bool any; {|PIN4007:any = (f & (Mcl.Current | Mcl.Future)) != 0|}; Console.Write(any); }")]
    public Task CompositeKeptAsOneBoolean_IsReportedWhereAskedFor(string members) => ContractVerifier.MembersWith("PIN4007", members);

    [Theory]
    [InlineData("Mcl _inheritFlags; void Set(Mcl f) => _inheritFlags = f & (Mcl.Inherit | Mcl.Recursive);")]
    [InlineData("bool _inherits; void Set(Mcl f) => _inherits = (f & Mcl.Inherit) != 0;")]
    [InlineData("bool _inherits; void Set(Mcl f) => _inherits = f.HasFlag(Mcl.Inherit);")]
    [InlineData("int _isInherited; void Set(Mcl f) => _isInherited = (int)(f & Mcl.Inherit);")]
    [InlineData("int _mask; void Set(Mcl f) => _mask = (int)(f & (Mcl.Inherit | Mcl.Recursive));")]
    [InlineData("void M(Mcl f) { if ((f & (Mcl.Current | Mcl.Future)) != 0) Console.Write(f); }")]
    [InlineData("bool M(Mcl f) => (f & (Mcl.Current | Mcl.Future)) != 0;")]
    [InlineData("bool _both; void Set(Mcl f) => _both = (f & (Mcl.Current | Mcl.Future)) == (Mcl.Current | Mcl.Future);")]
    [InlineData("bool _any; void Set(int f) => _any = (f & (1 | 2)) != 0;")]
    [InlineData("bool _any; void Set(System.IO.FileAttributes f) => _any = (f & (System.IO.FileAttributes.Hidden | System.IO.FileAttributes.System)) != 0;")]
    [InlineData("void M(Mcl f) { Mcl locks = f & (Mcl.Current | Mcl.Future); Console.Write(locks); }")]
    public Task FlagsKeptAsFlags_AreSilent(string members) => ContractVerifier.MembersWith("PIN4007", members);
}
