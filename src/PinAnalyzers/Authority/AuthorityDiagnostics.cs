using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Authority;

/// <summary>Findings as diagnostics.</summary>
internal static class AuthorityDiagnostics
{
    public static Diagnostic Create(AuthorityFinding finding)
    {
        ImmutableArray<Location> path = finding.Path.Select(static operation => operation.Syntax.GetLocation()).Distinct().ToImmutableArray();
        DiagnosticSeverity severity = finding.Severity ?? finding.Rule.DefaultSeverity;
        AuthorityProperties properties = finding.Sites?.ToProperties(path.Length) ?? new AuthorityProperties(path.Length, string.Empty, 0, string.Empty, string.Empty, HasToken: false);
        return Diagnostic.Create(
            finding.Rule, finding.At.Syntax.GetLocation(), severity, path.AddRange(finding.Sites?.ToLocations() ?? ImmutableArray<Location>.Empty), properties.ToDictionary(), finding.Arguments);
    }
}
