using System;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs;

/// <summary>Reads from a signature what a declaration leaves open: how success is told, and whether the amount is there at all.</summary>
internal static class SignatureReader
{
    public static ChargeSpec Refine(ChargeSpec charge, IMethodSymbol method)
    {
        var refined = charge with { Amount = Existing(charge.Amount, method) };
        if (HasCancellation(method))
            refined = refined with { ThrowsWhenDenied = true };
        if (refined.Success != SuccessSignal.Always)
            return refined;

        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind is RefKind.Ref or RefKind.Out && parameter.Type.SpecialType == SpecialType.System_Boolean)
            {
                return refined with
                {
                    Success = SuccessSignal.Taken,
                    TakenOrdinal = parameter.Ordinal,
                    AlwaysTakenOnReturn = !method.Name.StartsWith("Try", StringComparison.Ordinal),
                };
            }
        }
        return method.AwaitedReturnType().SpecialType == SpecialType.System_Boolean ? refined with { Success = SuccessSignal.True } : refined;
    }

    public static ReleaseSpec Refine(ReleaseSpec release, IMethodSymbol method) => release with { Amount = Existing(release.Amount, method) };

    public static bool HasCancellation(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.Type is { Name: "CancellationToken", ContainingNamespace.Name: "Threading" })
                return true;
        }
        return false;
    }

    private static ValueSource Existing(ValueSource amount, IMethodSymbol method)
    {
        if (amount.Place != ValuePlace.Argument)
            return amount;
        return amount.Ordinal >= 0 && amount.Ordinal < method.Parameters.Length && method.Parameters[amount.Ordinal].Type.IsIntegral() ? amount : ValueSource.None;
    }
}
