using System;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Flow.Solving;

/// <summary>
/// Members of the framework whose result depends on nothing but their operands, or on nothing that changes while the process runs: asked twice, they answer
/// the same. What a body decides by such an answer it may decide again.
/// </summary>
public static class PureFunctions
{
    public static bool Contains(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.UserDefinedOperator => IsComparison(method),
        MethodKind.Ordinary => (method.IsStatic ? IsStaticFunction(method) : IsQuestion(method)) && TakesPlainValues(method),
        _ => false,
    };

    private static bool IsStaticFunction(IMethodSymbol method) => (method.ContainingType.SpecialType, SpaceOf(method), method.ContainingType.Name, method.Name) switch
    {
        (SpecialType.System_String, _, _, "IsNullOrEmpty" or "IsNullOrWhiteSpace" or "Equals" or "Compare" or "CompareOrdinal") => true,
        (SpecialType.System_Char, _, _, var name) => name.StartsWith("Is", StringComparison.Ordinal) || name.StartsWith("To", StringComparison.Ordinal),
        (_, "System", "OperatingSystem", _) => true,
        (_, "System", "Math" or "MathF", _) => true,
        (_, "System.Runtime.InteropServices", "RuntimeInformation", "IsOSPlatform") => true,
        (_, "System.Runtime.InteropServices", "Marshal", "SizeOf") => true,
        (_, "System.Runtime.CompilerServices", "RuntimeHelpers", "IsReferenceOrContainsReferences") => true,
        (_, "System.Runtime.CompilerServices", "Unsafe", "SizeOf") => true,
        _ => false,
    };

    /// <summary>What is asked of a value that cannot change: a string, a number, a set of flags, a moment.</summary>
    private static bool IsQuestion(IMethodSymbol method) => (method.ContainingType.SpecialType, method.Name) switch
    {
        (SpecialType.System_Enum, "HasFlag") => true,
        (SpecialType.System_String, "StartsWith" or "EndsWith" or "Contains" or "IndexOf" or "LastIndexOf") => true,
        (SpecialType.System_String or (>= SpecialType.System_Boolean and <= SpecialType.System_Double) or SpecialType.System_DateTime, "Equals" or "CompareTo") => true,
        _ => false,
    };

    /// <summary><c>==</c>, <c>&lt;</c> and their like of values that do not change: a <c>Guid</c>, a <c>TimeSpan</c>, a <c>Vector</c>, an id that the source declares.</summary>
    private static bool IsComparison(IMethodSymbol method) => method.ReturnType.SpecialType == SpecialType.System_Boolean && method.Parameters.Length == 2
        && method.ContainingType is { IsValueType: true, IsReadOnly: true } type && (!type.DeclaringSyntaxReferences.IsEmpty || type.ContainingNamespace is { Name: "System" or "Numerics" or "Net" });

    /// <summary>What is asked is what <c>==</c> asks of two strings.</summary>
    public static bool IsEqualityOfText(IMethodSymbol method) => method is { Name: "Equals", ContainingType.SpecialType: SpecialType.System_String }
        && method.Parameters.Length == (method.IsStatic ? 2 : 1) && method.Parameters.All(static parameter => parameter.Type.SpecialType == SpecialType.System_String);

    /// <summary>The <c>==</c> that a <c>!=</c> is the contrary of; null for other functions.</summary>
    public static IMethodSymbol? Contrary(IMethodSymbol method) => method is not { MethodKind: MethodKind.UserDefinedOperator, Name: "op_Inequality" } ? null
        : method.ContainingType.GetMembers("op_Equality").OfType<IMethodSymbol>().FirstOrDefault(other => other.Parameters.Zip(method.Parameters, static (a, b) => SymbolEqualityComparer.Default.Equals(a.Type, b.Type)).All(static same => same));

    /// <summary>No references, and nothing whose contents may change meanwhile.</summary>
    private static bool TakesPlainValues(IMethodSymbol method)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            bool isPlain = parameter.Type switch
            {
                { IsValueType: true, IsRefLikeType: false } => true,
                { SpecialType: SpecialType.System_String or SpecialType.System_Enum } => true,
                _ => parameter.Type is { Name: "Type", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
            };
            if (!isPlain || parameter.RefKind != RefKind.None) return false;
        }

        return true;
    }

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
