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
    OtherAmount,
    OtherOwner,
    OtherFamily,
    NegativeAmount,
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

    /// <summary>The words of the message that only the finder knows.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Releases of the same charge on other paths, for fixes.</summary>
    public IReadOnlyCollection<IOperation> Releases { get; init; } = [];

    public FixEvidence Evidence { get; init; } = FixEvidence.None;
}

/// <summary>What the states know that no syntax tells, for fixes.</summary>
/// <param name="IsCertain">
/// The finding holds on every path that comes there: of a lost charge, its end and each of <paramref name="Ends"/> is only reached with it held; of a second release,
/// it never ends a charge; of a release of nothing, it ends no other charge; of a dropped result, nothing else is held there.
/// </param>
/// <param name="IsHandedOn">Some path returns the charge, stores it or leaves it to the caller: it must outlive the body there.</param>
/// <param name="IsRollback">A later charge fails on the way to where this one is lost.</param>
/// <param name="Ends">Where else paths end that lose the charge, in source order.</param>
internal sealed record FixEvidence(bool IsCertain, bool IsHandedOn, bool IsRollback, IReadOnlyList<IOperation> Ends)
{
    public static readonly FixEvidence None = new(false, false, false, []);
}
