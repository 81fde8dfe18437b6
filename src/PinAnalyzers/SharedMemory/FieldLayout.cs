using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.SharedMemory;

/// <summary>Where the fields of a struct lie, as far as its declaration settles it.</summary>
internal sealed class FieldLayout
{
    private FieldLayout(bool isAutomatic, Dictionary<IFieldSymbol, int> offsets)
    {
        IsAutomatic = isAutomatic;
        Offsets = offsets;
    }

    /// <summary>The runtime orders the fields.</summary>
    public bool IsAutomatic { get; }

    public IReadOnlyDictionary<IFieldSymbol, int> Offsets { get; }

    public static FieldLayout Of(INamedTypeSymbol type) => Of(type, new Dictionary<ITypeSymbol, (int, int)?>(SymbolEqualityComparer.Default));

    /// <param name="type">What is laid out.</param>
    /// <param name="known">Sizes of structs within; unknown while they are asked for, since code that is being typed may lay a struct out inside itself.</param>
    private static FieldLayout Of(INamedTypeSymbol type, Dictionary<ITypeSymbol, (int Size, int Alignment)?> known)
    {
        AttributeData? attribute = type.GetAttributes().FirstOrDefault(static a => a.AttributeClass is { Name: "StructLayoutAttribute" });
        int kind = attribute?.ConstructorArguments.FirstOrDefault().Value switch
        {
            int value => value,
            short value => value,
            _ => Sequential,
        };
        int pack = attribute?.NamedArguments.FirstOrDefault(static argument => argument.Key == "Pack").Value.Value as int? ?? 0;
        Dictionary<IFieldSymbol, int> offsets = new(SymbolEqualityComparer.Default);
        if (kind == Auto) return new FieldLayout(true, offsets);
        int next = 0;
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(static field => !field.IsStatic && !field.IsConst))
        {
            if (kind == Explicit)
            {
                if (field.GetAttributes().FirstOrDefault(static a => a.AttributeClass is { Name: "FieldOffsetAttribute" })?.ConstructorArguments.FirstOrDefault().Value is int offset) offsets[field] = offset;
                continue;
            }

            if (SizeOf(field, known) is not { } size) break;
            int alignment = pack > 0 ? Math.Min(pack, size.Alignment) : size.Alignment;
            next = (next + alignment - 1) / alignment * alignment;
            offsets[field] = next;
            next += size.Size;
        }

        return new FieldLayout(false, offsets);
    }

    /// <summary>Size and alignment of a primitive, a pointer or an enum; null for what is laid out by its own declaration.</summary>
    public static (int Size, int Alignment)? SizeOf(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Boolean } => (1, 1),
        { SpecialType: SpecialType.System_Int16 or SpecialType.System_UInt16 or SpecialType.System_Char } => (2, 2),
        { SpecialType: SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single } => (4, 4),
        { SpecialType: SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double or SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => (8, 8),
        { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => (8, 8),
        INamedTypeSymbol { EnumUnderlyingType: { } underlying } => SizeOf(underlying),
        _ => null,
    };

    private static (int Size, int Alignment)? SizeOf(IFieldSymbol field, Dictionary<ITypeSymbol, (int Size, int Alignment)?> known)
    {
        if (field.IsFixedSizeBuffer) return field.Type is IPointerTypeSymbol { PointedAtType: var element } && SizeOf(element) is { } unit ? (unit.Size * field.FixedSize, unit.Alignment) : null;
        if (SizeOf(field.Type) is { } primitive) return primitive;
        if (field.Type is not INamedTypeSymbol { TypeKind: TypeKind.Struct } inner || SymbolEqualityComparer.Default.Equals(inner, field.ContainingType)) return null;
        if (known.TryGetValue(inner, out (int Size, int Alignment)? size)) return size;

        // A struct of itself, `G<T> { G<G<T>> _; }`, is another one at each level.
        if (known.Count == MaxStructs) return null;
        known[inner] = null;
        return known[inner] = SizeOf(inner, known);
    }

    private static (int Size, int Alignment)? SizeOf(INamedTypeSymbol inner, Dictionary<ITypeSymbol, (int Size, int Alignment)?> known)
    {
        FieldLayout layout = Of(inner, known);
        int end = 0, widest = 1;
        foreach (KeyValuePair<IFieldSymbol, int> pair in layout.Offsets)
        {
            if (SizeOf(pair.Key, known) is not { } part) return null;
            end = Math.Max(end, pair.Value + part.Size);
            widest = Math.Max(widest, part.Alignment);
        }

        int declared = inner.GetAttributes().FirstOrDefault(static a => a.AttributeClass is { Name: "StructLayoutAttribute" })?.NamedArguments.FirstOrDefault(static a => a.Key == "Size").Value.Value as int? ?? 0;
        return layout.Offsets.Count == 0 && declared == 0 ? null : (Math.Max((end + widest - 1) / widest * widest, declared), widest);
    }

    private const int MaxStructs = 100;
    private const int Sequential = 0;
    private const int Explicit = 2;
    private const int Auto = 3;
}
