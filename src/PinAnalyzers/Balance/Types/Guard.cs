using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Balance.Races;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

/// <summary>One thing that decides whether a call runs: something that is asked, and the answer that leads there.</summary>
/// <param name="What">The field, property, method, parameter or local that answers.</param>
/// <param name="Answer">Which answer.</param>
/// <param name="Text">As it is written, for messages.</param>
internal readonly record struct Guard(ISymbol What, bool Answer, string Text)
{
    /// <summary>Handed in by whoever calls, and so not the type's own decision.</summary>
    public bool IsFromCaller => What is IParameterSymbol or ILocalSymbol;

    public bool Equals(Guard other) => Answer == other.Answer && SymbolEqualityComparer.Default.Equals(What, other.What);

    public override int GetHashCode() => SymbolEqualityComparer.Default.GetHashCode(What);

    private static readonly ImmutableHashSet<string> StateNames = ImmutableHashSet.Create(
        "Remove", "TryRemove", "TryGetValue", "ContainsKey", "Contains", "Add", "TryAdd", "TryDequeue", "TryPop", "TryTake", "TryPeek", "Any", "All", "Exchange", "CompareExchange", "MoveNext",
        "MoveNextAsync", "Equals", "ReferenceEquals", "IsNullOrEmpty", "IsNullOrWhiteSpace", "HasFlag", "TryParse", "Read", "IsAllocated", "IsInvalid", "IsClosed", "HasValue", "IsCompleted", "IsCancellationRequested",
        "IsEmpty", "IsAddingCompleted", "IsEntered", "IsSet");

    /// <summary>All that decides a block, in normal form: negations turned into answers, locals into what they were given. Null tests, comparisons and states of collections are no decisions.</summary>
    /// <param name="block">What is decided.</param>
    /// <param name="dependence">By what.</param>
    /// <param name="member">The body.</param>
    /// <param name="asksState">Something else is asked too: a count, a collection, a reference.</param>
    public static ImmutableHashSet<Guard> Of(BasicBlock block, ControlDependence dependence, TypeMember member, out bool asksState)
    {
        asksState = false;
        ImmutableHashSet<Guard>.Builder guards = ImmutableHashSet.CreateBuilder<Guard>();
        foreach (BranchEdge edge in dependence.DecidersOf(block))
        {
            if (edge.Block.BranchValue is not { } condition) continue;
            if (From(condition, edge.IsConditional == (edge.Block.ConditionKind == ControlFlowConditionKind.WhenTrue), member) is { } guard) guards.Add(guard);
            else asksState = true;
        }

        return guards.ToImmutable();
    }

    private static Guard? From(IOperation condition, bool answer, TypeMember member, int depth = 0)
    {
        switch (condition)
        {
            case IParenthesizedOperation parenthesized:
                return From(parenthesized.Operand, answer, member, depth);
            case IConversionOperation { OperatorMethod: null } conversion:
                return From(conversion.Operand, answer, member, depth);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } not:
                return From(not.Operand, !answer, member, depth);
            case IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool wanted } } } pattern:
                return From(pattern.Value, answer == wanted, member, depth);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, RightOperand.ConstantValue: { HasValue: true, Value: bool wanted } } test:
                return From(test.LeftOperand, answer == (wanted == (test.OperatorKind == BinaryOperatorKind.Equals)), member, depth);
            case ILocalReferenceOperation local:
                List<IOperation> values = FieldReading.ValuesOf(local.Local, member).ToList();
                return values.Count == 1 && depth < 3 && values[0].ConstantValue is { HasValue: false } && From(values[0], answer, member, depth + 1) is { } resolved ? resolved : new Guard(local.Local, answer, local.Local.Name);
            case IParameterReferenceOperation parameter:
                return new Guard(parameter.Parameter, answer, parameter.Parameter.Name);
            case IFieldReferenceOperation field:
                return Make(field.Field, field, answer);
            case IPropertyReferenceOperation { Property.IsIndexer: false } property:
                return Make(property.Property, property, answer);
            case IInvocationOperation call:
                return Make(call.TargetMethod, call, answer);
            default:
                return null;
        }
    }

    private static Guard? Make(ISymbol symbol, IOperation at, bool answer) =>
        at.Type?.SpecialType == SpecialType.System_Boolean && !StateNames.Contains(symbol.Name) ? new Guard(symbol.OriginalDefinition, answer, (answer ? "" : "!") + symbol.Name) : null;
}
