using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Authority;

/// <summary>Findings as diagnostics.</summary>
internal static class AuthorityDiagnostics
{
    public static Diagnostic Create(AuthorityFinding finding)
    {
        Location[] path = finding.Path.Select(static operation => operation.Syntax.GetLocation()).Distinct().ToArray();
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty.Add("path", path.Length.ToString(CultureInfo.InvariantCulture));
        DiagnosticSeverity severity = finding.Severity ?? finding.Rule.DefaultSeverity;
        return Diagnostic.Create(finding.Rule, finding.At.Syntax.GetLocation(), severity, path, properties, finding.Arguments);
    }
}
