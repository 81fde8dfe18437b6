using System;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;
using Xunit;
using Verify = PinAnalyzers.Tests.Verification.CSharpVerifier<Microsoft.CodeAnalysis.Testing.EmptyDiagnosticAnalyzer>;

namespace PinAnalyzers.Tests.Verification;

/// <summary>What a setup adds is there, and nothing else is.</summary>
public sealed class TestSetupTests
{
    private const string Annotated = """
        using PinAccounting.Annotations;

        public class Pool
        {
            [Charge("pool", SucceedsWhen = SucceedsWhen.True, ReleasedBy = nameof(Return))]
            public bool TryTake([ChargeAmount] int n) => n > 0;

            [Release("pool")]
            public void Return([ChargeAmount] int n) { }
        }
        """;

    [Fact]
    public Task Annotated_Compiles() => Verify.Analyzer(Annotated, TestSetup.Annotated);

    [Fact]
    public Task Runtime_Compiles() => Verify.Analyzer(Annotated, TestSetup.WithRuntime);

    [Fact]
    public async Task Plain_HasNoAnnotations()
        => await Assert.ThrowsAnyAsync<Exception>(() => Verify.Analyzer(Annotated));

    [Fact]
    public Task AnnotatedLibrary_IsReferenced() => Verify.Analyzer("class C { bool M(Pool pool) => pool.TryTake(1); }", TestSetup.Plain.AnnotatedLibrary("Lib", Annotated));

    [Fact]
    public Task PairsFile_IsNoSource() => Verify.Analyzer("class C { }", TestSetup.Plain.Pairs("M:A.Take => M:A.Give"));

    [Fact]
    public Task Option_ReachesTheCompiler()
        => Verify.Analyzer("class C { int {|CS0169:_f|}; }", TestSetup.Plain.Option("dotnet_diagnostic.CS0169.severity", "error"));

    [Fact]
    public Task GlobalOption_ReachesTheCompiler()
        => Verify.Analyzer("class C { int {|CS0169:_f|}; }", TestSetup.Plain.GlobalOption("dotnet_diagnostic.CS0169.severity", "error"));

    [Fact]
    public Task Unsafe_And_Nullable_AreOn() => Verify.Analyzer("unsafe class C { int* P; string? S; }");

    [Fact]
    public Task Language_IsSet()
        => Verify.Analyzer("class C { void M(int[] a) { if (a is {|CS8936:[1]|}) { } } }", TestSetup.Plain.Language(LanguageVersion.CSharp10));
}
