using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Balance;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3014: the plain store becomes a release store, and the fence behind it goes.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PublishByReleaseFixer)), Shared]
public sealed class PublishByReleaseFixer : SharedMemoryCodeFix
{
    public const string Key_PublishByRelease = "PinAnalyzers.PublishByRelease";

    public PublishByReleaseFixer()
        : base(("Publish by a release store", Key_PublishByRelease))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3014");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.Sites.Length != 1 || target.Sites[0].Parent is not ExpressionStatementSyntax barrier || target.At is not ExpressionSyntax at) return null;
        ExpressionSyntax cell = VolatileForms.Bare(at);
        if (VolatileForms.Outermost(at).Parent is not AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } store || new VolatileForms(target.Model, cell).Write(store.Right) is not { } write) return null;
        SyntaxNode root = target.Root.TrackNodes(store, barrier);
        root = Edits.Remove(root, root.GetCurrentNode(barrier)!);
        return root.ReplaceNode(root.GetCurrentNode(store)!, write.WithTriviaFrom(store));
    }
}
