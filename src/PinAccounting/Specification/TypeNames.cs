using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace PinAccounting;

/// <summary>Types and signatures as C# writes them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(nint)] = "nint", [typeof(nuint)] = "nuint",
        [typeof(char)] = "char", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal", [typeof(string)] = "string", [typeof(object)] = "object",
    };

    public static string Of(Type type)
    {
        if (s_keywords.TryGetValue(type, out string? keyword)) return keyword;
        if (type.IsByRef) return "ref " + Of(type.GetElementType()!);
        if (type.IsFunctionPointer) return FunctionPointer(type);
        if (type.IsPointer) return Of(type.GetElementType()!) + "*";
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Of(underlying) + "?";
        int arity = type.Name.IndexOf('`', StringComparison.Ordinal);
        if (arity < 0) return type.Name;
        return $"{type.Name[..arity]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }

    private static string FunctionPointer(Type type)
    {
        string[] types = [.. type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).Select(Of)];
        return $"delegate*{(type.IsUnmanagedFunctionPointer ? " unmanaged" : "")}<{string.Join(", ", types)}>";
    }

    public static string SignatureOf(MethodBase member)
    {
        string parameters = string.Join(", ", member.GetParameters().Select(static parameter => $"{Modifier(parameter)}{Of(parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType)} {parameter.Name}"));
        string generic = member.IsGenericMethod ? $"<{string.Join(", ", member.GetGenericArguments().Select(Of))}>" : "";
        return member is MethodInfo method
            ? $"{Of(method.ReturnType)} {method.Name}{generic}({parameters})"
            : $"{Of(member.DeclaringType!)}({parameters})";
    }

    private static string Modifier(ParameterInfo parameter) => !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
}
