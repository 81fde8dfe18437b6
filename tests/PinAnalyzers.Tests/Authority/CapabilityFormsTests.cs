using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Authority;

/// <summary>The ways in which an answer about privilege, a charge and a release can be written.</summary>
public sealed class CapabilityFormsTests
{
    private static string InProgram(string types) => "using System.Collections.Generic;\n" + CapabilityDecidesReleaseTests.Start + $$"""

        public class User { public long LockedPages; public bool IsElevated { get; set; } }

        // Says nothing about itself: what it counts is seen from what it does.
        public class Owner
        {
            public long Used, Limit = 100;
            public bool TryCharge(long n) { if (n > Limit - Used) return false; Used += n; return true; }
            public void Uncharge(long n) { Used -= n; }
        }

        public class Spinning
        {
            long _used;
            readonly long _limit = 100;
            public bool TryTake(long n)
            {
                long seen, next;
                do { seen = Volatile.Read(ref _used); next = seen + n; if (next > _limit) return false; } while (Interlocked.CompareExchange(ref _used, next, seen) != seen);
                return true;
            }
            public void Uncharge(long n) => Interlocked.Add(ref _used, -n);
        }

        public class Account
        {
            [Charge("account", SucceedsWhen = SucceedsWhen.Always)] public void Charge([ChargeAmount] long n) { }
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
        }

        public class Slots { [Charge("slot")] public void Enter() { } [Release("slot")] public void Leave() { } }

        public enum Mode { None, User, Address }

        {{types}}
        """;

    private static string Marked(string types) => InProgram(types).Replace("[|", "{|PIN2001:", System.StringComparison.Ordinal).Replace("[%", "{|PIN2002:", System.StringComparison.Ordinal)
        .Replace("|]", "|}", System.StringComparison.Ordinal).Replace("%]", "|}", System.StringComparison.Ordinal);

    [Theory]
    // The account is a type that says nothing about itself.
    [InlineData("class R { readonly Owner _o = new(); public bool Map(long n) => _o.TryCharge(n); public void Unmap(long n) { if ([|Environment.IsPrivilegedProcess|]) return; _o.Uncharge(n); } }")]
    [InlineData("class R { readonly Spinning _o = new(); public bool Map(long n) => _o.TryTake(n); public void Unmap(long n) { if (!Environment.IsPrivilegedProcess) [|_o.Uncharge(n)|]; } }")]
    // Base and nested types.
    [InlineData("class B : IDisposable { protected long _p; public void Map(long n) { _p += n; } public virtual void Dispose() { _p -= 3; } } class R : B { public override void Dispose() { if ([|Environment.IsPrivilegedProcess|]) return; base.Dispose(); } }")]
    [InlineData("class B { protected long _p; public void Map(long n) { _p += n; } } class R : B { public void Unmap(long n) { if (!Environment.IsPrivilegedProcess) [|_p -= n|]; } }")]
    [InlineData("class R { long _p; class Lease { readonly R _r; public Lease(R r) { _r = r; _r._p++; } public void Dispose() { if ([|Environment.IsPrivilegedProcess|]) return; _r._p--; } } }")]
    // Answers through lambdas, modes, patterns, arguments and amounts.
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Unmap(long n) { Func<bool> probe = () => Environment.IsPrivilegedProcess; if ([|probe()|]) return; _p -= n; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Unmap(long n) { [|_p -= Environment.IsPrivilegedProcess ? 0 : n|]; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Unmap(long n) { [|Interlocked.Add(ref _p, Environment.IsPrivilegedProcess ? 0L : -n)|]; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Release(long n) { long give = Environment.IsPrivilegedProcess switch { true => 0, false => n }; [|_p -= give|]; } }")]
    [InlineData("class R { long _p; readonly User _u = new(); public void Map(long n) { _p += n; } public void Unmap(long n) { if (_u is { [|IsElevated|]: true }) return; _p -= n; } }")]
    [InlineData("class R { long _p; readonly User _u = new(); public void Map(long n) { _p += n; } public void Unmap(long n) { switch (_u.IsElevated) { case true: break; default: [|_p -= n|]; break; } } }")]
    [InlineData("class R { long _p; readonly User? _u = new(); public void Map(long n) { _p += n; } public void Unmap(long n) { if (_u?[|.IsElevated|] == true) return; _p -= n; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Dispose() => Give(3, [|Environment.IsPrivilegedProcess|]); void Give(long n, bool exempt) { if (exempt) return; _p -= n; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Dispose() => [|Give(3, !Environment.IsPrivilegedProcess)|]; void Give(long n, bool counts) { if (counts) _p -= n; } }")]
    [InlineData("class R { readonly Account _a = new(); public void Close(long n) { Mode m = Environment.IsPrivilegedProcess ? Mode.None : Mode.User; if (m == Mode.User) [|_a.Uncharge(n)|]; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Release(long n) { bool root; try { root = [|Environment.IsPrivilegedProcess|]; } catch (Exception) { root = false; } if (root) return; _p -= n; } }")]
    // Counters of other shapes.
    [InlineData("class R { readonly Dictionary<string, long> _p = new(); public void Map(string u, long n) { _p[u] += n; } public void Unmap(string u, long n) { if ([|Environment.IsPrivilegedProcess|]) return; _p[u] -= n; } }")]
    [InlineData("class R { readonly long[] _p = new long[3]; public void Map(int u, long n) { _p[u] += n; } public void Unmap(int u, long n) { if ([|Environment.IsPrivilegedProcess|]) return; Interlocked.Add(ref _p[u], -n); } }")]
    [InlineData("class R { long _p; public void Map(long n) { Interlocked.Add(ref _p, n); } public void Unmap(long n) { if ([|Environment.IsPrivilegedProcess|]) return; long d = -n; Interlocked.Add(ref _p, d); } }")]
    [InlineData("class R { long _p; public void Map(long n) { Interlocked.Add(ref _p, n * 4096); } public void Unmap(long n) { if ([|Environment.IsPrivilegedProcess|]) return; Interlocked.Add(ref _p, -n * 4096); } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Unmap(long n) { if ([|Environment.IsPrivilegedProcess|]) return; _p = Math.Max(0, _p - n); } }")]
    [InlineData("class R { long _p; public bool TryMap(long n) { long seen; do { seen = _p; if (n > 100 - seen) return false; } while (Interlocked.CompareExchange(ref _p, seen + n, seen) != seen); return true; } public void Unmap(long n) { if ([|Environment.IsPrivilegedProcess|]) return; Interlocked.Add(ref _p, -n); } }")]
    // A declared release of which nothing is visible but that it asks.
    [InlineData("class R { [Charge(\"x\")] public void Charge(long n) => Native(n); [Release(\"x\")] public void Uncharge(long n) { if ([|Environment.IsPrivilegedProcess|]) return; Native(-n); } [DllImport(\"x\")] static extern void Native(long n); }")]
    // Callbacks.
    [InlineData("class R { long _p; public R() { AppDomain.CurrentDomain.ProcessExit += (_, _) => { if ([|Environment.IsPrivilegedProcess|]) return; _p -= 1; }; } public void Map(long n) { _p += n; } }")]
    [InlineData("class R { readonly Account _a = new(); readonly Action _onClose; public R() { _onClose = () => { if ([|Environment.IsPrivilegedProcess|]) return; _a.Uncharge(3); }; _a.Charge(3); } public void Close() => _onClose(); }")]
    // A void method cannot say that it refused: this is a release that does not happen.
    [InlineData("class R { readonly Account _a = new(); public void Close() { if (![|Environment.IsPrivilegedProcess|]) return; _a.Uncharge(1); } }")]
    // PIN2002
    [InlineData("class R { readonly Owner _owner = new(); static bool HasCapability() => Environment.IsPrivilegedProcess; public bool TryCharge(long n) => [%HasCapability()%] || _owner.TryCharge(n); public void Uncharge(long n) => _owner.Uncharge(n); }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += [%Environment.IsPrivilegedProcess%] ? 0 : n; } public void Unmap(long n) { _p -= n; } }")]
    [InlineData("class R { long _p; public bool TryMap(long n) { if ([%Environment.IsPrivilegedProcess%]) return true; long seen; do { seen = _p; if (n > 100 - seen) return false; } while (Interlocked.CompareExchange(ref _p, seen + n, seen) != seen); return true; } public void Unmap(long n) { Interlocked.Add(ref _p, -n); } }")]
    [InlineData("class R { readonly Slots _a = new(); public void Map() { if ([%Environment.IsPrivilegedProcess%]) return; _a.Enter(); } public void Unmap() { _a.Leave(); } }")]
    [InlineData("class R { [Charge(\"x\")] public void Charge(long n) { if ([%Environment.IsPrivilegedProcess%]) return; Native(n); } [Release(\"x\")] public void Uncharge(long n) { Native(-n); } [DllImport(\"x\")] static extern void Native(long n); }")]
    public Task Form_IsReported(string types) => Verify.Analyzer(Marked(types), AuthoritySetup.Alone);

    [Theory]
    [InlineData("class R { readonly Owner _o = new(); public bool Map(long n) => _o.TryCharge(n); public bool Unmap(long n) { if (!Environment.IsPrivilegedProcess) return false; _o.Uncharge(n); return true; } }")]
    [InlineData("class Stats { int _calls; public void Note() => _calls++; } class R { readonly Stats _s = new(); public void Close() { if (Environment.IsPrivilegedProcess) _s.Note(); } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } static void Demand() { if (!Environment.IsPrivilegedProcess) throw new UnauthorizedAccessException(); } public void Unmap(long n) { Demand(); _p -= n; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Unmap(long n) { string who = Environment.IsPrivilegedProcess ? \"root\" : \"user\"; Console.WriteLine(who); _p -= n; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public Status Unmap(long n) { if (!Environment.IsPrivilegedProcess) return Status.Denied; _p -= n; return Status.Ok; } } public enum Status { Ok, Denied }")]
    [InlineData("class R { readonly List<int> _p = new(); public void Map(int n) { _p.Add(n); } public void Unmap(int n) { if (Environment.IsPrivilegedProcess) return; _p.Remove(n); } }")]
    [InlineData("class R { readonly Account _a = new(); readonly Mode _mode; public R() { _mode = Environment.IsPrivilegedProcess ? Mode.None : Mode.User; } public void Open(long n) { if (_mode == Mode.User) _a.Charge(n); } public void Close(long n) { if (_mode == Mode.User) _a.Uncharge(n); } }")]
    [InlineData("class R { readonly Account _a = new(); public void Close() { _ = Environment.IsPrivilegedProcess ? 0 : throw new UnauthorizedAccessException(); _a.Uncharge(1); } }")]
    [InlineData("class R { readonly Account _a = new(); public (bool Ok, int N) Close() { if (!Environment.IsPrivilegedProcess) return (false, 0); _a.Uncharge(1); return (true, 1); } }")]
    [InlineData("class R { readonly Account _a = new(); public string? Close() { if (!Environment.IsPrivilegedProcess) return \"denied\"; _a.Uncharge(1); return null; } }")]
    [InlineData("class R { readonly Account _a = new(); public bool Close(out string? error) { if (!Environment.IsPrivilegedProcess) { error = \"no\"; return false; } error = null; _a.Uncharge(1); return true; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Dispose() => Give(3, Environment.IsPrivilegedProcess); void Give(long n, bool isLoud) { if (isLoud) Console.WriteLine(); _p -= n; } }")]
    [InlineData("class R { long _p; public void Map(long n) { _p += n; } public void Unmap(long n) { _p -= n > 3 ? 0 : n; } }")]
    [InlineData("class R { [Charge(\"x\")] public void Charge(long n) => Native(n); [Release(\"x\")] public void Uncharge(long n) { if (Environment.IsPrivilegedProcess) Console.WriteLine(); Native(-n); } [DllImport(\"x\")] static extern void Native(long n); }")]
    [InlineData("class R { readonly Action _onOpen; long _p; public R() { _onOpen = () => { if (Environment.IsPrivilegedProcess) return; _p -= 1; }; _p += 1; } public void Run() => _onOpen(); }")]
    public Task Form_IsSilent(string types) => Verify.Analyzer(Marked(types), AuthoritySetup.Alone);

    /// <summary>Each state decides about the next, and none of them about privilege: asking goes in circles.</summary>
    [Theory]
    [InlineData("if (state == 1) { state = 2; done = true; } else if (state == 2) state = 1;")]
    [InlineData("if (state == 1) { state = 2; } else if (state == 2) { state = 3; } else if (state == 3) { state = 1; done = true; } else { state = 4; }")]
    [InlineData("switch (state) { case 1: state = 2; break; case 2: state = 3; break; case 3: state = 1; done = true; break; default: state = n > 3 ? 1 : 2; break; }")]
    [InlineData("if (state == 1) { if (Environment.IsPrivilegedProcess) state = 2; else state = 3; } else if (state == 2) { state = 1; done = true; } else if (state == 3) state = 2;")]
    public Task StateMachine_IsNotFollowedForEver(string step) => Verify.Analyzer(
        Marked($"class R {{ long _p; public void Map(long n) {{ _p += n; }} public void Unmap(long n) {{ if (Environment.IsPrivilegedProcess) Console.WriteLine(); int state = 0; bool done = false; while (!done) {{ {step} }} _p -= n; }} }}"),
        AuthoritySetup.Alone);
}
