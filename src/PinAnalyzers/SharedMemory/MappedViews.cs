using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Pairs.BuiltIn;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.SharedMemory;

/// <summary>
/// Mappings that are shared for certain: <c>mmap</c> with MAP_SHARED and a descriptor, and views of a mapping that has a name or was opened by one. A private
/// or anonymous map and a view of a plain file are nobody's peer.
/// </summary>
internal static class MappedViews
{
    private const long MapShared = 1;
    private const long MapAnonymous = 0x20;
    private const long FileMapCopy = 1;
    private const long FileShareWrite = 2;

    /// <summary>A call of the shape <c>handle.AcquirePointer(ref p)</c>.</summary>
    public static bool IsAcquire(InvocationExpressionSyntax call) =>
        call is { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AcquirePointer" }, ArgumentList.Arguments.Count: 1 };

    /// <summary>A call of the system's own mapping function, or of what a library declares under its name.</summary>
    public static bool IsSharedMapping(IMethodSymbol method, InvocationExpressionSyntax call, PlaceReader reader, SharedContext context)
    {
        if (!method.IsStatic) return false;
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
        return (NativeImports.EntryPointOf(method) ?? method.Name) switch
        {
            "mmap" or "mmap64" => arguments.Count == 6 && method.Parameters.Length == 6 && IsSharedFlags(arguments[3].Expression, reader, context, 0) && ConstantOf(arguments[4].Expression, reader.Model, context.Cancellation) != -1,
            "MapViewOfFile" or "MapViewOfFileEx" => arguments.Count >= 5 && ConstantOf(arguments[1].Expression, reader.Model, context.Cancellation) != FileMapCopy && !IsUnnamedSection(arguments[0].Expression, reader, context, 0),
            _ => false,
        };
    }

    /// <summary>By value where the flags are constants, by name where a library computes them for the platform.</summary>
    private static bool IsSharedFlags(ExpressionSyntax expression, PlaceReader reader, SharedContext context, int depth)
    {
        if (ConstantOf(expression, reader.Model, context.Cancellation) is { } flags) return (flags & MapShared) != 0 && (flags & MapAnonymous) == 0;
        // A wrapper is told by its callers.
        if (depth < 3 && reader.SymbolOf(Bindings.Uncast(expression)) is IParameterSymbol parameter) return context.Parameters.IsAlways(parameter, (value, inner) => IsSharedFlags(value, inner, context, depth + 1));
        bool isShared = false;
        foreach (SyntaxNode node in expression.DescendantNodesAndSelf())
        {
            if (node is not IdentifierNameSyntax { Identifier.ValueText: var name }) continue;
            if (name is "MAP_ANONYMOUS" or "MAP_ANON" or "MAP_PRIVATE") return false;
            isShared |= name is "MAP_SHARED" or "MAP_SHARED_VALIDATE";
        }

        return isShared;
    }

    /// <summary>The handle is seen to come from a section that nobody can open by name.</summary>
    private static bool IsUnnamedSection(ExpressionSyntax expression, PlaceReader reader, SharedContext context, int depth)
    {
        if (depth > 6) return true;
        ExpressionSyntax bare = Bindings.Uncast(expression);
        switch (reader.SymbolOf(bare))
        {
            case ILocalSymbol local:
                return reader.Bindings.ValuesOf(local).Any(value => IsUnnamedSection(value, reader, context, depth + 1));
            case IFieldSymbol field:
                return context.Fields.IsAlways(field, (value, inner) => IsUnnamedSection(value, inner, context, depth + 1));
            case IParameterSymbol parameter:
                return context.Parameters.IsAlways(parameter, (value, inner) => IsUnnamedSection(value, inner, context, depth + 1));
            case IPropertySymbol { Name: "SafeMemoryMappedFileHandle" } when bare is MemberAccessExpressionSyntax access:
                return !IsShared(access.Expression, reader, context, depth + 1);
            case IMethodSymbol method when bare is InvocationExpressionSyntax { ArgumentList.Arguments: { Count: 6 } arguments }
                && (NativeImports.EntryPointOf(method) ?? method.Name).StartsWith("CreateFileMapping", System.StringComparison.Ordinal):
                return reader.Model.GetConstantValue(arguments[5].Expression, context.Cancellation) is { HasValue: true, Value: null };
            default:
                return false;
        }
    }

    /// <summary>Whether the handle is of a view of a mapping that another process can open by its name.</summary>
    public static bool IsSharedView(InvocationExpressionSyntax acquire, PlaceReader reader, SharedContext context) =>
        IsShared(((MemberAccessExpressionSyntax)acquire.Expression).Expression, reader, context, 0);

    private static bool IsShared(ExpressionSyntax expression, PlaceReader reader, SharedContext context, int depth)
    {
        if (depth > 6) return false;
        ExpressionSyntax bare = Bindings.Uncast(expression);
        switch (reader.SymbolOf(bare))
        {
            case ILocalSymbol local:
                return All(reader.Bindings.ValuesOf(local), reader, context, depth);
            case IFieldSymbol field:
                return context.Fields.IsAlways(field, (value, inner) => IsShared(value, inner, context, depth + 1));
            case IParameterSymbol parameter:
                return context.Parameters.IsAlways(parameter, (value, inner) => IsShared(value, inner, context, depth + 1));
            case IPropertySymbol { Name: "SafeMemoryMappedViewHandle" } when bare is MemberAccessExpressionSyntax access:
                return IsShared(access.Expression, reader, context, depth + 1);
            // Where one implementation names its mapping, the code around all of them has a peer.
            case IPropertySymbol property when property.IsWrittenIn(context.Compilation):
                return context.Implementations.Of(property).OfType<IPropertySymbol>().Any(kept => context.Fields.IsAlways(kept, (value, inner) => IsShared(value, inner, context, depth + 1)));
            case IMethodSymbol { ContainingType.SystemName: "MemoryMappedFile" } method when bare is InvocationExpressionSyntax call:
                return method.Name switch
                {
                    "CreateViewAccessor" or "CreateViewStream" => call.Expression is MemberAccessExpressionSyntax { Expression: var file } && IsShared(file, reader, context, depth + 1),
                    "OpenExisting" => true,
                    "CreateOrOpen" or "CreateNew" => IsNamed(call, method, reader),
                    "CreateFromFile" => IsNamed(call, method, reader) || call.ArgumentList.Arguments is { Count: > 0 } given && IsStreamForWriters(given[0].Expression, reader, context, 0),
                    _ => false,
                };
            default:
                return false;
        }
    }

    private static bool IsNamed(InvocationExpressionSyntax call, IMethodSymbol method, PlaceReader reader)
    {
        for (int i = 0; i < call.ArgumentList.Arguments.Count && i < method.Parameters.Length; i++)
        {
            if (method.Parameters[i].Name != "mapName") continue;
            Optional<object?> constant = reader.Model.GetConstantValue(call.ArgumentList.Arguments[i].Expression);
            return constant.HasValue ? constant.Value is not null : reader.TypeOf(call.ArgumentList.Arguments[i].Expression) is { SpecialType: SpecialType.System_String, NullableAnnotation: not NullableAnnotation.Annotated };
        }

        return false;
    }

    /// <summary>A file that was opened so that others may write it at the same time.</summary>
    private static bool IsStreamForWriters(ExpressionSyntax expression, PlaceReader reader, SharedContext context, int depth)
    {
        ExpressionSyntax bare = Bindings.Uncast(expression);
        if (depth > 4) return false;
        switch (reader.SymbolOf(bare))
        {
            case ILocalSymbol local:
                return reader.Bindings.ValuesOf(local) is { Count: > 0 } values && values.All(value => IsStreamForWriters(value, reader, context, depth + 1));
            case IFieldSymbol field:
                return context.Fields.IsAlways(field, (value, inner) => IsStreamForWriters(value, inner, context, depth + 1));
            case IMethodSymbol { ContainingType.SystemName: "FileStream" or "File" or "FileInfo" }:
                return SharedSites.ArgumentsOf(bare)?.Arguments.Any(argument => reader.TypeOf(argument.Expression)?.Name == "FileShare"
                    && ConstantOf(argument.Expression, reader.Model, context.Cancellation) is { } share && (share & FileShareWrite) != 0) == true;
            default:
                return false;
        }
    }

    private static bool All(IReadOnlyList<ExpressionSyntax> values, PlaceReader reader, SharedContext context, int depth)
    {
        foreach (ExpressionSyntax value in values)
        {
            if (!IsShared(value, reader, context, depth + 1)) return false;
        }

        return values.Count > 0;
    }

    private static long? ConstantOf(ExpressionSyntax expression, SemanticModel model, CancellationToken cancellation) => model.GetConstantValue(expression, cancellation).Value switch
    {
        int value => value,
        uint value => value,
        long value => value,
        nint value => value,
        ulong value => unchecked((long)value),
        _ => null,
    };
}
