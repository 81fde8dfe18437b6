using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PinAnalyzers.SharedMemory;

/// <summary>Types that are written as pointers, or as what stands for one.</summary>
internal static class PointerSyntax
{
    public static bool MayPoint(TypeSyntax? type) => type is QualifiedNameSyntax qualified ? MayPoint(qualified.Right) : type is PointerTypeSyntax or RefTypeSyntax or TupleTypeSyntax
        or GenericNameSyntax { Identifier.ValueText: "Span" or "ReadOnlySpan" }
        or IdentifierNameSyntax { Identifier.ValueText: "nint" or "IntPtr" or "nuint" or "UIntPtr" or "MemoryMappedFile" or "MemoryMappedViewAccessor" }
        // Handles wrap pointers, the system's and those of the source.
        || type is IdentifierNameSyntax named && named.Identifier.ValueText.EndsWith("Handle", System.StringComparison.Ordinal);
}
