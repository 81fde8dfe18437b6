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
/// <param name="Hoisted">Declarations that go before, of variables that what follows needs.</param>
/// <param name="Release">The statement that releases, or asks whether and releases, and can be moved or written again; null if there is none.</param>
internal sealed record ReleaseRegion(ChargeStatement Charge, ImmutableArray<StatementSyntax> Covered, ImmutableArray<StatementSyntax> Rest, ImmutableArray<StatementSyntax> Hoisted, StatementSyntax? Release)
{
    /// <summary>More declarations than this, and it reads better when what follows comes along.</summary>
    private const int FewDeclarations = 2;

    /// <param name="target">What was reported.</param>
    /// <param name="mayHoist">Variables may be declared before the region and assigned in it.</param>
    public static ReleaseRegion? Create(BalanceTarget target, bool mayHoist = false)
    {
        if (target.Properties.IsHandedOn || ChargeStatement.Create(target) is not { } charge || ReleaseStatements.Find(target, charge.Block) is not { } releases) return null;
        if (charge.MayBeUntaken && (releases.IsEmpty || !releases.All(ReleaseStatements.Asks))) return null;
        if (charge.Token is { } kept && Names.IsUsedBeyond(kept, charge.Block, target)) return null;
        List<StatementSyntax> nested = [];
        StatementSyntax? direct = null;
        foreach (StatementSyntax statement in releases)
        {
            if (statement.SpanStart < charge.Statement.SpanStart) return null;
            if (statement.Parent != charge.Block) nested.Add(statement);
            else if (direct is null) direct = statement;
            else return null;
        }

        // On the way out it may ask once more what it asked there only if that is the same.
        StatementSyntax? common = ReleaseStatements.Common(releases);
        if (common is null ? releases.Any(static r => r is IfStatementSyntax) : nested.Count > 0 && !ReleaseStatements.AsksVariablesOnly(common, target)) return null;
        StatementSyntax? release = common is null || common == direct ? common : direct is not null && SyntaxFactory.AreEquivalent(common, direct) ? direct : ReleaseStatements.Copy(common);

        SyntaxList<StatementSyntax> statements = charge.Block.Statements;
        int end = direct is null ? statements.Count : statements.IndexOf(direct);
        if (end <= charge.First) return null;
        ImmutableArray<StatementSyntax> covered = statements.Skip(charge.First).Take(end - charge.First).ToImmutableArray();
        ImmutableArray<StatementSyntax> rest = statements.Skip(end + 1).ToImmutableArray();
        Hoisting? hoisting = null;
        if (mayHoist && nested.Count == 0 && !rest.All(s => Exits.IsSimple(s) || IsOfAnother(s, direct)) && Names.AreUsed(covered, rest, target)
            && Hoisting.Create(covered, rest, target) is { } found && (found.Declarations.Length <= FewDeclarations || !target.Properties.HasToken))
        {
            hoisting = found;
        }
        else if (Names.AreUsed(covered, rest, target) || covered.Any(static s => s is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }))
        {
            // What follows needs what is declared before: then it comes along, if the release may come that much later.
            if (!target.Properties.HasToken && !rest.All(Exits.IsSimple)) return null;
            if (common is not null && !ReleaseStatements.AsksVariablesOnly(common, target)) return null;
            covered = covered.AddRange(rest);
            rest = ImmutableArray<StatementSyntax>.Empty;
        }

        if (!target.Properties.HasToken && !releases.IsEmpty && covered.Any(static s => s is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 })) return null;
        if (ReleaseStatements.HasOther(covered, releases)) return null;
        if (!covered.All(IsMovable) || (direct?.ContainsDirectives ?? false)) return null;
        if (nested.Any(s => !covered.Any(c => c.Span.Contains(s.Span)) || !IsLastOnItsPath(s, charge.Block, target.Properties.HasToken))) return null;
        if (charge.Token is { } token && (covered.Any(s => Names.MayChange(s, token.Name)) || Names.IsKeptBeyond(token, covered, charge.Block, target))) return null;
        if (hoisting is not null) return new ReleaseRegion(charge, hoisting.Statements, rest, hoisting.Declarations, release);
        return new ReleaseRegion(charge, covered.Select(s => Without(s, nested)).ToImmutableArray(), rest, ImmutableArray<StatementSyntax>.Empty, release);
    }

    /// <summary><c>h1.Free(); h2.Free();</c>: what was taken while this was held goes back before it as well as after it.</summary>
    private static bool IsOfAnother(StatementSyntax statement, StatementSyntax? release) => NameOf(statement) is { } name && release is not null && name == NameOf(release);

    private static string? NameOf(StatementSyntax release) =>
        release is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } } ? name : null;

    /// <summary>Labels and directives do not survive a new block around them, nor do functions that others call.</summary>
    public static bool IsMovable(StatementSyntax statement) => !statement.ContainsDirectives && statement is not LocalFunctionStatementSyntax
        && !statement.DescendantNodesAndSelf().Any(static n => n is LabeledStatementSyntax || n.IsKind(SyntaxKind.GotoStatement));

    private static StatementSyntax Without(StatementSyntax statement, List<StatementSyntax> releases)
    {
        List<StatementSyntax> inside = releases.Where(r => statement.Span.Contains(r.Span)).ToList();
        StatementSyntax changed = statement.TrackNodes(inside);
        foreach (StatementSyntax release in inside) changed = (StatementSyntax)Edits.Remove(changed, changed.GetCurrentNode(release)!);
        return changed;
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
