using System.Threading.Tasks;
using PinAnalyzers.CodeFixes.Authority;
using PinAnalyzers.Tests.Authority;
using PinAnalyzers.Tests.Verification;
using Xunit;
using VerifyChargeAlways = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.Authority.ChargeAlwaysFixer>;
using VerifyLimit = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.Authority.OwnersLimitFixer>;
using VerifyOrder = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.Authority.ReleaseBeforeDropFixer>;
using VerifyRecord = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.Authority.RecordOwnerFixer>;

namespace PinAnalyzers.Tests.Fixes;

/// <summary>The fixes of PIN2002, PIN2003, PIN2004, PIN2006 and PIN2007.</summary>
public sealed class AuthorityFixerTests
{
    private const string Start = """
        using System;
        using System.Threading;
        using PinAccounting.Annotations;

        public class Space { public long Locked; public object Gate = new(); }

        public class Owner { public long Used, Limit = 100; public Space? Space { get; set; } }

        public class Account
        {
            [Charge("account", SucceedsWhen = SucceedsWhen.Always)] public void Charge([ChargeAmount] long n) { }
            [Charge("account", SucceedsWhen = SucceedsWhen.True)] public bool TryCharge([ChargeAmount] long n) => n > 0;
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
            [Charge("reference")] public void Get() { }
            [Release("reference")] public void Put() { }
            public void Dispose() { }
        }

        public static class Session { [Ambient] public static Account Account => new(); [Ambient] public static Owner Owner => new(); }

        """;

    private static TestSetup Setup => AuthoritySetup.Alone;

    private static string InRing(string body) => Start + $$"""
        class Ring
        {
            static bool May() => Environment.IsPrivilegedProcess;
            readonly Account _account = new();
            long _pages, _limit = 100;
            bool _closed;
            public bool Closed { set => _closed = value; }
            public void SetLimit(long limit) => _limit = limit;
            {{body}}
            public void Unmap(long n) => _pages -= n;
        }
        """;

    [Theory]
    [InlineData(
        "public bool Map(long n) { if ({|PIN2002:May()|}) return true; if (n > _limit - _pages) return false; _pages += n; return true; }",
        "public bool Map(long n) { if (n > _limit - _pages && !May()) return false; _pages += n; return true; }")]
    [InlineData(
        "public bool Map(long n) { bool root = {|PIN2002:May()|}; if (root) return true; if (n > _limit - _pages || n > 50) return false; _pages += n; return true; }",
        "public bool Map(long n) { if ((n > _limit - _pages || n > 50) && !May()) return false; _pages += n; return true; }")]
    [InlineData("public void Map(long n) { if ({|PIN2002:May()|}) return; _pages += n; }", "public void Map(long n) { _pages += n; }")]
    [InlineData("public void Map(long n) { if (!{|PIN2002:May()|}) _pages += n; /* end */ }", "public void Map(long n) { _pages += n; /* end */ }")]
    [InlineData("public void Map(long n) { _pages += {|PIN2002:May()|} ? 0 : n; }", "public void Map(long n) { _pages += n; }")]
    [InlineData(
        "public bool Map(long n) { if ({|PIN2002:May()|}) return true; long seen; do { seen = _pages; if (n > 100 - seen) return false; } while (Interlocked.CompareExchange(ref _pages, seen + n, seen) != seen); return true; }",
        "public bool Map(long n) { long seen; do { seen = _pages; if (n > 100 - seen && !May()) return false; } while (Interlocked.CompareExchange(ref _pages, seen + n, seen) != seen); return true; }")]
    public Task SkippedCharge_IsTakenAlways(string before, string after) => VerifyChargeAlways.CodeFix(InRing(before), InRing(after), Setup, ChargeAlwaysFixer.Key_ChargeAlways);

    [Theory]
    // What else refuses is not a limit; the limit is inside the charge; the release asks as well.
    [InlineData("public bool Map(long n) { if ({|PIN2002:May()|}) return true; if (_closed) return false; _pages += n; return true; }")]
    [InlineData("public bool Map(long n) => {|PIN2002:May()|} || _account.TryCharge(n); public void Close(long n) => _account.Uncharge(n);")]
    // The branch that would go does more than let the caller through, or returns something of its own.
    [InlineData("int _maps; public bool Map(long n) { if ({|PIN2002:May()|}) { _maps++; return true; } if (n > _limit - _pages) return false; _pages += n; return true; }")]
    [InlineData("public int Map(long n) { if ({|PIN2002:May()|}) return 0; if (n > _limit - _pages) return -1; _pages += n; return (int)n; }")]
    public Task SkippedChargeThatIsMoreThanThat_GetsNoFix(string body) => VerifyChargeAlways.NoFix(InRing(body), Setup);

    [Fact]
    public Task AmbientOwner_IsRecorded() => VerifyRecord.CodeFix(
        Start + """
        class Mapping
        {
            public void Open(long n) => Session.Account.Charge(n);

            public bool TryOpen(long n)
            {
                if (!Session.Account.TryCharge(n)) return false;
                return true;
            }

            public void Close(long n)
            {
                {|PIN2003:Session.Account.Uncharge(n)|}; // whoever closes it
            }

            ~Mapping() => {|PIN2003:Session.Account.Uncharge(1)|};
        }
        """,
        Start + """
        class Mapping
        {
            private Account? _chargedAccount;

            public void Open(long n)
            {
                Account owner = Session.Account;
                owner.Charge(n);
                Volatile.Write(ref _chargedAccount, owner);
            }

            public bool TryOpen(long n)
            {
                Account owner = Session.Account;
                if (!owner.TryCharge(n)) return false;
                Volatile.Write(ref _chargedAccount, owner);
                return true;
            }

            public void Close(long n)
            {
                Interlocked.Exchange(ref _chargedAccount, null)?.Uncharge(n); // whoever closes it
            }

            ~Mapping() => Interlocked.Exchange(ref _chargedAccount, null)?.Uncharge(1);
        }
        """, Setup, RecordOwnerFixer.Key_RecordOwner);

    [Fact]
    public Task AmbientOwnerInAWorkItem_IsRecorded() => VerifyRecord.CodeFix(
        Start + """
        class Mapping
        {
            public void Open(long n)
            {
                Session.Account.Charge(n);
            }

            public void Finish(long n) => ThreadPool.QueueUserWorkItem(_ => {|PIN2003:Session.Account.Uncharge(n)|});
        }
        """,
        Start + """
        class Mapping
        {
            private Account? _chargedAccount;

            public void Open(long n)
            {
                Account owner = Session.Account;
                owner.Charge(n);
                Volatile.Write(ref _chargedAccount, owner);
            }

            public void Finish(long n) => ThreadPool.QueueUserWorkItem(_ => Interlocked.Exchange(ref _chargedAccount, null)?.Uncharge(n));
        }
        """, Setup, RecordOwnerFixer.Key_RecordOwner);

    [Fact]
    public Task OwnerFoundAgain_IsRecordedWithItsLock() => VerifyRecord.CodeFix(
        Start + """
        class Mapping
        {
            readonly Owner _owner = new();

            public void Map(long n)
            {
                lock (_owner.Space!.Gate) _owner.Space!.Locked += n;
            }

            public void Unmap(long n)
            {
                lock (_owner.Space!.Gate) {|PIN2006:_owner.Space|}!.Locked -= n;
            }
        }
        """,
        Start + """
        class Mapping
        {
            readonly Owner _owner = new();
            private Space? _chargedSpace;

            public void Map(long n)
            {
                Space owner = _owner.Space!;
                lock (owner.Gate)
                {
                    owner.Locked += n;
                    Volatile.Write(ref _chargedSpace, owner);
                }
            }

            public void Unmap(long n)
            {
                if (Interlocked.Exchange(ref _chargedSpace, null) is { } charged)
                {
                    lock (charged.Gate) charged.Locked -= n;
                }
            }
        }
        """, Setup, RecordOwnerFixer.Key_RecordOwner);

    [Theory]
    // Charged elsewhere, or looked up: there is no one place to record it.
    [InlineData("class Mapping { public void Close(long n) { {|PIN2003:Session.Account.Uncharge(n)|}; } }")]
    [InlineData("class Mapping { public void Open(long[] all) { foreach (long n in all) Session.Account.Charge(n); } public void Close(long n) { {|PIN2003:Session.Account.Uncharge(n)|}; } }")]
    public Task AmbientOwnerWithoutAPlace_GetsNoFix(string source) => VerifyRecord.NoFix(Start + source, Setup);

    [Theory]
    [InlineData("if (n > {|PIN2004:other.Limit|} - target.Used) return false;", "if (n > target.Limit - target.Used) return false;")]
    [InlineData("if (target.Used + n > {|PIN2004:Session.Owner.Limit|}) return false;", "if (target.Used + n > target.Limit) return false;")]
    [InlineData("long limit = {|PIN2004:other.Limit|}; if (n > limit - target.Used) return false;", "long limit = target.Limit; if (n > limit - target.Used) return false;")]
    public Task LimitOfAnother_IsTheOwners(string before, string after)
    {
        static string In(string body) => Start + $"class Mapper {{ public bool Map(Owner target, Owner other, long n) {{ {body} target.Used += n; return true; }} public void Unmap(Owner target, long n) => target.Used -= n; }}";
        return VerifyLimit.CodeFix(In(before), In(after), Setup, OwnersLimitFixer.Key_OwnersLimit);
    }

    [Fact]
    public Task LimitOfAnotherKind_GetsNoFix() => VerifyLimit.NoFix(
        Start + "public class Counter { public long Used; } class Mapper { public bool Map(Counter target, long n) { if (n > {|PIN2004:Session.Owner.Limit|} - target.Used) return false; target.Used += n; return true; } }", Setup);

    [Fact]
    public Task OwnerLetGoOf_IsLetGoOfAfterwards() => VerifyOrder.CodeFix(
        Start + """
        class Mapping
        {
            readonly Account _account = new();
            Account? _other = new();

            public void Close()
            {
                // No longer needed.
                _account.Put();
                Console.WriteLine();
                {|PIN2007:_account|}.Uncharge(1);
                Console.WriteLine();
            }

            public void End()
            {
                _other = null;
                {|PIN2007:_other|}?.Uncharge(1);
            }
        }
        """,
        Start + """
        class Mapping
        {
            readonly Account _account = new();
            Account? _other = new();

            public void Close()
            {
                Console.WriteLine();
                _account.Uncharge(1);
                // No longer needed.
                _account.Put();
                Console.WriteLine();
            }

            public void End()
            {
                _other?.Uncharge(1);
                _other = null;
            }
        }
        """, Setup, ReleaseBeforeDropFixer.Key_ReleaseFirst);

    [Fact]
    public Task OwnerOfSeveralReleases_IsLetGoOfOnce() => VerifyOrder.CodeFix(
        Start + """
        class Mapping
        {
            readonly Account _account = new();
            readonly Account? _other = new();

            public void Close()
            {
                _account.Put();
                {|PIN2007:_account|}.Uncharge(1);
                {|PIN2007:_account|}.Uncharge(2);
                Console.WriteLine();
            }

            public void End()
            {
                _other?.Dispose();
                {|PIN2007:_other|}?.Uncharge(1);
                {|PIN2007:_other|}?.Uncharge(2);
            }
        }
        """,
        Start + """
        class Mapping
        {
            readonly Account _account = new();
            readonly Account? _other = new();

            public void Close()
            {
                _account.Uncharge(1);
                _account.Uncharge(2);
                _account.Put();
                Console.WriteLine();
            }

            public void End()
            {
                _other?.Uncharge(1);
                _other?.Uncharge(2);
                _other?.Dispose();
            }
        }
        """, Setup, ReleaseBeforeDropFixer.Key_ReleaseFirst);

    [Theory]
    [InlineData("class Mapping { readonly Account _a = new(); public void Close() { try { _a.Put(); } finally { {|PIN2007:_a|}.Uncharge(1); } } }")]
    [InlineData("class Mapping { readonly Account _a = new(); public void Close(bool x) { _a.Put(); if (x) return; {|PIN2007:_a|}.Uncharge(1); } }")]
    public Task OwnerLetGoOfElsewhere_GetsNoFix(string source) => VerifyOrder.NoFix(Start + source, Setup);
}
