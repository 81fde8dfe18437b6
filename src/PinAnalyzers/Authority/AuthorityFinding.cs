using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace PinAnalyzers.Authority;

/// <summary>What a rule of this category found: where, what its message names, and the path in order.</summary>
internal sealed record AuthorityFinding(DiagnosticDescriptor Rule, IOperation At, ImmutableArray<IOperation> Path, params object[] Arguments)
{
    public DiagnosticSeverity? Severity { get; init; }

    /// <summary>What a fix has to change together; null where the path says it all.</summary>
    public AccountSites? Sites { get; init; }
}
