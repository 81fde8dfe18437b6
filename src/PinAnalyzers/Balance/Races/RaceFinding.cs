using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Balance.Races;

/// <summary>What a rule about concurrent counters found: where, the other places of its path, and what its message names.</summary>
internal sealed record RaceFinding(DiagnosticDescriptor Rule, IOperation At, ImmutableArray<IOperation> Path, params object[] Arguments)
{
    public DiagnosticSeverity? Severity { get; init; }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Rule,
        At.Syntax.GetLocation(),
        Severity ?? Rule.DefaultSeverity,
        System.Linq.Enumerable.Select(Path, static operation => operation.Syntax.GetLocation()),
        ImmutableDictionary<string, string?>.Empty.Add("path", Path.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Arguments);
}
