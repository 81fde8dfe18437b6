using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Solving;

namespace PinAnalyzers.Balance;

internal enum BalanceRule
{
    Lost,
    LostOnException,
    ReleasedTwice,
    ReleasedUncharged,
    ResultDropped,
    ShortCountIgnored,
}

/// <summary>What a converged state says is wrong: the rule, the operation it is reported at, the charge, and how control got there.</summary>
internal sealed record BalanceFinding(BalanceRule Rule, IOperation At, ChargeSite Site, Trace? Trace)
{
    /// <summary>Where the charge is lost, or what throws; null where the method just ends.</summary>
    public IOperation? End { get; init; }

    /// <summary>What is thrown there, when an exception ends the path.</summary>
    public Flow.Graphs.ThrowInfo? Thrown { get; init; }

    /// <summary>The other operation a message names: the first of two releases.</summary>
    public IOperation? Other { get; init; }

    /// <summary>Releases of the same charge on other paths, for fixes.</summary>
    public IReadOnlyCollection<IOperation> Releases { get; init; } = [];
}
