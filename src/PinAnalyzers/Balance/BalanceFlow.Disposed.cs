using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Semaphores and locks that are disposed of with their object: <c>finally { if (!_disposed) _gate.Release(); }</c>. Whoever finds the object disposed of must not release what went with it:
/// that throws.
/// </summary>
internal sealed partial class BalanceFlow
{
    /// <summary>The path found the object disposed of, and the release asks for just that.</summary>
    private bool IsOfDisposed(BalanceExit exit, ChargeSite site)
    {
        if (site.Pair.HasToken || !_releases.ContainsKey(site) || site.Operation is not IInvocationOperation { Instance: IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Type: { } type } } || !IsDisposable(type)) return false;
        for (Trace? step = exit.Frame.Trace; step is not null; step = step.Previous)
        {
            if (step.Kind is TraceKind.WhenTrue or TraceKind.WhenFalse && DisposedFlagIn(step.Operation, step.Kind == TraceKind.WhenTrue) is { } flag && ReleasesOf(site).Any(release => IsGuardedBy(release.Syntax, flag))) return true;
        }

        return false;
    }

    private static bool IsDisposable(ITypeSymbol type) => type.SpecialType == SpecialType.System_IDisposable || type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_IDisposable);

    /// <summary>The member of this object that says, by this outcome, that it was disposed of.</summary>
    private static string? DisposedFlagIn(IOperation condition, bool outcome)
    {
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return DisposedFlagIn(not.Operand, !outcome);
            case IParenthesizedOperation inner:
                return DisposedFlagIn(inner.Operand, outcome);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, RightOperand.ConstantValue: { HasValue: true, Value: { } value } } comparison:
                bool isSet = value is not (0 or 0L or false) == (comparison.OperatorKind == BinaryOperatorKind.Equals);
                return isSet == outcome ? FlagOf(comparison.LeftOperand) : null;
            default:
                return outcome ? FlagOf(condition) : null;
        }
    }

    private static string? FlagOf(IOperation operation)
    {
        if (operation is IInvocationOperation { TargetMethod: { Name: "Read" or "CompareExchange", ContainingType.SystemName: "Volatile" or "Interlocked" }, Arguments.Length: > 0 } call) operation = call.Arguments[0].Value;
        return operation is IMemberReferenceOperation { Member.Name: var name, Instance: null or IInstanceReferenceOperation } && name.IndexOf("disposed", StringComparison.OrdinalIgnoreCase) >= 0 ? name : null;
    }

    // Of two questions the path that is shown may have been stopped by the other one.
    private static bool IsGuardedBy(SyntaxNode release, string flag) => release.Ancestors().TakeWhile(static node => node is not MemberDeclarationSyntax).OfType<IfStatementSyntax>().Any(test =>
        test.Statement.Span.Contains(release.Span) && !test.Condition.DescendantNodesAndSelf().Any(static node => node.IsKind(SyntaxKind.LogicalAndExpression)) && test.Condition.DescendantTokens().Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == flag));
}
