using System.Threading.Tasks;
using Xunit;

namespace PinAnalyzers.Tests.Authority;

/// <summary>Wrong programs in the shapes that real code has them in.</summary>
public sealed class AuthorityShapeTests
{
    [Theory]
    [InlineData("""sealed class AppUser { public bool IsElevated { get; } public AppUser(bool e) => IsElevated = e; } class R { long _p; readonly AppUser _user; R(AppUser u) => _user = u; void Map(long n) { _p += n; } void Unmap(long n) { if ({|PIN2001:_user.IsElevated|}) return; _p -= n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n) { switch ({|PIN2001:IsPrivilegedProcess|}) { case true: return; default: break; } _p -= n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n) { lock (this) { if ({|PIN2001:IsPrivilegedProcess|}) return; } _p -= n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n) { try { if (n == 0) return; Console.WriteLine(); } finally { if (!IsPrivilegedProcess) {|PIN2001:_p -= n|}; } } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n, IDisposable a, IDisposable b) { using (a) { using (b) { if ({|PIN2001:IsPrivilegedProcess|}) return; } Console.WriteLine(); } Interlocked.Add(ref _p, -n); } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n, IDisposable d) { using (d) { if ({|PIN2001:IsPrivilegedProcess|}) return; } _p -= n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n) { (bool root, long k) = ({|PIN2001:IsPrivilegedProcess|}, n); if (root) return; _p -= k; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n) { if (!{|PIN2001:IsPrivilegedProcess|}) { Console.WriteLine("skipped"); return; } _p -= n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; public void Dispose() => Step(); void Step() => Give(3); void Give(long n) { if ({|PIN2001:IsPrivilegedProcess|}) return; _p -= n; } }""")]
    [InlineData("""class R { readonly Account _a = new(); static void LogDenied() { } void Release(long n) { if (!{|PIN2001:IsPrivilegedProcess|}) { LogDenied(); return; } _a.Uncharge(n); } }""")]
    [InlineData("""enum Result { Ok, Done } class R { readonly Account _a = new(); Result Release(long n) { if (!{|PIN2001:IsPrivilegedProcess|}) return Result.Ok; _a.Uncharge(n); return Result.Done; } }""")]
    [InlineData("""class R { readonly Account _a = new(); Task Next() => Task.CompletedTask; Task ReleaseAsync(long n) { if (!{|PIN2001:IsPrivilegedProcess|}) return Task.CompletedTask; _a.Uncharge(n); return Next(); } }""")]
    [InlineData("""class R { readonly Account _a = new(); long Release(long n) { if (!{|PIN2001:IsPrivilegedProcess|}) return 0; _a.Uncharge(n); return n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Release(long n, int k) { try { switch (k) { case 1: if ({|PIN2001:IsPrivilegedProcess|}) return; break; } } finally { Console.WriteLine(); } _p -= n; } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; void Unmap(long n, object who) { if (!{|PIN2001:IsPrivilegedProcess|} && who != this) return; _p -= n; } }""")]
    [InlineData("""class R { readonly Account _a = new(); void Release(long n, TaskCompletionSource<bool> done) { if (!{|PIN2001:IsPrivilegedProcess|}) { done.SetResult(true); return; } _a.Uncharge(n); done.SetResult(true); } }""")]
    [InlineData("""class R { long _p; void Map(long n) => _p += n; bool Release(long n) { bool counted = !{|PIN2001:IsPrivilegedProcess|}; if (!counted) return counted; _p -= n; return counted; } }""")]
    public Task Release_IsReported(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""class R { long _p; Lease Acquire(long n) { if (!{|PIN2002:IsPrivilegedProcess|}) _p += n; return new Lease(this, n); } sealed class Lease : IDisposable { readonly R _r; readonly long _n; public Lease(R r, long n) { _r = r; _n = n; } public void Dispose() => _r._p -= _n; } }""")]
    [InlineData("""class R { long _p; Lease Acquire(long n) { long k = {|PIN2002:IsPrivilegedProcess|} ? 0 : n; _p += k; return new Lease(this, n); } sealed class Lease : IDisposable { readonly R _r; readonly long _n; public Lease(R r, long n) { _r = r; _n = n; } public void Dispose() => _r._p -= _n; } }""")]
    [InlineData("""class R { long _p; long Map(long n) { if ({|PIN2002:IsPrivilegedProcess|}) return n; _p += n; return n; } void Unmap(long charged) => _p -= charged; }""")]
    [InlineData("""class R { long _p; int Map(long n) { if ({|PIN2002:IsPrivilegedProcess|}) return 0; _p += n; return 0; } void Unmap(long n) => _p -= n; }""")]
    public Task Charge_IsReported(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""static class X { [Charge("ext")] public static void Take(this User u, [ChargeAmount] long n) { } [Release("ext")] public static void Back(this User u, [ChargeAmount] long n) { } [Ambient] public static User Current => new(); } class R { public void Close() => {|PIN2003:X.Current.Back(3)|}; }""")]
    public Task AmbientOwner_IsReported(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""class R { [CapabilityCheck] static Task<bool> MayAsync() => Task.FromResult(true); async Task<bool> M(long n) => await {|PIN2005:MayAsync()|} && n > 3; }""")]
    [InlineData("""class R { [CapabilityCheck] static bool May() => true; bool M(long n) => {|PIN2005:May()|} is true && n > 3; }""")]
    [InlineData("""class R { [CapabilityCheck] static bool May() => true; bool M(bool a, long n) => a && {|PIN2005:May()|} && n > 3; }""")]
    [InlineData("""class R { [CapabilityCheck] static bool May() => true; bool M(int k) => {|PIN2005:May()|} && k is > 3 and < 9; }""")]
    public Task Probe_IsReported(string types) => AuthorityTypes.Verify(types);

    [Theory]
    [InlineData("""class R { Account? _a = new(); void Close() { _a?.Dispose(); {|PIN2007:_a|}?.Uncharge(1); } }""")]
    [InlineData("""class Own : IDisposable { long _n; [Charge("o")] public void Charge([ChargeAmount] long n) => _n += n; [Release("o")] public void Uncharge([ChargeAmount] long n) => _n -= n; public void Dispose() { } } class R { readonly Own _o = new(); void Close() { using (_o) { Console.WriteLine(); } {|PIN2007:_o|}.Uncharge(1); } }""")]
    public Task DroppedOwner_IsReported(string types) => AuthorityTypes.Verify(types);
}
