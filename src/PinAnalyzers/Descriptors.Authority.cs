using Microsoft.CodeAnalysis;

namespace PinAnalyzers;

internal static partial class Descriptors
{
    internal const string AuthorityCategory = "Pin.Authority";

    public static readonly DiagnosticDescriptor PIN2001_CapabilityMustNotDecideRelease = new(
        "PIN2001",
        "Capability check must not decide a release",
        "'{0}', asked at release time, decides whether '{1}' is released; record what was charged instead",
        AuthorityCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Privilege may have changed since the charge, or the caller may be somebody else: what was never charged is then released, or what was charged is never released.",
        HelpLinks.Of("PIN2001"));

    public static readonly DiagnosticDescriptor PIN2002_CapabilityMustNotSkipCharge = new(
        "PIN2002",
        "Capability check should bypass the limit, not the charge",
        "'{0}' skips the charge of '{1}'; charge always and let privilege bypass only the limit",
        AuthorityCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What a privileged caller uses is then counted nowhere, and the release must find out again whether there was a charge. Where the release does not ask, more is released than was charged.",
        HelpLinks.Of("PIN2002"));

    public static readonly DiagnosticDescriptor PIN2003_OwnerMustNotBeAmbient = new(
        "PIN2003",
        "Owner of a release must not be looked up by who runs it",
        "'{0}', asked at release time, says whose '{1}' is released; record the owner where it is charged",
        AuthorityCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A release runs on whatever thread, for whatever user or request, comes to close, finish or collect. The account that was charged then stays charged, and somebody else's is credited.",
        HelpLinks.Of("PIN2003"));

    public static readonly DiagnosticDescriptor PIN2004_LimitShouldBeTheOwners = new(
        "PIN2004",
        "Limit should be that of the owner who is charged",
        "'{0}' limits what is charged to '{1}', which has a limit of its own",
        AuthorityCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A caller with a high limit fills the account of one with a low limit, or the other way round.",
        HelpLinks.Of("PIN2004"));

    public static readonly DiagnosticDescriptor PIN2005_ProbeShouldFollowCheapTest = new(
        "PIN2005",
        "Capability probe should follow the cheap test",
        "'{0}' is asked before '{1}', which costs nothing and may settle the matter",
        AuthorityCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A probe costs a system call or a look-up and may leave a trace in an audit log, so it is asked last, when nothing cheaper has decided.",
        HelpLinks.Of("PIN2005"));

    public static readonly DiagnosticDescriptor PIN2006_OwnerShouldBeRecorded = new(
        "PIN2006",
        "Owner should be recorded at the charge, not found again at the release",
        "'{0}' can be set between charge and release of '{1}'; record the owner where it is charged",
        AuthorityCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "The way to the owner leads through a member that others can set. Once they have, the release credits an owner that was never charged, and the one that was stays charged.",
        HelpLinks.Of("PIN2006"));

    public static readonly DiagnosticDescriptor PIN2007_OwnerMustOutliveCharge = new(
        "PIN2007",
        "Owner must be let go of after the release, not before",
        "'{0}' was let go of before '{1}' is released to it",
        AuthorityCategory,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "An owner whose last reference is gone may be torn down, reused or null by the time that the charge is given back.",
        HelpLinks.Of("PIN2007"));
}
