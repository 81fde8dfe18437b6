using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

/// <summary>A place that a charge is put in: a field or an auto-property, or one of its elements.</summary>
/// <param name="Storage">The field or property.</param>
/// <param name="IsElement">It is a collection.</param>
/// <param name="At">What puts it there; null where the charge itself does.</param>
internal readonly record struct StoredPlace(ISymbol Storage, bool IsElement, IOperation? At);

/// <summary>A charge that a field or an auto-property receives, itself or among its elements.</summary>
internal sealed record StoredCharge(StoredPlace Place, ChargeSpec Spec, IOperation Charge, TypeMember Member)
{
    public ISymbol Storage => Place.Storage;

    public bool IsElement => Place.IsElement;

    /// <summary>What puts it there.</summary>
    public IOperation At => Place.At ?? Charge;

    public Pair Pair => Spec.Pair;
}

/// <summary>Finds the charges of a body that end in fields: assigned, added to a collection, exchanged into place, or known by a receiver that is a field.</summary>
internal sealed class StoredCharges(BalanceContext context, TypeMember member)
{
    private readonly HashSet<ISymbol> _followed = new(SymbolEqualityComparer.Default);
    private readonly List<StoredPlace> _found = [];
    private ControlFlowGraph? _graph;
    private bool _isReturned;

    public IEnumerable<StoredCharge> Find()
    {
        foreach (IOperation operation in member.Operations)
        {
            foreach (ChargeSpec spec in ChargesOf(operation))
            {
                if (spec.Pair.AnyoneMayRelease || !context.Catalog.IsTracked(spec.Pair, operation.Syntax.SyntaxTree)) continue;
                foreach (StoredPlace place in StoragesOf(operation, spec)) yield return new StoredCharge(place, spec, operation, member);
            }
        }
    }

    /// <summary>The field or auto-property that an expression names, or null.</summary>
    public static ISymbol? StorageOf(IOperation? operation) => operation switch
    {
        IFieldReferenceOperation { Field.AssociatedSymbol: IPropertySymbol property } => property.OriginalDefinition,
        IFieldReferenceOperation field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation { Property: { IsIndexer: false } property } when !property.DeclaringSyntaxReferences.IsEmpty && property.OriginalDefinition.IsAutoProperty() => property.OriginalDefinition,
        IConversionOperation conversion => StorageOf(conversion.Operand),
        IParenthesizedOperation parenthesized => StorageOf(parenthesized.Operand),
        _ => null,
    };

    private IEnumerable<ChargeSpec> ChargesOf(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call:
                var own = context.Catalog.ChargesOf(call.TargetMethod, Unconverted(call.Instance)?.Type);
                return own.IsEmpty ? DerivedChargesOf(call) : own.Where(spec => Applies(spec, call));
            case IObjectCreationOperation { Constructor: { } constructor }:
                return context.Catalog.ChargesOf(constructor);
            default:
                return [];
        }
    }

    /// <summary>A source method that hands out a fresh token is asked only where its result is kept.</summary>
    private IEnumerable<ChargeSpec> DerivedChargesOf(IInvocationOperation call)
    {
        if (!context.Summaries.MayCharge(call.TargetMethod) || !context.Catalog.ReleasesOf(call.TargetMethod).IsEmpty || StoragesOfValue(call).Count == 0) return [];
        _graph ??= BodyGraphs.Create(member.Body, member.Model, context.Cancellation);
        if (_graph is null) return [];
        return context.Summaries.ChargesOf(call.TargetMethod, _graph, SummaryScope.ForBody()).Where(static derived => derived.Place is null && derived.Spec.Pair.HasToken).Select(static derived => derived.Spec);
    }

    private static bool Applies(ChargeSpec spec, IInvocationOperation call)
    {
        if (spec.Condition is not { } condition) return true;
        return ArgumentAt(call, condition.Ordinal)?.ConstantValue is { HasValue: true, Value: IConvertible value } && condition.Holds(value.ToInt64(null));
    }

    private List<StoredPlace> StoragesOf(IOperation charge, ChargeSpec spec)
    {
        switch (spec.Identity.Place)
        {
            case ValuePlace.Result:
                return StoragesOfValue(charge);
            case ValuePlace.Receiver:
                return StoragesOfOwner((charge as IInvocationOperation)?.Instance);
            case ValuePlace.Argument:
                return StoragesOfOwner(ArgumentAt(charge, spec.Identity.Ordinal));
            default:
                return [];
        }
    }

    private List<StoredPlace> StoragesOfValue(IOperation value)
    {
        Start();
        Follow(value);

        // Who gets it returned owes it; the field only keeps track.
        return _isReturned ? [] : [.. _found];
    }

    /// <summary>What is named by the call is kept where the name stands for a field, or for a variable that is put into one.</summary>
    private List<StoredPlace> StoragesOfOwner(IOperation? owner)
    {
        Start();
        if (NeverReturns) return [];
        owner = Unconverted(owner);
        switch (owner)
        {
            case IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared }:
                FollowVariable(declared.Local);
                break;
            case ILocalReferenceOperation local:
                FollowVariable(local.Local);
                break;
            case IParameterReferenceOperation parameter:
                FollowVariable(parameter.Parameter);
                break;
            default:
                Store(owner, isElement: false, at: null);
                break;
        }

        return [.. _found];
    }

    /// <summary>A service that holds a lock while it loops for ever leaves nothing behind.</summary>
    private bool NeverReturns => (_graph ??= BodyGraphs.Create(member.Body, member.Model, context.Cancellation)) is { Blocks: var blocks } && !blocks[blocks.Length - 1].IsReachable;

    private void Start()
    {
        _followed.Clear();
        _found.Clear();
        _isReturned = false;
    }

    /// <summary>Climbs from a value to what becomes of it.</summary>
    private void Follow(IOperation value)
    {
        IOperation current = value;
        bool isStored = false;
        while (current.Parent is { } parent)
        {
            switch (parent)
            {
                case IConversionOperation or IParenthesizedOperation or IAwaitOperation or ICoalesceOperation or ISwitchExpressionArmOperation or ISwitchExpressionOperation:
                case IConditionalOperation conditional when conditional.Condition != current:
                    current = parent;
                    continue;
                case IArgumentOperation { Parent: IInvocationOperation call } argument:
                    if (context.Catalog.TryGetPassThrough(call.TargetMethod, out int ordinal) && ordinal == argument.Parameter?.Ordinal)
                    {
                        current = call;
                        continue;
                    }

                    StoreByCall(call, argument);
                    return;
                case IArgumentOperation { Parent: IObjectCreationOperation { Constructor: { } constructor } creation } when context.Catalog.TryGetPassThrough(constructor, out _):
                    current = creation;
                    continue;
                case IInvocationOperation call when call.Instance == current && context.Catalog.TryGetPassThrough(call.TargetMethod, out int through) && through < 0:
                    current = call;
                    continue;
                case ISimpleAssignmentOperation assignment when assignment.Value == current:
                    StoreTo(assignment.Target, assignment);
                    isStored = true;
                    current = parent;
                    continue;
                case ICoalesceAssignmentOperation assignment when assignment.Value == current:
                    StoreTo(assignment.Target, assignment);
                    isStored = true;
                    current = parent;
                    continue;
                case ITupleOperation tuple when TakerOf(tuple, current) is { } taker:
                    StoreTo(taker, tuple);
                    return;
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                    FollowVariable(declarator.Symbol);
                    return;
                case IFieldInitializerOperation initializer:
                    foreach (IFieldSymbol field in initializer.InitializedFields) _found.Add(new StoredPlace(field.OriginalDefinition, false, initializer));
                    return;
                case IPropertyInitializerOperation initializer:
                    foreach (IPropertySymbol property in initializer.InitializedProperties) _found.Add(new StoredPlace(property.OriginalDefinition, false, initializer));
                    return;
                case IReturnOperation:
                    _isReturned |= !isStored;
                    return;
                default:
                    return;
            }
        }
    }

    /// <summary><c>(a, b) = (x, y)</c>: what takes one of the values.</summary>
    private static IOperation? TakerOf(ITupleOperation values, IOperation value)
    {
        IOperation whole = values;
        while (whole.Parent is IConversionOperation) whole = whole.Parent;
        return whole.Parent is IDeconstructionAssignmentOperation { Target: ITupleOperation targets } assignment && assignment.Value == whole && values.Elements.IndexOf(value) is var at and >= 0 && at < targets.Elements.Length
            ? targets.Elements[at]
            : null;
    }

    private void FollowVariable(ISymbol variable)
    {
        if (!_followed.Add(variable)) return;
        foreach (IOperation operation in member.Operations)
        {
            ISymbol? used = operation switch
            {
                ILocalReferenceOperation { IsDeclaration: false } local => local.Local,
                IParameterReferenceOperation parameter => parameter.Parameter,
                _ => null,
            };
            if (used is not null && SymbolEqualityComparer.Default.Equals(used, variable)) Follow(operation);
        }
    }

    private void StoreTo(IOperation target, IOperation at)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                FollowVariable(local.Local);
                break;
            case IArrayElementReferenceOperation element:
                Store(element.ArrayReference, isElement: true, at);
                break;
            case IPropertyReferenceOperation { Property.IsIndexer: true } element:
                Store(element.Instance, isElement: true, at);
                break;
            default:
                Store(target, isElement: false, at);
                break;
        }
    }

    private void StoreByCall(IInvocationOperation call, IArgumentOperation argument)
    {
        if (call.TargetMethod.ContainingType is { SystemName: "Interlocked" })
        {
            if (argument.Parameter?.Ordinal == 1) Store(call.Arguments[0].Value, isElement: false, call);
            return;
        }

        if (IsAdding(call.TargetMethod)) Store(call.Instance, isElement: true, call);
    }

    /// <summary>Collections of the framework; what a type of the program does with it, its own code says.</summary>
    public static bool IsAdding(IMethodSymbol method) =>
        method.Name is "Add" or "TryAdd" or "AddFirst" or "AddLast" or "Enqueue" or "Push" or "Insert" or "AddOrUpdate"
        && method.ContainingType is { DeclaringSyntaxReferences.IsEmpty: true } type
        && type.ContainingNamespace is { } space && (space.Name == "Collections" || space.ContainingNamespace is { Name: "Collections" });

    private void Store(IOperation? target, bool isElement, IOperation? at)
    {
        if (StorageOf(target) is { } storage && !(TypeOf(storage) is INamedTypeSymbol type && Effects.IsView(type) && type.SpecialType == SpecialType.None)) _found.Add(new StoredPlace(storage, isElement, at));
    }

    private static ITypeSymbol? TypeOf(ISymbol storage) => (storage as IFieldSymbol)?.Type ?? (storage as IPropertySymbol)?.Type;

    public static IOperation? ArgumentAt(IOperation call, int ordinal)
    {
        var arguments = call switch
        {
            IInvocationOperation invocation => invocation.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => default,
        };
        if (arguments.IsDefault) return null;
        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Parameter?.Ordinal == ordinal) return argument.Value;
        }

        return null;
    }

    public static IOperation? Unconverted(IOperation? operation)
    {
        while (operation is IConversionOperation { OperatorMethod: null } or IParenthesizedOperation)
            operation = operation is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)operation).Operand;
        return operation;
    }
}
