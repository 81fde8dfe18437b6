using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;

namespace PinAccounting.Tests.ApiSurface;

/// <summary>The public API of a namespace as text: one line a type, one a member, sorted.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static string Describe(Assembly assembly, string space)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().Where(type => type.Namespace == space).OrderBy(static type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Header(type)).Append('\n');
            foreach (string member in type.GetMembers(Declared).Select(Describe).OfType<string>().Order(StringComparer.Ordinal)) text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.IsSubclassOf(typeof(Delegate)) ? "delegate" : "class";
        string modifier = type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract && !type.IsInterface ? "abstract " : type.IsSealed && kind == "class" ? "sealed " : "";
        string underlying = type.IsEnum ? " : " + Name(Enum.GetUnderlyingType(type)) : "";
        IEnumerable<string> bases = type.IsEnum ? [] : new[] { type.BaseType }.OfType<Type>()
            .Where(static parent => parent != typeof(object) && parent != typeof(ValueType))
            .Concat(type.GetInterfaces()).Select(Name).Order(StringComparer.Ordinal);
        string list = string.Join(", ", bases);
        return $"{modifier}{kind} {Name(type)}{underlying}{(list.Length > 0 ? " : " + list : "")}";
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsSpecialName: false } field when IsVisible(field) => field.IsLiteral
            ? string.Create(CultureInfo.InvariantCulture, $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}")
            : $"field {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) =>
            $"property {Static(property.GetAccessors(nonPublic: true)[0])}{Name(property.PropertyType)} {property.Name}{Indexes(property)} {{{Accessor(property.GetMethod, "get")}{Accessor(property.SetMethod, IsInit(property) ? "init" : "set")} }}",
        EventInfo @event when @event.AddMethod is { } add && IsVisible(add) => $"event {Static(add)}{Name(@event.EventHandlerType!)} {@event.Name}",
        ConstructorInfo { IsStatic: false } constructor when IsVisible(constructor) => $"new({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) =>
            $"{Static(method)}{(method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "")}{Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})",
        Type { IsNestedPublic: true } nested => $"nested {Name(nested)}",
        _ => null,
    };

    private static bool IsVisible(FieldInfo field) => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly;

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static string Accessor(MethodInfo? accessor, string name) => accessor is not null && IsVisible(accessor) ? $" {name};" : "";

    private static bool IsInit(PropertyInfo property) =>
        property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Any(static modifier => modifier.Name == "IsExternalInit") == true;

    private static string Indexes(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } indexes ? $"[{string.Join(", ", indexes.Select(static index => Name(index.ParameterType)))}]" : "";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(static argument => argument.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(static parameter =>
    {
        string by = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        string value = parameter.HasDefaultValue ? string.Create(CultureInfo.InvariantCulture, $" = {parameter.RawDefaultValue ?? "default"}") : "";
        return $"{by}{Name(parameter.ParameterType)} {parameter.Name}{value}";
    }));

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter) return type.Name;
        string prefix = type.Namespace is "System" || type.Namespace?.StartsWith("PinAccounting", StringComparison.Ordinal) == true ? "" : type.Namespace + ".";
        string name = type.DeclaringType is { } outer && !type.IsGenericParameter ? Name(outer) + "." + type.Name : type.Name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        if (tick < 0) return prefix + name;
        return $"{prefix}{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
