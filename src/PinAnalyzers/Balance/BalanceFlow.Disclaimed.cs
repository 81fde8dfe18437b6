using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Balance;

/// <summary>Flags of ownership: <c>bool owns = true; … owns = false; Hand(x); … finally { if (owns) Release(x); }</c> says in so many words that the charge is somebody else's.</summary>
internal sealed partial class BalanceFlow
{
    private readonly Dictionary<ChargeSite, List<(ILocalSymbol Flag, bool Owns)>> _ownershipFlags = [];

    /// <summary>The path has cleared the flag under which the finally would have given the charge back.</summary>
    private bool IsDisclaimed(BalanceExit exit, ChargeSite site)
    {
        if (!_releases.ContainsKey(site)) return false;
        if (!_ownershipFlags.TryGetValue(site, out var flags)) _ownershipFlags.Add(site, flags = FindOwnershipFlags(site).ToList());
        foreach ((ILocalSymbol flag, bool owns) in flags)
        {
            Fact value = exit.Frame.FactOf(VariableValue(exit.Frame, flag));
            if (owns ? value.IsZero : value.NotZero) return true;
        }

        return false;
    }

    private IEnumerable<(ILocalSymbol Flag, bool Owns)> FindOwnershipFlags(ChargeSite site)
    {
        foreach (IOperation release in ReleasesOf(site))
        {
            if (FinallyAroundSelf(release.Syntax) is not { } last) continue;
            foreach (IfStatementSyntax test in release.Syntax.Ancestors().TakeWhile(node => node != last).OfType<IfStatementSyntax>())
            {
                bool owns = test.Condition is not PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression };
                ExpressionSyntax asked = owns ? test.Condition : ((PrefixUnaryExpressionSyntax)test.Condition).Operand;
                if (asked is not IdentifierNameSyntax || !test.Statement.Span.Contains(release.Syntax.Span)) continue;
                if (_graph.OriginalOperation.Descendants().OfType<ILocalReferenceOperation>().FirstOrDefault(local => local.Syntax == asked)?.Local is { } flag && (BeginsAs(flag, owns) || IsSetBehind(site, flag, owns))) yield return (flag, owns);
            }
        }
    }

    /// <summary>So whatever else it is at the end was written out on the way there.</summary>
    private bool BeginsAs(ILocalSymbol flag, bool value) => _graph.OriginalOperation.Descendants().OfType<IVariableDeclaratorOperation>().Any(declarator =>
        SymbolEqualityComparer.Default.Equals(declarator.Symbol, flag) && declarator.GetVariableInitializer()?.Value.ConstantValue is { HasValue: true, Value: bool first } && first == value);

    /// <summary><c>await gate.WaitAsync(); taken = true;</c>: nothing comes between the charge and its flag, so where the charge is held and the flag says no, that was written out as well.</summary>
    private static bool IsSetBehind(ChargeSite site, ILocalSymbol flag, bool value) =>
        site.Operation.Syntax.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { Parent: BlockSyntax block } charge
        && block.Statements.ElementAtOrDefault(block.Statements.IndexOf(charge) + 1) is ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax name } set }
        && name.Identifier.ValueText == flag.Name && set.Right.IsKind(value ? SyntaxKind.TrueLiteralExpression : SyntaxKind.FalseLiteralExpression);
}
