using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using PinAnalyzers.Balance.Races;

namespace PinAnalyzers.Balance.Types;

/// <summary>What decides the charge is kept, in one body in a local, across members in a field, and decides the release too.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RecordDecisionFixer)), Shared]
public sealed class RecordDecisionFixer : BalanceCodeFix
{
    public const string Key_Record = "PinAnalyzers.RecordDecision";

    public RecordDecisionFixer()
        : base("Record the decision", Key_Record)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1008");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.Path.IsEmpty) return null;
        return target.Charge is { } charge && target.Sites.At is ExpressionSyntax release && MemberOf(charge) != MemberOf(release) ? DecisionField.Apply(target, charge, release) : InOneBody(target);
    }

    private static MemberDeclarationSyntax? MemberOf(SyntaxNode node) => node.FirstAncestorOrSelf<MemberDeclarationSyntax>();

    private static SyntaxNode? InOneBody(BalanceTarget target)
    {
        if (target.Sites.At is not ExpressionSyntax { Parent: ExpressionStatementSyntax release } || target.Sites.Path[0] is not ExpressionSyntax { Parent: ExpressionStatementSyntax charge }) return null;
        if (OnlyIn(charge) is not { Parent: BlockSyntax block } decided || decided.ContainsDirectives) return null;
        StatementSyntax given = OnlyIn(release) is { } guard && Parts.IsPure(guard.Condition) ? guard : release;
        if (given == release && release.Parent is not BlockSyntax || !block.Span.Contains(given.Span) || given.ContainsDirectives || given.SpanStart < decided.Span.End) return null;
        // Inside of another decision or a loop it would no longer run as often as the charge.
        if (given.Ancestors().TakeWhile(a => a != block).Any(static a => a is not (BlockSyntax or TryStatementSyntax or FinallyClauseSyntax))) return null;
        string name = NewNames.For("charged", target.Model, block.SpanStart, block);
        ExpressionSyntax recorded = SyntaxFactory.IdentifierName(name);
        StatementSyntax declaration = SyntaxFactory.ParseStatement($"bool {name} = {decided.Condition.WithoutTrivia()};")
            .WithLeadingTrivia(decided.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        BlockSyntax tracked = block.TrackNodes(decided, given);
        tracked = tracked.ReplaceNode(tracked.GetCurrentNode(given)!, Guarded(given, recorded));
        IfStatementSyntax first = tracked.GetCurrentNode(decided)!;
        return target.Root.ReplaceNode(block, tracked.ReplaceNode(first, new SyntaxNode[]
        {
            declaration,
            first.WithCondition(recorded).WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation),
        }));
    }

    /// <summary>The <c>if</c> whose only statement it is.</summary>
    private static IfStatementSyntax? OnlyIn(StatementSyntax statement) => statement.Parent switch
    {
        IfStatementSyntax { Else: null } direct => direct,
        BlockSyntax { Statements.Count: 1, Parent: IfStatementSyntax { Else: null } around } => around,
        _ => null,
    };

    private static StatementSyntax Guarded(StatementSyntax given, ExpressionSyntax recorded) => given is IfStatementSyntax guard
        ? guard.WithCondition(recorded)
        : SyntaxFactory.IfStatement(recorded, given.WithoutTrivia().WithLeadingTrivia(SyntaxFactory.ElasticMarker)).WithTriviaFrom(given).WithAdditionalAnnotations(Formatter.Annotation);
}
