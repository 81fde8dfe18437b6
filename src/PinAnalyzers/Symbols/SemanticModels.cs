using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>The one place that asks a compilation for a semantic model.</summary>
internal static class SemanticModels
{
    /// <summary>The model of a tree that belongs to <paramref name="compilation"/>.</summary>
    public static SemanticModel Of(SyntaxTree tree, Compilation compilation) =>
#pragma warning disable RS0030, RS1030 // The driver keeps one model per tree and hands out the same one here; a second model anywhere else would bind the tree anew.
        compilation.GetSemanticModel(tree);
#pragma warning restore RS0030, RS1030
}
