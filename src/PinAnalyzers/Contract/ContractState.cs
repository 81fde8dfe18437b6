using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using PinAnalyzers.Flow.Lattices;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Pairs;

namespace PinAnalyzers.Contract;

/// <summary>A status that a call returned on this path, and the handle that the call fills in when it succeeds.</summary>
internal sealed record Outcome(IOperation Call, SuccessSignal Signal, int Result, int Handle, bool IsOpen);

/// <summary>What one path knows: statuses that nobody has read yet, calls that failed, and handles that are live.</summary>
internal sealed class ContractState : IFlowDomain<ContractState>
{
    public static readonly ContractState Empty = new(default, ImmutableArray<Outcome>.Empty, default);

    private ContractState(IntMap<IOperation> unread, ImmutableArray<Outcome> outcomes, IntMap<IOperation> live)
    {
        Unread = unread;
        Outcomes = outcomes;
        Live = live;
    }

    /// <summary>Location of a local to the call whose status it holds unread.</summary>
    public IntMap<IOperation> Unread { get; }

    /// <summary>Calls whose success is open, and calls that failed.</summary>
    public ImmutableArray<Outcome> Outcomes { get; }

    /// <summary>Value of a handle to the call that filled it in.</summary>
    public IntMap<IOperation> Live { get; }

    public ContractState With(IntMap<IOperation>? unread = null, ImmutableArray<Outcome>? outcomes = null, IntMap<IOperation>? live = null) =>
        new(unread ?? Unread, outcomes ?? Outcomes, live ?? Live);

    public bool SameKey(ContractState other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (!Unread.Equals(other.Unread) || !Live.Equals(other.Live) || Outcomes.Length != other.Outcomes.Length) return false;
        for (int i = 0; i < Outcomes.Length; i++)
        {
            if (Outcomes[i] != other.Outcomes[i]) return false;
        }

        return true;
    }

    public ContractState Join(ContractState other) => this;

    /// <summary>Keeps only what both know; what is forgotten is not reported.</summary>
    public ContractState JoinLossy(ContractState other)
    {
        IntMap<IOperation> unread = Common(Unread, other.Unread);
        IntMap<IOperation> live = Common(Live, other.Live);
        ImmutableArray<Outcome> outcomes = Outcomes.RemoveAll(outcome => !other.Outcomes.Contains(outcome));
        return unread.Equals(Unread) && live.Equals(Live) && outcomes.Length == Outcomes.Length ? this : new ContractState(unread, outcomes, live);
    }

    public int Distance(ContractState other) =>
        Math.Abs(Unread.Count - other.Unread.Count) + Math.Abs(Live.Count - other.Live.Count) + Math.Abs(Outcomes.Length - other.Outcomes.Length);

    public bool Follows(int value) => false;

    public bool Mentions(Func<int, bool> isAffected)
    {
        foreach (Outcome outcome in Outcomes)
        {
            if (isAffected(outcome.Result) || isAffected(outcome.Handle)) return true;
        }

        for (int i = 0; i < Live.Count; i++)
        {
            if (isAffected(Live.KeyAt(i))) return true;
        }

        return false;
    }

    public ContractState Rename(Func<int, int> rename, int aged)
    {
        IntMap<IOperation> live = default;
        for (int i = 0; i < Live.Count; i++)
        {
            int value = rename(Live.KeyAt(i));
            if (value != 0) live = live.Set(value, Live.ValueAt(i));
        }

        ImmutableArray<Outcome>.Builder outcomes = ImmutableArray.CreateBuilder<Outcome>();
        foreach (Outcome outcome in Outcomes)
        {
            // A failure of an earlier round is settled: what follows belongs to this one.
            Outcome renamed = outcome with { Result = rename(outcome.Result), Handle = rename(outcome.Handle) };
            if (renamed.Result == outcome.Result) outcomes.Add(renamed);
        }

        return new ContractState(Unread, outcomes.ToImmutable(), live);
    }

    private static IntMap<IOperation> Common(IntMap<IOperation> left, IntMap<IOperation> right)
    {
        IntMap<IOperation> common = default;
        for (int i = 0; i < left.Count; i++)
        {
            if (right.TryGet(left.KeyAt(i), out IOperation? value) && value == left.ValueAt(i)) common = common.Set(left.KeyAt(i), value);
        }

        return common;
    }
}
