using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.CodeFixes.SharedMemory;

/// <summary>PIN3007: payload that comes right behind its publish changes places with it. A mark that says "not there yet" is none: it needs a fence.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PublishLastFixer)), Shared]
public sealed class PublishLastFixer : SharedMemoryCodeFix
{
    public const string Key_PublishLast = "PinAnalyzers.PublishLast";

    public PublishLastFixer()
        : base(("Publish it after the payload", Key_PublishLast))
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN3007");

    private protected override SyntaxNode? Apply(SharedTarget target, string key)
    {
        if (target.Path.Length != 1 || target.Path[0].Parent is not ExpressionStatementSyntax { Parent: BlockSyntax block } publish || IsMark(target.Path[0], target)) return null;
        int index = block.Statements.IndexOf(publish);
        if (index + 1 >= block.Statements.Count || block.Statements[index + 1] is not (ExpressionStatementSyntax or LocalDeclarationStatementSyntax) || !block.Statements[index + 1].Span.Contains(target.At.Span)) return null;
        StatementSyntax payload = block.Statements[index + 1];
        // What the publish counts on must not change in the payload's statement.
        if (publish.ContainsDirectives || payload.ContainsDirectives || payload.DescendantNodes().Any(static node => node.IsKind(SyntaxKind.PostIncrementExpression) || node.IsKind(SyntaxKind.PreIncrementExpression))
            || publish.DescendantNodes().Any(static node => node is AssignmentExpressionSyntax || node.IsKind(SyntaxKind.PostIncrementExpression) || node.IsKind(SyntaxKind.PreIncrementExpression))) return null;
        SyntaxList<StatementSyntax> statements = block.Statements.Replace(publish, payload.WithTriviaFrom(publish));
        return target.Root.ReplaceNode(block, block.WithStatements(statements.Replace(statements[index + 1], publish.WithTriviaFrom(payload))));
    }

    private static bool IsMark(SyntaxNode publish, SharedTarget target) => publish is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 1 } arguments }
        && target.Model.GetConstantValue(arguments[1].Expression, target.Cancellation).HasValue;
}
