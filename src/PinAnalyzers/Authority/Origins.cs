using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace PinAnalyzers.Authority;

/// <summary>Where the values in one body come from: what was assigned to a local or captured between blocks, and in which block.</summary>
internal sealed class Origins
{
    private const int MaxSteps = 4;
    private const int MaxLeaves = 64;
    private readonly Dictionary<CaptureId, List<(IOperation Value, BasicBlock Block)>> _captures = [];
    private readonly Dictionary<ISymbol, List<(IOperation Value, BasicBlock Block)>> _locals = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _changed = new(SymbolEqualityComparer.Default);

    public Origins(ControlFlowGraph graph)
    {
        foreach (BasicBlock block in graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation is IFlowCaptureOperation capture) Add(_captures, capture.Id, capture.Value, block);
                foreach (IOperation part in operation.DescendantsAndSelf()) Note(part, block);
            }

            if (block.BranchValue is not { } value) continue;
            foreach (IOperation part in value.DescendantsAndSelf()) Note(part, block);
        }
    }

    /// <summary>Everything that the operation's value may have been, each with the block that it comes from; the operation itself when it is no variable.</summary>
    public ImmutableArray<(IOperation Value, BasicBlock? Block)> Of(IOperation operation)
    {
        ImmutableArray<(IOperation, BasicBlock?)>.Builder leaves = ImmutableArray.CreateBuilder<(IOperation, BasicBlock?)>();
        Collect(operation, null, 0, leaves);
        return leaves.ToImmutable();
    }

    /// <summary>The one value that a variable has; the operation itself when it is no variable or has several.</summary>
    public IOperation Single(IOperation operation)
    {
        ImmutableArray<(IOperation Value, BasicBlock? Block)> all = Of(operation);
        return all.Length == 1 ? all[0].Value : operation;
    }

    /// <summary>What was captured between blocks, where that is one thing; a local stays the local.</summary>
    public IOperation Captured(IOperation operation)
    {
        IOperation value = Unwrapped(operation);
        for (int steps = 0; steps < MaxSteps && value is IFlowCaptureReferenceOperation reference && _captures.TryGetValue(reference.Id, out List<(IOperation Value, BasicBlock Block)>? assigned) && assigned.Count == 1; steps++) value = Unwrapped(assigned[0].Value);
        return value;
    }

    private void Collect(IOperation operation, BasicBlock? block, int steps, ImmutableArray<(IOperation, BasicBlock?)>.Builder leaves)
    {
        IOperation value = Unwrapped(operation);
        List<(IOperation Value, BasicBlock Block)>? assigned = null;
        if (value is IFlowCaptureReferenceOperation reference) _captures.TryGetValue(reference.Id, out assigned);
        else if (value is ILocalReferenceOperation { Local: { } local } && !_changed.Contains(local)) _locals.TryGetValue(local, out assigned);
        if (assigned is null || steps >= MaxSteps || leaves.Count > MaxLeaves)
        {
            leaves.Add((value, block));
            return;
        }

        foreach ((IOperation next, BasicBlock from) in assigned) Collect(next, from, steps + 1, leaves);
    }

    public static IOperation Unwrapped(IOperation operation)
    {
        while (operation is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            operation = operation is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operation).Operand;
        return operation;
    }

    private void Note(IOperation part, BasicBlock block)
    {
        switch (part)
        {
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: { } local } } assignment:
                Add(_locals, local, assignment.Value, block);
                break;
            case IIsPatternOperation { Pattern: IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol local } } pattern:
                Add(_locals, local, pattern.Value, block);
                break;
            case IIsPatternOperation { Pattern: IRecursivePatternOperation { DeclaredSymbol: ILocalSymbol local } } pattern:
                Add(_locals, local, pattern.Value, block);
                break;
            case ICompoundAssignmentOperation { Target: ILocalReferenceOperation { Local: { } local } }:
                _changed.Add(local);
                break;
            case IIncrementOrDecrementOperation { Target: ILocalReferenceOperation { Local: { } local } }:
                _changed.Add(local);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: ILocalReferenceOperation { Local: { } local } }:
                _changed.Add(local);
                break;
        }
    }

    private static void Add<TKey>(Dictionary<TKey, List<(IOperation, BasicBlock)>> map, TKey key, IOperation value, BasicBlock block)
        where TKey : notnull
    {
        if (!map.TryGetValue(key, out List<(IOperation, BasicBlock)>? values)) map[key] = values = [];
        values.Add((value, block));
    }
}
