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
    private readonly Dictionary<SyntaxNode, CapabilityValue?> _lambdas = [];
    private ControlDependence? _dependence;
    private bool? _hasAnswers;
    private Origins? _origins;
    private int _choices;

    /// <summary>How many modes may decide about one another: in a state machine they go in circles.</summary>
    private const int MaxChoices = 3;

    /// <param name="graph">The body.</param>
    /// <param name="summary">What a member answers, by what is known of it or by its own body; its check is not an operation of this body.</param>
    /// <param name="parameters">Answers that the caller hands in.</param>
    public CapabilityFlow(ControlFlowGraph graph, System.Func<ISymbol, CapabilityValue?> summary, IReadOnlyDictionary<ISymbol, CapabilityValue>? parameters = null)
    {
        _graph = graph;
        _summary = summary;
        foreach (KeyValuePair<ISymbol, CapabilityValue> given in parameters ?? ImmutableDictionary<ISymbol, CapabilityValue>.Empty) _locals[given.Key] = given.Value;
        // Answers travel at most one local further a round.
        for (int round = 0; round < 4 && Propagate(); round++) { }
    }

    /// <summary>Made when first asked for: most bodies hold no answer that decides anything.</summary>
    public ControlDependence Dependence => _dependence ??= new ControlDependence(_graph);

    /// <summary>Somewhere in the body an answer is asked for.</summary>
    public bool HasAnswers => _hasAnswers ??= AccountingEvents.OperationsOf(_graph).Any(part => ValueOf(part.Operation) is not null);

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

    /// <summary>The edge only leads to another test, while the other way out of its block leads to the target for certain.</summary>
    public bool IsIndirect(BranchEdge edge, BasicBlock target)
    {
        ImmutableArray<BranchEdge> deciders = Dependence.DecidersOf(target);
        int opposite = deciders.IndexOf(new BranchEdge(edge.Block, !edge.IsConditional));
        return opposite >= 0 && opposite < deciders.IndexOf(edge);
    }

    /// <summary>Tests of a capability that decide whether the event is for nothing: one outcome makes its amount a constant zero.</summary>
    public IEnumerable<(BranchEdge Edge, CapabilityValue Condition)> AmountDecidersOf(AccountingEvent e, Origins origins)
    {
        if (e.Amount is not { } amount) yield break;
        while (Origins.Unwrapped(amount) is IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus } minus) amount = minus.Operand;
        ImmutableArray<(IOperation Value, BasicBlock? Block)> values = origins.Of(amount);
        if (!values.Any(static v => IsZero(v.Value))) yield break;
        foreach ((IOperation value, BasicBlock? block) in values)
        {
            if (block is null || IsZero(value)) continue;
            foreach ((BranchEdge, CapabilityValue) decider in DecidersOf(block)) yield return decider;
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
            case IParameterReferenceOperation parameter:
                return _locals.TryGetValue(parameter.Parameter, out CapabilityValue? handed) ? handed : null;
            case IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke, Instance: { } called }:
                return ValueOf(called) is { } delegated ? delegated with { Check = operation } : null;
            case IDelegateCreationOperation created:
                return ValueOf(created.Target);
            case IFlowAnonymousFunctionOperation lambda:
                if (_lambdas.TryGetValue(lambda.Syntax, out CapabilityValue? returned)) return returned;
                return _lambdas[lambda.Syntax] = new CapabilityFlow(_graph.GetAnonymousFunctionControlFlowGraph(lambda), _summary).Returned();
            case IMethodReferenceOperation reference:
                return _summary(reference.Method);
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
                    ?? Compared(test.RightOperand, test.LeftOperand, test.OperatorKind == BinaryOperatorKind.Equals)
                    ?? Chosen(test.LeftOperand, test.RightOperand, test.OperatorKind == BinaryOperatorKind.Equals);
            case IIsPatternOperation { Pattern: IConstantPatternOperation constant } pattern:
                return Compared(pattern.Value, constant.Value, isEqual: true);
            case IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IConstantPatternOperation constant } } pattern:
                return Compared(pattern.Value, constant.Value, isEqual: false);
            case IIsPatternOperation { Pattern: INegatedPatternOperation { Pattern: IRecursivePatternOperation properties } }:
                return InProperties(properties)?.Negated;
            case IIsPatternOperation { Pattern: IRecursivePatternOperation properties }:
                return InProperties(properties);
            default:
                return null;
        }
    }

    /// <summary>What <c>{ IsElevated: true }</c> says when it matches.</summary>
    private CapabilityValue? InProperties(IRecursivePatternOperation pattern)
    {
        foreach (IPropertySubpatternOperation property in pattern.PropertySubpatterns)
        {
            if (property.Pattern is IConstantPatternOperation constant && Compared(property.Member, constant.Value, isEqual: true) is { } answer) return answer;
            if (property.Pattern is IRecursivePatternOperation inner && InProperties(inner) is { } nested) return nested;
        }

        return null;
    }

    /// <summary>A user id of zero is root's; a bool compared with a constant is itself or its negation.</summary>
    private CapabilityValue? Compared(IOperation value, IOperation expectation, bool isEqual)
    {
        IOperation constant = Origins.Unwrapped(expectation);
        if (!constant.ConstantValue.HasValue || ValueOf(value) is not { } answer) return null;
        return constant.ConstantValue.Value switch
        {
            bool expected => expected == isEqual ? answer : answer.Negated,
            _ when IsZero(constant) => isEqual ? answer : answer.Negated,
            _ => answer with { WhenTrue = Polarity.Mixed },
        };
    }

    /// <summary>A mode that was chosen by an answer carries the answer: what it is compared with is one of the constants that it was given.</summary>
    private CapabilityValue? Chosen(IOperation mode, IOperation expectation, bool isEqual)
    {
        if (expectation.ConstantValue is not { HasValue: true, Value: { } expected } || mode is not (ILocalReferenceOperation or IFlowCaptureReferenceOperation)) return null;
        ImmutableArray<(IOperation Value, BasicBlock? Block)> values = (_origins ??= new Origins(_graph)).Of(mode);
        if (values.Length < 2 || values.Any(static v => v.Block is null || !v.Value.ConstantValue.HasValue) || _choices == MaxChoices) return null;
        _choices++;
        try
        {
            foreach ((IOperation value, BasicBlock? block) in values)
            {
                if (!expected.Equals(value.ConstantValue.Value)) continue;
                foreach ((BranchEdge edge, CapabilityValue condition) in DecidersOf(block!))
                {
                    Polarity here = OnEdge(edge, condition);
                    return condition with { WhenTrue = isEqual ? here : CapabilityValue.Not(here) };
                }
            }

            return null;
        }
        finally
        {
            _choices--;
        }
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
                    else if (part is IDeconstructionAssignmentOperation { Target: ITupleOperation targets } several)
                    {
                        // `(bool root, long n) = (IsPrivileged, 3)`
                        ITupleOperation? values = Origins.Unwrapped(several.Value) as ITupleOperation;
                        for (int i = 0; i < targets.Elements.Length; i++)
                        {
                            if ((targets.Elements[i] is IDeclarationExpressionOperation declared ? declared.Expression : targets.Elements[i]) is not ILocalReferenceOperation { Local: { } taken }) continue;
                            if (values?.Elements.Length == targets.Elements.Length && ValueOf(values.Elements[i]) is { } held) locals[taken] = Merge(locals.TryGetValue(taken, out CapabilityValue? old) ? old : null, held);
                            else others.Add(taken);
                        }
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
