using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>What a parameter asks of its argument.</summary>
internal sealed record ParameterContract
{
    public static readonly ParameterContract None = new();

    public (long Min, long Max)? Range { get; init; }

    public long? Mask { get; init; }

    public long RequireAnyOf { get; init; }

    public bool MustBeZero { get; init; }

    /// <summary>The argument is a flag or pointer of the framework, which holds nothing that could be lost: clearing it is always right.</summary>
    public bool IsSignal { get; init; }

    public bool IsEmpty => this == None;
}

/// <summary>Contracts of parameters: annotated ones, also on what a method overrides or implements, and those that the framework states in its documentation.</summary>
internal sealed class ParameterContracts
{
    private readonly ConcurrentDictionary<IParameterSymbol, ParameterContract> _contracts = new(SymbolEqualityComparer.Default);

    public ParameterContract Of(IParameterSymbol parameter) => _contracts.GetOrAdd(parameter.OriginalDefinition, Read);

    private static ParameterContract Read(IParameterSymbol parameter)
    {
        foreach (IParameterSymbol declared in Declarations(parameter))
        {
            ParameterContract contract = ReadAttributes(declared);
            if (!contract.IsEmpty) return contract;
        }

        return IsSuccessFlag(parameter) ? new ParameterContract { MustBeZero = true, IsSignal = true } : ParameterContract.None;
    }

    private static ParameterContract ReadAttributes(IParameterSymbol parameter)
    {
        ParameterContract contract = ParameterContract.None;
        foreach (AttributeData attribute in parameter.GetAttributes())
        {
            if (Annotations.Is(attribute, Annotations.ValidRange) && Annotations.NumberArgument(attribute, 0) is { } min && Annotations.NumberArgument(attribute, 1) is { } max && min <= max)
                contract = contract with { Range = (min, max) };
            else if (Annotations.Is(attribute, Annotations.ValidMask) && Annotations.NumberArgument(attribute, 0) is { } mask)
                contract = contract with { Mask = mask, RequireAnyOf = Annotations.NamedNumber(attribute, "RequireAnyOf") ?? 0 };
            else if (Annotations.Is(attribute, Annotations.MustBeZero) && parameter.RefKind != RefKind.Out)
                contract = contract with { MustBeZero = true };
        }

        return contract;
    }

    private static IEnumerable<IParameterSymbol> Declarations(IParameterSymbol parameter)
    {
        yield return parameter;
        if (parameter.ContainingSymbol is not IMethodSymbol method) yield break;
        if (method.PartialDefinitionPart is { } definition) yield return definition.Parameters[parameter.Ordinal];
        if (method.PartialImplementationPart is { } implementation) yield return implementation.Parameters[parameter.Ordinal];
        for (IMethodSymbol? overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod) yield return overridden.OriginalDefinition.Parameters[parameter.Ordinal];
        foreach (IMethodSymbol contract in InterfaceMembers.ImplementedBy(method)) yield return contract.OriginalDefinition.Parameters[parameter.Ordinal];
    }

    /// <summary>"You should set success to false before calling": the methods of the framework that say so, or throw.</summary>
    private static bool IsSuccessFlag(IParameterSymbol parameter)
    {
        if (parameter.RefKind != RefKind.Ref || parameter.ContainingSymbol is not IMethodSymbol { ContainingType: { } type } method) return false;
        bool isBoolean = parameter.Type.SpecialType == SpecialType.System_Boolean;
        return method.Name switch
        {
            "DangerousAddRef" => isBoolean && type.FullMetadataName() == "System.Runtime.InteropServices.SafeHandle",
            "AcquirePointer" => parameter.Type.TypeKind == TypeKind.Pointer && type.FullMetadataName() == "System.Runtime.InteropServices.SafeBuffer",
            "Enter" or "TryEnter" => isBoolean && type.FullMetadataName() is "System.Threading.Monitor" or "System.Threading.SpinLock",
            _ => false,
        };
    }
}
