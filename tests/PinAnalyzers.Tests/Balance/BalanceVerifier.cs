using System.Collections.Generic;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Tests.Verification;

namespace PinAnalyzers.Tests.Balance;

/// <summary>Members of one class, among subjects that every test of these rules uses: an account, a pinner with a token, calls that may or may not throw.</summary>
internal static partial class BalanceVerifier
{
    private const string Imports = """
        #nullable enable
        using System;
        using System.Buffers;
        using System.Collections.Concurrent;
        using System.Collections.Generic;
        using System.Diagnostics;
        using System.Diagnostics.CodeAnalysis;
        using System.IO;
        using System.Linq;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using System.Threading;
        using System.Threading.Tasks;

        """;

    private const string Subjects = Imports + """
        using PinAccounting.Annotations;

        public sealed class Owner
        {
            [Charge("pages", SucceedsWhen = SucceedsWhen.True, ReleasedBy = nameof(Uncharge))]
            public bool TryCharge([ChargeAmount] long n) => n < 100;

            [Charge("pages", ReleasedBy = nameof(Uncharge))]
            public void Charge([ChargeAmount] long n) { }

            [Release("pages")]
            public void Uncharge([ChargeAmount] long n) { }
        }

        public static class Native
        {
            [Charge("pinned page", SucceedsWhen = SucceedsWhen.NonZero, ReleasedBy = nameof(Unpin))]
            [return: ChargeToken]
            public static nint PinOne(nint address) => address;

            [Release("pinned page")]
            public static void Unpin([ChargeToken] nint page) { }
        }

        public static class Calls
        {
            /// <summary>May throw, for all that is known.</summary>
            public static void Work() => Console.Out.Flush();

            /// <summary>Cannot throw.</summary>
            public static void Quiet() { }

            public static Task WorkAsync() => Task.Delay(1);
        }
        """;

    private static readonly TestSetup s_setup = TestSetup.Annotated.Source("/0/Subjects.cs", Subjects).Option("dotnet_diagnostic.PIN1009.severity", "none");

    /// <summary>Members of a class that has an account, a gate and a semaphore.</summary>
    public static Task Members(string members, params DiagnosticResult[] expected) => File($$"""
        public partial class C
        {
            private readonly Owner _owner = new();
            private readonly object _gate = new();
            private readonly SemaphoreSlim _sem = new(1);
        {{members}}
        }
        """, expected);

    /// <summary>A whole file behind the usual imports.</summary>
    public static Task File(string source, params DiagnosticResult[] expected) => Create(source, expected).RunAsync(CancellationToken.None);

    /// <summary>A whole file of a project that refers to the runtime library.</summary>
    public static Task Runtime(string source, params DiagnosticResult[] expected) => Create(source, expected, TestSetup.WithRuntime).RunAsync(CancellationToken.None);

    /// <summary>A whole file whose own pairs alone are followed, as under the preset Annotated.</summary>
    public static Task OwnPairsOnly(string source) => Create(source, [], s_setup.Option("pin.builtin_pairs", "none")).RunAsync(CancellationToken.None);

    /// <summary>Beside a library that the analysis cannot look into.</summary>
    public static Task BesideLibrary(string source, string name, string library) => Create(source, [], s_setup.Library(name, library)).RunAsync(CancellationToken.None);

    /// <summary>A whole file in the newest language of the compiler at hand.</summary>
    public static Task NewestLanguage(string source) => Create(source, [], s_setup.NewestLanguage()).RunAsync(CancellationToken.None);

    /// <summary>A file with top-level statements.</summary>
    public static Task Program(string source, params DiagnosticResult[] expected)
    {
        var test = Create(source, expected);
        test.TestState.OutputKind = OutputKind.ConsoleApplication;
        return test.RunAsync(CancellationToken.None);
    }

    private static PinTest<PinFlowAnalyzer, EmptyCodeFixProvider> Create(string source, DiagnosticResult[] expected, TestSetup? setup = null)
    {
        // Markup knows ids only: {|PIN1002i:…|} is PIN1002 as a suggestion.
        List<DiagnosticResult> all = [.. expected];
        var key = FirstSuggestion;
        source = Suggestion().Replace(Imports + source, match =>
        {
            all.Add(new DiagnosticResult(match.Groups[1].Value, DiagnosticSeverity.Info).WithLocation(key).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));
            return $"{{|#{key++}:";
        });
        return new PinTest<PinFlowAnalyzer, EmptyCodeFixProvider>(source, setup ?? s_setup, [.. all]);
    }

    private const int FirstSuggestion = 100;

    [GeneratedRegex(@"\{\|(PIN\d{4})i:")]
    private static partial Regex Suggestion();
}
