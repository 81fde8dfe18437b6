using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Contract;

/// <summary>What a rule of this category found: where, what its message names, and the sites that its fix edits.</summary>
internal sealed record ContractFinding(DiagnosticDescriptor Rule, SyntaxNode At, params object[] Arguments)
{
    public DiagnosticSeverity? Severity { get; init; }

    /// <summary>How the state came about, in order.</summary>
    public IReadOnlyList<SyntaxNode> Path { get; init; } = [];

    /// <summary>What the fix edits, behind the path.</summary>
    public IReadOnlyList<SyntaxNode> Sites { get; init; } = [];

    /// <summary>What the fix needs to know and cannot see; null: nothing, or there is no fix.</summary>
    public string? Fix { get; init; }

    public Diagnostic ToDiagnostic()
    {
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty
            .Add("path", Path.Count.ToString(CultureInfo.InvariantCulture))
            .Add("sites", Sites.Count.ToString(CultureInfo.InvariantCulture));
        if (Fix is not null) properties = properties.Add("fix", Fix);
        return Diagnostic.Create(
            Rule, At.GetLocation(), Severity ?? Rule.DefaultSeverity, Path.Concat(Sites).Select(static node => node.GetLocation()).ToArray(), properties, Arguments);
    }
}
