using System.Globalization;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Balance.Types;

/// <summary>How what a field holds is released there: the statements, as text, and whether they may run on a finalizer's thread.</summary>
internal sealed record ReleaseText(string Storage, string Statements, bool IsManaged, bool NeedsUnsafe)
{
    /// <summary>Null where no one way is certain.</summary>
    public static ReleaseText? For(TypeProperties properties, ISymbol storage, string item)
    {
        if (properties.Template is not { } template || TypeOf(storage) is not { } type) return null;
        if (properties.IsElement) return ForElements(properties, template, type, storage.Name, item);
        string name = storage.Name;
        bool isManaged = type.IsReferenceType;
        if (template == "{0}.Dispose()" && isManaged)
            return new ReleaseText(name, IsNeverNull(storage, type) ? $"{name}.Dispose();" : $"{name}?.Dispose();", true, false);

        string release = string.Format(CultureInfo.InvariantCulture, template, name) + ";";
        bool isFixed = storage is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null };

        // Disposed of twice, it must not be freed twice: what was freed is forgotten. A struct forgets it itself where the call is made on the field, and not on a copy.
        if (properties.LiveProperty is { } live && (isManaged || !isFixed))
            return new ReleaseText(name, isManaged || storage is IFieldSymbol ? $"if ({name}.{live}) {release}" : $"if ({name}.{live})\n{{\n{release}\n{name} = default;\n}}", isManaged, false);
        if (template == "{0}.Dispose()") return isFixed || storage is IPropertySymbol ? null : new ReleaseText(name, release, isManaged, false);
        if (isFixed) return null;
        string nothing = type.TypeKind == TypeKind.Pointer ? "null" : isManaged ? "null!" : "default";
        bool isUnsafe = type.TypeKind == TypeKind.Pointer;
        return properties.AcceptsNull
            ? new ReleaseText(name, $"{release}\n{name} = {nothing};", isManaged, isUnsafe)
            : new ReleaseText(name, $"if ({name} != {(isManaged || isUnsafe ? "null" : "default")})\n{{\n{release}\n{name} = {nothing};\n}}", isManaged, isUnsafe);
    }

    private static ReleaseText? ForElements(TypeProperties properties, string template, ITypeSymbol type, string name, string item)
    {
        string release = string.Format(CultureInfo.InvariantCulture, template, item) + ";";
        if (properties.LiveProperty is { } live) release = $"if ({item}.{live}) {release}";
        if (type is IArrayTypeSymbol) return properties.LiveProperty is null && !properties.AcceptsNull ? null : new ReleaseText(name, $"foreach (var {item} in {name}) {release}\nglobal::System.Array.Clear({name}, 0, {name}.Length);", false, false);
        if (type.ContainingNamespace?.ToDisplayString() != "System.Collections.Generic") return null;
        return type.Name switch
        {
            "List" or "Queue" or "Stack" or "HashSet" or "LinkedList" => new ReleaseText(name, $"foreach (var {item} in {name}) {release}\n{name}.Clear();", true, false),
            "Dictionary" or "SortedDictionary" or "SortedList" => new ReleaseText(name, $"foreach (var {item} in {name}.Values) {release}\n{name}.Clear();", true, false),
            _ => null,
        };
    }

    private static bool IsNeverNull(ISymbol storage, ITypeSymbol type) =>
        type.NullableAnnotation == NullableAnnotation.NotAnnotated && storage is IFieldSymbol { IsReadOnly: true } or IPropertySymbol { SetMethod: null };

    private static ITypeSymbol? TypeOf(ISymbol storage) => (storage as IFieldSymbol)?.Type ?? (storage as IPropertySymbol)?.Type;
}
