using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.Declared;

/// <summary>Annotations that cannot mean anything where they stand: an amount that is no number, a flag that is no <c>bool</c>, a name that names nothing.</summary>
internal static class AnnotationShape
{
    public static void Check(IMethodSymbol method, Action<AttributeData, string> report)
    {
        var tokens = Annotations.Find(method.GetReturnTypeAttributes(), Annotations.ChargeToken) is null ? 0 : 1;
        foreach (var parameter in method.Parameters)
        {
            // What the compiler complains about already needs no second voice.
            if (parameter.Type.TypeKind == TypeKind.Error)
                continue;
            foreach (var attribute in parameter.GetAttributes())
            {
                if (Annotations.Is(attribute, Annotations.ChargeAmount) && !IsAmount(parameter.Type))
                    report(attribute, $"[ChargeAmount] is on '{parameter.Name}' of type '{Display(parameter.Type)}', which is no integral number");
                else if (Annotations.Is(attribute, Annotations.ChargeTaken) && !(parameter.RefKind is RefKind.Ref or RefKind.Out && parameter.Type.SpecialType == SpecialType.System_Boolean))
                    report(attribute, $"[ChargeTaken] is on '{parameter.Name}', which is no 'ref bool' or 'out bool'");
                else if (Annotations.Is(attribute, Annotations.ChargeToken) && ++tokens > 1)
                    report(attribute, $"'{method.Name}' marks a second [ChargeToken]; one value stands for a charge");
            }
        }

        foreach (var attribute in method.GetAttributes())
        {
            if (Annotations.Is(attribute, Annotations.Charge)
                && Annotations.NamedEnum(attribute, "SucceedsWhen") is { } stated
                && Enum.TryParse<SuccessSignal>(stated, out var signal)
                && LinePairs.SignalMisfit(signal, method) is { } misfit)
            {
                report(attribute, misfit);
            }
            else if (Annotations.Is(attribute, Annotations.Effect) && Annotations.Argument(attribute, 0) is not null)
            {
                CheckEffect(method, attribute, report);
            }
        }
    }

    public static void Check(IFieldSymbol field, AttributeData counter, Action<AttributeData, string> report)
    {
        if (field.Type.TypeKind != TypeKind.Error && !IsAmount(field.Type))
            report(counter, $"[Counter] is on '{field.Name}' of type '{Display(field.Type)}', which is no integral number");
        foreach (var property in new[] { "Limit", "GuardedBy" })
        {
            if (Annotations.Named<string>(counter, property) is { } name && !HasMember(field.ContainingType, name))
                report(counter, $"{property} names '{name}', but '{field.ContainingType.Name}' has no such member" + NearMiss.Suggestion(name, field.ContainingType.MemberNames));
        }
    }

    private static void CheckEffect(IMethodSymbol method, AttributeData effect, Action<AttributeData, string> report)
    {
        var type = method.ContainingType;
        if (Annotations.Named<string>(effect, "ReversedBy") is not { } name)
            report(effect, "[Effect] names no ReversedBy, so nothing undoes it");
        else if (!HasMember(type, name))
            report(effect, $"ReversedBy names '{name}', but '{type.Name}' has no such method" + NearMiss.Suggestion(name, type.MemberNames));
    }

    private static bool HasMember(INamedTypeSymbol type, string name)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers(name).Any())
                return true;
        }
        return type.AllInterfaces.Any(contract => contract.GetMembers(name).Any());
    }

    private static bool IsAmount(ITypeSymbol type) =>
        type.IsIntegral() || type.TypeKind is TypeKind.Enum or TypeKind.TypeParameter;

    private static string Display(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
