using System.Threading;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Balance;

/// <summary>What the rules about when things happen know of the compilation.</summary>
internal sealed class TimingContext(BalanceContext balance, ReleaseMembers releaseMembers)
{
    public IPairCatalog Catalog => balance.Catalog;

    public Compilation Compilation => balance.Compilation;

    public CancellationToken Cancellation => balance.Cancellation;

    public ReleaseMembers ReleaseMembers { get; } = releaseMembers;

    public AccountEvents Events { get; } = new(balance.Catalog);
}
