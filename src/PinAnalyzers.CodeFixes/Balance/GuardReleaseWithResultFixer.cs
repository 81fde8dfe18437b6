using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>
/// A charge that opens the <c>try</c> whose <c>finally</c> releases it moves in front of that <c>try</c>; elsewhere its result is kept and asked before the release.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GuardReleaseWithResultFixer)), Shared]
public sealed class GuardReleaseWithResultFixer : BalanceCodeFix
{
    public const string Key_Guard = "PinAnalyzers.GuardReleaseWithResult";

    public GuardReleaseWithResultFixer()
        : base("Release only what was taken", Key_Guard)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1004");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (!target.Properties.IsCertain || target.Charge is not { } charge) return null;
        if (ReleaseCall.StatementOf(target, target.Sites.At) is not { Parent: BlockSyntax parent } release || release.ContainsDirectives) return null;
        if (GuardByLocal(target, charge, release) is { } guarded) return guarded;
        if (parent.Parent is not FinallyClauseSyntax { Parent: TryStatementSyntax { Parent: BlockSyntax block } @try } || !@try.Block.Span.Contains(charge.Span)) return null;
        if (charge.Ancestors().TakeWhile(a => a != @try).Any(static a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)) return null;
        return MoveBefore(target, charge, @try, block) ?? KeepResult(target, charge, release, @try, block);
    }

    private static SyntaxNode? MoveBefore(BalanceTarget target, ExpressionSyntax charge, TryStatementSyntax @try, BlockSyntax block)
    {
        if (@try.Catches.Count > 0 || @try.Finally!.Block.Statements.Count > 1 || @try.Block.Statements.Count < 2) return null;
        StatementSyntax first = @try.Block.Statements[0];
        if (!first.Span.Contains(charge.Span) || first.ContainsDirectives || @try.GetLeadingTrivia().Any(static t => t.IsDirective)) return null;
        if (first is not ExpressionStatementSyntax && !(first is IfStatementSyntax { Else: null } test && test.Condition.Span.Contains(charge.Span) && Exits.Always(test.Statement))) return null;
        SyntaxList<StatementSyntax> rest = @try.Block.Statements.RemoveAt(0);
        StatementSyntax moved = first.WithLeadingTrivia(@try.GetLeadingTrivia().AddRange(Edits.HasComment(first.GetLeadingTrivia()) ? first.GetLeadingTrivia() : default)).WithAdditionalAnnotations(Formatter.Annotation);
        TryStatementSyntax shorter = @try.WithBlock(@try.Block.WithStatements(rest.Replace(rest[0], Edits.WithoutBlankLines(rest[0])))).WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        int index = block.Statements.IndexOf(@try);
        return target.Root.ReplaceNode(block, block.WithStatements(block.Statements.RemoveAt(index).InsertRange(index, [moved, shorter])));
    }

    private static SyntaxNode? KeepResult(BalanceTarget target, ExpressionSyntax charge, ExpressionStatementSyntax release, TryStatementSyntax @try, BlockSyntax block)
    {
        ExpressionSyntax value = ChargeStatement.Outermost(charge);
        string name = NewNames.For("taken", target.Model, charge.SpanStart, block);
        IdentifierNameSyntax taken = SyntaxFactory.IdentifierName(name);
        StatementSyntax guarded = Guard(taken, release);
        TryStatementSyntax changed;
        if (target.Model.GetTypeInfo(value, target.Cancellation).Type?.SpecialType == SpecialType.System_Boolean && value.Parent is not ExpressionStatementSyntax)
        {
            ExpressionSyntax kept = SyntaxFactory.ParenthesizedExpression(SyntaxFactory.AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, taken, value.WithoutTrivia()))
                .WithTriviaFrom(value).WithAdditionalAnnotations(Formatter.Annotation, Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation);
            changed = @try.ReplaceNodes(new SyntaxNode[] { value, release }, (o, _) => o == release ? guarded : kept);
        }
        else
        {
            // Denied by an exception: what comes after the call is only reached with the charge taken.
            if (value.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax inner } statement || target.Model.GetTypeInfo(value, target.Cancellation).Type?.SpecialType != SpecialType.System_Void) return null;
            StatementSyntax set = SyntaxFactory.ExpressionStatement(SyntaxFactory.AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, taken, SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression)))
                .WithTrailingTrivia(Edits.EndOfLine(statement)).WithAdditionalAnnotations(Formatter.Annotation);
            changed = @try.TrackNodes(inner, statement, release);
            changed = changed.InsertNodesAfter(changed.GetCurrentNode(statement)!, [set]);
            changed = changed.ReplaceNode(changed.GetCurrentNode(release)!, guarded);
        }

        StatementSyntax declaration = SyntaxFactory.ParseStatement($"bool {name} = false;").WithLeadingTrivia(@try.GetLeadingTrivia()).WithAdditionalAnnotations(Formatter.Annotation);
        int index = block.Statements.IndexOf(@try);
        return target.Root.ReplaceNode(block, block.WithStatements(block.Statements.RemoveAt(index).InsertRange(index, [declaration, changed.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation)])));
    }

    /// <summary>The result already is in a local that nothing changes: the release asks it.</summary>
    private static SyntaxNode? GuardByLocal(BalanceTarget target, ExpressionSyntax charge, ExpressionStatementSyntax release)
    {
        ExpressionSyntax value = ChargeStatement.Outermost(charge);
        if (value.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax block } } variable }) return null;
        if (target.Model.GetDeclaredSymbol(variable, target.Cancellation) is not ILocalSymbol { Type.SpecialType: SpecialType.System_Boolean } || !block.Span.Contains(release.Span)) return null;
        string name = variable.Identifier.ValueText;
        if (release.SpanStart < variable.SpanStart || block.Statements.Any(s => Names.MayChange(s, name))) return null;
        return target.Root.ReplaceNode(release, Guard(SyntaxFactory.IdentifierName(variable.Identifier.WithoutTrivia()), release));
    }

    private static StatementSyntax Guard(IdentifierNameSyntax taken, ExpressionStatementSyntax release) =>
        SyntaxFactory.IfStatement(taken, release.WithoutTrivia()).WithTriviaFrom(release).WithAdditionalAnnotations(Formatter.Annotation);
}
