using System;
using System.Collections.Immutable;
using PinAnalyzers.Flow.Solving;
using PinAnalyzers.Flow.Values;

namespace PinAnalyzers.Balance;

/// <summary>The charges of one path, ordered by site and identity.</summary>
internal sealed class BalanceState : IFlowDomain<BalanceState>
{
    public static readonly BalanceState Empty = new(ImmutableArray<Obligation>.Empty);

    private BalanceState(ImmutableArray<Obligation> obligations) => Obligations = obligations;

    public ImmutableArray<Obligation> Obligations { get; }

    public bool IsEmpty => Obligations.IsEmpty;

    public bool IsOwing
    {
        get
        {
            foreach (Obligation obligation in Obligations)
            {
                if (obligation.Status is ObligationStatus.Held or ObligationStatus.Conditional) return true;
            }

            return false;
        }
    }

    /// <summary>Something is held, or handed to the caller.</summary>
    public bool MayBeCallers
    {
        get
        {
            foreach (Obligation obligation in Obligations)
            {
                if (obligation.Status is not (ObligationStatus.Released or ObligationStatus.Failed or ObligationStatus.Unknown)) return true;
            }

            return false;
        }
    }

    public BalanceState Add(Obligation obligation)
    {
        int index = 0;
        while (index < Obligations.Length && Compare(Obligations[index], obligation) < 0) index++;
        return new BalanceState(Obligations.Insert(index, obligation));
    }

    public BalanceState Remove(Obligation obligation)
    {
        ImmutableArray<Obligation> rest = Obligations.Remove(obligation);
        return rest.IsEmpty ? Empty : new BalanceState(rest);
    }

    public BalanceState Replace(Obligation old, Obligation replacement) => Remove(old).Add(replacement);

    public bool SameKey(BalanceState other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (Obligations.Length != other.Obligations.Length) return false;
        for (int i = 0; i < Obligations.Length; i++)
        {
            if (!Obligations[i].SameKey(other.Obligations[i])) return false;
        }

        return true;
    }

    public BalanceState Join(BalanceState other) => this;

    public BalanceState JoinLossy(BalanceState other)
    {
        BalanceState joined = this;
        foreach (Obligation mine in Obligations)
        {
            if (mine.Status == ObligationStatus.Unknown) continue;
            if (!other.HasSame(mine)) joined = joined.Replace(mine, ToUnknown(mine));
        }

        foreach (Obligation theirs in other.Obligations)
        {
            if (!joined.Has(theirs)) joined = joined.Add(ToUnknown(theirs));
        }

        return joined.SameKey(this) ? this : joined;
    }

    public int Distance(BalanceState other)
    {
        int distance = 0;
        foreach (Obligation mine in Obligations)
        {
            if (!other.HasSame(mine)) distance++;
        }

        return distance + Math.Max(0, other.Obligations.Length - Obligations.Length);
    }

    public bool Follows(int value)
    {
        foreach (Obligation obligation in Obligations)
        {
            if (obligation.Identity == value && obligation.Status is ObligationStatus.Held or ObligationStatus.Conditional or ObligationStatus.HandedOut) return true;
        }

        return false;
    }

    public bool Mentions(Func<int, bool> isAffected)
    {
        foreach (Obligation obligation in Obligations)
        {
            if (isAffected(obligation.Identity) || isAffected(obligation.Owner) || isAffected(obligation.Amount) || isAffected(obligation.Signal) || isAffected(obligation.Rest)) return true;
        }

        return false;
    }

    public BalanceState Rename(Func<int, int> rename, int aged)
    {
        BalanceState renamed = Empty;
        foreach (Obligation obligation in Obligations)
        {
            Obligation next = obligation with
            {
                Identity = rename(obligation.Identity),
                Owner = rename(obligation.Owner),
                Amount = rename(obligation.Amount),
                Signal = SignalAfter(obligation, rename),
                Asked = rename(obligation.Asked),
                Result = obligation.Result is { } result ? (rename(result.Value), result.WhenTaken) : null,
                Rest = rename(obligation.Rest),
            };

            // Which of the earlier rounds' values is meant is not known: none can be said to be given back already.
            if (next.Status == ObligationStatus.Released && (next.Identity != obligation.Identity || next.Identity == aged)) continue;

            // Charges of earlier rounds of a loop are one charge taken many times.
            Obligation? earlier = renamed.Find(next.Site, next.Identity);
            if (earlier is null) renamed = renamed.Add(next);
            else if (earlier.Status == next.Status) renamed = renamed.Replace(earlier, earlier with { Count = Math.Min(Obligation.Many, earlier.Count + next.Count) });
            else renamed = renamed.Replace(earlier, ToUnknown(earlier));
        }

        return renamed;
    }

    /// <summary>Of a charge of an earlier round, that is decided, nobody asks any more.</summary>
    private static int SignalAfter(Obligation obligation, Func<int, int> rename)
    {
        int signal = rename(obligation.Signal);
        return signal != obligation.Signal && obligation.Status is ObligationStatus.Held or ObligationStatus.Failed ? ValueTable.Unknown : signal;
    }

    private bool HasSame(Obligation obligation)
    {
        foreach (Obligation candidate in Obligations)
        {
            if (candidate.SameKey(obligation)) return true;
        }

        return false;
    }

    private bool Has(Obligation obligation) => Find(obligation.Site, obligation.Identity) is not null;

    private Obligation? Find(ChargeSite site, int identity)
    {
        foreach (Obligation obligation in Obligations)
        {
            if (ReferenceEquals(obligation.Site, site) && obligation.Identity == identity) return obligation;
        }

        return null;
    }

    private static Obligation ToUnknown(Obligation obligation) => obligation with { Status = ObligationStatus.Unknown, Count = 1, Signal = ValueTable.Unknown, Asked = ValueTable.Unknown };

    private static int Compare(Obligation left, Obligation right) =>
        left.Site.Number != right.Site.Number ? left.Site.Number.CompareTo(right.Site.Number) : left.Identity.CompareTo(right.Identity);
}
