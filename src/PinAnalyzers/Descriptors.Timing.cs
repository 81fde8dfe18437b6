using Microsoft.CodeAnalysis;

namespace PinAnalyzers;

/// <summary>Charges and releases at the wrong time, or not at all in some builds.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor PIN1010_ReleaseShouldNotBeDeferred = new(
        "PIN1010",
        "Charge or release should not wait for deferred code",
        "The {0} of {1} waits here until {2}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A charge that comes later lets others past the limit; a release that comes later makes the next charge fail although nothing is in use.",
        HelpLinks.Of("PIN1010"));

    public static readonly DiagnosticDescriptor PIN1013_ChargeMustNotExistTwice = new(
        "PIN1013",
        "Value that stands for a charge must not exist twice",
        "This makes a second '{0}' for one charge: {1}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A copy of a struct token, a boxed one or a clone can be released as well as the original, and neither knows of the other.",
        HelpLinks.Of("PIN1013"));

    public static readonly DiagnosticDescriptor PIN1014_EffectMustNotDependOnConditionalCall = new(
        "PIN1014",
        "Effect must not depend on a conditional call",
        "{0} happens inside an argument of '{1}', which is only called in some builds",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Calls of [Conditional] methods are left out with their arguments where the symbol is not defined: what happens in there does not happen in release builds.",
        HelpLinks.Of("PIN1014"));

    public static readonly DiagnosticDescriptor PIN1015_ReleasePathShouldNotBeCancellable = new(
        "PIN1015",
        "Release path should not be cancellable before it releases",
        "'{0}' may {1} before the release at line {2} is reached",
        BalanceCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "What gives resources back has to get there: a cancelled or timed wait in front of the release keeps the charge for good.",
        HelpLinks.Of("PIN1015"));

    public static readonly DiagnosticDescriptor PIN1018_ChargeShouldPrecedePublication = new(
        "PIN1018",
        "Charge should be recorded before the object is visible to others",
        "'{0}' becomes visible to others here, before it is charged at line {1}",
        BalanceCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Whoever finds the object may close it, and release what has not been charged yet.",
        HelpLinks.Of("PIN1018"));

    public static readonly DiagnosticDescriptor PIN1019_RollbackShouldCoverWhatWasDone = new(
        "PIN1019",
        "Rollback should cover what was done, not what was asked for",
        "This rollback runs to '{0}', which is what was asked for; the charge at line {1} was taken for fewer when it failed",
        BalanceCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A loop that undoes a batch after a failure must stop at what the batch has done; the rest was never charged.",
        HelpLinks.Of("PIN1019"));
}
