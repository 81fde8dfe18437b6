using Microsoft.CodeAnalysis;

namespace PinAnalyzers;

internal static partial class Descriptors
{
    internal const string ContractCategory = "Pin.Contract";

    public static readonly DiagnosticDescriptor PIN4001_StatusMustNotBeLost = new(
        "PIN4001",
        "Status must be read before it is replaced",
        "{0}",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "An error status that is overwritten before anybody reads it, or an error exit that returns a status known to mean success, tells the caller that all is well.",
        HelpLinks.Of("PIN4001"));

    public static readonly DiagnosticDescriptor PIN4002_DenialIsNotExhaustion = new(
        "PIN4002",
        "A policy denial should not be reported as exhaustion",
        "{0}",
        ContractCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A limit that somebody set and a machine that has run out call for different answers: the first is cured by asking for less or by raising the limit, the second by neither.",
        HelpLinks.Of("PIN4002"));

    public static readonly DiagnosticDescriptor PIN4003_ArgumentMustBeValid = new(
        "PIN4003",
        "Argument must be in its valid range or mask",
        "'{0}' is {1} for '{2}' of '{3}'",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The called method says which values it accepts; this one it will refuse, or worse, it will not.",
        HelpLinks.Of("PIN4003"));

    public static readonly DiagnosticDescriptor PIN4004_HandleMustBeZero = new(
        "PIN4004",
        "Argument must be zero before the call",
        "'{0}' is {1} when '{2}' is called, which must find it {3}",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The method fills the argument in. What it held before is overwritten and lost, or taken for proof that the call has succeeded before.",
        HelpLinks.Of("PIN4004"));

    public static readonly DiagnosticDescriptor PIN4005_FlagTestMustMeanSomething = new(
        "PIN4005",
        "Test of a flag must be able to tell",
        "{0}",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A flag whose value is zero is in every value and in none, and two flags with one value cannot be told apart: such a test answers always the same, or for the wrong flag.",
        HelpLinks.Of("PIN4005"));

    public static readonly DiagnosticDescriptor PIN4006_FlagShouldBeMasked = new(
        "PIN4006",
        "Flag should be tested through a mask",
        "'{0}' is {1} only when '{2}' is the only flag set; test it with '&'",
        ContractCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Equality with one flag fails as soon as another is combined with it, also one that is added to the enum later.",
        HelpLinks.Of("PIN4006"));

    public static readonly DiagnosticDescriptor PIN4007_CompositeIsNotABoolean = new(
        "PIN4007",
        "Several flags should not be kept or named as one boolean",
        "'{0}' looks like one yes or no, but holds {1}",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: false,
        "Readers take it for a boolean and test it as a whole, so that one flag passes for the other.",
        HelpLinks.Of("PIN4007"));

    public static readonly DiagnosticDescriptor PIN4008_SetterShouldClear = new(
        "PIN4008",
        "A setter should also clear",
        "'{0}' is set here when '{1}' and cleared nowhere; without the flag it should be reset",
        ContractCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A call without the flag leaves what an earlier call has set, although its caller asked for the opposite: once becomes for ever.",
        HelpLinks.Of("PIN4008"));

    public static readonly DiagnosticDescriptor PIN4009_CopyMustNotHoldTheCharge = new(
        "PIN4009",
        "A copy must not take over what was charged to the original",
        "{0}",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The charge was taken once, but now two objects hold it: both release it, or the copy counts what was never charged to it.",
        HelpLinks.Of("PIN4009"));

    public static readonly DiagnosticDescriptor PIN4010_GuardMustTestTheSource = new(
        "PIN4010",
        "A copy must be guarded by the source's state",
        "'{0}' belongs to the new object and is still unset, so it cannot decide what is copied from '{1}'",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The field of an object that was just made holds its default: the test answers always the same, and the state is copied never or always.",
        HelpLinks.Of("PIN4010"));

    public static readonly DiagnosticDescriptor PIN4011_DeclarationMustMeanSomething = new(
        "PIN4011",
        "A pair declaration or option cannot mean what it says",
        "{0}",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "An annotation, a line of PinPairs.txt or the value of a pin.* option names something that is not there or cannot be. It is ignored, so what it was meant to have checked is not.",
        HelpLinks.Of("PIN4011"));

    public static readonly DiagnosticDescriptor PIN4012_ReturnConventionMustBeKept = new(
        "PIN4012",
        "A native result must be tested by its own convention",
        "'{0}' {1}; '{2}' does not tell success from failure",
        ContractCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Native functions tell of failure in different ways: by -1 and errno, by the negated errno, by the errno itself, by null. A test made for another way takes an error for a result.",
        HelpLinks.Of("PIN4012"));
}
