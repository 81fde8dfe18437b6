using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Writes diagnostics the way a test would declare them, so that a failure can be pasted.</summary>
internal static class DiagnosticFormatter
{
    public static string Describe(IEnumerable<Diagnostic> diagnostics)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            text.Append("// ").AppendLine(diagnostic.ToString());
            text.Append("new DiagnosticResult(\"").Append(diagnostic.Id).Append("\", DiagnosticSeverity.").Append(diagnostic.Severity).Append(')');
            if (diagnostic.Location != Location.None)
                Append(text, diagnostic.Location);
            foreach (var location in diagnostic.AdditionalLocations)
                Append(text, location);
            if (DiagnosticMatcher.Arguments(diagnostic) is { Count: > 0 } arguments)
                text.Append(".WithArguments(").AppendJoin(", ", arguments.Select(argument => $"\"{argument}\"")).Append(')');
            text.AppendLine(",");
        }

        return text.Length == 0 ? "NONE" + Environment.NewLine : text.ToString();
    }

    private static void Append(StringBuilder text, Location location)
    {
        var span = location.GetLineSpan();
        text.Append(FormattableString.Invariant($".WithSpan(\"{span.Path}\", {span.StartLinePosition.Line + 1}, {span.StartLinePosition.Character + 1}, {span.EndLinePosition.Line + 1}, {span.EndLinePosition.Character + 1})"));
    }
}
