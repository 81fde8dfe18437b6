using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;
using PinAnalyzers.Testing.Tests.Subjects;
using Xunit;

namespace PinAnalyzers.Testing.Tests;

public sealed class CodeFixTestTests
{
    private const string Two = "class [|abc|] { class [|def|] { } }";

    [Fact]
    public Task Fixed_Passes() => RunAsync<CapitalizeFixer>("class [|abc|] { }", "class Abc { }");

    [Fact]
    public Task TwoFixed_Passes() => RunAsync<CapitalizeFixer>(Two, "class Abc { class Def { } }");

    [Fact]
    public Task NothingToFix_Passes() => RunAsync<CapitalizeFixer>("class Abc { }", "class Abc { }");

    [Fact]
    public Task NoFixedCode_ChecksNoFix() => new CSharpCodeFixTest<LowercaseTypeAnalyzer, CapitalizeFixer, DefaultVerifier> { TestCode = "class [|abc|] { }" }.RunAsync();

    [Fact]
    public Task NoFixOffered_Passes() => RunAsync<EmptyCodeFixProvider>("class [|abc|] { }", "class [|abc|] { }");

    [Fact]
    public Task SeveralFilesAndProjects_AreFixedInEveryScope()
    {
        var test = Create<CapitalizeFixer>("class [|abc|] { }", "class Abc { }");
        test.TestState.Sources.Add("class [|def|] { }");
        test.FixedState.Sources.Add("class Def { }");
        test.TestState.AdditionalProjects["Lib"].Sources.Add("class [|ghi|] { }");
        test.FixedState.AdditionalProjects["Lib"].Sources.Add("class Ghi { }");
        return test.RunAsync();
    }

    [Fact]
    public Task FixNotApplied_Fails() => FailsAsync<EmptyCodeFixProvider>("class [|abc|] { }", "class Abc { }", "did not match");

    [Fact]
    public Task OtherText_Fails() => FailsAsync<CapitalizeFixer>("class [|abc|] { }", "class Abc  { }", "did not match");

    [Fact]
    public Task OtherLineEnd_Fails() => FailsAsync<CapitalizeFixer>("class [|abc|]\n{ }", "class Abc\r\n{ }", "did not match");

    [Fact]
    public Task OnlyFirstOfTwoExpected_Fails() => FailsAsync<CapitalizeFixer>(Two, "class Abc { class [|def|] { } }", "TEST01");

    [Fact]
    public Task FixOfferedWhereNoneExpected_Fails() => FailsAsync<CapitalizeFixer>("class [|abc|] { }", "class [|abc|] { }", "No fix was expected");

    [Fact]
    public Task FixThatChangesNothing_Fails() => FailsAsync<UnchangingFixer>("class [|abc|] { }", "class [|abc|] { }", "changes nothing");

    [Fact]
    public Task FixIsNotIdempotent_Fails()
        => Expect.FailureAsync(
            () =>
            {
                var test = Create<RepeatingFixer>("class [|abc|] { }", "class [|abcx|] { }");
                test.FixedState.MarkupHandling = MarkupMode.Allow;
                return test.RunAsync();
            },
            "idempotent");

    [Fact]
    public Task FixedCodeDoesNotCompile_Fails() => FailsAsync<CollidingFixer>(Two, "class Same { class Same { } }", "CS0542");

    [Fact]
    public Task FixedCodeHasUndeclaredDiagnostic_Fails() => FailsAsync<RepeatingFixer>("class [|abc|] { }", "class abcx { }", "TEST01");

    [Fact]
    public Task FixIntroducesWarning_Fails()
        => FailsAsync<WarningFixer>("class [|abc|] { }", "class Abc\n#warning left behind\n{ }", "introduces compiler diagnostics");

    [Fact]
    public Task FixBreaksAnIntermediateState_Fails()
        => FailsAsync<CollidingFixer>("class [|abc|] { } class [|def|] { }", "class Same { } class Def { }", "CS0101");

    [Fact]
    public Task TreeIsNotWhatTextParsesTo_Fails() => FailsAsync<BadTreeFixer>("class [|abc|] { }", "class A<T> { }", "another tree");

    [Fact]
    public Task FixerThrows_Fails() => FailsAsync<ThrowingFixer>("class [|abc|] { }", "class Abc { }", "subject");

    [Fact]
    public Task FixAllDisagrees_Fails() => FailsAsync<DisagreeingFixAllFixer>("class [|abc|] { }", "class Abc { }", "fix all in document");

    [Fact]
    public Task FixAllDisagreesAsDeclared_Passes()
    {
        var test = Create<DisagreeingFixAllFixer>("class [|abc|] { }", "class Abc { }");
        test.BatchFixedCode = "class ABC { }";
        return test.RunAsync();
    }

    [Fact]
    public Task BatchFixedCodeThatFixAllDoesNotMake_Fails()
        => Expect.FailureAsync(
            () =>
            {
                var test = Create<CapitalizeFixer>("class [|abc|] { }", "class Abc { }");
                test.BatchFixedCode = "class ABC { }";
                return test.RunAsync();
            },
            "fix all in document");

    [Fact]
    public Task FixAllOffersNothing_Fails() => FailsAsync<EmptyFixAllFixer>("class [|abc|] { }", "class Abc { }", "does not fix it in the scope");

    [Fact]
    public Task FixAllLacksAScope_Fails() => FailsAsync<DocumentOnlyFixer>("class [|abc|] { }", "class Abc { }", "does not support");

    [Fact]
    public Task FixAllLacksAScopeAsDeclared_Passes()
    {
        var test = Create<DocumentOnlyFixer>("class [|abc|] { }", "class Abc { }");
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInProjectCheck | CodeFixTestBehaviors.SkipFixAllInSolutionCheck;
        return test.RunAsync();
    }

    [Theory]
    [InlineData(null, null, "Abc")]
    [InlineData(1, null, "Tabc")]
    [InlineData(null, "prefix", "Tabc")]
    [InlineData(1, "prefix", "Tabc")]
    public Task Choice_IsApplied(int? index, string? key, string name)
    {
        var test = Create<ChoiceFixer>("class [|abc|] { }", $"class {name} {{ }}");
        (test.CodeActionIndex, test.CodeActionEquivalenceKey) = (index, key);
        return test.RunAsync();
    }

    [Theory]
    [InlineData(0, "prefix", "must have the equivalence key")]
    [InlineData(null, "other", "did not match")]
    [InlineData(2, null, "did not match")]
    public Task ChoiceThatIsNotOffered_Fails(int? index, string? key, string reason)
        => Expect.FailureAsync(
            () =>
            {
                var test = Create<ChoiceFixer>("class [|abc|] { }", "class Abc { }");
                (test.CodeActionIndex, test.CodeActionEquivalenceKey) = (index, key);
                return test.RunAsync();
            },
            reason);

    [Theory]
    [InlineData(2, true)]
    [InlineData(-3, true)]
    [InlineData(3, false)]
    [InlineData(1, false)]
    public async Task NumberOfIterations_IsChecked(int iterations, bool passes)
    {
        var test = Create<CapitalizeFixer>(Two, "class Abc { class Def { } }");
        test.NumberOfIncrementalIterations = iterations;
        if (passes)
            await test.RunAsync();
        else
            await Expect.FailureAsync(() => test.RunAsync(), "iterations");
    }

    [Fact]
    public async Task NumberOfFixAllIterations_IsChecked()
    {
        var test = Create<CapitalizeFixer>(Two, "class Abc { class Def { } }");
        test.NumberOfFixAllIterations = 2;
        await Expect.FailureAsync(() => test.RunAsync(), "iterations");
    }

    [Fact]
    public Task FixOne_LeavesTheOther()
    {
        var test = Create<CapitalizeFixer>(Two, "class Abc { class [|def|] { } }");
        test.FixedState.MarkupHandling = MarkupMode.Allow;
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.FixOne | CodeFixTestBehaviors.SkipFixAllCheck;
        return test.RunAsync();
    }

    private static CSharpCodeFixTest<LowercaseTypeAnalyzer, TFixer, DefaultVerifier> Create<TFixer>(string source, string fixedSource)
        where TFixer : CodeFixProvider, new()
        => new() { TestCode = source, FixedCode = fixedSource };

    private static Task RunAsync<TFixer>(string source, string fixedSource)
        where TFixer : CodeFixProvider, new()
        => Create<TFixer>(source, fixedSource).RunAsync();

    private static Task FailsAsync<TFixer>(string source, string fixedSource, string reason)
        where TFixer : CodeFixProvider, new()
        => Expect.FailureAsync(() => RunAsync<TFixer>(source, fixedSource), reason);
}
