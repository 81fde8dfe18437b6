using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

/// <summary>
/// Semaphores that are asked before they are released: <c>finally { if (_gate.CurrentCount == 0) _gate.Release(); }</c>. Where the one permit is there, it was given back already. That a permit may be given
/// back that was never taken is another finding.
/// </summary>
internal sealed partial class BalanceFlow
{
    /// <summary>The path found a permit, and the release asks for just that.</summary>
    private bool IsOfFoundPermit(BalanceExit exit, ChargeSite site)
    {
        if (site.Pair.HasToken || !_releases.ContainsKey(site) || site.Operation is not IInvocationOperation { Instance: { Type.SystemName: "SemaphoreSlim" } semaphore }) return false;
        for (Trace? step = exit.Frame.Trace; step is not null; step = step.Previous)
        {
            if (step.Kind is TraceKind.WhenTrue or TraceKind.WhenFalse && HasPermit(step.Operation, step.Kind == TraceKind.WhenTrue, semaphore) && ReleasesOf(site).Any(static release => IsGuardedBy(release.Syntax, "CurrentCount"))) return true;
        }

        return false;
    }

    private static bool HasPermit(IOperation condition, bool outcome, IOperation semaphore) => condition switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => HasPermit(not.Operand, !outcome, semaphore),
        IParenthesizedOperation inner => HasPermit(inner.Operand, outcome, semaphore),
        IBinaryOperation { LeftOperand: IPropertyReferenceOperation { Property.Name: "CurrentCount", Instance: { } asked }, RightOperand.ConstantValue: { HasValue: true, Value: int bound } } test =>
            asked.Syntax.IsEquivalentTo(semaphore.Syntax, topLevel: false) && (test.OperatorKind, bound, outcome) is
                (BinaryOperatorKind.Equals, 0, false) or (BinaryOperatorKind.NotEquals, 0, true) or (BinaryOperatorKind.GreaterThan, 0, true)
                or (BinaryOperatorKind.LessThan, 1, false) or (BinaryOperatorKind.LessThanOrEqual, 0, false) or (BinaryOperatorKind.GreaterThanOrEqual, 1, true) or (BinaryOperatorKind.Equals, 1, true),
        _ => false,
    };
}
