using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.SharedMemory;

/// <summary>What a rule of this category found: where, what its message names, and the path in order.</summary>
internal sealed record SharedFinding(DiagnosticDescriptor Rule, SyntaxNode At, params object[] Arguments)
{
    public DiagnosticSeverity? Severity { get; init; }

    /// <summary>What happened before that makes it wrong.</summary>
    public ImmutableArray<SyntaxNode> Path { get; init; } = ImmutableArray<SyntaxNode>.Empty;

    /// <summary>What a fix edits beside the location.</summary>
    public ImmutableArray<SyntaxNode> Sites { get; init; } = ImmutableArray<SyntaxNode>.Empty;

    public Diagnostic ToDiagnostic()
    {
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty
            .Add("path", Path.Length.ToString(CultureInfo.InvariantCulture)).Add("sites", Sites.Length.ToString(CultureInfo.InvariantCulture));
        IEnumerable<Location> locations = Path.Concat(Sites).Select(static node => node.GetLocation());
        return Diagnostic.Create(Rule, At.GetLocation(), Severity ?? Rule.DefaultSeverity, locations, properties, Arguments);
    }
}
