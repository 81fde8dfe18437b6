using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Symbols;

/// <summary>Questions about the shape of a type that signatures are judged by.</summary>
internal static class TypeShapes
{
    /// <summary>What an <c>await</c> of the method's result yields for the four task types; the return type itself for every other.</summary>
    public static ITypeSymbol AwaitedReturnType(this IMethodSymbol method)
    {
        if (method.ReturnType is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task
            && task.ContainingNamespace is { Name: "Tasks", ContainingNamespace.Name: "Threading" })
        {
            return task.TypeArguments[0];
        }
        return method.ReturnType;
    }

    /// <summary>A property whose value the compiler keeps in a field of its own.</summary>
    public static bool IsAutoProperty(this IPropertySymbol property)
    {
        foreach (var member in property.ContainingType.GetMembers())
        {
            if (member is IFieldSymbol { AssociatedSymbol: { } associated } && SymbolEqualityComparer.Default.Equals(associated, property))
                return true;
        }
        return false;
    }

    public static bool IsIntegral(this ITypeSymbol type) => type.SpecialType
        is SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16
        or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64
        or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;
}
