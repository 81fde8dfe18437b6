using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace PinAnalyzers.Benchmarks.Inputs;

/// <summary>One compilation to be: texts and settings, nothing parsed and nothing bound yet.</summary>
internal sealed record SourceProject(string Name, IReadOnlyList<SourceFile> Files)
{
    public IReadOnlyList<string> References { get; init; } = [];

    public IReadOnlyList<string> PreprocessorSymbols { get; init; } = [];

    public IReadOnlyList<MetadataReference> ExtraReferences { get; init; } = [];

    public IReadOnlyList<string> PairFiles { get; init; } = [];

    public bool Nullable { get; init; }

    /// <summary>Lines that somebody wrote; the global usings that stand for the build's do not count.</summary>
    public int LineCount => Files.Where(file => !file.IsImplicit).Sum(file => file.Text.AsSpan().Count('\n') + 1);

    /// <summary>New trees and a new compilation each time: Roslyn and analyzers cache by both, and a second run must not profit.</summary>
    public CSharpCompilation Compile(IEnumerable<MetadataReference> projects)
    {
        var parse = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None, preprocessorSymbols: PreprocessorSymbols);
        var trees = Files.Select(file => CSharpSyntaxTree.ParseText(SourceText.From(file.Text), parse, file.Path));
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            concurrentBuild: false,
            nullableContextOptions: Nullable ? NullableContextOptions.Enable : NullableContextOptions.Disable);
        return CSharpCompilation.Create(Name, trees, [.. ReferencePacks.Framework, .. ExtraReferences, .. projects], options);
    }
}

internal sealed record SourceFile(string Path, string Text, bool IsImplicit = false);
