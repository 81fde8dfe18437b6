using System;

namespace PinAnalyzers.Flow.Solving;

/// <summary>
/// What a rule family keeps per path besides values and facts. Immutable. Two states whose domains have the same key are joined where paths meet;
/// others stay apart as disjuncts.
/// </summary>
public interface IFlowDomain<TSelf>
    where TSelf : IFlowDomain<TSelf>
{
    bool SameKey(TSelf other);

    /// <summary>Joins two domains of the same key.</summary>
    TSelf Join(TSelf other);

    /// <summary>Joins domains of different keys when there are too many disjuncts: what they disagree on becomes unknown. May lose a finding, never invents one.</summary>
    TSelf JoinLossy(TSelf other);

    /// <summary>How much <see cref="JoinLossy"/> would lose; the nearest are joined first.</summary>
    int Distance(TSelf other);

    /// <summary>Whether the domain follows what this value stands for: joining two states must not take its last name from it.</summary>
    bool Follows(int value);

    bool Mentions(Func<int, bool> isAffected);

    /// <summary>Renames the values it holds. From here on <paramref name="aged"/> stands for one more value than before: what was said of it was said of the others.</summary>
    TSelf Rename(Func<int, int> rename, int aged);
}
