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

    private static readonly TestSetup s_setup = TestSetup.Annotated.Source("/0/Subjects.cs", Imports + ContractSubjects.Api);

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
