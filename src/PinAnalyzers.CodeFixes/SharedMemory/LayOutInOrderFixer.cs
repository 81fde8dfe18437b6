using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3015: a struct that the runtime lays out is laid out as it is written. What a field holds is for its author to change.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LayOutInOrderFixer)), Shared]
public sealed class LayOutInOrderFixer : SharedMemoryCodeFix
{
    public const string Key_LayOutInOrder = "PinAnalyzers.LayOutInOrder";

    public LayOutInOrderFixer()
        : base(("Lay it out in order", Key_LayOutInOrder))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3015");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.At is not StructDeclarationSyntax type) return null;
        IdentifierNameSyntax? kind = type.AttributeLists.SelectMany(static list => list.Attributes).SelectMany(static attribute => attribute.DescendantNodes().OfType<IdentifierNameSyntax>())
            .FirstOrDefault(name => name.Identifier.ValueText == "Auto" && target.Model.GetSymbolInfo(name, target.Cancellation).Symbol is IFieldSymbol { ContainingType.SystemName: "LayoutKind" });
        return kind is null ? null : target.Root.ReplaceNode(kind, SyntaxFactory.IdentifierName("Sequential").WithTriviaFrom(kind));
    }
}
