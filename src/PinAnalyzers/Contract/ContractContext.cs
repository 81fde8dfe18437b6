using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PinAnalyzers.Pairs;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>What every body of one compilation shares.</summary>
internal sealed class ContractContext(Compilation compilation, PairCatalog catalog, ContractNames names, ImmutableHashSet<string> callNames, CancellationToken cancellation)
{
    private readonly ConcurrentDictionary<IMethodSymbol, ResultConvention?> _conventions = new(SymbolEqualityComparer.Default);
    private readonly HashSet<INamedTypeSymbol> _maskedEnums = new(names.MaskedEnums, SymbolEqualityComparer.Default);

    public Compilation Compilation { get; } = compilation;

    public PairCatalog Catalog { get; } = catalog;

    public FlagUses Flags { get; } = new(compilation, cancellation);

    public TokenTypes Tokens { get; } = new(catalog);

    public ParameterContracts Parameters { get; } = new();

    /// <summary>Enums whose values are sets of flags, and known to be meant so: by a <c>[ValidMask]</c>, or declared here with <c>[Flags]</c>.</summary>
    public bool IsFlags(ITypeSymbol? type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Enum } named) return false;
        if (_maskedEnums.Contains(named)) return true;
        return SymbolEqualityComparer.Default.Equals(named.ContainingAssembly, Compilation.Assembly)
            && named.GetAttributes().Any(static attribute => attribute.AttributeClass is { Name: "FlagsAttribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } });
    }

    /// <summary>A <c>[ValidMask]</c> says that its values are sets.</summary>
    public bool IsMasked(INamedTypeSymbol flags) => _maskedEnums.Contains(flags);

    /// <summary>False for most: by its name, nothing that it overrides or implements has a contract either.</summary>
    public bool MayHaveContract(IMethodSymbol method) => callNames.Contains(method.AssociatedSymbol?.Name ?? method.SourceName());

    /// <summary>How the method's result tells of failure, by annotation or by the entry point it imports.</summary>
    public ResultConvention? ConventionOf(IMethodSymbol method) => _conventions.GetOrAdd(Definition(method), ReadConvention);

    /// <summary>How the status that the method returns tells success; null when it returns none.</summary>
    public SuccessSignal? StatusOf(IMethodSymbol method)
    {
        if (ConventionOf(method) is { } convention) return NativeConventions.SignalOf(convention);
        foreach (ChargeSpec charge in Catalog.ChargesOf(method))
        {
            bool isStatus = charge.Identity.Place != ValuePlace.Result
                && charge.Success is SuccessSignal.True or SuccessSignal.Zero or SuccessSignal.NonNegative or SuccessSignal.NotMinusOne or SuccessSignal.NonZero;
            if (isStatus && !charge.Pair.IsBuiltIn) return charge.Success;
            if (isStatus && charge.Pair.Family == PairFamily.Accounting) return charge.Success;
        }

        return null;
    }

    private static ResultConvention? ReadConvention(IMethodSymbol method)
    {
        ResultConvention? imported = method.IsStatic && NativeImports.EntryPointOf(method) is { } entryPoint ? NativeConventions.Of(entryPoint, LibraryOf(method), method.ReturnType) : null;
        // An annotation says which errno, but not that the result is an address.
        if (imported is ResultConvention.MinusOnePointer or ResultConvention.NullPointer) return imported;
        for (IMethodSymbol? current = method; current is not null; current = current.OverriddenMethod?.OriginalDefinition)
        {
            if (Annotated(current) is { } own) return own;
            foreach (IMethodSymbol contract in InterfaceMembers.ImplementedBy(current))
            {
                if (Annotated(contract.OriginalDefinition) is { } declared) return declared;
            }
        }

        return imported;
    }

    private static ResultConvention? Annotated(IMethodSymbol method)
    {
        AttributeData? attribute = Annotations.Find(method.GetReturnTypeAttributes(), Annotations.Errno);
        if (attribute is null || Annotations.EnumArgument(attribute, 0) is not { } name || !Enum.TryParse(name, out ResultConvention convention)) return null;
        // A mapped address tells failure by -1 as well, but zero is no success of it.
        bool isPointer = method.ReturnType.TypeKind == TypeKind.Pointer;
        return isPointer && convention == ResultConvention.MinusOneErrno ? ResultConvention.MinusOnePointer : convention;
    }

    private static string? LibraryOf(IMethodSymbol method)
    {
        if (method.GetDllImportData() is { } import) return import.ModuleName;
        foreach (AttributeData attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { Name: "LibraryImportAttribute" }) return Annotations.Argument(attribute, 0);
        }

        return null;
    }

    private static IMethodSymbol Definition(IMethodSymbol method)
    {
        IMethodSymbol definition = (method.ReducedFrom ?? method).OriginalDefinition;
        return definition.PartialDefinitionPart ?? definition;
    }
}
