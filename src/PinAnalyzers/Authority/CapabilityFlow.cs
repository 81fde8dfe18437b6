using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;

namespace PinAnalyzers.Authority;

/// <summary>
/// Which branches of one body are taken by privilege. A local carries an answer when everything assigned to it does, constants aside: those carry the
/// answer of the branch that they were assigned in. Fields carry none: what they hold was decided earlier, and that is right.
/// </summary>
internal sealed class CapabilityFlow
{
    private readonly ControlFlowGraph _graph;
    private readonly System.Func<ISymbol, CapabilityValue?> _summary;
    private readonly Dictionary<ISymbol, CapabilityValue> _locals = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<CaptureId, CapabilityValue> _captures = [];

    /// <param name="graph">The body.</param>
    /// <param name="summary">What a member answers, by what is known of it or by its own body; its check is not an operation of this body.</param>
    public CapabilityFlow(ControlFlowGraph graph, System.Func<ISymbol, CapabilityValue?> summary)
    {
        _graph = graph;
        _summary = summary;
        Dependence = new ControlDependence(graph);
        // Answers travel at most one local further a round.
        for (int round = 0; round < 4 && Propagate(); round++) { }
    }

    public ControlDependence Dependence { get; }

    /// <summary>The answer that the block's branch tests; null when it tests none.</summary>
    public CapabilityValue? ConditionOf(BasicBlock block) => block is { ConditionKind: not ControlFlowConditionKind.None, BranchValue: { } value } ? ValueOf(value) : null;

    /// <summary>What taking the edge says of the caller.</summary>
    public static Polarity OnEdge(BranchEdge edge, CapabilityValue condition)
    {
        bool isTrue = edge.IsConditional == (edge.Block.ConditionKind == ControlFlowConditionKind.WhenTrue);
        return isTrue ? condition.WhenTrue : CapabilityValue.Not(condition.WhenTrue);
    }

    /// <summary>Tests of a capability that decide whether the block runs.</summary>
    public IEnumerable<(BranchEdge Edge, CapabilityValue Condition)> DecidersOf(BasicBlock block)
    {
        foreach (BranchEdge edge in Dependence.DecidersOf(block))
        {
            if (ConditionOf(edge.Block) is { } condition) yield return (edge, condition);
        }
    }

    /// <summary>What the body returns, if that is an answer about privilege.</summary>
    public CapabilityValue? Returned()
    {
        CapabilityValue? answer = null;
        foreach (BasicBlock block in _graph.Blocks)
        {
            if (block is not { BranchValue: { } value, ConditionKind: ControlFlowConditionKind.None, FallThroughSuccessor.Semantics: ControlFlowBranchSemantics.Return }) continue;
            if (Assigned(value, block) is { } returned) answer = Merge(answer, returned);
            else if (!value.ConstantValue.HasValue) return null;
        }

        return answer;
    }

    public CapabilityValue? ValueOf(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call when _summary(call.TargetMethod) is { } answer:
                return answer with { Check = call };
            case IPropertyReferenceOperation property when _summary(property.Property) is { } answer:
                return answer with { Check = property };
            case ILocalReferenceOperation local:
                return _locals.TryGetValue(local.Local, out CapabilityValue? held) ? held : null;
            case IFlowCaptureReferenceOperation reference:
                return _captures.TryGetValue(reference.Id, out CapabilityValue? captured) ? captured : null;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                return ValueOf(not.Operand)?.Negated;
            case IConversionOperation conversion:
                return ValueOf(conversion.Operand);
            case IParenthesizedOperation parenthesized:
                return ValueOf(parenthesized.Operand);
            case IAwaitOperation awaited:
                return ValueOf(awaited.Operation);
            case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "GetAwaiter" or "GetResult" or "GetValueOrDefault", Instance: { } instance }:
                return ValueOf(instance);
            case IPropertyReferenceOperation { Property.Name: "Result" or "Value", Instance: { } instance }:
                return ValueOf(instance);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.And or BinaryOperatorKind.Or } both:
                return ValueOf(both.LeftOperand) ?? ValueOf(both.RightOperand);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } test:
                return Compared(test.LeftOperand, test.RightOperand, test.OperatorKind == BinaryOperatorKind.Equals)
                    ?? Compared(test.RightOperand, test.LeftOperand, test.OperatorKind == BinaryOperatorKind.Equals);
            case IIsPatternOperation { Pattern: IConstantPatternOperation constant } pattern:
                return Compared(pattern.Value, constant.Value, isEqual: true);
            case IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation constant } } pattern:
                return Compared(pattern.Value, constant.Value, isEqual: false);
            default:
                return null;
        }
    }

    /// <summary>A user id of zero is root's; a bool compared with a constant is itself or its negation.</summary>
    private CapabilityValue? Compared(IOperation value, IOperation constant, bool isEqual)
    {
        if (!constant.ConstantValue.HasValue || ValueOf(value) is not { } answer) return null;
        return constant.ConstantValue.Value switch
        {
            bool expected => expected == isEqual ? answer : answer.Negated,
            _ when IsZero(constant) => isEqual ? answer : answer.Negated,
            _ => answer with { WhenTrue = Polarity.Mixed },
        };
    }

    private static bool IsZero(IOperation constant) => constant.ConstantValue is { HasValue: true, Value: 0 or 0u or 0L or 0UL };

    private bool Propagate()
    {
        Dictionary<ISymbol, CapabilityValue?> locals = new(SymbolEqualityComparer.Default);
        HashSet<ISymbol> others = new(SymbolEqualityComparer.Default);
        bool isChanged = false;
        foreach (BasicBlock block in _graph.Blocks)
        {
            foreach (IOperation operation in block.Operations)
            {
                if (operation is IFlowCaptureOperation capture)
                {
                    if (Assigned(capture.Value, block) is not { } value) continue;
                    CapabilityValue merged = _captures.TryGetValue(capture.Id, out CapabilityValue? old) ? Merge(old, value) : value;
                    isChanged |= !Equals(old, merged);
                    _captures[capture.Id] = merged;
                    continue;
                }

                foreach (IOperation part in operation.DescendantsAndSelf())
                {
                    if (part is ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: { } local } } assignment)
                    {
                        if (Assigned(assignment.Value, block) is { } value) locals[local] = Merge(locals.TryGetValue(local, out CapabilityValue? old) ? old : null, value);
                        else if (!assignment.Value.ConstantValue.HasValue) others.Add(local);
                    }
                    else if (part is ICompoundAssignmentOperation { Target: ILocalReferenceOperation { Local: { } changed } }) others.Add(changed);
                    else if (part is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out, Value: ILocalReferenceOperation { Local: { } passed } }) others.Add(passed);
                }
            }
        }

        foreach (KeyValuePair<ISymbol, CapabilityValue?> pair in locals)
        {
            if (pair.Value is null || others.Contains(pair.Key)) continue;
            isChanged |= !_locals.TryGetValue(pair.Key, out CapabilityValue? old) || !Equals(old, pair.Value);
            _locals[pair.Key] = pair.Value;
        }

        return isChanged;
    }

    /// <summary>The answer in a value, or the one that decided that this constant is assigned.</summary>
    private CapabilityValue? Assigned(IOperation value, BasicBlock block)
    {
        if (ValueOf(value) is { } answer) return answer;
        if (value.ConstantValue is not { HasValue: true, Value: bool constant }) return null;
        (BranchEdge edge, CapabilityValue? condition) = DecidersOf(block).FirstOrDefault();
        if (condition is null) return null;
        Polarity here = OnEdge(edge, condition);
        return condition with { WhenTrue = constant ? here : CapabilityValue.Not(here) };
    }

    private static CapabilityValue Merge(CapabilityValue? left, CapabilityValue right) =>
        left is null || left.WhenTrue == right.WhenTrue ? left ?? right : left with { WhenTrue = Polarity.Mixed };
}
