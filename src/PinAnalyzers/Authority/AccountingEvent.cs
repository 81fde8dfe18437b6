using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Authority;

/// <summary>One operation that charges or releases something: of a pair, or of a counter known by its field or property.</summary>
internal sealed record AccountingEvent(IOperation Operation, BasicBlock Block, bool IsRelease, Pair? Pair, ISymbol? Counter)
{
    /// <summary>Where the release is in a source helper, the helper; null where the operation itself releases.</summary>
    public IMethodSymbol? Through { get; init; }

    public string Display => Counter?.Name ?? Pair!.Key;

    public bool IsOfSameAccount(AccountingEvent other) =>
        Pair is not null ? ReferenceEquals(Pair, other.Pair) : SymbolEqualityComparer.Default.Equals(Counter, other.Counter);
}
