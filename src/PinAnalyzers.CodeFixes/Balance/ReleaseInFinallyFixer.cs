using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace PinAnalyzers.Balance;

/// <summary>What runs with the charge held goes into a <c>try</c> whose <c>finally</c> releases. Where such a <c>try</c> comes too late, what stands before it moves in.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReleaseInFinallyFixer)), Shared]
public sealed class ReleaseInFinallyFixer : BalanceCodeFix
{
    public const string Key_Finally = "PinAnalyzers.ReleaseInFinally";

    public ReleaseInFinallyFixer()
        : base("Release in 'finally'", Key_Finally)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1001", "PIN1002");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (WrapChargeInUsingFixer.TryApply(target) is not null) return null;
        return Widen(target) ?? Wrap(target);
    }

    private static SyntaxNode? Wrap(BalanceTarget target)
    {
        if (ReleaseRegion.Create(target, mayHoist: true) is not { } region || (region.Release ?? ReleaseCall.Find(target, region.Charge.Token)) is not { } release) return null;
        if (!IsUnchanged(release, region.Covered, target)) return null;
        StatementSyntax last = Edits.WithoutBlankLines(release);
        IEnumerable<StatementSyntax> covered = region.Covered.Select(static (s, i) => i == 0 ? Edits.WithoutBlankLines(s) : s);
        TryStatementSyntax @try = SyntaxFactory.TryStatement(Edits.BlockOf(covered.ToArray()), default, SyntaxFactory.FinallyClause(Edits.BlockOf(last)));
        BlockSyntax block = region.Charge.Block;
        IEnumerable<StatementSyntax> placed = region.Hoisted.IsEmpty
            ? [Edits.Enclose(@try, region.Covered[0])]
            : [Edits.Enclose(region.Hoisted[0], region.Covered[0]), .. region.Hoisted.Skip(1), @try.WithAdditionalAnnotations(Formatter.Annotation)];
        return target.Root.ReplaceNode(block, Edits.ReplaceFrom(block, region.Charge.First, placed.Concat(region.Rest)));
    }

    private static SyntaxNode? Widen(BalanceTarget target)
    {
        if (target.Properties.IsHandedOn || ChargeStatement.Create(target) is not { } charge || ReleaseStatements.Find(target, charge.Block) is not { IsEmpty: false } releases) return null;
        if (charge.MayBeUntaken && !releases.All(ReleaseStatements.Asks) || charge.Token is { } kept && Names.IsUsedBeyond(kept, charge.Block, target)) return null;
        SyntaxList<StatementSyntax> statements = charge.Block.Statements;
        if (statements.Skip(charge.First).OfType<TryStatementSyntax>().FirstOrDefault() is not { Catches.Count: 0, Finally: { } last } @try) return null;

        // Whatever else the finally does was not meant for what stands before the try.
        if (!releases.All(r => r.Parent == last.Block) || last.Block.Statements.Any(s => !releases.Contains(s))) return null;
        int index = statements.IndexOf(@try);
        List<StatementSyntax> between = statements.Skip(charge.First).Take(index - charge.First).ToList();
        if (between.Count == 0 || @try.GetLeadingTrivia().Any(static t => t.IsDirective) || !between.All(ReleaseRegion.IsMovable)) return null;
        if (between.Any(static s => s is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 })) return null;
        if (Names.AreUsed(between, statements.Skip(index + 1).Append<SyntaxNode>(last), target) || !releases.All(r => IsUnchanged(r, between, target))) return null;
        if (charge.Token is { } token && between.Any(s => Names.MayChange(s, token.Name))) return null;

        TryStatementSyntax widened = @try.WithBlock(@try.Block.WithStatements(@try.Block.Statements.InsertRange(0, between.Select(static (s, i) => i == 0 ? Edits.WithoutBlankLines(s) : s))));
        StatementSyntax placed = Edits.HasComment(@try.GetLeadingTrivia()) ? Edits.WithoutBlankLines(widened).WithAdditionalAnnotations(Formatter.Annotation) : Edits.Enclose(widened, between[0]);
        return target.Root.ReplaceNode(charge.Block, Edits.ReplaceFrom(charge.Block, charge.First, statements.Skip(index + 1).Prepend(placed)));
    }

    /// <summary>The release means the same after the statements as before them: none of its variables is declared or changed there.</summary>
    private static bool IsUnchanged(StatementSyntax release, IReadOnlyList<StatementSyntax> covered, BalanceTarget target)
    {
        HashSet<string> declared = [.. covered.SelectMany(static s => s.DescendantNodesAndSelf()).Select(static n => n switch
        {
            VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
            SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
            ForEachStatementSyntax variable => variable.Identifier.ValueText,
            _ => string.Empty,
        })];
        target.Cancellation.ThrowIfCancellationRequested();
        return release.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .Where(static n => n.Parent is not MemberAccessExpressionSyntax access || access.Name != n)
            .All(n => !declared.Contains(n.Identifier.ValueText) && !covered.Any(s => Names.MayChange(s, n.Identifier.ValueText)));
    }
}
