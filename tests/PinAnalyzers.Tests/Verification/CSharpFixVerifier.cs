using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace PinAnalyzers.Tests.Verification;

#pragma warning disable CA1000 // static members of generic types: read as `using Verify = CSharpFixVerifier<SomeAnalyzer, SomeFixer>;`
/// <summary>Tests one analyzer with one fixer: <c>await Verify.CodeFix(before, after);</c>.</summary>
public sealed class CSharpFixVerifier<TAnalyzer, TFixer> : CSharpVerifier<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFixer : CodeFixProvider, new()
{
    /// <summary>The fix makes <paramref name="after"/>, one by one and in every scope of fixing all.</summary>
    /// <param name="key">The equivalence key of the action, where several are offered.</param>
    public static Task CodeFix(string before, string after, TestSetup? setup = null, string? key = null, params DiagnosticResult[] expected)
        => Create(before, after, setup, key, expected).RunAsync(CancellationToken.None);

    /// <summary>As <see cref="CodeFix"/>, where fixing all at once makes something else than fixing one by one.</summary>
    public static Task FixAll(string before, string after, string batchAfter, TestSetup? setup = null, string? key = null, params DiagnosticResult[] expected)
    {
        var test = Create(before, after, setup, key, expected);
        test.Expect(test.BatchFixedState, batchAfter);
        return test.RunAsync(CancellationToken.None);
    }

    /// <summary>What is reported in <paramref name="source"/> is not offered a fix.</summary>
    public static Task NoFix(string source, TestSetup? setup = null, params DiagnosticResult[] expected)
        => Create(source, source, setup, null, expected).RunAsync(CancellationToken.None);

    /// <summary>For tests that set more than the short forms take.</summary>
    public static PinTest<TAnalyzer, TFixer> Create(string before, string after, TestSetup? setup = null, string? key = null, params DiagnosticResult[] expected)
    {
        var test = new PinTest<TAnalyzer, TFixer>(before, setup, expected) { CodeActionEquivalenceKey = key };
        test.Expect(test.FixedState, after);
        return test;
    }
}
