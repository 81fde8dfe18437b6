using System;
using System.Numerics;
using System.Threading;

namespace PinAccounting;

/// <summary>The free credit of one account, split so that cores need not contend for one cell; the limit stays exact.</summary>
/// <remarks>
/// <para>After the kernel's percpu counters, but exact in both directions. Each shard has a quota, part of it still free (its credit); the rest is lent.
/// Quotas never add up to more than the limit, so taking from a shard's credit cannot exceed it; lent amounts add up to what is used,
/// so returning at most what a shard has lent cannot return more than is used. Both are one compare-and-swap on the shard's own word.</para>
/// <para>Whatever a shard cannot answer alone goes through <see cref="_gate"/>: all shards are closed (their word goes negative, which makes
/// every fast path turn to the gate), so the total is exact while the decision is taken; a denial has thereby reclaimed all idle credit first.
/// Then everything is dealt out anew. While the account is at or over its limit, or sealed, the shards simply stay closed.</para>
/// </remarks>
internal sealed class CreditShards
{
    private const long Closed = -1;

    private readonly Shard[] _shards;
    private SpinGate _gate;
    private bool _open;
    private bool _sealed;
    private long _limit;

    /// <summary>What is used in total; meaningful while the shards are closed.</summary>
    private long _total;

    internal CreditShards(int count, long limit)
    {
        _shards = new Shard[BitOperations.RoundUpToPowerOf2((uint)count)];
        for (int i = 0; i < _shards.Length; i++) _shards[i] = new Shard();
        _limit = limit;
        Deal();
    }

    internal long Limit => Volatile.Read(ref _limit);

    /// <summary>Exact: adding up open shards one by one would count an amount twice that is released from one and taken from another meanwhile.</summary>
    internal long Used
    {
        get
        {
            _gate.Enter();
            Collect();
            long used = _total;
            Deal();
            _gate.Exit();
            return used;
        }
    }

    internal ChargeStatus TryTake(long amount, bool mayExceed, out long used) =>
        TryTakeLocal(amount, out used) ? ChargeStatus.Charged : TakeExactly(amount, mayExceed, out used);

    internal bool TryGive(long amount) => TryGiveLocal(amount) || GiveExactly(amount);

    /// <summary>Takes from this processor's shard, or changes nothing.</summary>
    internal bool TryTakeLocal(long amount, out long used)
    {
        Shard mine = Mine;
        // A cheap figure for the result; the exact total would cost what the shards are there to save.
        used = amount;
        long credit = Volatile.Read(ref mine.Credit);
        while (credit >= amount)
        {
            long seen = Interlocked.CompareExchange(ref mine.Credit, credit - amount, credit);
            if (seen == credit) return true;
            credit = seen;
        }

        return false;
    }

    /// <summary>Returns to this processor's shard if it has lent that much, or changes nothing.</summary>
    internal bool TryGiveLocal(long amount)
    {
        Shard mine = Mine;
        long credit = Volatile.Read(ref mine.Credit);
        while (credit >= 0 && amount <= Volatile.Read(ref mine.Quota) - credit)
        {
            long seen = Interlocked.CompareExchange(ref mine.Credit, credit + amount, credit);
            if (seen == credit) return true;
            credit = seen;
        }

        return false;
    }

    internal void SetLimit(long limit)
    {
        _gate.Enter();
        Collect();
        Volatile.Write(ref _limit, limit);
        Deal();
        _gate.Exit();
    }

    /// <summary>No more charges; releases go on.</summary>
    internal void Seal()
    {
        _gate.Enter();
        Collect();
        _sealed = true;
        _gate.Exit();
    }

    private Shard Mine => _shards[Thread.GetCurrentProcessorId() & (_shards.Length - 1)];

    private ChargeStatus TakeExactly(long amount, bool mayExceed, out long used)
    {
        ChargeStatus status;
        _gate.Enter();
        Collect();
        if (_sealed) status = ChargeStatus.OwnerGone;
        else if (amount <= _limit - _total) status = ChargeStatus.Charged;
        else if (amount > long.MaxValue - _total) status = ChargeStatus.Overflow;
        else status = mayExceed ? ChargeStatus.ChargedOverLimit : ChargeStatus.PolicyLimit;

        if (status is ChargeStatus.Charged or ChargeStatus.ChargedOverLimit) _total += amount;
        used = _total;
        Deal();
        _gate.Exit();
        return status;
    }

    private bool GiveExactly(long amount)
    {
        _gate.Enter();
        Collect();
        bool held = amount <= _total;
        if (held) _total -= amount;
        Deal();
        _gate.Exit();
        return held;
    }

    /// <summary>Closes the shards and adds up what they have lent. Under the gate.</summary>
    private void Collect()
    {
        if (!_open) return;
        long total = 0;
        foreach (Shard shard in _shards) total += shard.Quota - Interlocked.Exchange(ref shard.Credit, Closed);
        _total = Math.Max(0, total);
        _open = false;
    }

    /// <summary>Deals out the used total and the free rest evenly and opens the shards, unless every operation has to be exact. Under the gate.</summary>
    private void Deal()
    {
        long free = _limit - _total;
        // Over the limit even returned credit must not be lent again; below a unit a shard there is nothing to deal.
        if (_sealed || free < _shards.Length) return;

        int count = _shards.Length;
        long lent = _total / count, credit = free / count;
        Shard mine = Mine;
        foreach (Shard shard in _shards)
        {
            bool rest = shard == mine;
            long shardCredit = credit + (rest ? free % count : 0);
            Volatile.Write(ref shard.Quota, shardCredit + lent + (rest ? _total % count : 0));
            // Opens the shard: the quota must be there before.
            Volatile.Write(ref shard.Credit, shardCredit);
        }

        _open = true;
    }

    /// <summary>One word that few threads use, far enough from the next one's.</summary>
    private sealed class Shard
    {
#pragma warning disable CS0169 // Padding: keeps neighbours on the heap off this cache line (and the one the prefetcher pairs with it).
        private readonly long _p0, _p1, _p2, _p3, _p4, _p5, _p6, _p7;
        internal long Credit = Closed;
        internal long Quota;
        private readonly long _q0, _q1, _q2, _q3, _q4, _q5, _q6, _q7;
#pragma warning restore CS0169
    }
}
