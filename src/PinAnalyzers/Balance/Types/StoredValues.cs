using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

/// <summary>
/// What in a body may be what a field holds. Values are followed through copies, elements, patterns and lambdas without regard to order: what may be
/// the field's value counts as it, so that a release is rather seen twice than missed.
/// </summary>
internal sealed class StoredValues
{
    public static readonly ImmutableHashSet<string> PassingTypes = ImmutableHashSet.Create("Interlocked", "Volatile", "Unsafe", "MemoryMarshal", "Enumerable", "CollectionsMarshal");

    private readonly IPairCatalog _catalog;
    private readonly ISymbol _storage;
    private readonly ImmutableHashSet<ISymbol> _readers;

    /// <summary>Variables that may hold the value, and where it was read into them.</summary>
    private readonly Dictionary<ISymbol, int> _variables = new(SymbolEqualityComparer.Default);

    /// <param name="catalog">The pairs.</param>
    /// <param name="storage">The field.</param>
    /// <param name="readers">Properties and methods of the type that return it.</param>
    /// <param name="member">The body.</param>
    public StoredValues(IPairCatalog catalog, ISymbol storage, ImmutableHashSet<ISymbol> readers, TypeMember member)
    {
        _catalog = catalog;
        _storage = storage;
        _readers = readers;
        int before;
        do
        {
            before = _variables.Count;
            foreach (IOperation operation in member.Operations) Spread(operation);
        }
        while (_variables.Count > before);
    }

    public bool IsStorage(IOperation operation) => StoredCharges.StorageOf(operation) is { } storage && SymbolEqualityComparer.Default.Equals(storage, _storage);

    /// <summary>Where what a use is made of was read: of a variable, where it was put into it.</summary>
    public int ReadAt(IOperation use)
    {
        int last = -1;
        foreach (IOperation part in (use is IUsingOperation { Resources: var resources } ? resources : use).DescendantsAndSelf())
        {
            if (part is ILocalReferenceOperation { Local: var local } && _variables.TryGetValue(local, out int read)) last = Math.Max(last, read);
            else if (IsStorage(part)) last = Math.Max(last, part.Syntax.SpanStart);
            else if (part is IConditionalAccessInstanceOperation instance && AccessedBy(instance) is { } accessed) last = Math.Max(last, ReadAt(accessed));
        }

        return last < 0 ? use.Syntax.SpanStart : last;
    }

    private void Spread(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation declarator when IsDerived(declarator.GetVariableInitializer()?.Value):
                Add(declarator.Symbol, declarator.GetVariableInitializer()!.Value);
                break;
            case IAssignmentOperation { Target: ILocalReferenceOperation local } assignment when IsDerived(assignment.Value):
                Add(local.Local, assignment.Value);
                break;
            case IDeconstructionAssignmentOperation deconstruction when IsDerived(deconstruction.Value):
                AddLocalsIn(deconstruction.Target, deconstruction.Value);
                break;
            case IForEachLoopOperation loop when IsDerived(loop.Collection):
                foreach (ILocalSymbol local in loop.Locals) Add(local, loop.Collection);
                AddLocalsIn(loop.LoopControlVariable, loop.Collection);
                break;
            case IIsPatternOperation pattern when IsDerived(pattern.Value):
                AddDeclaredIn(pattern.Pattern, pattern.Value);
                break;
            case ISwitchExpressionOperation choice when IsDerived(choice.Value):
                foreach (ISwitchExpressionArmOperation arm in choice.Arms) AddDeclaredIn(arm.Pattern, choice.Value);
                break;
            case ISwitchOperation choice when IsDerived(choice.Value):
                AddDeclaredIn(choice, choice.Value);
                break;
            case IInvocationOperation call when call.Instance is { } instance && IsDerived(instance) || call.TargetMethod.IsStatic && call.Arguments.Any(a => IsDerived(a.Value)):
                foreach (IArgumentOperation argument in call.Arguments)
                {
                    if (argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref) AddLocalsIn(argument.Value, call);
                    if (LambdaIn(argument.Value) is not { } lambda) continue;
                    foreach (IParameterSymbol parameter in lambda.Symbol.Parameters) Add(parameter, call);
                }

                break;
        }
    }

    private static IAnonymousFunctionOperation? LambdaIn(IOperation value) => value switch
    {
        IDelegateCreationOperation creation => creation.Target as IAnonymousFunctionOperation,
        IConversionOperation conversion => LambdaIn(conversion.Operand),
        _ => value as IAnonymousFunctionOperation,
    };

    private void Add(ISymbol variable, IOperation value)
    {
        int read = ReadAt(value);
        if (!_variables.TryGetValue(variable, out int known) || known < read) _variables[variable] = read;
    }

    private void AddLocalsIn(IOperation? target, IOperation value)
    {
        foreach (IOperation part in target?.DescendantsAndSelf() ?? [])
        {
            if (part is ILocalReferenceOperation local) Add(local.Local, value);
            else if (part is IVariableDeclaratorOperation declarator) Add(declarator.Symbol, value);
        }
    }

    private void AddDeclaredIn(IOperation pattern, IOperation value)
    {
        foreach (IOperation part in pattern.DescendantsAndSelf())
        {
            ISymbol? declared = part switch
            {
                IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
                IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
                _ => null,
            };
            if (declared is not null) Add(declared, value);
        }
    }

    /// <summary>The value may be what the field holds, an element of it, or something that it was reached through.</summary>
    public bool IsDerived(IOperation? operation)
    {
        // By kind: this is asked of every operation of every member that mentions the field.
        switch (operation?.Kind)
        {
            case null or OperationKind.Literal:
                return false;
            case OperationKind.FieldReference or OperationKind.PropertyReference or OperationKind.EventReference or OperationKind.MethodReference:
                return IsStorage(operation) || _readers.Contains(((IMemberReferenceOperation)operation).Member.OriginalDefinition) || (((IMemberReferenceOperation)operation).Instance is { } instance && IsDerived(instance));
            case OperationKind.LocalReference:
                return _variables.ContainsKey(((ILocalReferenceOperation)operation).Local);
            case OperationKind.ParameterReference:
                return _variables.ContainsKey(((IParameterReferenceOperation)operation).Parameter);
            case OperationKind.Conversion:
                return IsDerived(((IConversionOperation)operation).Operand);
            case OperationKind.ConditionalAccess:
                IConditionalAccessOperation access = (IConditionalAccessOperation)operation;
                return IsDerived(access.WhenNotNull) || IsDerived(access.Operation);
            case OperationKind.ConditionalAccessInstance:
                return IsDerived(AccessedBy((IConditionalAccessInstanceOperation)operation));
            case OperationKind.Conditional:
                IConditionalOperation conditional = (IConditionalOperation)operation;
                return IsDerived(conditional.WhenTrue) || IsDerived(conditional.WhenFalse);
            case OperationKind.SimpleAssignment or OperationKind.CompoundAssignment or OperationKind.CoalesceAssignment or OperationKind.DeconstructionAssignment:
                return IsDerived(((IAssignmentOperation)operation).Value);
            case OperationKind.Invocation:
                IInvocationOperation call = (IInvocationOperation)operation;
                if (call.Instance is { } receiver && IsDerived(receiver) || _readers.Contains(call.TargetMethod.OriginalDefinition)) return true;
                return (call.TargetMethod.IsExtensionMethod || PassingTypes.Contains(call.TargetMethod.ContainingType?.SystemName ?? "") || _catalog.TryGetPassThrough(call.TargetMethod, out _))
                    && call.Arguments.Any(a => IsDerived(a.Value));
            case OperationKind.ObjectCreation when operation.Type is INamedTypeSymbol type:
                return type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr && ((IObjectCreationOperation)operation).Arguments.Any(a => IsDerived(a.Value));
            case OperationKind.ArrayElementReference:
                return IsDerived(((IArrayElementReferenceOperation)operation).ArrayReference);
            case OperationKind.Binary or OperationKind.Unary or OperationKind.IsPattern or OperationKind.IsType or OperationKind.AnonymousFunction or OperationKind.DelegateCreation or OperationKind.NameOf or OperationKind.SizeOf:
                return false;
            default:
                return operation.ChildOperations.Any(IsDerived);
        }
    }

    private static IOperation? AccessedBy(IConditionalAccessInstanceOperation instance)
    {
        for (IOperation? outer = instance.Parent, inner = instance; outer is not null; inner = outer, outer = outer.Parent)
        {
            if (outer is IConditionalAccessOperation access && access.WhenNotNull == inner) return access.Operation;
        }

        return null;
    }
}
