using Microsoft.CodeAnalysis;

namespace PinAnalyzers;

internal static partial class Descriptors
{
    internal const string BalanceCategory = "Pin.Balance";

    public static readonly DiagnosticDescriptor PIN0001_MemberNotAnalysed = new(
        "PIN0001",
        "Member was not analysed",
        "'{0}' was not analysed: {1}",
        BalanceCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A member that is too large or too deeply nested is left out rather than judged by half; nothing is reported in it.",
        HelpLinks.Of("PIN0001"));

    public static readonly DiagnosticDescriptor PIN1001_ChargeMustBeReleasedOnEveryPath = new(
        "PIN1001",
        "Charge must be released on every path",
        "The charge of {0} taken here is not released with '{1}' when {2}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What is charged must be released, stored or handed on, on every path out of the method: early returns, throws, breaks and the failure of a later charge included.",
        HelpLinks.Of("PIN1001"));

    public static readonly DiagnosticDescriptor PIN1002_ChargeMustBeReleasedOnExceptions = new(
        "PIN1002",
        "Charge must be released when an exception is thrown",
        "The charge of {0} taken here is not released with '{1}' if '{2}' throws",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The charge is released on every normal path, but a call or await in between may throw, and no finally or catch releases it.",
        HelpLinks.Of("PIN1002"));

    public static readonly DiagnosticDescriptor PIN1003_ChargeMustBeReleasedOnce = new(
        "PIN1003",
        "Charge must be released only once",
        "The charge of {0} released here was already released at line {1}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Releasing a charge twice corrupts the account, or frees what somebody else has charged since.",
        HelpLinks.Of("PIN1003"));

    public static readonly DiagnosticDescriptor PIN1004_OnlyTakenChargeMayBeReleased = new(
        "PIN1004",
        "Only a charge that was taken may be released",
        "The charge of {0} released here was not taken when the charge at line {1} failed",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A release that is reached although the charge was denied makes the account wrap or lets one holder too many in.",
        HelpLinks.Of("PIN1004"));

    public static readonly DiagnosticDescriptor PIN1005_ChargeResultMustBeUsed = new(
        "PIN1005",
        "Result of a charge must be used",
        "The result of '{0}' is not used: {1}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Without the result nobody knows whether the charge was taken, how much of it, or how to release it.",
        HelpLinks.Of("PIN1005"));

    public static readonly DiagnosticDescriptor PIN1008_GuardsMustAgree = new(
        "PIN1008",
        "Charge and release must be decided by the same condition",
        "The release of {0} is decided by {1}, its charge at line {3} by {2}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Where what decides the release is not what decided the charge, the account drifts: decide once, when charging, and record it.",
        HelpLinks.Of("PIN1008"));

    public static readonly DiagnosticDescriptor PIN1009_StoredChargeMustBeReleased = new(
        "PIN1009",
        "Charge kept in a field must be released by its type",
        "The charge of {0} kept in '{1}' is not released with '{2}': {3}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A field that holds a charge is its type's debt: a member that gives resources back must release it, or hand it on.",
        HelpLinks.Of("PIN1009"));

    public static readonly DiagnosticDescriptor PIN1011_LimitMustBeCheckedAndTakenAtOnce = new(
        "PIN1011",
        "Limit must be checked and taken in one step",
        "'{0}' is checked at line {1} and updated here in two steps: another thread may pass the same check in between",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A check and an update that are two steps let several threads through the same gap; one lock or one compare-and-exchange loop has to cover both.",
        HelpLinks.Of("PIN1011"));

    public static readonly DiagnosticDescriptor PIN1012_LimitArithmeticMustNotWrap = new(
        "PIN1012",
        "Limit arithmetic must not wrap",
        "Limit arithmetic can wrap: {0}",
        BalanceCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A sum that overflows is small or negative and passes every limit; an unsigned counter below zero is larger than every limit.",
        HelpLinks.Of("PIN1012"));

    public static readonly DiagnosticDescriptor PIN1016_AtomicFieldMustBeAccessedAtomically = new(
        "PIN1016",
        "Field that is updated atomically must be accessed atomically everywhere",
        "'{0}' is {1} plainly here but updated by Interlocked at line {2}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Interlocked protects only against other Interlocked operations: a plain write between its read and its write is lost, and a plain update loses the atomic one.",
        HelpLinks.Of("PIN1016"));

    public static readonly DiagnosticDescriptor PIN1020_GuardedCounterMustBeUpdatedUnderItsLock = new(
        "PIN1020",
        "Counter must be updated under its lock",
        "'{0}' is written here without '{1}', which guards it according to {2}",
        BalanceCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A lock protects a counter only if every writer takes it.",
        HelpLinks.Of("PIN1020"));
}
