using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Pairs;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Balance;

internal enum ErrorConvention : byte
{
    /// <summary>Any negative number is an error.</summary>
    Negative,

    /// <summary>Minus one is an error, or what exactly is one is not said: a test for either will do.</summary>
    MinusOne,
}

/// <summary>Calls that return a count or an error in one number.</summary>
internal static class ErrorCodes
{
    /// <summary>Imported functions that have no way to fail, or return a size and not a count of what they did.</summary>
    private static readonly ImmutableArray<string> s_infallible = ImmutableArray.Create("size", "length", "len", "count", "sysconf", "pid", "uid", "gid", "tid");

    public static ErrorConvention? Of(CallSite call, ImmutableArray<ChargeSpec> charges)
    {
        foreach (ChargeSpec charge in charges)
        {
            if (charge.Success == SuccessSignal.NonNegative) return ErrorConvention.Negative;
            if (charge.Success == SuccessSignal.NotMinusOne) return ErrorConvention.MinusOne;
        }

        IMethodSymbol method = (call.Method.ReducedFrom ?? call.Method).OriginalDefinition;
        if (Annotations.Find(method.GetReturnTypeAttributes(), "Errno") is { } errno)
        {
            return ConventionName(errno) switch
            {
                "NegativeErrno" => ErrorConvention.Negative,
                "MinusOneErrno" => ErrorConvention.MinusOne,
                _ => null,
            };
        }

        return NativeMayFail(method) ? ErrorConvention.MinusOne : null;
    }

    private static string? ConventionName(AttributeData errno)
    {
        if (errno.ConstructorArguments.Length == 0 || errno.ConstructorArguments[0] is not { Kind: TypedConstantKind.Enum, Type: { } type } convention) return null;
        return type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => f.HasConstantValue && Equals(f.ConstantValue, convention.Value))?.Name;
    }

    /// <summary>An imported function that is given something and answers with a signed number.</summary>
    private static bool NativeMayFail(IMethodSymbol method)
    {
        bool isImport = method.GetDllImportData() is not null || method.GetAttributes().Any(static a => a.AttributeClass is { Name: "LibraryImportAttribute" });
        return isImport && method.ReturnType.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_IntPtr
            && !s_infallible.Any(word => method.Name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
    }
}
