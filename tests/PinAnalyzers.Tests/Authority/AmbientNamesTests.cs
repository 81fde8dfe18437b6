using System.Threading.Tasks;
using PinAnalyzers.Tests.Verification;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<PinAnalyzers.PinFlowAnalyzer>;

namespace PinAnalyzers.Tests.Authority;

/// <summary>Ambient members are followed by name before anything is bound: through files, types in parts and members that return them, but not to what only shares a name.</summary>
public sealed class AmbientNamesTests
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using PinAccounting.Annotations;

        """;

    private const string Account = """

        public class Account
        {
            [Charge("account", SucceedsWhen = SucceedsWhen.Always)] public void Charge([ChargeAmount] long n) { }
            [Release("account")] public void Uncharge([ChargeAmount] long n) { }
        }
        """;

    private static Task Check(string declared, string used) =>
        Verify.Analyzer(Usings + used.Replace("[|", "{|PIN2003:", System.StringComparison.Ordinal).Replace("|]", "|}", System.StringComparison.Ordinal) + Account, AuthoritySetup.Alone.Source("/0/Declared.cs", Usings + declared));

    [Theory]
    // A field that other files can see.
    [InlineData("static class Here { [ThreadStatic] internal static Account? account; }", "class R { public void Close(long n) { [|Here.account!.Uncharge(n)|]; } }")]
    [InlineData("class Here { [ThreadStatic] protected static Account? account; }", "class R : Here { public void Close(long n) { [|account!.Uncharge(n)|]; } }")]
    // A private one of a type in parts, and of one inside such a type.
    [InlineData("partial class R { [ThreadStatic] static Account? account; }", "partial class R { public void Close(long n) { [|account!.Uncharge(n)|]; } }")]
    [InlineData("partial class R { static partial class Slots { [ThreadStatic] static Account? account; } }", "partial class R { static partial class Slots { public static void Close(long n) { [|account!.Uncharge(n)|]; } } }")]
    // Returned once, and twice.
    [InlineData("static class Flow { static readonly AsyncLocal<Account> current = new(); public static Account Current => current.Value!; }", "class R { public void Close(long n) { [|Flow.Current.Uncharge(n)|]; } }")]
    [InlineData("static class Flow { static readonly AsyncLocal<Account> current = new(); public static Account Current => current.Value!; }",
        "class Mid { public static Account Mine => Flow.Current; } class R { public void Close(long n) { [|Mid.Mine.Uncharge(n)|]; } }")]
    // The name is somebody else's, too.
    [InlineData("static class Here { [ThreadStatic] static Account? account; }", "class R { [ThreadStatic] static Account? account; public void Close(long n) { [|account!.Uncharge(n)|]; } }")]
    [InlineData("static class Here { [ThreadStatic] static Account? account; public static Account? account2 => account; }", "class R { [Ambient] Account account() => new(); public void Close(long n) { [|account().Uncharge(n)|]; } }")]
    public Task AmbientMember_IsFollowed(string declared, string used) => Check(declared, used);

    [Theory]
    [InlineData("static class Here { [ThreadStatic] static Account? account; }", "class R { readonly Account account = new(); public void Close(long n) { account.Uncharge(n); } }")]
    [InlineData("static class Flow { static readonly AsyncLocal<Account> current = new(); public static Account Current => current.Value!; }",
        "class Box { public Account Current { get; } = new(); } class R { readonly Box _box = new(); Account Mine => _box.Current; public void Close(long n) { Mine.Uncharge(n); } }")]
    [InlineData("static class Flow { static readonly AsyncLocal<Account> current = new(); public static Account Current => current.Value!; }",
        "class R { readonly List<Account> _all = new(); Account First() { var e = _all.GetEnumerator(); e.MoveNext(); return e.Current; } public void Close(long n) { First().Uncharge(n); } }")]
    public Task WhatOnlySharesTheName_IsSilent(string declared, string used) => Check(declared, used);

    // A project that is referred to as source has models of its own: an editor sees it so, and what is returned there is not asked for here.
    [Fact]
    public Task WhatAnotherProjectReturns_IsNotLookedInto() => Verify.Analyzer(
        Usings + "class R { public void Close(long n) { Other.Flow.GetCurrent().Uncharge(n); } }" + Account,
        AuthoritySetup.Alone.Library("Other", "namespace Other { public class Purse { public void Uncharge(long n) { } public static Purse GetCurrent() => new Purse(); } public static class Flow { public static Purse GetCurrent() => Purse.GetCurrent(); } }"));
}
