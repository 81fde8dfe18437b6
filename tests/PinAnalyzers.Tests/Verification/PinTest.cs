using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace PinAnalyzers.Tests.Verification;

/// <summary>The settings that all our tests share: newest language, nullable, unsafe, current framework.</summary>
public sealed class PinTest<TAnalyzer, TFixer> : CSharpCodeFixTest<TAnalyzer, TFixer, DefaultVerifier>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFixer : CodeFixProvider, new()
{
    private readonly TestSetup _setup;

    public PinTest()
        : this(string.Empty, null, [])
    {
    }

    internal PinTest(string source, TestSetup? setup, DiagnosticResult[] expected)
    {
        _setup = setup ?? TestSetup.Plain;
        ReferenceAssemblies = CurrentFramework;
        TestCode = source;
        _setup.AddTo(TestState);
        ExpectedDiagnostics.AddRange(expected);
        // Without a key the IDE cannot tell our actions apart when it fixes all.
        CodeActionVerifier = (action, verifier) => verifier.False(string.IsNullOrEmpty(action.EquivalenceKey), $"The code action '{action.Title}' has no equivalence key.");
    }

#if MICROSOFT_TESTING
    private static ReferenceAssemblies CurrentFramework { get; } = new("net10.0", new PackageIdentity("Microsoft.NETCore.App.Ref", "10.0.0"), System.IO.Path.Combine("ref", "net10.0"));
#else
    private static ReferenceAssemblies CurrentFramework => ReferenceAssemblies.Net.Net100;
#endif

    /// <summary>Expects <paramref name="source"/> in place of the test code; what the setup adds must stay as it is.</summary>
    internal void Expect(SolutionState state, string source)
    {
        state.Sources.Add(source);
        foreach (var (path, text) in _setup.Sources)
            state.Sources.Add((path, text));
    }

    protected override CompilationOptions CreateCompilationOptions()
        => new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(_setup.LanguageVersion, DocumentationMode.Diagnose);
}
