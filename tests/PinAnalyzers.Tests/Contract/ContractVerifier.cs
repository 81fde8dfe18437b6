using System.Collections.Generic;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Verification;

namespace PinAnalyzers.Tests.Contract;

/// <summary>Members of one class, among an API with a written contract: statuses of three conventions, a handle that must be zero, flags, an account.</summary>
internal static partial class ContractVerifier
{
    public const string Imports = """
        #nullable enable
        using System;
        using System.Collections.Generic;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;
        using PinAccounting.Annotations;

        """;

    private const string Subjects = Imports + """
        public static class Native
        {
            [return: Errno(ErrnoConvention.NegativeErrno)] public static int PinPages(nint a, int n) => n;
            [return: Errno(ErrnoConvention.MinusOneErrno)] public static int Lock(nint a) => 0;
            [return: Errno(ErrnoConvention.ZeroOrErrno)] public static int Attach(nint a) => 0;
            [return: Errno(ErrnoConvention.NegativeErrno)] public static Task<int> PinAsync(nint a) => Task.FromResult(0);
            public static int Undo() => 0;
            public static int Setup([ValidRange(1, 8_388_608)] uint events, [MustBeZero] ref nint handle) { handle = 1; return 0; }
            public static bool TrySetup(long events, [MustBeZero] ref nint handle) { handle = 1; return true; }
            public static void Make([MustBeZero] ref nint handle) => handle = 1;
            public static void Open([MustBeZero] ref object? handle) => handle = new object();
            public static void Adopt([MustBeZero] nint handle) { }
            public static void Destroy(ref nint handle) => handle = 0;
            public static int io_destroy(nint handle) => 0;
            public static void Use(nint handle) { }
            public static void SetPolicy([ValidMask(15, RequireAnyOf = 3)] Mcl flags) { }
            public static void Small([ValidRange(-5, 5)] int n, [ValidMask(0x8000_0001)] int bits = 0) { }
        }

        [Flags]
        public enum Mcl { None = 0, Current = 1, Future = 2, Inherit = 4, Recursive = 8, All = Current | Future | Inherit | Recursive, Unknown = 64 }

        public sealed class Account
        {
            [Charge("account", ReleasedBy = nameof(Uncharge))]
            public bool TryCharge([ChargeAmount] long n) => n < 100;

            [Release("account")]
            public void Uncharge([ChargeAmount] long n) { }
        }
        """;

    private static readonly TestSetup s_setup = TestSetup.Annotated.Source("/0/Subjects.cs", Subjects);

    /// <summary>Members of a class that has an account and a handle.</summary>
    public static Task Members(string members) => File(InType(members));

    public static string InType(string members) => $$"""
        public partial class C
        {
            private readonly Account _account = new();
            private nint _handle;
        {{members}}
            public void Close() => _account.Uncharge(4);
        }
        """;

    public static Task File(string source) => Create<EmptyCodeFixProvider>(source).RunAsync(CancellationToken.None);

    /// <summary>Members of a class, with a rule that is off unless somebody asks for it.</summary>
    public static Task MembersWith(string rule, string members) => Create<EmptyCodeFixProvider>(InType(members), s_setup.Option($"dotnet_diagnostic.{rule}.severity", "warning")).RunAsync(CancellationToken.None);

    /// <summary>Members of a class, with pairs that a file declares.</summary>
    public static Task MembersWithPairs(string members, string pairs) => Create<EmptyCodeFixProvider>(InType(members), s_setup.Pairs(pairs)).RunAsync(CancellationToken.None);

    /// <summary>The fix makes one of the other, one by one and all at once.</summary>
    public static Task Fix<TFixer>(string before, string after)
        where TFixer : CodeFixProvider, new()
    {
        var test = Create<TFixer>(InType(before));
        test.Expect(test.FixedState, Imports + InType(after));
        return test.RunAsync(CancellationToken.None);
    }

    public static Task NoFix<TFixer>(string members)
        where TFixer : CodeFixProvider, new()
    {
        var test = Create<TFixer>(InType(members));
        test.Expect(test.FixedState, Imports + InType(members));
        return test.RunAsync(CancellationToken.None);
    }

    private static PinTest<PinFlowAnalyzer, TFixer> Create<TFixer>(string source, TestSetup? setup = null)
        where TFixer : CodeFixProvider, new()
    {
        // Markup knows ids only: {|PIN4009i:…|} is PIN4009 as a suggestion.
        List<DiagnosticResult> all = [];
        var key = FirstSuggestion;
        source = Suggestion().Replace(Imports + source, match =>
        {
            all.Add(new DiagnosticResult(match.Groups[1].Value, DiagnosticSeverity.Info).WithLocation(key).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
            return $"{{|#{key++}:";
        });
        return new PinTest<PinFlowAnalyzer, TFixer>(source, setup ?? s_setup, [.. all]);
    }

    private const int FirstSuggestion = 100;

    [GeneratedRegex(@"\{\|(PIN\d{4})i:")]
    private static partial Regex Suggestion();
}
