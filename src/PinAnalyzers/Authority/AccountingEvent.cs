using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Authority;

/// <summary>One operation that charges or releases something: of a pair, or of a counter known by its field or property.</summary>
internal sealed record AccountingEvent(IOperation Operation, BasicBlock Block, bool IsRelease, Pair? Pair, ISymbol? Counter)
{
    /// <summary>Where the event is in a source helper, the helper; null where the operation itself charges or releases.</summary>
    public IMethodSymbol? Through { get; init; }

    /// <summary>Whose account, or for a pair with a token, the token; null where nothing there says so.</summary>
    public IOperation? Owner { get; init; }

    /// <summary>How much; null where it is one, or not said.</summary>
    public IOperation? Amount { get; init; }

    /// <summary>How a charge tells that it was taken.</summary>
    public SuccessSignal Signal { get; init; }

    public string Display => Counter?.Name ?? Pair!.Key;

    /// <summary>Something that has an owner and mostly a limit, as handles and memory have not.</summary>
    public bool IsAccount => Pair is null or { Family: PairFamily.Accounting or PairFamily.Declared or PairFamily.Counters } and ({ HasAmount: true } or { HasToken: false, Family: PairFamily.Declared });

    public bool IsOfSameAccount(AccountingEvent other) =>
        Pair is not null ? ReferenceEquals(Pair, other.Pair) : Counter is not null && SymbolEqualityComparer.Default.Equals(Counter, other.Counter);
}
