using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>A charge that is kept on success, or that a later charge's failure strands, is released where the method gives up.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReleaseOnFailureFixer)), Shared]
public sealed class ReleaseOnFailureFixer : BalanceCodeFix
{
    public const string Key_Rollback = "PinAnalyzers.ReleaseOnFailure";

    public ReleaseOnFailureFixer()
        : base("Release before leaving", Key_Rollback)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1001");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        BalanceProperties properties = target.Properties;
        if (!properties.IsCertain || !(properties.IsHandedOn || properties.IsRollback)) return null;
        if (ChargeStatement.Create(target) is not { MayBeUntaken: false } charge || ReleaseCall.Find(target, charge.Token) is not { } release) return null;
        List<string> names = release.DescendantNodes().OfType<IdentifierNameSyntax>().Where(static n => n.Parent is not MemberAccessExpressionSyntax access || access.Name != n).Select(static n => n.Identifier.ValueText).ToList();
        if (charge.Block.Statements.Skip(charge.First).Any(s => names.Any(n => Names.MayChange(s, n)))) return null;

        SyntaxEditor editor = target.Edit();
        foreach (SyntaxNode end in target.Sites.Ends.Add(target.Sites.Path[target.Sites.Path.Length - 1]))
        {
            if (LeaverAt(end) is not { } leaver || leaver.SpanStart < charge.Statement.SpanStart || leaver.ContainsDirectives || !MayFollow(leaver, names)) return null;
            if (leaver.Parent is BlockSyntax)
            {
                editor.InsertBefore(leaver, release.WithLeadingTrivia(leaver.GetLeadingTrivia()));
                editor.ReplaceNode(leaver, leaver.WithoutLeadingTrivia().WithAdditionalAnnotations(Formatter.Annotation));
            }
            else
            {
                editor.ReplaceNode(leaver, Edits.BlockOf(release, leaver));
            }
        }

        return editor.GetChangedRoot();
    }

    /// <summary>The statement that leaves: an end without a value is only known by the last thing before it.</summary>
    private static StatementSyntax? LeaverAt(SyntaxNode end)
    {
        if (end is ReturnStatementSyntax or ThrowStatementSyntax) return (StatementSyntax)end;
        StatementSyntax? statement = end.FirstAncestorOrSelf<StatementSyntax>();
        if (statement?.Parent is not BlockSyntax block) return null;
        StatementSyntax? next = block.Statements.SkipWhile(s => s != statement).Skip(1).FirstOrDefault();
        if (statement is ExpressionStatementSyntax) return next as ReturnStatementSyntax;

        // The other branch must not end the method too, or the end could be that one.
        return statement is IfStatementSyntax { Else: null } test && test.Condition.Span.Contains(end.Span) && next is not null and not ReturnStatementSyntax
            ? test.Statement as ReturnStatementSyntax ?? (test.Statement is BlockSyntax { Statements: { Count: 1 } only } ? only[0] as ReturnStatementSyntax : null)
            : null;
    }

    /// <summary>What is returned or thrown does not need the charge, nor does working it out call anything that might.</summary>
    private static bool MayFollow(StatementSyntax leaver, List<string> names) => leaver switch
    {
        ReturnStatementSyntax { Expression: { } value } => Exits.IsSimple(value) && !names.Any(n => Names.Mentions(value, n)),
        ThrowStatementSyntax { Expression: { } thrown } => !thrown.DescendantNodesAndSelf().Any(static n => n is InvocationExpressionSyntax or AwaitExpressionSyntax) && !names.Any(n => Names.Mentions(thrown, n)),
        _ => true,
    };
}
