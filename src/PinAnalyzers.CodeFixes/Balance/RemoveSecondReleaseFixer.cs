using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.Balance;

/// <summary>
/// Takes out the release that never ends a charge. Where the later one stands in a <c>finally</c> it is the one that exceptions need, so the earlier goes.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveSecondReleaseFixer)), Shared]
public sealed class RemoveSecondReleaseFixer : BalanceCodeFix
{
    public const string Key_Remove = "PinAnalyzers.RemoveSecondRelease";

    public RemoveSecondReleaseFixer()
        : base("Remove the redundant release", Key_Remove)
    {
    }

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("PIN1003");

    private protected override SyntaxNode? Apply(BalanceTarget target)
    {
        if (ReleaseCall.StatementOf(target, target.Sites.At) is not { Parent: BlockSyntax or SwitchSectionSyntax } second) return null;
        SyntaxNode earlier = target.Sites.Path[target.Sites.Path.Length - 1];
        StatementSyntax? first = ReleaseCall.StatementOf(target, earlier);

        // In a loop it is one release that happens twice.
        if (first == second) return null;
        if (second.Parent?.Parent is FinallyClauseSyntax)
            return first is { Parent: BlockSyntax } && IsReleasedAgainOnTheWayOut(first, second) ? Edits.Remove(target.Root, first) : null;
        return target.Properties.IsCertain ? Edits.Remove(target.Root, second) : null;
    }

    /// <summary>Every path from the first goes through the finally that the second stands in, and to the second itself; what comes between does nothing that the release could matter to.</summary>
    private static bool IsReleasedAgainOnTheWayOut(StatementSyntax first, StatementSyntax second)
    {
        if (second.Parent is not BlockSyntax { Parent: FinallyClauseSyntax { Parent: TryStatementSyntax @try } } last || last.Statements.TakeWhile(statement => statement != second).Any(MayEndThere)) return false;
        if (!first.Ancestors().TakeWhile(a => a != @try).Contains(@try.Block) || first.Ancestors().TakeWhile(a => a != @try).Any(static a => a is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)) return false;
        BlockSyntax block = (BlockSyntax)first.Parent!;
        return block.Statements.Skip(block.Statements.IndexOf(first) + 1).All(Exits.IsSimple) && (block == @try.Block || block.Statements.Last() is ReturnStatementSyntax or ThrowStatementSyntax);
    }

    private static bool MayEndThere(StatementSyntax statement) => statement.DescendantNodesAndSelf(static node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .Any(static node => node is ThrowStatementSyntax or ThrowExpressionSyntax or GotoStatementSyntax);
}
