using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Tests.Contract;

/// <summary>Right programs that look like wrong ones: statuses, handles, flags and copies that are cared for in another way than the common one.</summary>
public sealed class ContractLookAlikeTests
{
    [Theory]
    [InlineData("""class C { void Slow() { } int M(nint a) { int ret = Native.PinPages(a, 4); if (ret < 0) goto slow; return 0; slow: Slow(); ret = 0; return ret; } }""")]
    [InlineData("""class C { int M(nint a) { int ret = Native.PinPages(a, 4); if (ret < 0) goto second; return ret; second: ret = Native.PinPages(a, 1); return ret; } }""")]
    [InlineData("""class C { int M(nint a) { int ret = 0; void Log() => Console.WriteLine(ret); ret = Native.PinPages(a, 4); Log(); ret = Native.Lock(a); return ret; } }""")]
    [InlineData("""class C { int M(nint a, nint b) { int ret = Native.PinPages(a, 4), second = Native.PinPages(b, 4); ret = second < 0 ? second : ret; return ret; } }""")]
    public Task Status_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { ChargeStatus Try() => 0; void M() { ChargeStatus s = Try(); while (s is ChargeStatus.PolicyLimit or ChargeStatus.ResourceExhausted) { if (s == ChargeStatus.ResourceExhausted) GC.Collect(); else return; s = Try(); } } }""")]
    [InlineData("""class C { void M(ChargeStatus s) { if (s != ChargeStatus.PolicyLimit) throw new OutOfMemoryException(); } void N(ChargeStatus s) { if (s is not ChargeStatus.PolicyLimit) throw new OutOfMemoryException(); } }""")]
    [InlineData("""class C { bool Over => true; ChargeStatus M(Action a) { try { a(); } catch (OutOfMemoryException) when (Over) { return ChargeStatus.PolicyLimit; } return ChargeStatus.Charged; } }""")]
    [InlineData("""class C { readonly Account _a = new(); void M(nint p) { if (p != 0) return; throw new OutOfMemoryException(); } bool N(nint p) { if (!_a.TryCharge(4)) return false; _a.Uncharge(4); throw new OutOfMemoryException(); } }""")]
    [InlineData("""class C { ChargeStatus Try() => 0; bool M() { while (true) { switch (Try()) { case ChargeStatus.PolicyLimit: Thread.Sleep(1); continue; case ChargeStatus.ResourceExhausted: GC.Collect(); continue; default: return true; } } } }""")]
    [InlineData("""class C { readonly Account _a = new(); void M(nint p) { bool ok = _a.TryCharge(4); if (ok) _a.Uncharge(4); ok = p != 0; if (!ok) throw new OutOfMemoryException(); } }""")]
    public Task Denial_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { void M() { Native.Maybe(null); Native.Maybe(default); int? n = null; Native.Maybe(n); Native.Maybe(3); } }""")]
    [InlineData("""class B { public B([ValidRange(1, 9)] int n) { } public B() : this(9) { } } class D : B { public D(int n) : base(n) { } public D() : base(1) { } }""")]
    [InlineData("""class L : System.Collections.IEnumerable { public void Add([ValidRange(1, 9)] int n) { } public System.Collections.IEnumerator GetEnumerator() => null!; } class C { L M(int k) => new L { 1, k, 9 }; }""")]
    public Task Argument_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { nint _handle; void Close() { Native.Destroy(ref _handle); } void Reopen() { Close(); Native.Make(ref _handle); } }""")]
    [InlineData("""class C { nint _handle; void Close() { if (_handle != 0) { Native.Use(_handle); _handle = 0; } } void Reopen() { Close(); Native.Make(ref _handle); } }""")]
    [InlineData("""class C { nint _handle; bool IsOpen => _handle != 0; void Open() { if (IsOpen) throw new InvalidOperationException(); Native.Make(ref _handle); } }""")]
    [InlineData("""class C { nint _handle; public C() { Init(); } private void Init() => Native.Make(ref _handle); }""")]
    [InlineData("""class C { nint _handle; void Open() { Debug.Assert(_handle == 0); Native.Make(ref _handle); } }""")]
    [InlineData("""class C { nint _handle; void Open() { ArgumentOutOfRangeException.ThrowIfNotEqual(_handle, 0); Native.Make(ref _handle); } }""")]
    [InlineData("""class C { nint _handle; void Reopen() { nint old = Interlocked.Exchange(ref _handle, 0); Native.Destroy(ref old); Native.Make(ref _handle); } }""")]
    public Task Handle_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""[Flags] enum A { None = 0, X = 1, Y = X, Z = 2 } class C { int M(A a) { switch (a) { case A.None: return 0; case A.X: return 1; case A.Z: return 2; default: return 3; } } int N(A a) => a switch { A.None or A.X => 0, _ => 1 }; bool O(A a) => (a & A.X) is A.None or A.Z; }""")]
    public Task FlagTest_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { int M(Mcl f) { int n = 0; foreach (Mcl one in Enum.GetValues<Mcl>()) { if (one == Mcl.Future) continue; if (f.HasFlag(one)) n++; } return n; } }""")]
    [InlineData("""class C { static readonly Mcl[] s_all = { Mcl.Current, Mcl.Future }; bool M(int i) => s_all[i] == Mcl.Future; }""")]
    [InlineData("""class C { Mcl _f; Mcl Lock => _f & (Mcl.Current | Mcl.Future); bool M() => Lock == Mcl.Future; }""")]
    [InlineData("""class C { int M(Mcl f) { int n = 0; foreach (var one in new[] { Mcl.Current, Mcl.Future }) { if (one == Mcl.Current) n++; else if (f.HasFlag(one)) n++; } return n; } }""")]
    public Task FlagEquality_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class S { [Inherited(Inheritance.Copy)] int _inherit; public S(Mcl f) { if (f.HasFlag(Mcl.Inherit)) _inherit = 4; } int Get() => _inherit; }""")]
    [InlineData("""class C { LockState _s = new(); void Lock(Mcl f) { if (f.HasFlag(Mcl.Inherit)) _s.Inherit = 4; } void Unlock() => _s = new LockState(); }""")]
    [InlineData("""class Locker { public void Lock(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Inherit = 4; } } class Unlocker { public void Unlock(LockState s) => s.Inherit = 0; }""")]
    [InlineData("""class C { void Lock(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Inherit = 4; } void Clear(LockState s) { (s.Inherit, s.Plain) = (0, 0); } }""")]
    [InlineData("""record struct St([property: Inherited(Inheritance.Copy)] int Inherit); class C { St _s; void Lock(Mcl f) { if (f.HasFlag(Mcl.Inherit)) _s.Inherit = 4; } void Clear() => _s = _s with { Inherit = 0 }; }""")]
    [InlineData("""struct St { [Inherited(Inheritance.Copy)] public int Inherit; } class C { St _s; void Lock(Mcl f) { if (f.HasFlag(Mcl.Inherit)) _s.Inherit = 4; } void Clear() => _s = default; }""")]
    [InlineData("""class C { LockState Make(Mcl f) { var s = Create(); if (f.HasFlag(Mcl.Inherit)) s.Inherit = 4; return s; } static LockState Create() => new LockState(); }""")]
    [InlineData("""class S { [Inherited(Inheritance.Copy)] int _inherit; public Mcl F { init { if (value.HasFlag(Mcl.Inherit)) _inherit = 4; } } int Get() => _inherit; }""")]
    [InlineData("""class C { void Lock(LockState s, Mcl f) { if (f.HasFlag(Mcl.Inherit)) s.Inherit = 1; } void Drop(LockState s) { s.Inherit--; } }""")]
    public Task Setter_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class A { Lease? _l = new(); public A Clone() { if (MemberwiseClone() is A c) { c._l = new Lease(); return c; } return this; } public void Dispose() => _l?.Dispose(); }""")]
    [InlineData("""class A { [Inherited(Inheritance.Zero)] long _n; public A Clone() { var c = (A)MemberwiseClone(); c.Reset(); return c; } void Reset() => _n = 0; }""")]
    [InlineData("""class A { Lease? _l = new(); public A Clone() { var c = (A)MemberwiseClone(); Detach(c); return c; } static void Detach(A a) => a._l = null; public void Dispose() => _l?.Dispose(); }""")]
    [InlineData("""record R([property: Inherited(Inheritance.Zero)] long N, int X); class C { R M(R r) => (r with { X = 1 }) with { N = 0 }; }""")]
    [InlineData("""record R { [Counter] public long N; public int X; protected R(R other) { X = other.X; } public R() { } } class C { R M(R r) => r with { X = 3 }; }""")]
    [InlineData("""class A { [Inherited(Inheritance.Zero)] public long N; A Detach() { var c = new A(); c.N = N; N = 0; return c; } }""")]
    [InlineData("""class A { [Inherited(Inheritance.Recharge)] public long N; void MoveTo(A other) { other.N = N; N = 0; } }""")]
    [InlineData("""class A { [Inherited(Inheritance.Zero)] public long N; static void Swap(A a, A b) { long t = a.N; a.N = b.N; b.N = t; } static void Swap2(A a, A b) { (a.N, b.N) = (b.N, a.N); } }""")]
    [InlineData("""class A { [Inherited(Inheritance.Zero)] long _n; public A Clone() { A c = (A)this.MemberwiseClone(); Interlocked.Exchange(ref c._n, 0); return c; } long N => _n; }""")]
    [InlineData("""class A { [Inherited(Inheritance.Zero)] long _n; public A Clone() => ((A)MemberwiseClone()).Cleared(); A Cleared() { _n = 0; return this; } }""")]
    [InlineData("""class A { Lease? _l = new(); public A Detach() { var c = (A)MemberwiseClone(); _l = null; return c; } public void Dispose() => _l?.Dispose(); }""")]
    [InlineData("""class A { Lease? _l = new(); public A Detach() { var c = (A)this.MemberwiseClone(); Interlocked.Exchange(ref this._l, null); return c; } public void Dispose() => _l?.Dispose(); }""")]
    [InlineData("""record R { public Lease? L { get; set; } public int X; public static R Detach(R old) { var c = old with { X = 3 }; old.L = null; return c; } public void Dispose() => L?.Dispose(); }""")]
    public Task Copy_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { LockState M(LockState src) { var dst = new LockState(); if (dst.Inherit == 0) dst.Inherit = src.Inherit; return dst; } }""")]
    [InlineData("""class C { LockState M(LockState src) { var dst = new LockState(); dst.Inherit = (src.Inherit & 8) != 0 ? src.Inherit : 0; dst.Plain = dst.Inherit != 0 ? src.Plain : 0; return dst; } }""")]
    [InlineData("""class C { LockState M(LockState src) { var dst = new LockState(); dst.Inherit = 4; dst.Inherit = (dst.Inherit & 8) != 0 ? src.Inherit : 0; return dst; } }""")]
    public Task Guard_IsSilent(string types) => ContractTypes.Verify(types);

    [Theory]
    [InlineData("""class C { const int EPERM = 1; bool M(nint a) => Native.PinPages(a, 4) == -EPERM; }""")]
    [InlineData("""class C { string M(nint a) { int r = Native.PinPages(a, 4); if (r >= 0) return "ok"; return r switch { -1 => "perm", _ => "other" }; } async Task<bool> N(nint a) => await Native.PinAsync(a) < 0; }""")]
    public Task ReturnConvention_IsSilent(string types) => ContractTypes.Verify(types);
}
