using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using PinAnalyzers.Balance.Races;

namespace PinAnalyzers.Balance;

/// <summary>
/// The statements that release a charge and do nothing else: a call, or an <c>if</c> that asks whether there is something to release (<c>if (handle.IsAllocated) handle.Free();</c>)
/// or how (<c>if (isSecret) pool.Return(buffer, true); else pool.Return(buffer);</c>), which goes where the call goes.
/// </summary>
internal static class ReleaseStatements
{
    /// <summary>The outermost of them in the block of the charge or a block in it; null where a release is part of something larger.</summary>
    public static ImmutableArray<StatementSyntax>? Find(BalanceTarget target, BlockSyntax top)
    {
        HashSet<StatementSyntax> calls = [];
        foreach (SyntaxNode site in target.Sites.Releases)
        {
            if (ReleaseCall.StatementOf(target, site) is not { } call) return null;
            calls.Add(call);
        }

        ImmutableArray<StatementSyntax> all = calls.OrderBy(static c => c.SpanStart).Select(c => Outermost(c, calls, top)).Distinct().ToImmutableArray();
        return all.All(static s => s.Parent is BlockSyntax) ? all : null;
    }

    /// <summary>The one that can stand for all of them; null where they differ.</summary>
    public static StatementSyntax? Common(ImmutableArray<StatementSyntax> releases)
    {
        StatementSyntax? common = releases.OfType<IfStatementSyntax>().FirstOrDefault() ?? releases.FirstOrDefault();
        return common is not null && releases.All(r => SyntaxFactory.AreEquivalent(r, common) || (r is not IfStatementSyntax && Calls(common).All(c => SyntaxFactory.AreEquivalent(c, r)))) ? common : null;
    }

    public static StatementSyntax Copy(StatementSyntax release) => release.WithoutTrivia().WithAdditionalAnnotations(Formatter.Annotation);

    /// <summary>It may be come to with nothing to release.</summary>
    public static bool Asks(StatementSyntax release) => release is IfStatementSyntax or ExpressionStatementSyntax { Expression: ConditionalAccessExpressionSyntax };

    /// <summary>It only asks whether the variable holds anything.</summary>
    public static bool IsNullTestOf(StatementSyntax release, string variable) => release is IfStatementSyntax { Else: null } guard && Parts.Bare(guard.Condition) switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.NotEqualsExpression, Left: IdentifierNameSyntax left, Right.RawKind: (int)SyntaxKind.NullLiteralExpression } => left.Identifier.ValueText == variable,
        IsPatternExpressionSyntax { Expression: IdentifierNameSyntax tested, Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax { Expression.RawKind: (int)SyntaxKind.NullLiteralExpression } } } => tested.Identifier.ValueText == variable,
        IsPatternExpressionSyntax { Expression: IdentifierNameSyntax tested, Pattern: RecursivePatternSyntax { Type: null, PositionalPatternClause: null, Designation: null, PropertyPatternClause.Subpatterns.Count: 0 } } => tested.Identifier.ValueText == variable,
        _ => false,
    };

    /// <summary>What a guard asks of variables alone is the same on every way out that does not change them; a field can be changed by any call.</summary>
    public static bool AsksVariablesOnly(StatementSyntax release, BalanceTarget target) => release.DescendantNodesAndSelf().OfType<IfStatementSyntax>()
        .SelectMany(static guard => guard.Condition.DescendantNodesAndSelf()).OfType<IdentifierNameSyntax>()
        .Where(static n => n.Parent is not MemberAccessExpressionSyntax access || access.Name != n)
        .All(n => target.Model.GetSymbolInfo(n, target.Cancellation).Symbol is ILocalSymbol or IParameterSymbol or INamespaceOrTypeSymbol or IFieldSymbol { IsConst: true });

    private static StatementSyntax Outermost(StatementSyntax release, HashSet<StatementSyntax> calls, BlockSyntax top)
    {
        StatementSyntax outer = release;
        for (SyntaxNode? node = release.Parent; node is not null && node != top; node = node.Parent)
        {
            if (node is not IfStatementSyntax guard) continue;
            if (!IsOnlyReleases(guard, calls)) break;
            outer = guard;
        }

        return outer;
    }

    private static bool IsOnlyReleases(StatementSyntax? statement, HashSet<StatementSyntax> calls) => statement switch
    {
        null => true,
        BlockSyntax { Statements: { Count: 1 } only } => IsOnlyReleases(only[0], calls),
        IfStatementSyntax guard => Parts.IsPure(guard.Condition) && !guard.Condition.DescendantNodes().Any(static n => n is VariableDesignationSyntax) && IsOnlyReleases(guard.Statement, calls) && IsOnlyReleases(guard.Else?.Statement, calls),
        _ => calls.Contains(statement),
    };

    private static IEnumerable<StatementSyntax> Calls(StatementSyntax release) => release.DescendantNodesAndSelf().OfType<ExpressionStatementSyntax>();
}
