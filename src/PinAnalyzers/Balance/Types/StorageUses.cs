using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance.Types;

internal enum StorageUse : byte
{
    Released,

    /// <summary>Somebody else may release it now.</summary>
    HandedOn,
}

/// <summary>What a body does with what a field holds: gives it back, hands it on, or neither.</summary>
internal sealed class StorageUses
{
    private readonly BalanceContext _context;
    private readonly ISymbol _storage;
    private readonly Pair _pair;
    private readonly TypeMember _member;
    private readonly StoredValues _values;
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
        _member = member;
        _values = new StoredValues(context.Catalog, storage, readers, member);
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
    public bool Returns => _member.Operations.Any(operation => operation is IReturnOperation { ReturnedValue: { } value } && _values.IsDerived(value));

    public int ReadAt(IOperation use) => _values.ReadAt(use);

    private StorageUse? UseIn(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call:
                return UseByCall(call);
            case IObjectCreationOperation { Type: INamedTypeSymbol type } creation when creation.Arguments.Any(a => _values.IsDerived(a.Value)):
                return Effects.IsView(type) ? null : StorageUse.HandedOn;
            case IUsingOperation { Resources: var resources } when _values.IsDerived(resources) || resources is ISimpleAssignmentOperation { Target: var used } && _values.IsStorage(used):
            case IUsingDeclarationOperation { DeclarationGroup: var group } when group.Descendants().Any(o => o is IVariableInitializerOperation initializer && _values.IsDerived(initializer.Value)):
                return StorageUse.Released;
            case IReturnOperation { ReturnedValue: { } value } when _values.IsDerived(value):
                return IsGivenAway(value) ? StorageUse.HandedOn : null;
            case IAssignmentOperation assignment when _values.IsDerived(assignment.Value) && !_values.IsDerived(assignment.Target) && assignment.Target is not ILocalReferenceOperation and not IDiscardOperation:
                return IsKept(assignment) ? StorageUse.HandedOn : null;
            case IMethodReferenceOperation reference when reference.Parent is IDelegateCreationOperation { Parent: IArgumentOperation { Parent: IInvocationOperation call } } && (call.Instance is { } on && _values.IsDerived(on) || call.Arguments.Any(a => _values.IsDerived(a.Value))):
                return IsReleaseOfPair(reference.Method) || _context.Summaries.MayRelease(reference.Method) ? StorageUse.Released : null;
            case IMethodReferenceOperation { Instance: { } bound } reference when _values.IsDerived(bound) && IsReleaseOfPair(reference.Method):
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
            if (_values.IsDerived(identity) || !_pair.HasToken && !IsAnotherField(identity)) return !release.IsMove ? StorageUse.Released : ComesBack(call) ? null : StorageUse.HandedOn;
        }

        if (call.Instance is { } receiver && _values.IsDerived(receiver) && ReleaseNames.Default.Contains(call.TargetMethod.Name)) return StorageUse.Released;
        if (call.TargetMethod.IsInExtensionBlock() && _values.IsDerived(call.Instance) && (_context.Summaries.MayRelease(call.TargetMethod) || _pair.HasToken && Stores(call.TargetMethod, PlaceKey.This))) return StorageUse.HandedOn;
        if (_pair.HasToken && PassesWhole(call, _storage.ContainingType)) return StorageUse.HandedOn;
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is { } parameter && _values.IsDerived(argument.Value) && HandsOn(call, argument, parameter)) return StorageUse.HandedOn;
        }

        return null;
    }

    /// <summary>Native code gets the object as it lies in memory, with all that its fields hold: <c>PropVariantClear(this)</c>.</summary>
    public static bool PassesWhole(IOperation operation, INamedTypeSymbol owner) => operation is IInvocationOperation { TargetMethod: { } method } call && (method.IsExtern || NativeImports.IsGenerated(method)) && IsLaidOut(owner)
        && call.Arguments.Any(argument => StoredCharges.Unconverted(argument.Value) is IInstanceReferenceOperation { Type: var passed } && SymbolEqualityComparer.Default.Equals(passed, owner));

    /// <summary>The fields have places of their own that native code can know; a struct has them unless it says otherwise.</summary>
    public static bool IsLaidOut(INamedTypeSymbol type) => type.GetAttributes().FirstOrDefault(static a => a.AttributeClass?.Name == "StructLayoutAttribute") is { ConstructorArguments: { Length: 1 } layout }
        ? layout[0].Value is not ((int)System.Runtime.InteropServices.LayoutKind.Auto)
        : type.TypeKind == TypeKind.Struct;

    /// <summary>The duty moves to the call's result, which is put where it was.</summary>
    private bool ComesBack(IOperation moved)
    {
        IOperation value = moved;
        while (value.Parent is IConversionOperation or IParenthesizedOperation) value = value.Parent;
        return value.Parent switch
        {
            ISimpleAssignmentOperation assignment when assignment.Value == value && _values.IsStorage(assignment.Target) => true,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } => IsPutBack(local),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local } } => IsPutBack(local),
            _ => false,
        };
    }

    private bool IsPutBack(ILocalSymbol local) => _member.Operations.Any(operation => operation is ISimpleAssignmentOperation assignment && _values.IsStorage(assignment.Target)
        && StoredCharges.Unconverted(assignment.Value) is ILocalReferenceOperation { Local: var put } && SymbolEqualityComparer.Default.Equals(put, local));

    private bool IsReleaseOfPair(IMethodSymbol method) => _context.Catalog.ReleasesOf(method, method.ContainingType).Any(release => IsSameAccount(release.Pair));

    /// <summary>The wrong family is another rule's finding; here the release was meant.</summary>
    private bool IsSameAccount(Pair pair) => ReferenceEquals(pair, _pair) || pair.ConfusionGroup is { } group && group == _pair.ConfusionGroup;

    private bool IsAnotherField(IOperation? identity) => StoredCharges.StorageOf(identity) is { } other && !SymbolEqualityComparer.Default.Equals(other, _storage);

    private bool HandsOn(IInvocationOperation call, IArgumentOperation argument, IParameterSymbol parameter)
    {
        IMethodSymbol method = call.TargetMethod;
        if (StoredValues.PassingTypes.Contains(method.ContainingType?.SystemName ?? "")) return false;
        if (_context.Catalog.TakesObligation(parameter) || parameter.RefKind == RefKind.Ref && _pair.HasToken) return true;
        if (_context.Summaries.HasBody(method))
        {
            if (method.IsVirtual || method.IsOverride || _context.Summaries.MayRelease(method)) return true;
            return _pair.HasToken && Stores(method, PlaceKey.OfParameter(parameter.OriginalDefinition));
        }

        if (method.IsAbstract && method.IsWrittenIn(_context.Compilation) || method.MethodKind == MethodKind.DelegateInvoke) return true;
        if (!_pair.HasToken) return false;
        if (IsNamedForRelease(method.Name) || StoredCharges.IsAdding(method)) return true;
        if (_context.Catalog.TryGetPassThrough(method, out _)) return false;
        ITypeSymbol? type = StoredCharges.Unconverted(argument.Value)?.Type;
        // Native code and threads get a handle as a number or an object, and give it back in a callback.
        if (_pair.Family == PairFamily.GCHandle && type is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr or SpecialType.System_Int64 } or { TypeKind: TypeKind.Pointer }) return IsHandleNumber(argument.Value);
        return type is { IsReferenceType: true, TypeKind: not TypeKind.Array } && !IsCollection(type) && !method.IsExtensionMethod;
    }

    private bool Stores(IMethodSymbol method, PlaceKey place)
    {
        if (method.MethodKind == MethodKind.LocalFunction) return true;
        ControlFlowGraph? graph = BodyGraphs.Create(method.OriginalDefinition, _context.Compilation, _context.Cancellation);
        return graph is null || _context.Summaries.EffectOn(method, _pair, place, graph, SummaryScope.ForBody()) != CalleeEffect.Uses;
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
        o is IInvocationOperation { TargetMethod.Name: "ToIntPtr" } or IConversionOperation { OperatorMethod.ContainingType.SystemName: "GCHandle" });

    private static bool IsCollection(ITypeSymbol type) => type.AllInterfaces.Any(static i => i.SpecialType == SpecialType.System_Collections_IEnumerable);

    /// <summary>Returned and not kept: the field is cleared in the same body, or the value was exchanged out of it. An object that disposes itself is the caller's to dispose wherever a method returns it.</summary>
    private bool IsGivenAway(IOperation value)
    {
        if (_isEmptied || _member.Operations.Any(static o => o.Kind == OperationKind.YieldReturn)) return true;
        if (value.DescendantsAndSelf().Any(static o => o is IInvocationOperation { TargetMethod.ContainingType.SystemName: "Interlocked" })) return true;
        IOperation? given = StoredCharges.Unconverted(value);

        // What a handle leads to is not the handle.
        if (given is IPropertyReferenceOperation { Instance.Type.IsValueType: true }) return false;
        return given?.Type is { IsReferenceType: true, TypeKind: not TypeKind.Array } && _member.Symbol is IMethodSymbol { MethodKind: not MethodKind.PropertyGet };
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
        ISimpleAssignmentOperation assignment => _values.IsStorage(assignment.Target) && (assignment.Value.ConstantValue.HasValue || StoredCharges.Unconverted(assignment.Value) is IDefaultValueOperation or ILiteralOperation or IFieldReferenceOperation { Field.IsStatic: true }),
        IInvocationOperation { Instance: { } instance, TargetMethod.Name: "Remove" or "TryRemove" or "Dequeue" or "TryDequeue" or "Pop" or "TryPop" or "TryTake" or "Clear" or "RemoveAt" } => _values.IsDerived(instance),
        _ => false,
    };
}
