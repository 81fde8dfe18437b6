using Microsoft.CodeAnalysis;

namespace PinAnalyzers;

/// <summary>How much, whose, and how many times.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor PIN1006_AmountReleasedMustBeAmountCharged = new(
        "PIN1006",
        "Amount released must be the amount charged",
        "The amount released here, '{0}', is not the amount charged at line {1}, '{2}'",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A charge is released by exactly what was charged: not by what was asked for where more was got, not by a variable that has changed since, not in other units.",
        HelpLinks.Of("PIN1006"));

    public static readonly DiagnosticDescriptor PIN1007_ChargeMustGoBackWhereItCameFrom = new(
        "PIN1007",
        "Charge must go back where it came from",
        "The charge of {0} taken at line {1} goes to the wrong place here: {2}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What one account, pool, allocator or lock mode was charged is released to that one, not to another that looks like it.",
        HelpLinks.Of("PIN1007"));

    public static readonly DiagnosticDescriptor PIN1017_AmountMustNotBeNegative = new(
        "PIN1017",
        "Amount must not be negative",
        "The amount '{0}' may be negative: {1}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A negative amount turns a charge into a release and a release into a charge; an error code that is added to a counter lets others past the limit.",
        HelpLinks.Of("PIN1017"));
}
