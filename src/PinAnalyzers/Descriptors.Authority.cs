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

    public static readonly DiagnosticDescriptor PIN2005_ProbeShouldFollowCheapTest = new(
        "PIN2005",
        "Capability probe should follow the cheap test",
        "'{0}' is asked before '{1}', which costs nothing and may settle the matter",
        AuthorityCategory,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A probe costs a system call or a look-up and may leave a trace in an audit log, so it is asked last, when nothing cheaper has decided.",
        HelpLinks.Of("PIN2005"));
}
