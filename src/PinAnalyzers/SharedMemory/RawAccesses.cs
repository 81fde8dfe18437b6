using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>Calls of the framework that read or write one number plainly where a pointer or a view points.</summary>
internal static class RawAccesses
{
    public static CellAccess? At(InvocationExpressionSyntax call, PlaceReader reader)
    {
        if (call is not { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name, Expression: var receiver }, ArgumentList.Arguments: { Count: > 0 } arguments }) return null;
        bool isRead = name.StartsWith("Read", System.StringComparison.Ordinal);
        if (!isRead && !name.StartsWith("Write", System.StringComparison.Ordinal) || reader.SymbolOf(call) is not IMethodSymbol method) return null;
        // A struct is copied whole, which is another matter.
        if (method.TypeArguments is { Length: 1 } types && (AccessCollector.IsStruct(types[0]) || types[0] is ITypeParameterSymbol)) return null;
        Place? place = method.ContainingType.SystemName switch
        {
            "Marshal" => reader.OffsetBy(reader.TargetOf(arguments[0].Expression), arguments.Count == (isRead ? 2 : 3) ? arguments[1].Expression : null),
            "Unsafe" or "MemoryMarshal" => arguments[0].RefKindKeyword.ValueText is "ref" or "in" ? reader.CellAt(arguments[0].Expression) : reader.TargetOf(arguments[0].Expression),
            "UnmanagedMemoryAccessor" => reader.SymbolOf(receiver) is { } view && SharedAnnotations.Of(view) is { } traits ? reader.OffsetBy(new Place(view, "*", traits, null, System.Collections.Immutable.ImmutableArray<ISymbol>.Empty), arguments[0].Expression) : null,
            _ => null,
        };
        return place is { Shared: not null } ? new CellAccess(place, isRead ? AccessKind.PlainRead : AccessKind.PlainWrite, call, call) { Value = isRead ? null : arguments[arguments.Count - 1].Expression } : null;
    }
}
