using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3006: a full fence right behind the publish.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertBarrierFixer)), Shared]
public sealed class InsertBarrierFixer : SharedMemoryCodeFix
{
    public const string Key_InsertBarrier = "PinAnalyzers.InsertBarrier";

    public InsertBarrierFixer()
        : base(("Insert a full fence", Key_InsertBarrier))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3006");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.Sites.Length != 1 || target.Sites[0].Parent is not ExpressionStatementSyntax { Parent: BlockSyntax block } publish) return null;
        string interlocked = VolatileForms.Named(target.Model, publish.SpanStart, "System.Threading", "Interlocked");
        int index = block.Statements.IndexOf(publish);
        // Of two tests behind one publish the first fix serves both.
        if (index + 1 < block.Statements.Count && block.Statements[index + 1].ToString() == $"{interlocked}.MemoryBarrier();") return null;
        StatementSyntax barrier = SyntaxFactory.ParseStatement($"{interlocked}.MemoryBarrier();").WithTrailingTrivia(SyntaxFactory.ElasticLineFeed).WithAdditionalAnnotations(Formatter.Annotation);
        return target.Root.InsertNodesAfter(publish, [barrier]);
    }
}
