using Microsoft.CodeAnalysis;
using PinAnalyzers.Symbols;

namespace PinAnalyzers.Pairs.Declared;

/// <summary>The parts that the parameters and the return value of a method play by their annotations; -1 where nobody plays one.</summary>
internal readonly record struct MethodRoles(int Token, bool ReturnsToken, int Owner, int Amount, int Taken)
{
    public static MethodRoles Of(IMethodSymbol method)
    {
        var (token, owner, amount, taken) = (-1, -1, -1, -1);
        foreach (var parameter in method.Parameters)
        {
            foreach (var attribute in parameter.GetAttributes())
            {
                if (Annotations.Is(attribute, Annotations.ChargeToken))
                    token = parameter.Ordinal;
                else if (Annotations.Is(attribute, Annotations.ChargeOwner))
                    owner = parameter.Ordinal;
                else if (Annotations.Is(attribute, Annotations.ChargeAmount))
                    amount = parameter.Ordinal;
                else if (Annotations.Is(attribute, Annotations.ChargeTaken))
                    taken = parameter.Ordinal;
            }
        }
        var returnsToken = method.MethodKind == MethodKind.Constructor
            || Annotations.Find(method.GetReturnTypeAttributes(), Annotations.ChargeToken) is not null;
        return new MethodRoles(token, returnsToken, owner, amount, taken);
    }

    public ValueSource OwnerSource => Source(Owner);

    public ValueSource AmountSource => Source(Amount);

    private static ValueSource Source(int ordinal) => ordinal < 0 ? ValueSource.None : ValueSource.Argument(ordinal);
}
