using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>
/// The statements that run with a charge held and can be put under one release at their end: from the charge to the release in the same block, or to the
/// block's end where the releases stand before its exits. The releases themselves are taken out.
/// </summary>
/// <param name="Charge">The charge.</param>
/// <param name="Covered">The statements under the release, without the ones that release.</param>
/// <param name="Rest">What follows in the block and stays outside.</param>
/// <param name="Release">The statement in the same block that releases, which can be moved; null if there is none.</param>
internal sealed record ReleaseRegion(ChargeStatement Charge, ImmutableArray<StatementSyntax> Covered, ImmutableArray<StatementSyntax> Rest, ExpressionStatementSyntax? Release)
{
    public static ReleaseRegion? Create(BalanceTarget target)
    {
        if (target.Properties.IsHandedOn || ChargeStatement.Create(target) is not { } charge) return null;
        List<ExpressionStatementSyntax> nested = [];
        ExpressionStatementSyntax? direct = null;
        foreach (SyntaxNode site in target.Sites.Releases)
        {
            if (ReleaseCall.StatementOf(target, site) is not { Parent: BlockSyntax parent } statement || statement.SpanStart < charge.Statement.SpanStart) return null;
            if (parent != charge.Block) nested.Add(statement);
            else if (direct is null) direct = statement;
            else return null;
        }

        SyntaxList<StatementSyntax> statements = charge.Block.Statements;
        int end = direct is null ? statements.Count : statements.IndexOf(direct);
        if (end <= charge.First) return null;
        ImmutableArray<StatementSyntax> covered = statements.Skip(charge.First).Take(end - charge.First).ToImmutableArray();
        ImmutableArray<StatementSyntax> rest = statements.Skip(end + 1).ToImmutableArray();
        if (Names.AreUsed(covered, rest, target) || covered.Any(static s => s is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }))
        {
            // What follows needs what is declared before: then it comes along, if the release may come that much later.
            if (!target.Properties.HasToken && !rest.All(Exits.IsSimple)) return null;
            covered = covered.AddRange(rest);
            rest = ImmutableArray<StatementSyntax>.Empty;
        }

        if (!covered.All(IsMovable) || (direct?.ContainsDirectives ?? false)) return null;
        if (nested.Any(s => !covered.Any(c => c.Span.Contains(s.Span)) || !IsLastOnItsPath(s, charge.Block, target.Properties.HasToken))) return null;
        if (charge.Token is { } token && covered.Any(s => Names.MayChange(s, token.Name))) return null;
        return new ReleaseRegion(charge, covered.Select(s => Without(s, nested)).ToImmutableArray(), rest, direct);
    }

    /// <summary>Labels and directives do not survive a new block around them, nor do functions that others call.</summary>
    public static bool IsMovable(StatementSyntax statement) => !statement.ContainsDirectives && statement is not LocalFunctionStatementSyntax
        && !statement.DescendantNodesAndSelf().Any(static n => n is LabeledStatementSyntax || n.IsKind(SyntaxKind.GotoStatement));

    private static StatementSyntax Without(StatementSyntax statement, List<ExpressionStatementSyntax> releases)
    {
        List<ExpressionStatementSyntax> inside = releases.Where(r => statement.Span.Contains(r.Span)).ToList();
        if (inside.Count == 0) return statement;
        return statement.RemoveNodes(inside, inside.Any(Edits.HasComment) ? SyntaxRemoveOptions.KeepExteriorTrivia : SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    /// <summary>After the release the path only leaves: releasing on the way out instead is the same.</summary>
    private static bool IsLastOnItsPath(StatementSyntax release, BlockSyntax top, bool mayBeLater)
    {
        // Alone in a branch, it is there for the branch's condition.
        if (((BlockSyntax)release.Parent!).Statements.Count == 1) return false;
        for (StatementSyntax statement = release; ;)
        {
            if (statement.Parent is BlockSyntax block)
            {
                List<StatementSyntax> after = block.Statements.Skip(block.Statements.IndexOf(statement) + 1).ToList();
                if (after.Count > 0)
                {
                    bool leaves = after[after.Count - 1] is ReturnStatementSyntax or ThrowStatementSyntax || (!IsInLoop(block, top) && Exits.Is(after[after.Count - 1]));
                    return leaves && (mayBeLater || after.All(Exits.IsSimple)) && after.All(static s => s is not YieldStatementSyntax);
                }

                if (block == top) return true;
                statement = block;
                continue;
            }

            switch (statement.Parent)
            {
                case ElseClauseSyntax { Parent: IfStatementSyntax outer }:
                    statement = outer;
                    break;
                case IfStatementSyntax or FixedStatementSyntax or UnsafeStatementSyntax or CheckedStatementSyntax:
                    statement = (StatementSyntax)statement.Parent;
                    break;
                default:
                    return false;
            }
        }
    }

    private static bool IsInLoop(SyntaxNode node, BlockSyntax top)
    {
        for (SyntaxNode? outer = node; outer is not null && outer != top; outer = outer.Parent)
        {
            if (outer is ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or SwitchStatementSyntax) return true;
        }

        return false;
    }
}
