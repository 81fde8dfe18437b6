using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp;
using PinAnalyzers.CodeFixes.Authority;
using PinAnalyzers.Tests.Authority;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpFixVerifier<PinAnalyzers.PinFlowAnalyzer, PinAnalyzers.CodeFixes.Authority.RecordOwnerFixer>;

namespace PinAnalyzers.Tests.Fixes;

/// <summary>Symmetric owner tracking. Where a check skips a charge, PIN2002 has nothing to say once the release asks a record.</summary>
public sealed class RecordOwnerFixerTests
{
    private const string Usings = """
        using System;
        using System.Threading;
        using PinAccounting.Annotations;

        """;

    private const string Accounts = """
        using System;
        using PinAccounting.Annotations;

        public class User { public long LockedPages; public bool IsElevated { get; set; } }

        public class Account
        {
            [Charge("account", SucceedsWhen = SucceedsWhen.True)] public bool TryCharge([ChargeAmount] long n) => n > 0;
            [Charge("account", SucceedsWhen = SucceedsWhen.Always)] public void Charge([ChargeAmount] long n) { }
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
        }
        """;

    // A hint where the release asks again; marked like a warning here.
    private static readonly TestSetup s_setup = AuthoritySetup.Alone.Source("/0/Accounts.cs", Accounts).Option("dotnet_diagnostic.PIN2002.severity", "warning");

    private static Task Fixes(string before, string after, TestSetup? setup = null) =>
        Verify.CodeFix(Usings + before, Usings + after, setup ?? s_setup, RecordOwnerFixer.Key_RecordOwner);

    private static Task FixesNothing(string source) => Verify.NoFix(Usings + source, s_setup);

    // An owner that the type is made with is its own; older compilers know no such parameters.
    [Fact]
    public Task ParameterOfTheType_IsAnOwner() => System.Enum.TryParse("CSharp12", out LanguageVersion version)
        ? Fixes(
            """
            class Ring(User user)
            {
                private int _maps;
                public void Account(long pages) { if ({|PIN2002:Environment.IsPrivilegedProcess|}) return; Interlocked.Add(ref user.LockedPages, pages); /* counted */ _maps = 1; }
                public void Unaccount(long pages) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; Interlocked.Add(ref user.LockedPages, -pages); _maps = 0; }
            }
            """,
            """
            class Ring(User user)
            {
                private int _maps;
                private User? _chargedUser;
                public void Account(long pages) { if (Environment.IsPrivilegedProcess) return; Interlocked.Add(ref user.LockedPages, pages); /* counted */ Volatile.Write(ref _chargedUser, user); _maps = 1; }
                public void Unaccount(long pages) { if (Interlocked.Exchange(ref _chargedUser, null) is not { } charged) return; Interlocked.Add(ref charged.LockedPages, -pages); _maps = 0; }
            }
            """,
            s_setup.Language(version))
        : Task.CompletedTask;

    // What such a user answers, it answers at both ends, unless there may be another user by then.
    [Fact]
    public Task ParameterOfTheType_AnswersTheSameAtBothEnds() => System.Enum.TryParse("CSharp12", out LanguageVersion version)
        ? Verify.Analyzer(
            Usings + """
            public sealed class AppUser { public long Pages; public bool IsElevated { get; init; } }
            class R(AppUser user) { public void Map(long n) { if (!user.IsElevated) user.Pages += n; } public void Unmap(long n) { if (!user.IsElevated) user.Pages -= n; } }
            class S(AppUser user)
            {
                public AppUser Next { set => user = value; }
                public void Map(long n) { if (!{|PIN2002:user.IsElevated|}) user.Pages += n; }
                public void Unmap(long n) { if (!user.IsElevated) {|PIN2001:user.Pages -= n|}; }
            }
            """,
            s_setup.Language(version))
        : Task.CompletedTask;

    // The review that this rule comes from, before and after.
    [Fact]
    public Task EarlyReturns_AskTheRecord() => Fixes(
        """
        sealed class Ring
        {
            private readonly User _user = new();

            public void Account(long pages)
            {
                if ({|PIN2002:Environment.IsPrivilegedProcess|}) return;
                Interlocked.Add(ref _user.LockedPages, pages);
            }

            public void Unaccount(long pages)
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; // nothing to do
                Interlocked.Add(ref _user.LockedPages, -pages);
            }
        }
        """,
        """
        sealed class Ring
        {
            private readonly User _user = new();
            private User? _chargedUser;

            public void Account(long pages)
            {
                if (Environment.IsPrivilegedProcess) return;
                Interlocked.Add(ref _user.LockedPages, pages);
                Volatile.Write(ref _chargedUser, _user);
            }

            public void Unaccount(long pages)
            {
                if (Interlocked.Exchange(ref _chargedUser, null) is not { } charged) return; // nothing to do
                Interlocked.Add(ref charged.LockedPages, -pages);
            }
        }
        """);

    [Fact]
    public Task WrappedForms_KeepTheirComments() => Fixes(
        """
        sealed class Ring
        {
            private readonly User _user = new();

            public void Account(long pages)
            {
                if (!{|PIN2002:Environment.IsPrivilegedProcess|})
                {
                    // Only the unprivileged pay.
                    _user.LockedPages += pages;
                }
            }

            // Gives back.
            public void Unaccount(long pages)
            {
                if (pages > 0 && !Environment.IsPrivilegedProcess) {|PIN2001:_user.LockedPages -= pages|}; // here
            }
        }
        """,
        """
        sealed class Ring
        {
            private readonly User _user = new();
            private User? _chargedUser;

            public void Account(long pages)
            {
                if (!Environment.IsPrivilegedProcess)
                {
                    // Only the unprivileged pay.
                    _user.LockedPages += pages;
                    Volatile.Write(ref _chargedUser, _user);
                }
            }

            // Gives back.
            public void Unaccount(long pages)
            {
                if (pages > 0 && Interlocked.Exchange(ref _chargedUser, null) is { } charged) charged.LockedPages -= pages; // here
            }
        }
        """);

    [Fact]
    public Task ExpressionBodiesLocalsAndOtherReleases_AllChange() => Fixes(
        """
        class Ring
        {
            readonly Account _account = new();
            static bool HasCapability() => Environment.IsPrivilegedProcess;

            public bool TryMap(long n) => {|PIN2002:HasCapability()|} || _account.TryCharge(n);

            public void Unmap(long n)
            {
                bool root = {|PIN2001:HasCapability()|};
                if (root) return;
                _account.Uncharge(n);
            }

            public void Dispose() => _account.Uncharge(1);
        }
        """,
        """
        class Ring
        {
            readonly Account _account = new();
            private Account? _chargedAccount;
            static bool HasCapability() => Environment.IsPrivilegedProcess;

            public bool TryMap(long n)
            {
                if (HasCapability()) return true;
                if (!_account.TryCharge(n)) return false;
                Volatile.Write(ref _chargedAccount, _account);
                return true;
            }

            public void Unmap(long n)
            {
                if (Interlocked.Exchange(ref _chargedAccount, null) is not { } charged) return;
                charged.Uncharge(n);
            }

            public void Dispose() => Interlocked.Exchange(ref _chargedAccount, null)?.Uncharge(1);
        }
        """);

    [Fact]
    public Task SeveralCharges_EachRecord() => Fixes(
        """
        class Ring
        {
            readonly Account _account = new();

            public void Map(long n)
            {
                if (!{|PIN2002:Environment.IsPrivilegedProcess|}) _account.Charge(n);
            }

            public bool TryMap(long n)
            {
                if (!_account.TryCharge(n)) return false;
                return true;
            }

            public bool TryMapMore(long n)
            {
                bool ok = Environment.IsPrivilegedProcess;
                if (!ok) ok = _account.TryCharge(n);
                return ok;
            }

            public void Unmap(long n)
            {
                lock (this)
                {
                    if (n == 0 || {|PIN2001:Environment.IsPrivilegedProcess|}) return;
                    Console.WriteLine();
                    _account.Uncharge(n);
                }
            }
        }
        """,
        """
        class Ring
        {
            readonly Account _account = new();
            private Account? _chargedAccount;

            public void Map(long n)
            {
                if (!Environment.IsPrivilegedProcess)
                {
                    _account.Charge(n);
                    Volatile.Write(ref _chargedAccount, _account);
                }
            }

            public bool TryMap(long n)
            {
                if (!_account.TryCharge(n)) return false;
                Volatile.Write(ref _chargedAccount, _account);
                return true;
            }

            public bool TryMapMore(long n)
            {
                bool ok = Environment.IsPrivilegedProcess;
                if (!ok)
                {
                    ok = _account.TryCharge(n);
                    if (ok) Volatile.Write(ref _chargedAccount, _account);
                }

                return ok;
            }

            public void Unmap(long n)
            {
                lock (this)
                {
                    if (n == 0 || Interlocked.Exchange(ref _chargedAccount, null) is not { } charged) return;
                    Console.WriteLine();
                    charged.Uncharge(n);
                }
            }
        }
        """);

    [Fact]
    public async Task PartsInTwoFiles_ChangeTogether()
    {
        const string Charging = """
            partial class Ring
            {
                readonly Account _account = new();
                public bool TryMap(long n) => _account.TryCharge(n);
            }
            """;
        var test = Verify.Create(
            Usings + "partial class Ring\n{\n    public void Unmap(long n)\n    {\n        if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;\n        _account.Uncharge(n);\n    }\n}\n",
            Usings + "partial class Ring\n{\n    public void Unmap(long n)\n    {\n        if (Interlocked.Exchange(ref _chargedAccount, null) is not { } charged) return;\n        charged.Uncharge(n);\n    }\n}\n",
            s_setup, RecordOwnerFixer.Key_RecordOwner);
        test.TestState.Sources.Add(("/0/Ring.Charging.cs", Usings + Charging));
        test.FixedState.Sources.Add(("/0/Ring.Charging.cs", Usings + """
            partial class Ring
            {
                readonly Account _account = new();
                private Account? _chargedAccount;
                public bool TryMap(long n)
                {
                    if (!_account.TryCharge(n)) return false;
                    Volatile.Write(ref _chargedAccount, _account);
                    return true;
                }
            }
            """));
        await test.RunAsync(CancellationToken.None);
    }

    // Nobody else holds a struct while it changes, so the exchange is plain.
    [Fact]
    public Task Struct_ExchangesPlainly() => Fixes(
        """
        struct Ring
        {
            readonly Account _account;

            public Ring(Account account)
            {
                _account = account;
            }

            public void Map(long n)
            {
                if ({|PIN2002:Environment.IsPrivilegedProcess|}) return;
                _account.Charge(n);
            }

            public void Close(long n)
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                _account.Uncharge(n);
            }
        }
        """,
        """
        struct Ring
        {
            readonly Account _account;
            private Account? _chargedAccount;

            public Ring(Account account)
            {
                _account = account;
            }

            public void Map(long n)
            {
                if (Environment.IsPrivilegedProcess) return;
                _account.Charge(n);
                _chargedAccount = _account;
            }

            public void Close(long n)
            {
                if (_chargedAccount is not { } charged) return;
                _chargedAccount = null;
                charged.Uncharge(n);
            }
        }
        """);

    [Fact]
    public Task SingleThreadedByOption_ExchangesPlainly() => Fixes(
        """
        class Ring
        {
            readonly Account _account = new();
            public void Map(long n) => _account.Charge(n);

            public void Unmap(long n)
            {
                if (!Environment.IsPrivilegedProcess)
                {
                    {|PIN2001:_account.Uncharge(n)|};
                }
            }
        }
        """,
        """
        class Ring
        {
            readonly Account _account = new();
            private Account? _chargedAccount;
            public void Map(long n)
            {
                _account.Charge(n);
                _chargedAccount = _account;
            }

            public void Unmap(long n)
            {
                if (_chargedAccount is { } charged)
                {
                    _chargedAccount = null;
                    charged.Uncharge(n);
                }
            }
        }
        """,
        s_setup.Option("pin.single_threaded", "true"));

    // A static counter belongs to nobody; what can be known is whether this object has added to it.
    [Fact]
    public Task StaticCounter_IsFlagged() => Fixes(
        """
        class Ring
        {
            static long s_total;

            public void Map(long n)
            {
                if ({|PIN2002:Environment.IsPrivilegedProcess|}) return;
                Interlocked.Add(ref s_total, n);
            }

            public void Unmap(long n)
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                Interlocked.Add(ref s_total, -n);
            }
        }
        """,
        """
        class Ring
        {
            static long s_total;
            private int _totalCharged;

            public void Map(long n)
            {
                if (Environment.IsPrivilegedProcess) return;
                Interlocked.Add(ref s_total, n);
                Volatile.Write(ref _totalCharged, 1);
            }

            public void Unmap(long n)
            {
                if (Interlocked.Exchange(ref _totalCharged, 0) == 0) return;
                Interlocked.Add(ref s_total, -n);
            }
        }
        """);

    [Fact]
    public Task StaticAccount_IsRecordedByTheObject() => Fixes(
        """
        class Ring
        {
            static readonly Account s_account = new();

            public void Map(long n)
            {
                if ({|PIN2002:Environment.IsPrivilegedProcess|}) return;
                s_account.Charge(n);
            }

            public void Unmap(long n)
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                s_account.Uncharge(n);
            }
        }
        """,
        """
        class Ring
        {
            static readonly Account s_account = new();
            private Account? _chargedAccount;

            public void Map(long n)
            {
                if (Environment.IsPrivilegedProcess) return;
                s_account.Charge(n);
                Volatile.Write(ref _chargedAccount, s_account);
            }

            public void Unmap(long n)
            {
                if (Interlocked.Exchange(ref _chargedAccount, null) is not { } charged) return;
                charged.Uncharge(n);
            }
        }
        """);

    // What the release would subtract may have changed since: amount and owner are one record.
    [Fact]
    public Task AmountThatChanges_IsRecordedWithTheOwner() => Fixes(
        """
        class Ring
        {
            readonly User _user = new();
            int _size;

            public void Map(int n)
            {
                _size = n;
                if ({|PIN2002:Environment.IsPrivilegedProcess|}) return;
                Interlocked.Add(ref _user.LockedPages, n);
            }

            public void Grow() => _size *= 2;

            public void Unmap()
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                Interlocked.Add(ref _user.LockedPages, -_size);
            }
        }
        """,
        """
        class Ring
        {
            readonly User _user = new();
            int _size;
            private Tuple<User, long>? _chargedUser;

            public void Map(int n)
            {
                _size = n;
                if (Environment.IsPrivilegedProcess) return;
                Interlocked.Add(ref _user.LockedPages, n);
                Volatile.Write(ref _chargedUser, new Tuple<User, long>(_user, n));
            }

            public void Grow() => _size *= 2;

            public void Unmap()
            {
                if (Interlocked.Exchange(ref _chargedUser, null) is not { } charged) return;
                Interlocked.Add(ref charged.Item1.LockedPages, -charged.Item2);
            }
        }
        """);

    [Fact]
    public Task FieldThatFits_IsReused() => Fixes(
        """
        class Ring
        {
            readonly User _user = new();
            User? _charged;

            public void Map(int n)
            {
                if ({|PIN2002:Environment.IsPrivilegedProcess|}) return;
                Interlocked.Add(ref _user.LockedPages, n);
                _charged = _user;
            }

            public void Unmap(int n)
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                Interlocked.Add(ref _user.LockedPages, -n);
                _charged = null;
            }
        }
        """,
        """
        class Ring
        {
            readonly User _user = new();
            User? _charged;

            public void Map(int n)
            {
                if (Environment.IsPrivilegedProcess) return;
                Interlocked.Add(ref _user.LockedPages, n);
                _charged = _user;
            }

            public void Unmap(int n)
            {
                if (Interlocked.Exchange(ref _charged, null) is not { } charged) return;
                Interlocked.Add(ref charged.LockedPages, -n);
            }
        }
        """);

    [Fact]
    public Task CompareExchangeLoop_RecordsBehindIt() => Fixes(
        """
        class Ring
        {
            readonly User _user = new();

            public bool TryMap(long n)
            {
                if ({|PIN2002:Environment.IsPrivilegedProcess|}) return true;
                long seen;
                do
                {
                    seen = _user.LockedPages;
                    if (n > 100 - seen) return false;
                } while (Interlocked.CompareExchange(ref _user.LockedPages, seen + n, seen) != seen);
                return true;
            }

            public void Unmap(long n)
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                Interlocked.Add(ref _user.LockedPages, -n);
            }
        }
        """,
        """
        class Ring
        {
            readonly User _user = new();
            private User? _chargedUser;

            public bool TryMap(long n)
            {
                if (Environment.IsPrivilegedProcess) return true;
                long seen;
                do
                {
                    seen = _user.LockedPages;
                    if (n > 100 - seen) return false;
                } while (Interlocked.CompareExchange(ref _user.LockedPages, seen + n, seen) != seen);
                Volatile.Write(ref _chargedUser, _user);
                return true;
            }

            public void Unmap(long n)
            {
                if (Interlocked.Exchange(ref _chargedUser, null) is not { } charged) return;
                Interlocked.Add(ref charged.LockedPages, -n);
            }
        }
        """);

    [Fact]
    public Task ChoiceOfAmount_BecomesAGuard() => Fixes(
        """
        class Ring
        {
            readonly User _user = new();
            public void Map(long n) { _user.LockedPages += n; }

            public void Unmap(long n)
            {
                {|PIN2001:_user.LockedPages -= Environment.IsPrivilegedProcess ? 0 : n|};
            }
        }
        """,
        """
        class Ring
        {
            readonly User _user = new();
            private User? _chargedUser;
            public void Map(long n) { _user.LockedPages += n; Volatile.Write(ref _chargedUser, _user); }

            public void Unmap(long n)
            {
                if (Interlocked.Exchange(ref _chargedUser, null) is { } charged)
                {
                    charged.LockedPages -= n;
                }
            }
        }
        """);

    [Fact]
    public Task ReleaseInAHelper_IsFreedOfTheCheck() => Fixes(
        """
        class Ring
        {
            readonly User _user;

            public Ring(User user)
            {
                _user = user;
                if (!Environment.IsPrivilegedProcess) user.LockedPages += 3;
            }

            public void Dispose()
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                Give();
            }

            void Give() { _user.LockedPages -= 3; }
        }
        """,
        """
        class Ring
        {
            readonly User _user;
            private User? _chargedUser;

            public Ring(User user)
            {
                _user = user;
                if (!Environment.IsPrivilegedProcess)
                {
                    user.LockedPages += 3;
                    Volatile.Write(ref _chargedUser, user);
                }
            }

            public void Dispose()
            {
                Give();
            }

            void Give()
            {
                if (Interlocked.Exchange(ref _chargedUser, null) is { } charged)
                {
                    charged.LockedPages -= 3;
                }
            }
        }
        """.Replace("void Give()\n    {\n        if (Interlocked.Exchange(ref _chargedUser, null) is { } charged)\n        {\n            charged.LockedPages -= 3;\n        }\n    }", "void Give() { if (Interlocked.Exchange(ref _chargedUser, null) is { } charged) { charged.LockedPages -= 3; } }", System.StringComparison.Ordinal));

    [Fact]
    public Task TwoReleasesOfOneTypeAndAnotherType_AreAllFixed() => Fixes(
        """
        class Ring
        {
            readonly Account _account = new();
            public void Map(long n) { _account.Charge(n); }
            public void Unmap(long n) { if (!Environment.IsPrivilegedProcess) {|PIN2001:_account.Uncharge(n)|}; }
            public void Close(long n) { if (!Environment.IsPrivilegedProcess) {|PIN2001:_account.Uncharge(n)|}; }
        }

        class Table
        {
            readonly User m_owner = new();
            public void Map(long n) { m_owner.LockedPages += n; }
            public void Unmap(long n) { if (!Environment.IsPrivilegedProcess) {|PIN2001:m_owner.LockedPages -= n|}; }
        }
        """,
        """
        class Ring
        {
            readonly Account _account = new();
            private Account? _chargedAccount;
            public void Map(long n) { _account.Charge(n); Volatile.Write(ref _chargedAccount, _account); }
            public void Unmap(long n) { if (Interlocked.Exchange(ref _chargedAccount, null) is { } charged) charged.Uncharge(n); }
            public void Close(long n) { if (Interlocked.Exchange(ref _chargedAccount, null) is { } charged) charged.Uncharge(n); }
        }

        class Table
        {
            readonly User m_owner = new();
            private User? m_chargedOwner;
            public void Map(long n) { m_owner.LockedPages += n; Volatile.Write(ref m_chargedOwner, m_owner); }
            public void Unmap(long n) { if (Interlocked.Exchange(ref m_chargedOwner, null) is { } charged) charged.LockedPages -= n; }
        }
        """);

    [Fact]
    public Task CSharp8_GetsNoNewerPatterns() => Fixes(
        """
        class Ring
        {
            readonly User _user = new User();
            public void Map(long n) { _user.LockedPages += n; }
            public void Unmap(long n)
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                _user.LockedPages -= n;
            }
        }
        """,
        """
        class Ring
        {
            readonly User _user = new User();
            private User? _chargedUser;
            public void Map(long n) { _user.LockedPages += n; Volatile.Write(ref _chargedUser, _user); }
            public void Unmap(long n)
            {
                if (!(Interlocked.Exchange(ref _chargedUser, null) is User charged)) return;
                charged.LockedPages -= n;
            }
        }
        """,
        TestSetup.Plain.Source("/0/Accounts.cs", "public class User { public long LockedPages; }\nnamespace PinAccounting.Annotations { class None { } }").Language(LanguageVersion.CSharp8));

    [Theory]
    // Its own counter belongs to nobody else, and several may have been added.
    [InlineData("class R { long _p; public void Map(long n) { if ({|PIN2002:Environment.IsPrivilegedProcess|}) return; _p += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _p -= n; } }")]
    // Whoever calls says whose account it is.
    [InlineData("class R { public void Map(User u, long n) { u.LockedPages += n; } public void Unmap(User u, long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; u.LockedPages -= n; } }")]
    // One record for many charges or releases.
    [InlineData("class R { readonly User _u = new(); public void Map(long n) { _u.LockedPages += n; } public void Unmap(long[] n) { foreach (var x in n) { if (Environment.IsPrivilegedProcess) continue; {|PIN2001:_u.LockedPages -= x|}; } } }")]
    [InlineData("class R { readonly User _u = new(); public void Map(long[] n) { foreach (var x in n) _u.LockedPages += x; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    // Rolled back where it is charged.
    [InlineData("class R { readonly User _u = new(); public bool Map(long n) { if (Interlocked.Add(ref _u.LockedPages, n) > 100) { Interlocked.Add(ref _u.LockedPages, -n); return false; } return true; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    // Something else decides as well, after the check.
    [InlineData("class R { readonly User _u = new(); bool _x; public bool X { set => _x = value; } public void Map(long n) { _u.LockedPages += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; if (_x) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); public void Map(long n) { _u.LockedPages += n; } public void Unmap(long n, bool force) { if ({|PIN2001:Environment.IsPrivilegedProcess|} && !force) return; _u.LockedPages -= n; } }")]
    // A field more changes what these are.
    [InlineData("record R { readonly User _u = new(); public void Map(long n) { _u.LockedPages += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    // Nobody in the type charges, or somebody else's object is charged.
    [InlineData("class R { readonly Account _a = new(); public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _a.Uncharge(n); } }")]
    [InlineData("class R { readonly User _u = new(); public static void Map(R r, long n) { r._u.LockedPages += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    // The answer is used for more than this.
    [InlineData("class R { readonly User _u = new(); public void Map(long n) { _u.LockedPages += n; } bool Counts(long n) => n > 3 && !Environment.IsPrivilegedProcess; public void Unmap(long n) { if (Counts(n)) {|PIN2001:_u.LockedPages -= n|}; } }")]
    public Task WhereItIsNotCertain_NoFixIsOffered(string source) => FixesNothing(source);

    // One record remembers one charge, and these hold several before they give any back.
    [Theory]
    [InlineData("class R { readonly User _u = new(); readonly List<long> _all = new(); public void Map(long n) { _u.LockedPages += n; _all.Add(n); } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); long _total; public void Map(long n) { _u.LockedPages += n; _total += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); long _total; public void Map(long n) { _u.LockedPages += n; _total = _total + n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); int _maps; public void Map(long n) { Interlocked.Add(ref _u.LockedPages, n); Interlocked.Increment(ref _maps); } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); readonly long[] _slots = new long[9]; public void Map(int slot, long n) { _u.LockedPages += n; _slots[slot] = n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); public void Map(long n) { _u.LockedPages += n; if (n > 3) _u.LockedPages += 1; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); public R() { _u.LockedPages += 1; } public void Map(long n) { _u.LockedPages += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); public R() { _u.LockedPages += 1; } public R(long n) : this() { _u.LockedPages += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); public R() { Map(1); } public void Map(long n) { _u.LockedPages += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); public void Open() { Map(1); Map(2); } private void Map(long n) { _u.LockedPages += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    [InlineData("class R { readonly User _u = new(); public void Open(long[] all) { foreach (long n in all) Map(n); } private void Map(long n) { _u.LockedPages += n; } public void Unmap(long n) { if ({|PIN2001:Environment.IsPrivilegedProcess|}) return; _u.LockedPages -= n; } }")]
    public Task SeveralChargesAtATime_NoFixIsOffered(string source) => FixesNothing("using System.Collections.Generic;\n" + source);

    [Fact]
    public Task ChargesOfWhichOneIsTaken_AreRecorded() => Fixes(
        """
        class Ring
        {
            readonly User _user = new();

            public void Map(int kind, long n)
            {
                if (n < 0) return;
                if (n > 9)
                {
                    _user.LockedPages += 9;
                    return;
                }

                switch (kind)
                {
                    case 1:
                        _user.LockedPages += 1;
                        break;
                    default:
                        _user.LockedPages += n;
                        break;
                }
            }

            public void Unmap(long n)
            {
                if ({|PIN2001:Environment.IsPrivilegedProcess|}) return;
                _user.LockedPages -= n;
            }
        }
        """,
        """
        class Ring
        {
            readonly User _user = new();
            private User? _chargedUser;

            public void Map(int kind, long n)
            {
                if (n < 0) return;
                if (n > 9)
                {
                    _user.LockedPages += 9;
                    Volatile.Write(ref _chargedUser, _user);
                    return;
                }

                switch (kind)
                {
                    case 1:
                        _user.LockedPages += 1;
                        Volatile.Write(ref _chargedUser, _user);
                        break;
                    default:
                        _user.LockedPages += n;
                        Volatile.Write(ref _chargedUser, _user);
                        break;
                }
            }

            public void Unmap(long n)
            {
                if (Interlocked.Exchange(ref _chargedUser, null) is not { } charged) return;
                charged.LockedPages -= n;
            }
        }
        """);
}
