using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

internal enum StorageUse : byte
{
    Released,

    /// <summary>Somebody else may release it now.</summary>
    HandedOn,
}

/// <summary>
/// What a body does with what a field holds. Values are followed through copies, elements, patterns and lambdas without regard to order: what may be
/// the field's value counts as it, so that a release is rather seen twice than missed.
/// </summary>
internal sealed class StorageUses
{
    private static readonly ImmutableHashSet<string> PassingTypes = ImmutableHashSet.Create("Interlocked", "Volatile", "Unsafe", "MemoryMarshal", "Enumerable", "CollectionsMarshal");

    private readonly BalanceContext _context;
    private readonly ISymbol _storage;
    private readonly Pair _pair;
    private readonly TypeMember _member;
    private readonly ImmutableHashSet<ISymbol> _readers;

    /// <summary>Variables that may hold the value, and where it was read into them.</summary>
    private readonly Dictionary<ISymbol, int> _variables = new(SymbolEqualityComparer.Default);
    private readonly bool _isEmptied;

    /// <param name="context">The pairs.</param>
    /// <param name="storage">The field.</param>
    /// <param name="pair">What it holds.</param>
    /// <param name="readers">Properties and methods of the type that return it.</param>
    /// <param name="member">The body.</param>
    public StorageUses(BalanceContext context, ISymbol storage, Pair pair, ImmutableHashSet<ISymbol> readers, TypeMember member)
    {
        _context = context;
        _storage = storage;
        _pair = pair;
        _readers = readers;
        _member = member;
        int before;
        do
        {
            before = _variables.Count;
            foreach (IOperation operation in member.Operations) Spread(operation);
        }
        while (_variables.Count > before);
        _isEmptied = member.Operations.Any(IsEmptying);
    }

    public IEnumerable<(IOperation At, StorageUse Use)> Find()
    {
        foreach (IOperation operation in _member.Operations)
        {
            if (UseIn(operation) is { } use) yield return (operation, use);
        }
    }

    /// <summary>The body hands out the value as it is.</summary>
    public bool Returns => _member.Operations.Any(operation => operation is IReturnOperation { ReturnedValue: { } value } && IsDerived(value));

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

    private StorageUse? UseIn(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call:
                return UseByCall(call);
            case IObjectCreationOperation { Type: INamedTypeSymbol type } creation when creation.Arguments.Any(a => IsDerived(a.Value)):
                return Effects.IsView(type) ? null : StorageUse.HandedOn;
            case IUsingOperation { Resources: var resources } when IsDerived(resources) || resources is ISimpleAssignmentOperation { Target: var used } && IsStorage(used):
            case IUsingDeclarationOperation { DeclarationGroup: var group } when group.Descendants().Any(o => o is IVariableInitializerOperation initializer && IsDerived(initializer.Value)):
                return StorageUse.Released;
            case IReturnOperation { ReturnedValue: { } value } when IsDerived(value):
                return IsGivenAway(value) ? StorageUse.HandedOn : null;
            case IAssignmentOperation assignment when IsDerived(assignment.Value) && !IsDerived(assignment.Target) && assignment.Target is not ILocalReferenceOperation and not IDiscardOperation:
                return IsKept(assignment) ? StorageUse.HandedOn : null;
            case IMethodReferenceOperation reference when reference.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation call } } && (call.Instance is { } on && IsDerived(on) || call.Arguments.Any(a => IsDerived(a.Value))):
                return IsReleaseOfPair(reference.Method) || _context.Summaries.MayRelease(reference.Method) ? StorageUse.Released : null;
            case IMethodReferenceOperation { Instance: { } bound } reference when IsDerived(bound) && IsReleaseOfPair(reference.Method):
                return StorageUse.Released;
            default:
                return null;
        }
    }

    private StorageUse? UseByCall(IInvocationOperation call)
    {
        foreach (ReleaseSpec release in _context.Catalog.ReleasesOf(call.TargetMethod, StoredCharges.Unconverted(call.Instance)?.Type))
        {
            if (!IsSameAccount(release.Pair)) continue;
            IOperation? identity = release.Identity.Place switch
            {
                ValuePlace.Receiver => call.Instance,
                ValuePlace.Argument => StoredCharges.ArgumentAt(call, release.Identity.Ordinal),
                _ => null,
            };
            if (IsDerived(identity) || !_pair.HasToken && !IsAnotherField(identity)) return !release.IsMove ? StorageUse.Released : ComesBack(call) ? null : StorageUse.HandedOn;
        }

        if (call.Instance is { } receiver && IsDerived(receiver) && ReleaseNames.Default.Contains(call.TargetMethod.Name)) return StorageUse.Released;
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter && IsDerived(argument.Value) && HandsOn(call, argument, parameter)) return StorageUse.HandedOn;
        }

        return null;
    }

    /// <summary>The duty moves to the call's result, which is put where it was.</summary>
    private bool ComesBack(IOperation moved)
    {
        IOperation value = moved;
        while (value.Parent is IConversionOperation or IParenthesizedOperation) value = value.Parent;
        return value.Parent switch
        {
            ISimpleAssignmentOperation assignment when assignment.Value == value && IsStorage(assignment.Target) => true,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } => IsPutBack(local),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => IsPutBack(local),
            _ => false,
        };
    }

    private bool IsPutBack(ILocalSymbol local) => _member.Operations.Any(operation => operation is ISimpleAssignmentOperation assignment && IsStorage(assignment.Target)
        && StoredCharges.Unconverted(assignment.Value) is ILocalReferenceOperation { Local: var put } && SymbolEqualityComparer.Default.Equals(put, local));

    private bool IsReleaseOfPair(IMethodSymbol method) => _context.Catalog.ReleasesOf(method, method.ContainingType).Any(release => IsSameAccount(release.Pair));

    /// <summary>The wrong family is another rule's finding; here the release was meant.</summary>
    private bool IsSameAccount(Pair pair) => ReferenceEquals(pair, _pair) || pair.ConfusionGroup is { } group && group == _pair.ConfusionGroup;

    private bool IsAnotherField(IOperation? identity) => StoredCharges.StorageOf(identity) is { } other && !SymbolEqualityComparer.Default.Equals(other, _storage);

    private bool HandsOn(IInvocationOperation call, IArgumentOperation argument, IParameterSymbol parameter)
    {
        IMethodSymbol method = call.TargetMethod;
        if (PassingTypes.Contains(method.ContainingType?.Name ?? "")) return false;
        if (_context.Catalog.TakesObligation(parameter) || parameter.RefKind == RefKind.Ref && _pair.HasToken) return true;
        if (_context.Summaries.HasBody(method))
        {
            if (method.IsVirtual || method.IsOverride || _context.Summaries.MayRelease(method)) return true;
            return _pair.HasToken && Stores(method, parameter);
        }

        if (method.IsAbstract && !method.DeclaringSyntaxReferences.IsEmpty || method.MethodKind == MethodKind.DelegateInvoke) return true;
        if (!_pair.HasToken) return false;
        if (IsNamedForRelease(method.Name) || StoredCharges.IsAdding(method)) return true;
        if (_context.Catalog.TryGetPassThrough(method, out _)) return false;
        ITypeSymbol? type = StoredCharges.Unconverted(argument.Value)?.Type;
        // Native code and threads get a handle as a number or an object, and give it back in a callback.
        if (_pair.Family == PairFamily.GCHandle && type is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr or SpecialType.System_Int64 } or { TypeKind: TypeKind.Pointer }) return IsHandleNumber(argument.Value);
        return type is { IsReferenceType: true, TypeKind: not TypeKind.Array } && !IsCollection(type) && !method.IsExtensionMethod;
    }

    private bool Stores(IMethodSymbol method, IParameterSymbol parameter)
    {
        if (method.MethodKind == MethodKind.LocalFunction) return true;
        ControlFlowGraph? graph = BodyGraphs.Create(method.OriginalDefinition, _context.Compilation, _context.Cancellation);
        return graph is null || _context.Summaries.EffectOn(method, _pair, PlaceKey.OfParameter(parameter.OriginalDefinition), graph, SummaryScope.ForBody()) != CalleeEffect.Uses;
    }

    private static bool IsNamedForRelease(string name)
    {
        foreach (string word in ReleaseWords)
        {
            if (name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0) return true;
        }

        return false;
    }

    private static readonly ImmutableArray<string> ReleaseWords = ImmutableArray.Create("free", "release", "dispose", "close", "destroy", "delete", "unmap", "unpin", "unlock", "return");

    private static bool IsHandleNumber(IOperation value) => value.DescendantsAndSelf().Any(static o =>
        o is IInvocationOperation { TargetMethod.Name: "ToIntPtr" } or IConversionOperation { OperatorMethod.ContainingType.Name: "GCHandle" });

    private static bool IsCollection(ITypeSymbol type) => type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_Collections_IEnumerable);

    /// <summary>Returned and not kept: the field is cleared in the same body, or the value was exchanged out of it. An object that disposes itself is the caller's to dispose wherever a method returns it.</summary>
    private bool IsGivenAway(IOperation value)
    {
        if (_isEmptied || _member.Operations.Any(static o => o.Kind == OperationKind.YieldReturn)) return true;
        if (value.DescendantsAndSelf().Any(static o => o is IInvocationOperation { TargetMethod.ContainingType.Name: "Interlocked" })) return true;
        return StoredCharges.Unconverted(value)?.Type is { IsReferenceType: true, TypeKind: not TypeKind.Array } && _member.Symbol is IMethodSymbol { MethodKind: not MethodKind.PropertyGet };
    }

    /// <summary>A sum or a span made of the value keeps nothing, and is no derived value in the first place.</summary>
    private static bool IsKept(IAssignmentOperation assignment) => assignment.Target switch
    {
        { Type.IsRefLikeType: true } => false,
        IFieldReferenceOperation or IArrayElementReferenceOperation or IParameterReferenceOperation => true,
        IPropertyReferenceOperation property => property.Property.SetMethod is not null || property.Property.IsIndexer,
        _ => assignment.Target.Kind == OperationKind.None,
    };

    /// <summary>The field gets a value that is no charge, or loses an element.</summary>
    private bool IsEmptying(IOperation operation) => operation switch
    {
        ISimpleAssignmentOperation assignment => IsStorage(assignment.Target) && (assignment.Value.ConstantValue.HasValue || StoredCharges.Unconverted(assignment.Value) is IDefaultValueOperation or ILiteralOperation or IFieldReferenceOperation { Field.IsStatic: true }),
        IInvocationOperation { Instance: { } instance, TargetMethod.Name: "Remove" or "TryRemove" or "Dequeue" or "TryDequeue" or "Pop" or "TryPop" or "TryTake" or "Clear" or "RemoveAt" } => IsDerived(instance),
        _ => false,
    };

    private bool IsStorage(IOperation operation) => StoredCharges.StorageOf(operation) is { } storage && SymbolEqualityComparer.Default.Equals(storage, _storage);

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
    private bool IsDerived(IOperation? operation)
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
                return (call.TargetMethod.IsExtensionMethod || PassingTypes.Contains(call.TargetMethod.ContainingType?.Name ?? "") || _context.Catalog.TryGetPassThrough(call.TargetMethod, out _))
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
