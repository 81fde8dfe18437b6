using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Authority;

/// <summary>PIN2003, PIN2004, PIN2006 and PIN2007: whose account it is, when that is found out, and whether the owner is still there.</summary>
public sealed class OwnerTests
{
    private const string Start = """
        using System;
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Security.Claims;
        using System.Security.Principal;
        using System.Threading;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;

        """;

    private const string Owners = """

        public class Space { public long Locked; public object Gate = new(); }

        public class Owner
        {
            public long Used, Limit = 100;
            int _refs;
            public Space? Space { get; set; }
            public Space Fixed { get; } = new();
            public bool TryCharge(long n) { if (n > Limit - Used) return false; Used += n; return true; }
            public void Uncharge(long n) { Used -= n; }
            public void AddRef() { _refs++; }
            public void Release() { _refs--; }
        }

        public class Account
        {
            public long Limit, Used;
            [Charge("account", SucceedsWhen = SucceedsWhen.Always)] public void Charge([ChargeAmount] long n) { }
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
            [Charge("reference")] public void Get() { }
            [Release("reference")] public void Put() { }
            public void Dispose() { }
        }

        public class Connection
        {
            public Account Account { get; set; } = new();
            public Account Fixed { get; } = new();
            public Account Chosen { get; init; } = new();
            public readonly Account Field = new();
            public Account Changing = new();
            public Account Once { get; private set; }
            public Account Later { get; private set; } = new();
            public Connection() { Once = new(); }
            public void Renew() => Later = new();
        }

        public static class Session
        {
            [Ambient] public static Account Account => new();
            [Ambient] public static Owner Owner => new();
            [Ambient] public static string Id => "x";
            public static Account Configured => new();
        }

        public class Settings { public long Limit = 9; public static long MaxPages = 9; }
        """;

    private static string Marked(string rule, string types) => Start + types.Replace("[|", "{|" + rule + ":", System.StringComparison.Ordinal).Replace("|]", "|}", System.StringComparison.Ordinal) + Owners;

    private static TestSetup Setup => AuthoritySetup.Alone;

    [Theory]
    // Whatever worker runs it.
    [InlineData("class R { void Complete(long n) => ThreadPool.QueueUserWorkItem(_ => [|Session.Account.Uncharge(n)|]); }")]
    [InlineData("class R { void Complete(long n) { _ = Task.Run(() => { [|Session.Account.Uncharge(n)|]; }); } }")]
    [InlineData("class R { Timer? _t; void Start(long n) { _t = new Timer(_ => [|Session.Account.Uncharge(n)|], null, 1, 1); } }")]
    [InlineData("class R { void Start(Task t, long n) { t.ContinueWith(_ => [|Session.Account.Uncharge(n)|]); } }")]
    [InlineData("class R { static void Later([Deferred] Action a) { } void Start(long n) { Later(() => [|Session.Account.Uncharge(n)|]); } }")]
    [InlineData("class R { [Deferred] void Finish(long n) { [|Session.Account.Uncharge(n)|]; } }")]
    // Whoever closes it.
    [InlineData("class R { public void Open(long n) => Session.Account.Charge(n); public void Close(long n) { [|Session.Account.Uncharge(n)|]; } }")]
    [InlineData("class R { ~R() { [|Session.Account.Uncharge(1)|]; } }")]
    [InlineData("class R { [ReleasePath] void End() { var a = Session.Account; [|a.Uncharge(1)|]; } }")]
    // Looked up by it.
    [InlineData("class R { readonly Dictionary<string, Account> _all = new(); public void Close(long n) { [|_all[Session.Id].Uncharge(n)|]; } }")]
    [InlineData("class R { readonly Dictionary<string, Account> _all = new(); public void Dispose() { if (_all.TryGetValue(Thread.CurrentPrincipal!.Identity!.Name!, out var a)) [|a.Uncharge(3)|]; } }")]
    [InlineData("class R { Account Find(string n) => new(); public void Dispose() { [|Find(WindowsIdentity.GetCurrent().Name).Uncharge(1)|]; } }")]
    [InlineData("class R { Account Find(int n) => new(); public void Dispose() { [|Find(Process.GetCurrentProcess().Id).Uncharge(1)|]; } }")]
    [InlineData("class R { Account Find(string n) => new(); public void Dispose() { [|Find(ClaimsPrincipal.Current!.Identity!.Name!).Uncharge(1)|]; } }")]
    // Declared accounts on a thread or flow.
    [InlineData("class R { static readonly AsyncLocal<Account> s_current = new(); public void Close(long n) { [|s_current.Value!.Uncharge(n)|]; } }")]
    [InlineData("class R { [ThreadStatic] static Account? t_account; public void Close(long n) { [|t_account!.Uncharge(n)|]; } }")]
    // Through members that hand it on.
    [InlineData("class R { static Account Mine => Session.Account; static Account Get() { return Mine; } public void Close(long n) { [|Mine.Uncharge(n)|]; } public void Dispose() { [|Get().Uncharge(1)|]; } }")]
    // An account that says nothing about itself.
    [InlineData("class R { public void Map(long n) { Session.Owner.TryCharge(n); } public void Unmap(long n) { [|Session.Owner.Uncharge(n)|]; } }")]
    [InlineData("class R { public void Map(long n) { Session.Owner.Used += n; } public void Unmap(long n) { [|Session.Owner.Used -= n|]; } }")]
    public Task AmbientOwner_IsReported(string types) => Verify.Analyzer(Marked("PIN2003", types), Setup);

    [Fact]
    public Task ConfiguredAmbient_IsReported() => Verify.Analyzer(
        Marked("PIN2003", "class R { public void Close(long n) { [|Session.Configured.Uncharge(n)|]; } }"), Setup.Option("pin.ambient", "P:Session.Configured"));

    [Theory]
    [InlineData("class R { readonly Account _o; public R() { _o = Session.Account; _o.Charge(1); } void Complete(long n) { var o = _o; ThreadPool.QueueUserWorkItem(_ => o.Uncharge(n)); } public void Close() => _o.Uncharge(1); }")]
    [InlineData("class R { void Complete(Account o, long n) { ThreadPool.QueueUserWorkItem(_ => o.Uncharge(n)); } }")]
    [InlineData("class R { [ThreadStatic] static int t_depth; void Enter() { t_depth++; } void Release() { t_depth--; } }")]
    [InlineData("class Pool { public int Count; } class R { [ThreadStatic] static Pool? t_pool; void Put() { t_pool!.Count++; } void ReleaseOne() { t_pool!.Count--; } }")]
    [InlineData("class Scope { public int Depth; } class R { static readonly AsyncLocal<Scope> s_scope = new(); void Enter() { s_scope.Value!.Depth++; } public void Dispose() { s_scope.Value!.Depth--; } }")]
    [InlineData("class R { [ThreadStatic] static Stack<byte[]>? t_free; void Release(byte[] b) { t_free!.Push(b); } }")]
    [InlineData("class R { void Both(long n) { var a = Session.Account; a.Charge(n); try { Console.WriteLine(); } finally { a.Uncharge(n); } } }")]
    [InlineData("class R { readonly Account _o = new(); public void Close() { Console.WriteLine(Session.Id); _o.Uncharge(1); } }")]
    [InlineData("class R { async Task Later(long n) { await Task.Run(() => Session.Account.Uncharge(n)); } }")]
    [InlineData("class R { public void Handle(long n) { Session.Account.Uncharge(n); } }")]
    [InlineData("class R { public void Close() { Session.Account.Dispose(); } }")]
    [InlineData("class R { static readonly AsyncLocal<CancellationTokenRegistration> s_r = new(); public void Dispose() { s_r.Value.Dispose(); } }")]
    [InlineData("class R { readonly Account _mine = Session.Account; Account Mine => _mine; public void Close() { Mine.Uncharge(1); } }")]
    public Task RecordedOwnerOrThreadsOwnCount_IsSilent(string types) => Verify.Analyzer(Marked("PIN2003", types), Setup);

    [Theory]
    [InlineData("class R { readonly Owner _owner = new(); public void Map(long n) { lock (_owner.Space!.Gate) _owner.Space!.Locked += n; } public void Unmap(long n) { lock (_owner.Space!.Gate) [|_owner.Space|]!.Locked -= n; } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Account.Charge(n); } public void Unmap(long n) { [|_c.Account|].Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Account.Charge(n); } public void Unmap(long n) { var a = [|_c.Account|]; a.Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { var a = _c.Account; a.Charge(n); } public void Unmap(long n) { [|_c.Account|].Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Changing.Charge(n); } public void Unmap(long n) { [|_c.Changing|].Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Later.Charge(n); } public void Unmap(long n) { [|_c.Later|].Uncharge(n); } }")]
    [InlineData("class R { readonly Owner _owner = new(); public void Map(long n) { Interlocked.Add(ref _owner.Space!.Locked, n); } public void Unmap(long n) { Interlocked.Add(ref [|_owner.Space|]!.Locked, -n); } }")]
    [InlineData("class R { readonly Owner _owner = new(); public void Map() { _owner.Space!.Locked++; } ~R() { [|_owner.Space|]!.Locked--; } }")]
    [InlineData("class Outer { public Connection C { get; set; } = new(); } class R { readonly Outer _o = new(); public void Map(long n) { _o.C.Fixed.Charge(n); } public void Unmap(long n) { [|_o.C|].Fixed.Uncharge(n); } }")]
    [InlineData("class R { static readonly Connection s_c = new(); public void Map(long n) { s_c.Account.Charge(n); } public void Dispose() { [|s_c.Account|].Uncharge(1); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Account.Charge(n); } public async Task UnmapAsync(long n) { await Task.Yield(); [|_c.Account|].Uncharge(n); } }")]
    [InlineData("partial class R { readonly Connection _c = new(); public void Map(long n) { _c.Account.Charge(n); } } partial class R { public void Unmap(long n) { try { Console.WriteLine(); } finally { [|_c.Account|].Uncharge(n); } } }")]
    // Through what each of the two is given, or looks up.
    [InlineData("class Mapping { public Connection C { get; } = new(); } class R { public void Map(Mapping m, long n) { m.C.Account.Charge(n); } public void Unmap(Mapping m, long n) { [|m.C.Account|].Uncharge(n); } }")]
    [InlineData("class Mapping { public Connection C = new(); } class R { readonly Dictionary<int, Mapping> _all = new(); public void Map(int id, long n) { var m = new Mapping(); m.C.Account.Charge(n); _all[id] = m; } public void Unmap(int id, long n) { if (_all.Remove(id, out var m)) [|m.C.Account|].Uncharge(n); } }")]
    [InlineData("class Mapping { public Connection C = new(); } class R { Mapping? Find(int id) => null; public void Map(Mapping m, long n) { m.C.Account.Charge(n); } public void Unmap(int id) { Mapping? m = Find(id); if (m is not null) [|m.C.Account|].Uncharge(1); } }")]
    [InlineData("class Task2 { public Space2 Space { get; set; } = new(); } class Space2 { [Counter] public long Locked; } class Dma { public readonly Task2 Task = new(); } class R { public void Map(Dma dma, long n) { dma.Task.Space.Locked += n; } public void Unmap(Dma dma, long n) { [|dma.Task.Space|].Locked -= n; } }")]
    [InlineData("class R<T> where T : Connection, new() { readonly T _c = new(); public void Map(long n) { _c.Account.Charge(n); } public void Dispose() { switch (_c) { default: [|_c.Account|].Uncharge(1); break; } } }")]
    public Task OwnerFoundAgain_IsReported(string types) => Verify.Analyzer(Marked("PIN2006", types), Setup);

    [Theory]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Fixed.Charge(n); } public void Unmap(long n) { _c.Fixed.Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Chosen.Charge(n); } public void Unmap(long n) { _c.Chosen.Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Field.Charge(n); } public void Unmap(long n) { _c.Field.Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Once.Charge(n); } public void Unmap(long n) { _c.Once.Uncharge(n); } }")]
    [InlineData("class R { Account _own = new(); public void Map(long n) { _own.Charge(n); } public void Unmap(long n) { _own.Uncharge(n); } }")]
    [InlineData("class R { Account Own { get; set; } = new(); public void Map(long n) { Own.Charge(n); } public void Unmap(long n) { Own.Uncharge(n); } }")]
    [InlineData("class R { readonly Owner _owner = new(); public void Map(long n) { _owner.Fixed.Locked += n; } public void Unmap(long n) { _owner.Fixed.Locked -= n; } }")]
    [InlineData("class R { readonly Owner _owner = new(); Space? _chargedSpace; long _charged; void Map(long n) { _chargedSpace = _owner.Space; lock (_chargedSpace!.Gate) _chargedSpace.Locked += n; _charged = n; } void Unmap() { var s = _chargedSpace; if (s is null) return; lock (s.Gate) s.Locked -= _charged; _chargedSpace = null; } }")]
    // Charged in another way, or nowhere here; both in one body; no release path.
    [InlineData("class R { readonly Connection _c = new(); public void Unmap(long n) { _c.Account.Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(), _d = new(); public void Map(long n) { _d.Account.Charge(n); } public void Unmap(long n) { _c.Account.Uncharge(n); } }")]
    [InlineData("class R { readonly Connection _c = new(); public void ReleaseAll(long n) { _c.Account.Charge(n); try { Console.WriteLine(); } finally { _c.Account.Uncharge(n); } } }")]
    [InlineData("class R { readonly Connection _c = new(); public void Map(long n) { _c.Account.Charge(n); } public void Handle(long n) { _c.Account.Uncharge(n); } }")]
    [InlineData("class Node { public Node? Parent { get; set; } public int Children; public void Attach() { Parent!.Children++; } public void Release() { Parent!.Children--; } }")]
    // The mapping is the record: nothing but it knows the owner, or it is written down there when it is charged.
    [InlineData("class Mapping { public Account Owner { get; set; } = new(); } class R { public void Map(Mapping m, long n) { m.Owner.Charge(n); } public void Unmap(Mapping m, long n) { m.Owner.Uncharge(n); } }")]
    [InlineData("class Mapping { public Connection C { get; } = new(); } class R { readonly Account _a = new(); public void Map(Mapping m, long n) { m.C.Account = _a; m.C.Account.Charge(n); } public void Unmap(Mapping m, long n) { m.C.Account.Uncharge(n); } }")]
    [InlineData("class Mapping { public Connection C { get; } = new(); } class R { public void Map(Mapping m, long n) { m.C.Fixed.Charge(n); } public void Unmap(Mapping m, long n) { m.C.Fixed.Uncharge(n); } }")]
    [InlineData("class Mapping { public Connection C { get; } = new(); } class Other { public Connection C { get; } = new(); } class R { public void Map(Other o, long n) { o.C.Account.Charge(n); } public void Unmap(Mapping m, long n) { m.C.Account.Uncharge(n); } }")]
    [InlineData("class R { readonly Dictionary<int, Connection> _all = new(); public void Map(int id, long n) { _all[id].Fixed.Charge(n); } public void Unmap(int id, long n) { _all[id].Fixed.Uncharge(n); } }")]
    [InlineData("class Node { public Node? Parent { get; set; } public Node? Next { get; set; } public int Children; } class Tree { public void Attach(Node n) { n.Next!.Parent!.Children++; } public void Release(Node n) { n.Next!.Parent!.Children--; } }")]
    public Task OwnerThatCannotChange_IsSilent(string types) => Verify.Analyzer(Marked("PIN2006", types), Setup);

    [Theory]
    [InlineData("class R { Owner _owner = new(); void Map() { _owner.TryCharge(1); } void Close() { _owner.Release(); [|_owner|].Uncharge(1); } }")]
    [InlineData("class R { Account? _a = new(); void Close() { _a = null; [|_a|]?.Uncharge(1); } }")]
    [InlineData("class R { Account? _a = new(); void Close() { _a!.Put(); Console.WriteLine(); if (_a != null) { [|_a|].Uncharge(1); } } }")]
    [InlineData("class R { readonly Account _a = new(); void Close() { _a.Dispose(); [|_a|].Uncharge(2); } }")]
    [InlineData("class R { readonly Account _a = new(); void Close() { try { _a.Dispose(); } finally { [|_a|].Uncharge(2); } } }")]
    [InlineData("class R { void Close(Account a) { a.Dispose(); [|a|].Uncharge(1); } }")]
    [InlineData("class R { void Close(Account[] all) { foreach (var a in all) { a.Put(); [|a|].Uncharge(1); } } }")]
    [InlineData("class R { readonly Connection _c = new(); void Close() { _c.Fixed.Put(); [|_c.Fixed|].Uncharge(1); } }")]
    [InlineData("class R { Account? _a = new(); void Close() { Interlocked.Exchange(ref _a, null); [|_a|]?.Uncharge(1); } }")]
    [InlineData("class R { Account? _a = new(); void Close(bool x) { _a = default; if (x) [|_a|]!.Uncharge(1); } }")]
    [InlineData("class R { readonly Owner _o = new(); void Map() { _o.Used++; } void Unmap() { _o.Release(); [|_o|].Used--; } }")]
    [InlineData("class R { readonly Account _a = new(); void Close() { void Give() { _a.Put(); [|_a|].Uncharge(1); } Give(); } }")]
    public Task OwnerLetGoOfBefore_IsReported(string types) => Verify.Analyzer(Marked("PIN2007", types), Setup);

    [Theory]
    [InlineData("class R { Account? _a = new(); void Close() { _a!.Uncharge(1); _a.Put(); _a = null; } }")]
    [InlineData("class R { Account _a = new(); void Swap() { _a.Uncharge(1); _a.Dispose(); _a = new(); _a.Charge(2); } }")]
    [InlineData("class R { readonly Account _a = new(), _b = new(); void Close() { _b.Dispose(); _a.Uncharge(1); } }")]
    [InlineData("class R { Account? _a = new(); void Close() { var a = _a; _a = null; a!.Uncharge(1); } }")]
    [InlineData("class R { Account? _a = new(); void Close() { var a = Interlocked.Exchange(ref _a, null); if (a is not null) { a.Uncharge(1); a.Dispose(); } } }")]
    [InlineData("class R { Account _a = new(); void Again() { _a.Dispose(); _a = new(); _a.Charge(1); _a.Uncharge(1); } }")]
    [InlineData("class R { readonly Account _a = new(); void Either(bool x) { if (x) _a.Dispose(); else _a.Uncharge(1); } }")]
    [InlineData("class R { readonly Account _a = new(); void Maybe(bool x) { if (x) { _a.Dispose(); return; } _a.Uncharge(1); } }")]
    [InlineData("class R { readonly SemaphoreSlim _gate = new(1); readonly Account _a = new(); void Close() { _gate.Release(); _a.Uncharge(1); } }")]
    [InlineData("class R { readonly Account _a = new(); void Close() { _a.Uncharge(1); _a.Uncharge(2); } }")]
    [InlineData("class R { readonly Owner _o = new(); void Map() { _o.TryCharge(1); _o.AddRef(); } void Close() { _o.Uncharge(1); _o.Release(); } }")]
    [InlineData("class R { readonly Connection _c = new(), _d = new(); void Close() { _c.Fixed.Put(); _d.Fixed.Uncharge(1); } }")]
    public Task OwnerStillThere_IsSilent(string types) => Verify.Analyzer(Marked("PIN2007", types), Setup);

    [Theory]
    [InlineData("class R { bool TryCharge(Owner target, long n) => n <= [|Session.Owner.Limit|] - target.Used; }")]
    [InlineData("class R { readonly Owner _me = new(); bool Map(Owner target, long n) { if (n > [|_me.Limit|] - target.Used) return false; target.Used += n; return true; } }")]
    [InlineData("class R { readonly Owner _me = new(); bool Map(Owner target, long n) { if (target.Used + n > [|_me.Limit|]) return false; Interlocked.Add(ref target.Used, n); return true; } }")]
    [InlineData("class R { bool Map(Account target, Account me, long n) { long limit = [|me.Limit|]; if (n > limit - target.Used) return false; target.Charge(n); return true; } }")]
    [InlineData("class R { bool Map(Owner a, Owner b, long n) { if ([|a.Limit|] < b.Used + n) return false; b.Used += n; return true; } }")]
    [InlineData("class R { bool Map(Owner a, Owner b, long n) { if (Volatile.Read(ref b.Used) + n >= [|a.Limit|]) throw new InvalidOperationException(); b.Used += n; return true; } }")]
    [InlineData("class R { readonly Owner _a = new(), _b = new(); bool Map(long n) { bool over = n > [|_a.Limit|] - _b.Used; if (over) return false; _b.Used += n; return true; } }")]
    [InlineData("class R { bool Map(Owner target, long n) { if (n > [|Session.Owner.Limit|] - target.Used) return false; target.Used += n; return true; } }")]
    [InlineData("class R { readonly Owner _a = new(), _b = new(); bool Map(long n) { long left = [|_a.Limit|] - _b.Used; if (n > left) return false; _b.Used += n; return true; } }")]
    [InlineData("class R { async Task<bool> Map(Owner a, Owner b, long n) { await Task.Yield(); if (n > [|a.Limit|] - b.Used) return false; b.Used += n; return true; } }")]
    [InlineData("class R { readonly Owner _a = new(), _b = new(); bool Map(long n) { bool Fits() => n <= [|_a.Limit|] - _b.Used; if (!Fits()) return false; _b.Used += n; return true; } void Unmap(long n) => _b.Used -= n; }")]
    [InlineData("class Free { public long Used, Limit; public bool MayExceedLimit; } class R { bool Map(Free target, Free me, long n) { if (!target.MayExceedLimit && target.Used + n > [|me.Limit|]) return false; target.Used += n; return true; } }")]
    [InlineData("partial class R { readonly Owner _a = new(); } partial class R { bool Map(Owner b, long n) { try { if (n > [|_a.Limit|] - b.Used) return false; b.Used += n; return true; } finally { Console.WriteLine(); } } }")]
    [InlineData("class R { bool Map(Owner a, Owner b, long n) { if (n > [|a. /* its own */ Limit|] - b.Used) return false; b.Used += n; return true; } }")]
    [InlineData("class R { bool Map(Owner a, Owner b, long n) { if (n > [|a . @Limit|] - b.Used) return false; b.Used += n; return true; } }")]
    [InlineData("class R { bool Map(Owner a, Owner b, long n) { if (n > [|a.  // its own\n\t Limit|] - b.Used) return false; b.Used += n; return true; } }")]
    public Task LimitOfAnother_IsReported(string types) => Verify.Analyzer(Marked("PIN2004", types), Setup);

    [Theory]
    [InlineData("class R { bool Map(Owner target, long n) { if (n > target.Limit - target.Used) return false; target.Used += n; return true; } }")]
    [InlineData("class R { bool Map(Owner target, long n) { if (target.Used + n > Settings.MaxPages) return false; target.Used += n; return true; } }")]
    [InlineData("class R { readonly Settings _s = new(); bool Map(Owner target, long n) { if (target.Used + n > _s.Limit) return false; target.Used += n; return true; } }")]
    [InlineData("class R { const long Limit = 9; bool Map(Owner target, long n) { if (target.Used + n > Limit) return false; target.Used += n; return true; } }")]
    [InlineData("class R { bool Compare(Owner a, Owner b) => a.Limit < b.Limit; }")]
    [InlineData("class R { bool Compare(Owner a, Owner b) => a.Used < b.Used; }")]
    [InlineData("class Child { public Owner Parent = new(); public long Used, Limit; } class R { bool Map(Child c, long n) { if (n > c.Parent.Limit - c.Parent.Used) return false; c.Parent.Used += n; return true; } }")]
    [InlineData("class Level { public Level? Parent; public long Used, Limit; } class R { bool Map(Level c, long n) { if (n > c.Parent!.Limit - c.Used) return false; c.Used += n; return true; } void Unmap(Level c, long n) => c.Used -= n; }")]
    [InlineData("class Box { public int Max, Size; } class R { bool Fits(Box a, Box b) => a.Max > b.Size; }")]
    [InlineData("class R { bool Map(long n) { if (n > Session.Owner.Limit - Session.Owner.Used) return false; Session.Owner.Used += n; return true; } }")]
    [InlineData("class R { bool Map(Owner target, long n) { Owner same = target; if (n > same.Limit - target.Used) return false; target.Used += n; return true; } }")]
    [InlineData("class R { bool Map<T>(T target, long n) where T : Owner { if (n > target.Limit - target.Used) return false; target.Used += n; return true; } }")]
    public Task OwnOrCommonLimit_IsSilent(string types) => Verify.Analyzer(Marked("PIN2004", types), Setup);

    private const string Pinned = "class Pages { [Counter(Limit = nameof(Ceiling))] public long Pinned; public long Ceiling; } class Room { [Counter(Limit = \"Roof\")] public long Held; public long Roof { get; set; } } ";

    // Neither name says what it is; the counter does.
    [Theory]
    [InlineData("class R { bool Map(Pages a, Pages b, long n) { if (n > [|a.Ceiling|] - b.Pinned) return false; Interlocked.Add(ref b.Pinned, n); return true; } }")]
    [InlineData("class R { bool Map(Room a, Room b, long n) { long roof = [|a.Roof|]; if (n > roof - b.Held) return false; Interlocked.Add(ref b.Held, n); return true; } }")]
    [InlineData("class R { bool Map(Pages a, long n) { if (n > a.Ceiling - a.Pinned) return false; Interlocked.Add(ref a.Pinned, n); return true; } }")]
    public Task LimitThatACounterNames_Counts(string types) => Verify.Analyzer(Marked("PIN2004", Pinned + types), Setup);
}
