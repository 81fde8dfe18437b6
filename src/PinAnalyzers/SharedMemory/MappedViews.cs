using System.Collections.Generic;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PinAnalyzers.Pairs.BuiltIn;

namespace PinAnalyzers.SharedMemory;

/// <summary>Mappings that are shared for certain: <c>mmap</c> with MAP_SHARED and a descriptor, and views of a mapping that has a name.</summary>
internal static class MappedViews
{
    private const long MapShared = 1;
    private const long MapAnonymous = 0x20;

    /// <summary>A call of the shape <c>handle.AcquirePointer(ref p)</c>.</summary>
    public static bool IsAcquire(InvocationExpressionSyntax call) =>
        call is { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AcquirePointer" }, ArgumentList.Arguments.Count: 1 };

    public static bool IsSharedMapping(IMethodSymbol method, InvocationExpressionSyntax call, SemanticModel model, CancellationToken cancellation)
    {
        if (!method.IsStatic || method.Parameters.Length != 6 || call.ArgumentList.Arguments.Count != 6 || NativeImports.EntryPointOf(method) is not ("mmap" or "mmap64")) return false;
        return ConstantOf(call.ArgumentList.Arguments[3].Expression, model, cancellation) is { } flags && (flags & MapShared) != 0 && (flags & MapAnonymous) == 0
            && ConstantOf(call.ArgumentList.Arguments[4].Expression, model, cancellation) != -1;
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
            case IPropertySymbol { Name: "SafeMemoryMappedViewHandle" } when bare is MemberAccessExpressionSyntax access:
                return IsShared(access.Expression, reader, context, depth + 1);
            case IMethodSymbol { ContainingType.Name: "MemoryMappedFile" } method when bare is InvocationExpressionSyntax call:
                return method.Name switch
                {
                    "CreateViewAccessor" or "CreateViewStream" => call.Expression is MemberAccessExpressionSyntax { Expression: var file } && IsShared(file, reader, context, depth + 1),
                    "OpenExisting" => true,
                    "CreateOrOpen" or "CreateNew" => IsNamed(call, method, reader),
                    "CreateFromFile" => IsNamed(call, method, reader),
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
        _ => null,
    };
}
