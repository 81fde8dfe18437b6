using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Flow.Solving;

/// <summary>
/// Members of the framework whose result depends on nothing but their one argument, or on nothing that changes while the process runs: asked twice, they answer
/// the same. What a body decides by such an answer it may decide again.
/// </summary>
internal static class PureFunctions
{
    /// <summary>A method without arguments, or of one string or type argument.</summary>
    public static bool Contains(IMethodSymbol method) => method.IsStatic && method.Parameters.Length <= 1 && (method.ContainingType.SpecialType, SpaceOf(method), method.ContainingType.Name, method.Name) switch
    {
        (SpecialType.System_String, _, _, "IsNullOrEmpty" or "IsNullOrWhiteSpace") => true,
        (_, "System", "OperatingSystem", _) => true,
        (_, "System.Runtime.InteropServices", "RuntimeInformation", "IsOSPlatform") => true,
        (_, "System.Runtime.InteropServices", "Marshal", "SizeOf") => true,
        (_, "System.Runtime.CompilerServices", "RuntimeHelpers", "IsReferenceOrContainsReferences") => true,
        (_, "System.Runtime.CompilerServices", "Unsafe", "SizeOf") => true,
        _ => false,
    };

    public static bool Contains(IPropertySymbol property) => property.IsStatic && (SpaceOf(property), property.ContainingType.Name, property.Name) switch
    {
        ("System", "Environment", "Is64BitProcess" or "Is64BitOperatingSystem" or "ProcessorCount" or "SystemPageSize" or "NewLine" or "Version" or "ProcessId") => true,
        ("System", "IntPtr" or "UIntPtr", "Size") => true,
        ("System.Runtime.InteropServices", "RuntimeInformation" or "OSPlatform", _) => true,
        ("System.Runtime.CompilerServices", "RuntimeFeature", _) => true,
        (_, _, "IsSupported" or "IsHardwareAccelerated") => property.DeclaringSyntaxReferences.IsEmpty,
        _ => false,
    };

    private static string SpaceOf(ISymbol member)
    {
        // Spelled out only where it can matter: the types above lie in System, three of them two levels deeper.
        INamespaceSymbol? space = member.ContainingType.ContainingNamespace;
        if (space is null || space.IsGlobalNamespace) return "";
        if (space.ContainingNamespace.IsGlobalNamespace) return space.Name;
        return space is { Name: "InteropServices" or "CompilerServices", ContainingNamespace: { Name: "Runtime", ContainingNamespace.Name: "System" } } ? "System.Runtime." + space.Name : "";
    }
}
