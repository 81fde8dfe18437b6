using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Tests.Authority;

/// <summary>Right programs that look like wrong ones: privilege and identity near charges and releases that they do not decide.</summary>
public sealed class AuthorityLookAlikeTests
{
    [Theory]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Fast(long n) { _p -= n; } void Slow(long n) { Console.WriteLine(n); _p -= n; } void Release(long n) { if (IsPrivilegedProcess) Fast(n); else Slow(n); } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Slow(long n) { Console.WriteLine(n); _p -= n; } void Release(long n) { if (IsPrivilegedProcess) { _p -= n; return; } Slow(n); } }""")]
    [InlineData("""class R { readonly Owner _o = new(); void Map(long n) => _o.TryCharge(n); void Release(long n) { if (IsPrivilegedProcess) { Console.WriteLine("admin"); _o.Uncharge(n); } else { _o.Uncharge(n); } } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; [System.Diagnostics.CodeAnalysis.DoesNotReturn] static void Deny() => throw new UnauthorizedAccessException(); void Release(long n) { if (!Env.IsPrivilegedProcess) { Deny(); return; } _p -= n; } }""")]
    [InlineData("""class Result { } class R { readonly Account _a = new(); static Result StatusCode(int c) => new(); static Result Ok() => new(); Result Release(ClaimsPrincipal user, long n) { if (!user.IsInRole("admin")) return StatusCode(403); _a.Uncharge(n); return Ok(); } }""")]
    [InlineData("""class Result { } class R { readonly Account _a = new(); static Result Redirect(string c) => new(); static Result Ok() => new(); async Task<Result> ReleaseAsync(ClaimsPrincipal user, long n) { await Task.Yield(); if (!user.IsInRole("admin")) { return Redirect("/login"); } _a.Uncharge(n); return Ok(); } }""")]
    [InlineData("""class Response { public int StatusCode { get; set; } } class Ctx { public ClaimsPrincipal User = new(); public Response Response = new(); } class R { readonly Account _a = new(); async Task ReleaseAsync(Ctx ctx, long n) { if (!ctx.User.IsInRole("admin")) { ctx.Response.StatusCode = 403; return; } await Task.Yield(); _a.Uncharge(n); } }""")]
    [InlineData("""enum Error { None, Denied } class R { readonly Account _a = new(); void Release(long n, out Error error) { error = Error.None; if (!IsPrivilegedProcess) { error = Error.Denied; return; } _a.Uncharge(n); } }""")]
    [InlineData("""class R { long _p; static readonly bool s_root = IsPrivilegedProcess; static bool IsElevated => s_root; void Map(long n) { if (!IsElevated) _p += n; } void Release(long n) { if (IsElevated) return; _p -= n; } }""")]
    [InlineData("""class R { long _p; static readonly Lazy<bool> s_root = new(() => IsPrivilegedProcess); static bool IsElevated() => s_root.Value; void Map(long n) { if (!IsElevated()) _p += n; } void Release(long n) { if (IsElevated()) return; _p -= n; } }""")]
    [InlineData("""class R { long _p; static bool? s_root; static bool IsElevated => s_root ??= IsPrivilegedProcess; void Map(long n) { if (!IsElevated) _p += n; } void Release(long n) { if (IsElevated) return; _p -= n; } }""")]
    [InlineData("""sealed class AppUser { public bool IsElevated { get; } public AppUser(bool e) => IsElevated = e; } class R { long _p; readonly AppUser _user; R(AppUser u) => _user = u; void Map(long n) { if (_user.IsElevated) return; _p += n; } void Unmap(long n) { if (_user.IsElevated) return; _p -= n; } }""")]
    [InlineData("""sealed record AppUser(bool IsElevated, string Name); class R { long _p; AppUser User { get; } = new(true, ""); void Map(long n) { if (!User.IsElevated) _p += n; } void Unmap(long n) { if (!User.IsElevated) _p -= n; } }""")]
    [InlineData("""class ProcessorNode { public ProcessorNode? Parent; public bool IsRoot => Parent is null; } class R { long _p; void Map(long n) => _p += n; void Release(ProcessorNode node, long n) { if (node.IsRoot) return; _p -= n; } }""")]
    [InlineData("""class UserControlNode { public List<UserControlNode> Children = new(); public bool IsRoot { get; set; } } class R { int _live; void Attach() => _live++; void Release(UserControlNode node) { if (!node.IsRoot) _live--; } }""")]
    [InlineData("""class ProcessTree { public ProcessTree? Parent; public bool IsRoot => Parent == null; } class R { int _live; void Attach() => _live++; void Release(ProcessTree node) { if (!node.IsRoot) _live--; } }""")]
    [InlineData("""class R { int _count; void Add() => _count++; static bool IsRoot(int i) => i == 0; void Free(int i) { if (IsRoot(i)) return; _count--; } }""")]
    [InlineData("""interface IDecision { [RecordedDecision] bool IsElevated { get; } } class UserDecision : IDecision { public bool IsElevated { get; set; } } class R { readonly Account _a = new(); readonly UserDecision _d = new(); public void Dispose() { if (!_d.IsElevated) _a.Uncharge(1); } }""")]
    [InlineData("""class R { readonly Account _a = new(); int Release(long n) { int result = 0; if (!IsPrivilegedProcess) { result = -13; goto done; } _a.Uncharge(n); done: return result; } }""")]
    [InlineData("""class R { readonly Account _a = new(); bool Release(long n) { bool done = false; if (IsPrivilegedProcess) { _a.Uncharge(n); done = true; } return done; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n) { lock (this) { if (n == 0) return; if (IsPrivilegedProcess) Console.WriteLine(); } _p -= n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n) { try { if (IsPrivilegedProcess) goto done; Console.WriteLine(); done: ; } finally { Console.WriteLine(); } _p -= n; } }""")]
    [InlineData("""class ForbidResult { } class Ctx { public object? Result; public ClaimsPrincipal User = new(); } class R { readonly Account _a = new(); void Release(Ctx c, long n) { if (!c.User.IsInRole("a")) { c.Result = new ForbidResult(); return; } _a.Uncharge(n); } }""")]
    [InlineData("""class R { readonly Account _a = new(); void DenyAccess() { } void Release(long n) { if (!IsPrivilegedProcess) { DenyAccess(); return; } _a.Uncharge(n); } }""")]
    [InlineData("""class R { readonly Account _a = new(); void Fail(string why) { } void Release(long n) { if (!IsPrivilegedProcess) { Fail("access denied"); return; } _a.Uncharge(n); } }""")]
    [InlineData("""class R { readonly Account _a = new(); readonly object _me = new(); bool Release(object who, long n) { bool allowed = IsPrivilegedProcess || ReferenceEquals(who, _me); if (!allowed) return false; _a.Uncharge(n); return true; } }""")]
    [InlineData("""class R { readonly Account _a = new(), _b = new(); void Release(User u, long n) { switch (u) { case { IsElevated: true }: Console.WriteLine("admin"); _a.Uncharge(n); break; default: _a.Uncharge(n); break; } } }""")]
    [InlineData("""class R { public long P; public void Map(long n) => P += n; public void Unmap(long n) => P -= n; } class Tests { void Unmap_GivesBack() { if (!IsPrivilegedProcess) return; var r = new R(); r.Map(3); r.Unmap(3); Debug.Assert(r.P == 0); } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; int Unmap(long n, object who) { if (!IsPrivilegedProcess && who != this) return -1; _p -= n; return 0; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; bool Unmap(long n, object who, bool mine) { if (!IsPrivilegedProcess && who != this && !mine) { Console.WriteLine(); return false; } _p -= n; return true; } }""")]
    [InlineData("""class R { readonly Account _a = new(); void Release(long n, TaskCompletionSource<bool> done) { if (!IsPrivilegedProcess) { done.SetException(new UnauthorizedAccessException()); return; } _a.Uncharge(n); done.SetResult(true); } }""")]
    [InlineData("""class R { readonly Account _a = new(); void Release(long n, TaskCompletionSource<bool> done) { if (!IsPrivilegedProcess) { done.TrySetResult(false); return; } _a.Uncharge(n); done.SetResult(true); } }""")]
    [InlineData("""class R { readonly Account _a = new(); string? Release(long n) { if (!IsPrivilegedProcess) return "not allowed"; _a.Uncharge(n); return null; } }""")]
    [InlineData("""class R { int _refs; void Open() => _refs++; void Close(ClaimsPrincipal who) { if (who.IsInRole("force")) _refs = 0; else _refs--; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Unmap(long n, bool a, bool b) { for (; ; ) { if (!IsPrivilegedProcess) break; if (a) break; if (b) break; } _p -= n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; bool Release(long n) { bool may = IsPrivilegedProcess; if (may) _p -= n; return may; } }""")]
    [InlineData("""class R { readonly Account _a = new(); void Release(ClaimsPrincipal? who, long n, Action<int> reply) { if (who?.IsInRole("x") != true) { reply(403); return; } _a.Uncharge(n); reply(200); } }""")]
    public Task Release_IsSilent(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""class R { readonly Owner _o = new(); bool Map(long n) { if (IsPrivilegedProcess) { _o.ForceCharge(n); return true; } return _o.TryCharge(n); } void Unmap(long n) => _o.Uncharge(n); }""")]
    [InlineData("""class R { readonly Account _o = new(); bool Force(long n) { _o.Charge(n); return true; } bool Map(long n) => IsPrivilegedProcess ? Force(n) : _o.TryCharge(n); void Unmap(long n) => _o.Uncharge(n); }""")]
    [InlineData("""class R { long _p; const long Limit = 9; void Force(long n) => _p += n; bool Try(long n) { if (n > Limit - _p) return false; _p += n; return true; } bool Map(long n) { if (!IsPrivilegedProcess) return Try(n); Force(n); return true; } void Unmap(long n) => _p -= n; }""")]
    [InlineData("""class R { long _p; IDisposable Acquire(long n) { if (IsPrivilegedProcess) return new Nothing(); _p += n; return new Lease(this, n); } sealed class Nothing : IDisposable { public void Dispose() { } } sealed class Lease : IDisposable { readonly R _r; readonly long _n; public Lease(R r, long n) { _r = r; _n = n; } public void Dispose() { _r._p -= _n; } } }""")]
    [InlineData("""class R { long _p; Lease Acquire(long n) { long k = IsPrivilegedProcess ? 0 : n; _p += k; return new Lease(this, k); } sealed class Lease : IDisposable { readonly R _r; readonly long _n; public Lease(R r, long n) { _r = r; _n = n; } public void Dispose() => _r._p -= _n; } }""")]
    [InlineData("""class Mapping { public long Charged; } class R { readonly Account _a = new(); void Map(Mapping m, long n) { if (IsPrivilegedProcess) return; _a.Charge(n); m.Charged = n; } void Unmap(Mapping m) { _a.Uncharge(m.Charged); m.Charged = 0; } }""")]
    [InlineData("""class R { long _p; bool Map(long n) { switch (IsPrivilegedProcess) { case false when n > 100 - _p: return false; } _p += n; return true; } void Unmap(long n) => _p -= n; }""")]
    [InlineData("""class R { long _p; long Map(long n) { if (IsPrivilegedProcess) return 0; _p += n; return n; } void Unmap(long charged) => _p -= charged; }""")]
    [InlineData("""readonly struct Held { public readonly long N; public Held(long n) => N = n; } class R { long _p; Held Map(long n) { if (IsPrivilegedProcess) return default; _p += n; return new Held(n); } void Unmap(Held h) => _p -= h.N; }""")]
    [InlineData("""class R { long _p; void Map(long n, out long charged) { charged = 0; if (IsPrivilegedProcess) return; Interlocked.Add(ref _p, n); charged = n; } void Unmap(long charged) => Interlocked.Add(ref _p, -charged); }""")]
    [InlineData("""class R { long _p; readonly Queue<long> _q = new(); void Map(long n) { if (IsPrivilegedProcess) { _q.Enqueue(0); return; } _p += n; _q.Enqueue(n); } void Unmap() => _p -= _q.Dequeue(); }""")]
    [InlineData("""class R { long _p; readonly long[] _q = new long[9]; void Map(int i, long n) { if (IsPrivilegedProcess) return; _p += n; _q[i] = n; } void Unmap(int i) { _p -= _q[i]; _q[i] = 0; } }""")]
    public Task Charge_IsSilent(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""class R { void Go(long n) => Task.Run(() => { var a = Session.Account; a.Charge(n); try { Console.WriteLine(); } finally { a.Uncharge(n); } }); }""")]
    [InlineData("""class R { void Go(long n) => ThreadPool.QueueUserWorkItem(_ => { Session.Account.Charge(n); Console.WriteLine(); Session.Account.Uncharge(n); }); }""")]
    public Task AmbientOwner_IsSilent(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""class R { bool Map(Owner t, Owner g, long n) { if (t.Used + g.Used + n > g.Limit) return false; t.Used += n; return true; } }""")]
    [InlineData("""class R { bool Merge(Owner to, Owner from) { if (to.Used + from.Used > to.Limit) return false; to.Used += from.Used; from.Used = 0; return true; } }""")]
    [InlineData("""class R { bool Move(Owner to, Owner from) { if (from.Used > to.Limit - to.Used) return false; to.Used += from.Used; from.Used -= from.Used; return true; } }""")]
    [InlineData("""class R { readonly Owner _global = new(); bool Map(Owner t, long n) { if (t.Used + n > t.Limit) return false; if (t.Used + n > _global.Limit) return false; t.Used += n; return true; } }""")]
    [InlineData("""class Job { public long Used, Limit; public Job? Parent; } class R { bool Map(Job t, long n) { if (t.Parent is { } p && n > p.Limit - t.Used) return false; t.Used += n; return true; } }""")]
    public Task ForeignLimit_IsSilent(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""class R { [CapabilityCheck] static bool Probe(ref long n) { n = 3; return true; } bool M(long k) => Probe(ref k) && k > 3; }""")]
    [InlineData("""class R { long _level; [CapabilityCheck] bool Probe() { _level = DateTime.Now.Day; return true; } bool M() => Probe() && _level > 3; }""")]
    [InlineData("""class R { [CapabilityCheck] static bool May() => true; bool Other() => true; bool M(bool a, long n) => a && n > 3 && May() && Other(); bool N(bool a, long n) => (a || May()) && n > 3; bool O(bool a, long[] n) => a && May() && n[0] > 3; }""")]
    public Task Probe_IsSilent(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""struct State { public Account Account; } class R { State _s; R() => _s.Account = new(); void Map(long n) => _s.Account.Charge(n); void Unmap(long n) => _s.Account.Uncharge(n); }""")]
    [InlineData("""class R { (Account Owner, long N) _held; void Map(Account a, long n) { _held = (a, n); _held.Owner.Charge(n); } void Unmap() => _held.Owner.Uncharge(_held.N); }""")]
    [InlineData("""class Entry { public Account Account = null!; public long N; } class R { Entry _e = new(); void Map(Account a, long n) { _e.Account = a; _e.N = n; _e.Account.Charge(n); } void Unmap() => _e.Account.Uncharge(_e.N); }""")]
    [InlineData("""class Entry { public Account Account { get; set; } = null!; } class R { Entry? _e; void Map(Account a, long n) { _e = new Entry { Account = a }; _e.Account.Charge(n); } void Unmap(long n) { _e!.Account.Uncharge(n); _e = null; } }""")]
    public Task RederivedOwner_IsSilent(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""class R { Account? _a = new(); void Attach() => _a = new(); void Swap() { _a!.Dispose(); Attach(); _a.Charge(1); _a.Uncharge(1); } }""")]
    [InlineData("""class R { Account? _a = new(); void Swap(Account b) { _a!.Dispose(); Interlocked.Exchange(ref _a, b); _a.Uncharge(1); } }""")]
    [InlineData("""class R { Account? _a = new(); static void Make(ref Account? a) => a = new(); void Swap() { _a = null; Make(ref _a); _a!.Uncharge(1); } }""")]
    [InlineData("""class R { Account? _a = new(); void Swap() { _a = null; LazyInitializer.EnsureInitialized(ref _a).Charge(1); _a.Uncharge(1); } }""")]
    [InlineData("""class R { Account? _a = new(), _b; void Swap(Account x) { _a!.Dispose(); (_a, _b) = (x, null); _a.Uncharge(1); } }""")]
    [InlineData("""class Own { readonly object _g = new(); long _n; public void Enter() => Monitor.Enter(_g); public void Release() => Monitor.Exit(_g); [Charge("o")] public void Charge([ChargeAmount] long n) => _n += n; [Release("o")] public void Uncharge([ChargeAmount] long n) => _n -= n; } class R { readonly Own _o = new(); void Close() { _o.Enter(); try { Console.WriteLine(); } finally { _o.Release(); } _o.Uncharge(1); } }""")]
    [InlineData("""class R { Account? _a = new(); void Close(bool b) { if (b) { _a?.Dispose(); return; } _a?.Uncharge(1); } }""")]
    [InlineData("""class Own : IDisposable { long _n; [Charge("o")] public void Charge([ChargeAmount] long n) => _n += n; [Release("o")] public void Uncharge([ChargeAmount] long n) => _n -= n; public void Dispose() { } } class R { readonly Own _o = new(); void Close() { using (_o) { _o.Uncharge(1); } } void Two(Own other) { using (other) { } _o.Uncharge(1); } void Decl() { using var o = _o; o.Uncharge(1); _o.Uncharge(1); } }""")]
    [InlineData("""class Own { int _refs; long _n; public int Release() => --_refs; [Charge("o")] public void Charge([ChargeAmount] long n) => _n += n; [Release("o")] public void Uncharge([ChargeAmount] long n) => _n -= n; } class R { readonly Own _o = new(); void Close() { if (_o.Release() > 0) _o.Uncharge(1); } }""")]
    public Task DroppedOwner_IsSilent(string types) => AuthorityTypes.Verify(types);
}
