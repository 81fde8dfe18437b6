using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Reads the annotations of shared memory.</summary>
internal static class SharedAnnotations
{
    /// <summary>What <c>[SharedMemory]</c> on the symbol says; null where there is none.</summary>
    public static SharedTraits? Of(ISymbol symbol) => Read(Annotations.Find(symbol.OriginalDefinition.GetAttributes(), Annotations.SharedMemory));

    public static SharedTraits? OfReturn(IMethodSymbol method) => Read(Annotations.Find(method.OriginalDefinition.GetReturnTypeAttributes(), Annotations.SharedMemory));

    public static IndexRole? Role(ISymbol? field)
    {
        if (field is null || Annotations.Find(field.OriginalDefinition.GetAttributes(), Annotations.SharedIndex) is not { } attribute) return null;
        string? payload = Annotations.Named<string>(attribute, "Payload");
        TypedConstant writer = attribute.ConstructorArguments.FirstOrDefault();
        string? name = writer.Type?.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, writer.Value))?.Name;
        return name switch
        {
            "Local" => new IndexRole(IndexWriter.Local, payload),
            "Peer" => new IndexRole(IndexWriter.Peer, payload),
            "Both" => new IndexRole(IndexWriter.Both, payload),
            _ => null,
        };
    }

    public static bool IsPrivateCopy(ISymbol symbol) => Annotations.Has(symbol.OriginalDefinition, Annotations.PrivateCopy);

    /// <summary>The type is a pointer, a reference or a view: an annotation on it speaks of what is behind.</summary>
    public static bool IsIndirect(ITypeSymbol type) => type.TypeKind is TypeKind.Pointer or TypeKind.Array
        || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr
        || IsSpan(type)
        || type is { IsReferenceType: true };

    public static bool IsSpan(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private static SharedTraits? Read(AttributeData? attribute) => attribute is null ? null : new SharedTraits(
        true,
        Annotations.NamedFlag(attribute, "PeerTrusted") ?? false,
        Annotations.NamedFlag(attribute, "ReadOnlyMapping") ?? false,
        Annotations.NamedFlag(attribute, "Stable") ?? false);
}
