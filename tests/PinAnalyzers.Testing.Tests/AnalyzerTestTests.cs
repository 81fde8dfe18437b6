using System;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Testing.Tests.Subjects;
using Xunit;
using Verify = Microsoft.CodeAnalysis.CSharp.Testing.CSharpAnalyzerVerifier<PinAnalyzers.Testing.Tests.Subjects.LowercaseTypeAnalyzer, Microsoft.CodeAnalysis.Testing.DefaultVerifier>;

namespace PinAnalyzers.Testing.Tests;

public sealed class AnalyzerTestTests
{
    private const string MarkedMethods = "class {|#0:abc|} { void {|#1:First|}() { } void {|#2:Second|}() { } }";

    [Theory]
    [InlineData("class Abc { }")]
    [InlineData("class [|abc|] { }")]
    [InlineData("class {|TEST01:abc|} { }")]
    [InlineData("class $$abc { }")]
    [InlineData("class [|abc|] { class [|def|] { void M() { } } }")]
    [InlineData("class [|abc|] { {|CS0246:Missing|} field; }")]
    public Task DeclaredInMarkup_Passes(string source) => Verify.VerifyAnalyzerAsync(source);

    [Fact]
    public Task DeclaredByKeyArgumentsAndAdditionalLocations_Passes()
        => Verify.VerifyAnalyzerAsync(MarkedMethods, Verify.Diagnostic().WithLocation(0).WithLocation(1).WithLocation(2).WithArguments("abc"));

    [Fact]
    public Task DeclaredBySpanAndMessage_Passes()
        => Verify.VerifyAnalyzerAsync("class abc { }", Verify.Diagnostic().WithSpan(1, 7, 1, 10).WithMessage("Type 'abc' is lowercase"));

    [Fact]
    public Task NotDeclared_Fails() => FailsAsync("class abc { }", "Not expected");

    [Fact]
    public Task NotReported_Fails() => FailsAsync("class [|Abc|] { }", "Not reported");

    [Fact]
    public Task OneOfTwoDeclared_Fails() => FailsAsync("class [|abc|] { class def { } }", "actual \"2\"");

    [Fact]
    public Task DeclaredTwiceReportedOnce_Fails() => FailsAsync("class [|[|abc|]|] { }", "expected \"2\" actual \"1\"");

    [Fact]
    public Task WrongSpan_Fails() => FailsAsync("[|class abc|] { }", "instead of");

    [Fact]
    public Task SpanTooShort_Fails() => FailsAsync("class [|ab|]c { }", "instead of");

    [Fact]
    public Task WrongPosition_Fails() => FailsAsync("$$class abc { }", "instead of");

    [Fact]
    public Task WrongExplicitSpan_Fails() => FailsAsync("class abc { }", "instead of", Verify.Diagnostic().WithSpan(1, 7, 1, 11));

    [Fact]
    public Task WrongLine_Fails() => FailsAsync("class abc { }", "instead of", Verify.Diagnostic().WithLocation(2, 7));

    [Fact]
    public Task WrongPath_Fails() => FailsAsync("class abc { }", "instead of", Verify.Diagnostic().WithSpan("/0/Test1.cs", 1, 7, 1, 10));

    [Fact]
    public Task NoLocationDeclared_Fails() => FailsAsync("class abc { }", "instead of nowhere", Verify.Diagnostic().WithNoLocation());

    [Fact]
    public Task WrongId_Fails() => FailsAsync("class {|TEST99:abc|} { }", "TEST99");

    [Fact]
    public Task WrongSeverity_Fails()
        => FailsAsync("class {|#0:abc|} { }", "severity Warning instead of Error", Verify.Diagnostic().WithLocation(0).WithSeverity(DiagnosticSeverity.Error));

    [Fact]
    public Task WrongArguments_Fails() => FailsAsync("class {|#0:abc|} { }", "Type 'def'", Verify.Diagnostic().WithLocation(0).WithArguments("def"));

    [Fact]
    public Task ArgumentsThatTheMessageDoesNotShow_Fails()
        => FailsAsync("class {|#0:abc|} { }", "arguments [abc] instead of [abc, def]", Verify.Diagnostic().WithLocation(0).WithArguments("abc", "def"));

    [Fact]
    public Task ArgumentsWithoutDescriptor_AreCompared()
        => FailsAsync("class {|#0:abc|} { }", "arguments", new DiagnosticResult("TEST01", DiagnosticSeverity.Warning).WithLocation(0).WithArguments("def"));

    [Fact]
    public Task WrongMessage_Fails() => FailsAsync("class {|#0:abc|} { }", "message", Verify.Diagnostic().WithLocation(0).WithMessage("Something else"));

    [Fact]
    public Task MissingAdditionalLocation_Fails()
        => FailsAsync(MarkedMethods, "2 additional locations instead of 1", Verify.Diagnostic().WithLocation(0).WithLocation(1));

    [Fact]
    public Task AdditionalLocationsNotDeclared_Fails() => FailsAsync(MarkedMethods, "2 additional locations instead of 0", Verify.Diagnostic().WithLocation(0));

    [Fact]
    public Task AdditionalLocationsInAnotherOrder_Fails()
        => FailsAsync(MarkedMethods, "additional location 0", Verify.Diagnostic().WithLocation(0).WithLocation(2).WithLocation(1));

    [Fact]
    public Task CompilerErrorNotDeclared_Fails() => FailsAsync("class Abc { Missing field; }", "CS0246");

    [Fact]
    public Task CompilerErrorDeclaredButAbsent_Fails() => FailsAsync("class Abc { {|CS0246:int|} field; }", "Not reported");

    [Fact]
    public Task SyntaxError_Fails() => FailsAsync("class Abc {", "CS1513");

    [Fact]
    public Task UnknownKey_Fails() => FailsAsync("class abc { }", "which no source marks", Verify.Diagnostic().WithLocation(3));

    [Theory]
    [InlineData("class [|abc { }", "is not closed")]
    [InlineData("class {|TEST01:abc { }", "is not closed")]
    [InlineData("class abc|] { }", "closes no span")]
    [InlineData("class [|abc|} { }", "closes no span")]
    [InlineData("class {|#0:abc|} { class {|#0:def|} { } }", "marked twice")]
    public Task BadMarkup_Fails(string source, string reason) => FailsAsync(source, reason);

    [Fact]
    public Task SameKeyInTwoFiles_Fails()
        => Expect.FailureAsync(() => new CSharpAnalyzerTest<LowercaseTypeAnalyzer, DefaultVerifier> { TestState = { Sources = { "class {|#0:A|} { }", "class {|#0:B|} { }" } } }.RunAsync(), "marked twice");

    [Fact]
    public Task NoSources_Fails() => Expect.FailureAsync(() => new CSharpAnalyzerTest<LowercaseTypeAnalyzer, DefaultVerifier>().RunAsync(), "TestState.Sources");

    [Fact]
    public Task AnalyzerThrows_Fails()
        => Expect.FailureAsync(() => CSharpAnalyzerVerifier<ThrowingAnalyzer, DefaultVerifier>.VerifyAnalyzerAsync("class Abc { }"), "AD0001");

    [Fact]
    public Task GeneratedCodeIsReported_Fails()
        => Expect.FailureAsync(() => CSharpAnalyzerVerifier<GeneratedCodeAnalyzer, DefaultVerifier>.VerifyAnalyzerAsync("class [|abc|] { }"), "auto-generated");

    [Fact]
    public Task GeneratedCodeIsReportedOnPurpose_Passes()
        => new CSharpAnalyzerTest<GeneratedCodeAnalyzer, DefaultVerifier> { TestCode = "class [|abc|] { }", TestBehaviors = TestBehaviors.SkipGeneratedCodeCheck }.RunAsync();

    [Fact]
    public Task ResultDependsOnFileOrder_Fails()
        => Expect.FailureAsync(() => new CSharpAnalyzerTest<FileOrderAnalyzer, DefaultVerifier> { TestState = { Sources = { "class [|A|] { }", "class B { }" } } }.RunAsync(), "order of the files");

    [Fact]
    public Task ShortMarkupWithTwoDescriptors_Fails()
        => Expect.FailureAsync(() => CSharpAnalyzerVerifier<FieldAnalyzer, DefaultVerifier>.VerifyAnalyzerAsync("class A { public int [|F|]; }"), "exactly one");

    [Fact]
    public Task RuleThatIsOffByDefault_IsOn()
        => CSharpAnalyzerVerifier<FieldAnalyzer, DefaultVerifier>.VerifyAnalyzerAsync("class A { public int {|TEST02:F|}; private int {|TEST03:_g|}; }");

    [Fact]
    public Task DisabledDiagnostics_AreOff()
        => new CSharpAnalyzerTest<FieldAnalyzer, DefaultVerifier> { TestCode = "class A { public int {|TEST02:F|}; private int _g; }", DisabledDiagnostics = { "TEST03" } }.RunAsync();

    [Fact]
    public Task CompilerWarnings_FailWhenAskedFor()
        => Expect.FailureAsync(() => new CSharpAnalyzerTest<LowercaseTypeAnalyzer, DefaultVerifier> { TestCode = "class Abc { private int _f; }", CompilerDiagnostics = CompilerDiagnostics.Warnings }.RunAsync(), "CS0169");

    [Fact]
    public Task EditorConfig_SetsSeverity()
        => new CSharpAnalyzerTest<LowercaseTypeAnalyzer, DefaultVerifier>
        {
            TestState =
            {
                Sources = { "class {|#0:abc|} { }" },
                AnalyzerConfigFiles = { ("/.editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.TEST01.severity = error\n") },
                ExpectedDiagnostics = { Verify.Diagnostic().WithLocation(0).WithSeverity(DiagnosticSeverity.Error) },
            },
        }.RunAsync();

    [Theory]
    [InlineData("/.editorconfig", "root = true\n[*.cs]\ntest.report = 1\n")]
    [InlineData("/.globalconfig", "is_global = true\ntest.global = 1\n")]
    public Task Options_ReachAnalyzers(string path, string text)
        => new CSharpAnalyzerTest<AdditionalFileAnalyzer, DefaultVerifier> { TestState = { Sources = { "[|class|] A { }" }, AnalyzerConfigFiles = { (path, text) } } }.RunAsync();

    [Fact]
    public Task AdditionalFile_IsMarkedLikeSource()
        => new CSharpAnalyzerTest<AdditionalFileAnalyzer, DefaultVerifier> { TestState = { Sources = { "class A { }" }, AdditionalFiles = { ("/0/PinPairs.txt", "good\n[|bad|]\n") } } }.RunAsync();

    [Fact]
    public Task AdditionalFileNotDeclared_Fails()
        => Expect.FailureAsync(() => new CSharpAnalyzerTest<AdditionalFileAnalyzer, DefaultVerifier> { TestState = { Sources = { "class A { }" }, AdditionalFiles = { ("/0/PinPairs.txt", "bad\n") } } }.RunAsync(), "PinPairs.txt");

    [Fact]
    public Task AdditionalProject_IsAnalyzedAndReferenced()
    {
        var test = new CSharpAnalyzerTest<LowercaseTypeAnalyzer, DefaultVerifier> { TestCode = "class A : B { }" };
        test.TestState.AdditionalProjects["Lib"].Sources.Add("public class B { } class [|abc|] { }");
        test.TestState.AdditionalProjectReferences.Add("Lib");
        return test.RunAsync();
    }

    [Fact]
    public Task SolutionTransform_IsApplied()
        => Expect.FailureAsync(
            () => new CSharpAnalyzerTest<LowercaseTypeAnalyzer, DefaultVerifier>
            {
                TestCode = "unsafe class Abc { int* P; }",
                SolutionTransforms =
                {
                    (solution, id) => solution.WithProjectCompilationOptions(
                        id, ((Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions)solution.GetProject(id)!.CompilationOptions!).WithAllowUnsafe(false)),
                },
            }.RunAsync(),
            "CS0227");

    private static Task FailsAsync(string source, string reason, params DiagnosticResult[] expected)
        => Expect.FailureAsync(() => Verify.VerifyAnalyzerAsync(source, expected), reason);
}
