using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Balance;

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
        // What the publish counts on must not change in the payload's statement, nor what that counts on in the publish.
        if (publish.ContainsDirectives || payload.ContainsDirectives || Variables(publish).Any(name => Names.MayChange(payload, name)) || Variables(payload).Any(name => Names.MayChange(publish, name))) return null;
        bool isLines = IsLine(publish) && IsLine(payload);
        SyntaxList<StatementSyntax> statements = block.Statements.Replace(publish, isLines ? payload.WithLeadingTrivia(Above(publish, payload)) : payload.WithTriviaFrom(publish));
        return target.Root.ReplaceNode(block, block.WithStatements(statements.Replace(statements[index + 1], isLines ? publish.WithLeadingTrivia(Above(payload, publish)) : publish.WithTriviaFrom(payload))));
    }

    private static IEnumerable<string> Variables(StatementSyntax statement) => statement.DescendantNodes().OfType<IdentifierNameSyntax>().Select(static name => name.Identifier.ValueText).Distinct();

    /// <summary>A line of its own: the comment behind it goes with it.</summary>
    private static bool IsLine(StatementSyntax statement) => statement.GetTrailingTrivia().LastOrDefault().IsKind(SyntaxKind.EndOfLineTrivia) && statement.GetFirstToken().GetPreviousToken().TrailingTrivia.LastOrDefault().IsKind(SyntaxKind.EndOfLineTrivia);

    /// <summary>The comments above a statement go with it as well; blank lines stay where they separated something.</summary>
    private static SyntaxTriviaList Above(StatementSyntax place, StatementSyntax statement) =>
        place.GetLeadingTrivia().TakeWhile(static t => t.IsKind(SyntaxKind.EndOfLineTrivia)).Concat(statement.GetLeadingTrivia().SkipWhile(static t => t.IsKind(SyntaxKind.EndOfLineTrivia))).ToSyntaxTriviaList();

    private static bool IsMark(SyntaxNode publish, SharedTarget target) => publish is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: > 1 } arguments }
        && target.Model.GetConstantValue(arguments[1].Expression, target.Cancellation).HasValue;
}
