using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Graphs;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

internal enum ArgumentEffect : byte
{
    /// <summary>The callee only looks at it.</summary>
    Uses,

    /// <summary>The callee takes over the duty, or may have.</summary>
    Keeps,

    /// <summary>The callee's body says.</summary>
    Ask,
}

/// <summary>What passing a charged value to a callee without looking into it means.</summary>
internal static class Effects
{
    private static readonly string[] StoringPrefixes = ["Add", "Attach", "Register", "Take", "Set", "Enqueue", "Push", "TryWrite", "TryAdd", "TrySet", "Write", "Insert", "Append"];

    public static ArgumentEffect Of(BalanceContext context, CallSite call, int ordinal, Obligation obligation)
    {
        IParameterSymbol parameter = call.Method.Parameters[ordinal];
        if (context.Catalog.TakesObligation(parameter)) return ArgumentEffect.Keeps;
        if (context.Catalog.TryGetPassThrough(call.Method, out int through) && through == ordinal) return ArgumentEffect.Uses;
        if (obligation.Pair.HasToken && parameter.RefKind is RefKind.Ref) return ArgumentEffect.Keeps;
        if (call.Method.MethodKind == MethodKind.Constructor) return IsView(call.Method.ContainingType) ? ArgumentEffect.Uses : ArgumentEffect.Keeps;
        if (CannotKeep(call.Method, parameter)) return ArgumentEffect.Uses;
        ITypeSymbol? type = TypeBeforeConversion(call.ArgumentOperations[ordinal]);
        if (IsHandleToken(obligation) && type is { SpecialType: not SpecialType.None }) return ArgumentEffect.Keeps;
        if (context.Summaries.HasBody(call.Method)) return ArgumentEffect.Ask;
        if (obligation.Pair.HasToken && (IsState(parameter) || IsInResult(parameter) || IsTakenFromView(call.Method))) return ArgumentEffect.Keeps;
        if (!obligation.Pair.HasToken) return call.Method.IsExtern || !call.Method.IsWrittenIn(context.Compilation) ? ArgumentEffect.Uses : ArgumentEffect.Keeps;
        if (IsWritten(call.Method, ordinal) || TokenHandovers.IsHandedOver(context.Catalog, call, ordinal)) return ArgumentEffect.Keeps;
        if (call.Method.IsExtern) return IsHandleToken(obligation) || TakesCallback(call.Method) ? ArgumentEffect.Keeps : ArgumentEffect.Uses;
        if (IsStoring(call.Method)) return ArgumentEffect.Keeps;
        if (call.IsDelegate || call.Method.IsWrittenIn(context.Compilation)) return ArgumentEffect.Keeps;
        if (type is null || type.TypeKind is TypeKind.Pointer or TypeKind.Array or TypeKind.Struct or TypeKind.FunctionPointer || type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr)
            return ArgumentEffect.Uses;
        return ArgumentEffect.Keeps;
    }

    /// <summary>A span lives on the stack: a callee that neither hands one back nor belongs to something that lives there too cannot keep what it looks at, nor give it back.</summary>
    private static bool CannotKeep(IMethodSymbol method, IParameterSymbol parameter) =>
        parameter.Type is INamedTypeSymbol { IsRefLikeType: true } span && IsView(span) && !method.ReturnType.IsRefLikeType && (method.IsStatic || !method.ContainingType.IsRefLikeType)
        && method.Parameters.All(static p => p.RefKind is RefKind.None or RefKind.In || !p.Type.IsRefLikeType);

    /// <summary>An array passed as <c>Array</c> or <c>object</c> is still an array.</summary>
    private static ITypeSymbol? TypeBeforeConversion(IOperation? argument)
    {
        while (argument is Microsoft.CodeAnalysis.Operations.IConversionOperation { OperatorMethod: null } conversion) argument = conversion.Operand;
        return argument?.Type;
    }

    /// <summary>A GC handle given to native code as a number comes back in a callback and is freed there.</summary>
    private static bool IsHandleToken(Obligation obligation) => obligation.Pair.Family == Pairs.PairFamily.GCHandle;

    /// <summary>Native code that is told how to give it back gives it back: <c>CreateWithData(p, size, &amp;Free)</c>.</summary>
    private static bool TakesCallback(IMethodSymbol method) => method.Parameters.Any(static p => p.Type.TypeKind is TypeKind.Delegate or TypeKind.FunctionPointer);

    /// <summary>Types that look at memory and own none of it.</summary>
    public static bool IsView(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true }
        && type.Name is "Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" or "ArraySegment" or "String" or "IntPtr" or "UIntPtr";

    /// <summary>The call makes a view of its first argument. A string is a copy.</summary>
    public static bool IsViewOf(IMethodSymbol method) =>
        method.MethodKind is MethodKind.Constructor or MethodKind.Conversion ? IsView(method.ContainingType) && method.ContainingType.SpecialType != SpecialType.System_String
        : (method.Name is "AsSpan" or "AsMemory" && method.ContainingType is { SystemName: "MemoryExtensions" }) || (method.Name is "AsBytes" or "Cast" && method.ContainingType is { SystemName: "MemoryMarshal" });

    /// <summary>The call refers to the first element of a view.</summary>
    public static bool IsFirstOfView(IMethodSymbol method) =>
        method.Name switch
        {
            "GetReference" => method.ContainingType is { SystemName: "MemoryMarshal" },
            "GetPinnableReference" => IsView(method.ContainingType),
            _ => false,
        };

    /// <summary>What is written through a pointer is kept by what it points into: the last argument of <c>Marshal.WriteIntPtr</c>, <c>Unsafe.Write</c>, <c>Volatile.Write</c>.</summary>
    private static bool IsWritten(IMethodSymbol method, int ordinal) =>
        ordinal > 0 && ordinal == method.Parameters.Length - 1 && method.Name.StartsWith("Write", StringComparison.Ordinal) && method.ContainingType is { SystemName: "Marshal" or "Unsafe" or "Volatile" or "MemoryMarshal" };

    /// <summary>What a callback will get as its state, which it may release: <c>ContinueWith((_, state) => …, token)</c>.</summary>
    private static bool IsState(IParameterSymbol parameter)
    {
        if (parameter.Type.SpecialType != SpecialType.System_Object || parameter.ContainingSymbol is not IMethodSymbol method) return false;
        foreach (IParameterSymbol other in method.Parameters)
        {
            if (other.Type.TypeKind == TypeKind.Delegate) return true;
        }

        return false;
    }

    /// <summary>The result is made of it: <c>Task.FromResult(token)</c>, <c>Tuple.Create(token, n)</c>. Where the result goes, the token goes.</summary>
    private static bool IsInResult(IParameterSymbol parameter) =>
        parameter.OriginalDefinition is { Type: ITypeParameterSymbol { DeclaringMethod: { } method } type } && method.ReturnType is INamedTypeSymbol { TypeArguments: { Length: > 0 } made }
        && made.Any(argument => SymbolEqualityComparer.Default.Equals(argument, type));

    /// <summary>The array is got back out of a view of it, to be given back by that name.</summary>
    private static bool IsTakenFromView(IMethodSymbol method) => method is { Name: "TryGetArray" or "TryGetMemoryManager", ContainingType.SystemName: "MemoryMarshal" };

    private static bool IsStoring(IMethodSymbol method)
    {
        // Reading and writing through a pointer is use: Marshal.WriteInt32(p, …), Unsafe.Write.
        if (method.ContainingType is { SystemName: "Marshal" or "Unsafe" or "Buffer" or "MemoryMarshal" or "NativeMemory" or "BinaryPrimitives" or "BitConverter" or "Array" or "Volatile" }) return false;
        if (method.ContainingType is { SystemName: "Interlocked" }) return true;
        foreach (string prefix in StoringPrefixes)
        {
            // What takes any item (a channel's writer) keeps it, whatever it is called; what takes bytes looks at them.
            if (method.Name.StartsWith(prefix, StringComparison.Ordinal)) return (method.Parameters.Length > 0 && method.OriginalDefinition.Parameters[0].Type is ITypeParameterSymbol { DeclaringType: not null }) || method.Name is not ("Write" or "WriteAsync" or "WriteLine" or "AppendFormatted") || !IsStream(method.ContainingType);
        }

        return false;
    }

    private static bool IsStream(INamedTypeSymbol type) => type.Name.EndsWith("Stream", StringComparison.Ordinal) || type.Name.EndsWith("Writer", StringComparison.Ordinal) || type.Name is "Console" or "Socket" or "RandomAccess";
}
