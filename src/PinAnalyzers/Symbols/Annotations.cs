using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>
/// The attributes of <c>PinAccounting.Annotations</c>, by name: a library may bring its own internal copies, and they say the same.
/// </summary>
internal static class Annotations
{
    public const string Charge = "Charge";
    public const string Release = "Release";
    public const string ChargeAmount = "ChargeAmount";
    public const string ChargeOwner = "ChargeOwner";
    public const string ChargeToken = "ChargeToken";
    public const string ChargeTaken = "ChargeTaken";
    public const string TransfersObligation = "TransfersObligation";
    public const string Counter = "Counter";
    public const string KnownPair = "KnownPair";
    public const string Effect = "Effect";
    public const string CapabilityCheck = "CapabilityCheck";
    public const string Ambient = "Ambient";
    public const string RecordedDecision = "RecordedDecision";
    public const string ReleasePath = "ReleasePath";
    public const string Deferred = "Deferred";
    public const string ValidRange = "ValidRange";
    public const string ValidMask = "ValidMask";
    public const string MustBeZero = "MustBeZero";
    public const string Errno = "Errno";
    public const string Inherited = "Inherited";
    public const string SharedMemory = "SharedMemory";
    public const string SharedIndex = "SharedIndex";
    public const string PrivateCopy = "PrivateCopy";

    private const string Suffix = "Attribute";

    public static bool Is(AttributeData attribute, string name) =>
        attribute.AttributeClass is { } type
        && type.Name.Length == name.Length + Suffix.Length
        && type.Name.StartsWith(name, StringComparison.Ordinal)
        && type.Name.EndsWith(Suffix, StringComparison.Ordinal)
        && type.ContainingNamespace is { Name: "Annotations", ContainingNamespace: { Name: "PinAccounting", ContainingNamespace.IsGlobalNamespace: true } };

    public static AttributeData? Find(ImmutableArray<AttributeData> attributes, string name)
    {
        foreach (var attribute in attributes)
        {
            if (Is(attribute, name))
                return attribute;
        }
        return null;
    }

    public static bool Has(ISymbol symbol, string name) => Find(symbol.GetAttributes(), name) is not null;

    public static T? Named<T>(AttributeData attribute, string property)
        where T : class
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property)
                return argument.Value.Kind == TypedConstantKind.Primitive ? argument.Value.Value as T : null;
        }
        return null;
    }

    public static bool? NamedFlag(AttributeData attribute, string property)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property && argument.Value.Value is bool value)
                return value;
        }
        return null;
    }

    /// <summary>Name of the enum member a named argument holds; copies of the enum may number their members differently.</summary>
    public static string? NamedEnum(AttributeData attribute, string property)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property && NameOf(argument.Value) is { } name)
                return name;
        }
        return null;
    }

    public static long? NamedNumber(AttributeData attribute, string property)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == property && argument.Value.Value is long value)
                return value;
        }
        return null;
    }

    /// <summary>Name of the enum member that a constructor argument holds; null while it is missing or none.</summary>
    public static string? EnumArgument(AttributeData attribute, int ordinal) =>
        attribute.ConstructorArguments.Length > ordinal ? NameOf(attribute.ConstructorArguments[ordinal]) : null;

    /// <summary>The number that a constructor argument holds; null while it is missing or wrong.</summary>
    public static long? NumberArgument(AttributeData attribute, int ordinal) =>
        attribute.ConstructorArguments.Length > ordinal && attribute.ConstructorArguments[ordinal] is { Kind: TypedConstantKind.Primitive, Value: long value } ? value : null;

    private static string? NameOf(TypedConstant constant)
    {
        if (constant.Kind != TypedConstantKind.Enum || constant.Type is not { } type)
            return null;
        foreach (var member in type.GetMembers())
        {
            if (member is IFieldSymbol { HasConstantValue: true } field && Equals(field.ConstantValue, constant.Value))
                return field.Name;
        }
        return null;
    }

    /// <summary>The string that a constructor argument holds; null while it is missing or wrong.</summary>
    public static string? Argument(AttributeData attribute, int ordinal) =>
        attribute.ConstructorArguments.Length > ordinal && attribute.ConstructorArguments[ordinal].Kind == TypedConstantKind.Primitive
            ? attribute.ConstructorArguments[ordinal].Value as string
            : null;

    /// <summary>
    /// The assemblies that can carry annotations: those that define the attributes, and those that reference one of these. Empty when no assembly
    /// in sight defines them, which settles the matter for a compilation in two look-ups.
    /// </summary>
    public static ImmutableArray<IAssemblySymbol> Carriers(Compilation compilation)
    {
        var space = Child(Child(compilation.GlobalNamespace, "PinAccounting"), "Annotations");
        if (space is null)
            return ImmutableArray<IAssemblySymbol>.Empty;

        var definers = new HashSet<IAssemblySymbol>(SymbolEqualityComparer.Default);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in space.ConstituentNamespaces)
        {
            if (part.ContainingAssembly is { } assembly && definers.Add(assembly))
                names.Add(assembly.Identity.Name);
        }

        var carriers = ImmutableArray.CreateBuilder<IAssemblySymbol>();
        carriers.Add(compilation.Assembly);
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (definers.Contains(assembly) || assembly.Modules.Any(module => module.ReferencedAssemblies.Any(identity => names.Contains(identity.Name))))
                carriers.Add(assembly);
        }
        return carriers.ToImmutable();
    }

    private static INamespaceSymbol? Child(INamespaceSymbol? parent, string name) =>
        parent?.GetMembers(name).OfType<INamespaceSymbol>().FirstOrDefault();
}
