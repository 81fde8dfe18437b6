using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>Puts the charge before the statement that shows the object to others, where the one directly follows the other.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ChargeBeforePublishingFixer)), Shared]
public sealed class ChargeBeforePublishingFixer : BalanceCodeFix
{
    public const string Key_ChargeFirst = "PinAnalyzers.ChargeBeforePublishing";

    public ChargeBeforePublishingFixer()
        : base("Charge before publishing", Key_ChargeFirst)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1018");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (target.Sites.Path[0].FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax { Parent: BlockSyntax block } charge || charge.ContainsDirectives) return null;
        int index = block.Statements.IndexOf(charge);
        if (index < 1 || block.Statements[index - 1] is not (ExpressionStatementSyntax or LockStatementSyntax) || block.Statements[index - 1] is not { } publishing || publishing.ContainsDirectives) return null;
        if (!publishing.Span.Contains(target.Sites.At.Span) || (publishing is LockStatementSyntax guarded && !IsAlone(guarded, target.Sites.At))) return null;
        if (AsksForOutcome(charge, target)) return null;

        // Blank lines stay where they were; comments go with what they are about.
        StatementSyntax first = charge, second = publishing;
        if (!Edits.HasComment(charge.GetLeadingTrivia()) && !Edits.HasComment(publishing.GetLeadingTrivia()))
            (first, second) = (charge.WithLeadingTrivia(publishing.GetLeadingTrivia()), publishing.WithLeadingTrivia(charge.GetLeadingTrivia()));
        var statements = block.Statements.ToList();
        statements[index - 1] = first;
        statements[index] = second;
        return target.Root.ReplaceNode(block, block.WithStatements(Microsoft.CodeAnalysis.CSharp.SyntaxFactory.List(statements)));
    }

    /// <summary>What is charged depends on what the publication changes, such as the length of the list.</summary>
    private static bool AsksForOutcome(StatementSyntax charge, BalanceTarget target)
    {
        var changed = MembersIn(target.Sites.At, target);
        return charge.DescendantNodes().OfType<ArgumentSyntax>().SelectMany(argument => MembersIn(argument, target)).Any(changed.Contains);
    }

    /// <summary>Fields and properties of the object itself, and statics; not those of the object that is published.</summary>
    private static ImmutableHashSet<ISymbol> MembersIn(SyntaxNode node, BalanceTarget target) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
        .Where(static name => name.Parent is not MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } access || access.Expression == name)
        .Select(name => target.Model.GetSymbolInfo(name, target.Cancellation).Symbol).OfType<ISymbol>().Where(static symbol => symbol is IFieldSymbol or IPropertySymbol)
        .ToImmutableHashSet(SymbolEqualityComparer.Default)!;

    private static bool IsAlone(LockStatementSyntax guarded, SyntaxNode publication) => guarded.Statement is ExpressionStatementSyntax || (guarded.Statement is BlockSyntax { Statements.Count: 1 } inner && inner.Statements[0].Span.Contains(publication.Span));
}
