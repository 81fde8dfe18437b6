using System;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Contract;

/// <summary>PIN4011 for what parameters say of their arguments.</summary>
internal static class ParameterProblems
{
    public static string? OfRange(AttributeData attribute, IParameterSymbol parameter)
    {
        if (Annotations.NumberArgument(attribute, 0) is not { } min || Annotations.NumberArgument(attribute, 1) is not { } max || parameter.Type.TypeKind == TypeKind.Error) return null;
        if (!IsNumber(parameter.Type)) return NoNumber("ValidRange", parameter);
        if (min > max) return $"[ValidRange({min}, {max})] is empty; expected the smaller end first, as in [ValidRange({max}, {min})]";
        if (Limits(parameter.Type) is { } limits && (max < limits.Min || min > limits.Max))
            return $"[ValidRange({min}, {max})] lies outside of '{AnnotationProblems.Display(parameter.Type)}', the type of '{parameter.Name}'";
        return DefaultOf(parameter) is { } value && (value < min || value > max) ? $"The default of '{parameter.Name}' is {value}, outside its own range {min} to {max}" : null;
    }

    public static string? OfMask(AttributeData attribute, IParameterSymbol parameter)
    {
        if (Annotations.NumberArgument(attribute, 0) is not { } mask || parameter.Type.TypeKind == TypeKind.Error) return null;
        if (!IsNumber(parameter.Type)) return NoNumber("ValidMask", parameter);
        if (mask == 0) return $"[ValidMask(0)] allows '{parameter.Name}' no bit at all; expected the bits that may be set";
        long required = Annotations.NamedNumber(attribute, "RequireAnyOf") ?? 0;
        if ((required & ~mask) != 0) return $"RequireAnyOf has bits (0x{required & ~mask:X}) that the mask 0x{mask:X} does not allow";
        if (DefaultOf(parameter) is not { } value) return null;
        if ((value & ~mask) != 0 && value >= 0) return $"The default of '{parameter.Name}' has bits (0x{value & ~mask:X}) outside its own mask 0x{mask:X}";
        return required != 0 && (value & required) == 0 ? $"The default of '{parameter.Name}' has none of the bits 0x{required:X} that it requires" : null;
    }

    public static string? OfZero(IParameterSymbol parameter)
    {
        if (parameter.RefKind == RefKind.Out) return $"[MustBeZero] is on '{parameter.Name}', an 'out' parameter: the callee never sees what it was";
        if (parameter.RefKind == RefKind.In) return $"[MustBeZero] is on '{parameter.Name}', an 'in' parameter: nothing is filled in; expected 'ref'";
        return DefaultOf(parameter) is { } value and not 0 ? $"The default of '{parameter.Name}' is {value}, but it must be zero" : null;
    }

    private static string NoNumber(string name, IParameterSymbol parameter) => $"[{name}] is on '{parameter.Name}' of type '{AnnotationProblems.Display(parameter.Type)}', which is no integral number";

    private static bool IsNumber(ITypeSymbol type) =>
        type.IsIntegral() || type.TypeKind is TypeKind.Enum or TypeKind.TypeParameter || type.SpecialType == SpecialType.System_Char
        || type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && IsNumber(nullable.TypeArguments[0]);

    private static (long Min, long Max)? Limits(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_SByte => (sbyte.MinValue, sbyte.MaxValue),
        SpecialType.System_Byte => (0, byte.MaxValue),
        SpecialType.System_Int16 => (short.MinValue, short.MaxValue),
        SpecialType.System_UInt16 or SpecialType.System_Char => (0, ushort.MaxValue),
        SpecialType.System_Int32 => (int.MinValue, int.MaxValue),
        SpecialType.System_UInt32 => (0, uint.MaxValue),
        SpecialType.System_UInt64 or SpecialType.System_UIntPtr => (0, long.MaxValue),
        _ => null,
    };

    private static long? DefaultOf(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue) return null;
        return parameter.ExplicitDefaultValue switch
        {
            null when parameter.Type.IsValueType && parameter.Type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T => 0,
            bool flag => flag ? 1 : 0,
            sbyte n => n,
            byte n => n,
            short n => n,
            ushort n => n,
            int n => n,
            uint n => n,
            long n => n,
            ulong n when n <= long.MaxValue => (long)n,
            char n => n,
            _ => null,
        };
    }
}
