using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Solving;

namespace PinAnalyzers.Balance;

/// <summary>Tokens that are kept in a tuple: <c>var t = (Handle: GCHandle.Alloc(o), Uses: 0)</c>.</summary>
internal sealed partial class BalanceFlow
{
    private bool IsFollowed(Frame<BalanceState> frame, int value)
    {
        foreach (Obligation obligation in frame.Domain.Obligations)
        {
            if (obligation.Pair.HasToken && IsOpen(obligation) && Same(frame, obligation.Identity, value)) return true;
        }

        return false;
    }

    private readonly Dictionary<ITupleOperation, bool> _tuplesInView = [];

    /// <summary>The tuple goes into a local of which nothing is ever used but its elements, one by one: what is in there is still in this body's hands.</summary>
    private bool StaysInView(ITupleOperation tuple)
    {
        if (!_tuplesInView.TryGetValue(tuple, out bool stays)) _tuplesInView.Add(tuple, stays = LocalOf(tuple) is { } local && IsUsedByElement(local));
        return stays;
    }

    private static ILocalSymbol? LocalOf(ITupleOperation tuple)
    {
        IOperation? parent = tuple.Parent;
        while (parent is IConversionOperation { OperatorMethod: null }) parent = parent.Parent;
        return parent is ISimpleAssignmentOperation { IsRef: false, Target: ILocalReferenceOperation { Local: { RefKind: RefKind.None, Type.IsTupleType: true } local } } ? local : null;
    }

    private bool IsUsedByElement(ILocalSymbol local)
    {
        foreach (IOperation operation in _graph.OriginalOperation.Descendants())
        {
            if (operation is not ILocalReferenceOperation reference || !SymbolEqualityComparer.Default.Equals(reference.Local, local)) continue;
            bool isWhole = reference.Parent is ISimpleAssignmentOperation { Parent: IExpressionStatementOperation } assignment && assignment.Target == reference;
            bool isElement = reference.Parent is IFieldReferenceOperation { Parent: not (IAddressOfOperation or IArgumentOperation { Parameter.RefKind: not (RefKind.None or RefKind.In) }) } element
                && !(element.Parent is IAssignmentOperation store && store.Target == element);
            if (!isWhole && !isElement) return false;
            for (IOperation? outer = reference.Parent; outer is not null && outer != _graph.OriginalOperation; outer = outer.Parent)
            {
                if (outer.Kind is OperationKind.AnonymousFunction or OperationKind.LocalFunction) return false;
            }
        }

        return true;
    }
}
