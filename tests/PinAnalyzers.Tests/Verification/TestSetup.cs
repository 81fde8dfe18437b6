using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;

namespace PinAnalyzers.Tests.Verification;

/// <summary>What stands around the source of a test. Start from <see cref="Plain"/> and add: every member returns a new setup.</summary>
/// <example><c>await Verify.Analyzer(source, TestSetup.Annotated.Option("pin.builtin_pairs", "none").Pairs("M:A.Take => M:A.Give"));</c></example>
public sealed record TestSetup
{
    private TestSetup()
    {
    }

    public static TestSetup Plain { get; } = new();

    /// <summary>With internal copies of the annotations.</summary>
    public static TestSetup Annotated { get; } = Plain.Source("/0/Annotations.cs", AnnotationSources.InternalCopies);

    /// <summary>With a reference to the runtime library, which brings the public annotations.</summary>
    public static TestSetup WithRuntime { get; } = new() { References = [Path.Combine(AppContext.BaseDirectory, "PinAccounting.dll")] };

    internal ImmutableArray<(string Path, string Text)> Sources { get; init; } = [];

    internal ImmutableArray<(string Path, string Text)> AdditionalFiles { get; init; } = [];

    internal ImmutableArray<(string Name, string[] Sources)> Libraries { get; init; } = [];

    internal ImmutableArray<string> References { get; init; } = [];

    internal ImmutableArray<(string Key, string Value)> Options { get; init; } = [];

    internal ImmutableArray<(string Key, string Value)> GlobalOptions { get; init; } = [];

    // What the oldest compiler that we run in knows, so that a source it cannot read fails on the newest, too.
    internal LanguageVersion LanguageVersion { get; init; } = LanguageVersion.CSharp11;

    /// <summary>A further source file; markup counts there too.</summary>
    public TestSetup Source(string path, string text) => this with { Sources = Sources.Add((path, text)) };

    /// <summary>A pairs file; markup counts there too.</summary>
    public TestSetup Pairs(string text, string path = "/0/PinPairs.txt") => this with { AdditionalFiles = AdditionalFiles.Add((path, text)) };

    /// <summary>An <c>.editorconfig</c> entry for all C# files.</summary>
    public TestSetup Option(string key, string value) => this with { Options = Options.Add((key, value)) };

    /// <summary>A <c>.globalconfig</c> entry.</summary>
    public TestSetup GlobalOption(string key, string value) => this with { GlobalOptions = GlobalOptions.Add((key, value)) };

    /// <summary>A library that the project under test references.</summary>
    public TestSetup Library(string name, params string[] sources) => this with { Libraries = Libraries.Add((name, sources)) };

    /// <summary>A library that has its own internal copies of the annotations.</summary>
    public TestSetup AnnotatedLibrary(string name, params string[] sources) => Library(name, [.. sources, AnnotationSources.InternalCopies]);

    /// <summary>The newest language of the compiler that the test runs on.</summary>
    public TestSetup NewestLanguage() => Language(LanguageVersion.Latest);

    public TestSetup Language(LanguageVersion version) => this with { LanguageVersion = version };

    internal void AddTo(SolutionState state)
    {
        foreach (var (path, text) in Sources)
            state.Sources.Add((path, text));
        foreach (var (path, text) in AdditionalFiles)
            state.AdditionalFiles.Add((path, text));
        foreach (var reference in References)
            state.AdditionalReferences.Add(reference);
        if (!Options.IsEmpty)
            state.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\n" + Lines(Options)));
        if (!GlobalOptions.IsEmpty)
            state.AnalyzerConfigFiles.Add(("/.globalconfig", "is_global = true\n" + Lines(GlobalOptions)));
        foreach (var (name, sources) in Libraries)
        {
            var library = state.AdditionalProjects[name];
            foreach (var source in sources)
                library.Sources.Add(source);
            state.AdditionalProjectReferences.Add(name);
        }
    }

    private static string Lines(ImmutableArray<(string Key, string Value)> options) => string.Concat(options.Select(option => $"{option.Key} = {option.Value}\n"));
}
