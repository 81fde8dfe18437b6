using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Pairs.BuiltIn;

/// <summary>Finds the entry point that an imported method calls, and the row for it.</summary>
internal static class NativeImports
{
    public static MethodSpecs Of(IMethodSymbol method)
    {
        if (!method.IsStatic || EntryPointOf(method) is not { } entryPoint || !BuiltInTable.ByEntryPoint.TryGetValue(entryPoint, out var rows))
            return MethodSpecs.None;

        var charges = ImmutableArray<ChargeSpec>.Empty;
        var releases = ImmutableArray<ReleaseSpec>.Empty;
        foreach (var row in rows)
        {
            if (row.Parameters != method.Parameters.Length)
                continue;
            if (row.Charge is not null && ReturnsToken(row.Charge, method))
                charges = charges.Add(WithSignalOf(row.Charge, method));
            if (row.Release is not null)
                releases = releases.Add(row.Release);
        }
        return new MethodSpecs(charges, releases);
    }

    /// <summary>Entry point of a <c>DllImport</c> or <c>LibraryImport</c>, in source or metadata; null when the method is neither.</summary>
    public static string? EntryPointOf(IMethodSymbol method)
    {
        if (method.GetDllImportData() is { } import)
            return import.EntryPointName ?? method.Name;
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is not { Name: "LibraryImportAttribute" })
                continue;
            var named = attribute.NamedArguments.FirstOrDefault(argument => string.Equals(argument.Key, "EntryPoint", StringComparison.Ordinal));
            return named.Value.Value as string ?? method.Name;
        }
        return null;
    }

    /// <summary>An import whose marshalling a source generator writes, or has still to write: its body calls what the import calls.</summary>
    public static bool IsGenerated(IMethodSymbol method) =>
        (method.IsPartialDefinition || method.PartialDefinitionPart is not null) && !method.IsExtern && EntryPointOf(method.PartialDefinitionPart ?? method) is not null;

    /// <summary>An import that wraps what it gets in a <c>SafeHandle</c> leaves nothing for the caller to free by address.</summary>
    private static bool ReturnsToken(ChargeSpec charge, IMethodSymbol method) =>
        charge.Identity.Place != ValuePlace.Result || !(method.ReturnType.IsReferenceType || method.ReturnsVoid);

    /// <summary>An import that declares the status as <c>bool</c>, or throws instead of returning it, tells success its own way.</summary>
    private static ChargeSpec WithSignalOf(ChargeSpec charge, IMethodSymbol method)
    {
        if (method.ReturnsVoid)
            return charge with { Success = SuccessSignal.Always, ThrowsWhenDenied = true };
        if (method.ReturnType.SpecialType == SpecialType.System_Boolean && charge.Success == SuccessSignal.NonZero)
            return charge with { Success = SuccessSignal.True };
        return charge;
    }
}
