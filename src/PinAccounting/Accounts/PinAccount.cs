using System;
using System.Runtime.CompilerServices;
using System.Threading;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>An account that pinned, locked or reserved resources are charged to, with an exact limit.</summary>
/// <remarks>
/// <para>Two styles. <em>Token</em>: <see cref="TryCharge(long, out PinCharge?, out ChargeResult)"/> and <see cref="Charge(long)"/> return a
/// <see cref="PinCharge"/> that knows what it took from whom; disposing it is the release. <em>Raw pair</em>: <see cref="TryCharge(long)"/> and
/// <see cref="Uncharge(long)"/> allocate nothing, and the caller must remember the amount. Only the token style can exceed a limit by capability,
/// because only a charge can remember that it did.</para>
/// <para>Check and update are one atomic step, so a limit is never exceeded by a race. A chain of parents is charged all or nothing.
/// A release of more than is held is refused, counted and reported; no counter wraps.</para>
/// <para>All amounts are in <see cref="Unit"/>. All members are thread-safe; charging and releasing take no lock and may happen on different threads.</para>
/// <para>After the pinned-page accounting of the Linux kernel (<c>account_locked_vm</c>) and what its users got wrong; see docs/accounting.md.</para>
/// </remarks>
public sealed partial class PinAccount : IDisposable
{
    // Used and "retired" share one word: a charge that races Retire is then either before it or refused, never after it.
    private const long RetiredBit = long.MinValue;
    private const long UsedMask = long.MaxValue;

    private long _word;
    private long _limit;
    private long _peak;
    private readonly CreditShards? _shards;

    [Counter]
    private long _overLimitUsed;
    private long _denied;
    private long _overReleases;

    /// <summary>Creates an account without a limit or a parent.</summary>
    public PinAccount() : this(new PinAccountOptions())
    {
    }

    /// <summary>Creates an account with a limit and no parent.</summary>
    /// <param name="name">See <see cref="PinAccountOptions.Name"/>.</param>
    /// <param name="limit">See <see cref="PinAccountOptions.Limit"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is negative.</exception>
    public PinAccount(string name, long limit) : this(OptionsOf(name, limit))
    {
    }

    /// <summary>Creates an account.</summary>
    /// <param name="options">Read once; later changes have no effect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> or its name is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative, the number of shards is not within 1 to 256, or the unit or the bypass policy is unknown.</exception>
    /// <exception cref="ArgumentException">The parent counts in another unit.</exception>
    public PinAccount(PinAccountOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Name);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Limit);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Shards, 256);
        if (options.BypassPolicy is not (BypassPolicy.Never or BypassPolicy.LimitOnly))
            throw new ArgumentOutOfRangeException(nameof(options), options.BypassPolicy, "Unknown bypass policy.");
        if (options.Unit is not (PinUnit.Pages or PinUnit.Bytes or PinUnit.Items))
            throw new ArgumentOutOfRangeException(nameof(options), options.Unit, "Unknown unit.");
        if (options.Parent is { } parent && parent.Unit != options.Unit)
            throw new ArgumentException($"Account '{options.Name}' counts {options.Unit}, its parent '{parent.Name}' counts {parent.Unit}.", nameof(options));

        Name = options.Name;
        Unit = options.Unit;
        Parent = options.Parent;
        BypassPolicy = options.BypassPolicy;
        CapabilityProbe = options.CapabilityProbe ?? options.Parent?.CapabilityProbe;
        _limit = options.Limit;
        _trackStacks = options.TrackStacks;
        _strict = options.Strict;
        if (options.Shards > 1) _shards = new CreditShards(options.Shards, options.Limit);
        _registration = AccountRegistry.Add(this);
    }

    /// <summary>The name in messages, metrics and events.</summary>
    public string Name { get; }

    /// <summary>What is counted.</summary>
    public PinUnit Unit { get; }

    /// <summary>The account that everything charged here is charged to as well, or null.</summary>
    public PinAccount? Parent { get; }

    /// <summary>Whether charges may exceed this account's limit by capability.</summary>
    public BypassPolicy BypassPolicy { get; }

    /// <summary>Who is asked about this account when a limit denies, or null.</summary>
    public ICapabilityProbe? CapabilityProbe { get; }

    /// <summary>The most that may be charged, in <see cref="Unit"/>; <see cref="long.MaxValue"/> is no limit. Lowering it below <see cref="Used"/> takes nothing back: it only blocks new charges until enough is released.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative; the limit is as before.</exception>
    /// <remarks>Thread-safe. A charge that is under way on another thread while the limit changes is measured by the old one or the new one.</remarks>
    public long Limit
    {
        get => _shards is null ? Volatile.Read(ref _limit) : _shards.Limit;
        set
        {
            if (value < 0) throw new ArgumentOutOfRangeException(nameof(value), value, $"The limit of account '{Name}' cannot be negative.");
            if (_shards is null) Volatile.Write(ref _limit, value);
            else _shards.SetLimit(value);
        }
    }

    /// <summary>What is charged now, in <see cref="Unit"/>, including what children and over-limit charges hold. Never negative.</summary>
    /// <remarks>Exact at the moment of reading. With shards, reading it makes every other thread's next charge take the slow way: for diagnostics and tests.</remarks>
    public long Used => _shards is null ? Volatile.Read(ref _word) & UsedMask : ReadShards(_shards);

    /// <summary>How much of <see cref="Used"/>, in <see cref="Unit"/>, is held by charges that were let over a limit, here or further up. <c>Used - OverLimitUsed</c> was always admitted by the limit.</summary>
    public long OverLimitUsed => Volatile.Read(ref _overLimitUsed);

    /// <summary>The most that <see cref="Used"/> has been, in <see cref="Unit"/>; an attempt that a parent then denied counts. With shards a lower bound: it is sampled whenever the shards are rebalanced or <see cref="Used"/> is read.</summary>
    public long Peak
    {
        get
        {
            if (_shards is not null) ReadShards(_shards);
            return Volatile.Read(ref _peak);
        }
    }

    /// <summary>How many charges this account's limit (or its retirement) has denied.</summary>
    public long Denied => Volatile.Read(ref _denied);

    /// <summary>How many releases were refused because they would have returned more than was held.</summary>
    public long OverReleases => Volatile.Read(ref _overReleases);

    /// <summary>Whether <see cref="Retire"/> or <see cref="Dispose"/> was called.</summary>
    public bool IsRetired => Volatile.Read(ref _word) < 0;

    internal string UnitName => Unit switch { PinUnit.Pages => "page(s)", PinUnit.Bytes => "byte(s)", _ => "item(s)" };

    /// <summary>Charges <paramref name="amount"/>, to be returned by <see cref="Uncharge(long)"/> with the same amount. Allocates nothing.</summary>
    /// <param name="amount">How much, in <see cref="Unit"/>. 0 succeeds and holds nothing; a negative amount, or one above 2^60 - 1, is refused.</param>
    /// <returns>False when this or a parent's limit denies, or an account of the chain is retired; nothing is charged then. Never exceeds a limit by capability.</returns>
    /// <remarks>Thread-safe and lock-free on an account without shards.</remarks>
    [Charge("account", ReleasedBy = nameof(Uncharge))]
    [Effect("PinAccount.Used", ReversedBy = nameof(Uncharge))]
    public bool TryCharge([ChargeAmount] long amount)
    {
        if (Parent is null && (ulong)(amount - 1) < PinCharge.MaxAmount && TryTakeFast(amount, out _)) return true;
        return TakeRaw(amount).Succeeded;
    }

    /// <summary>Returns what <see cref="TryCharge(long)"/> took, here and from all parents. Allocates nothing unless it reports.</summary>
    /// <param name="amount">The amount that was charged.</param>
    /// <remarks>
    /// Returning more than is held changes nothing, counts in <see cref="OverReleases"/>, raises <see cref="PinDiagnostics.Violation"/>, and throws in strict mode.
    /// On a retired account it is always legal. Thread-safe; any thread may release.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="amount"/> is negative.</exception>
    /// <exception cref="PinViolationException">More than is held was returned, here or to a parent, and strict mode is on there; the accounts below that parent have been released.</exception>
    [Release("account")]
    public void Uncharge([ChargeAmount] long amount)
    {
        if (!TryGiveFast(amount)) GiveRaw(amount);
    }

    private static PinAccountOptions OptionsOf(string name, long limit)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return new PinAccountOptions { Name = name, Limit = limit };
    }

    /// <summary>The whole charge where there is no parent and this account's cell, or this processor's shard, can say yes. Whatever is not plain success is left to the caller to sort out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeFast(long amount, out long used)
    {
        if (_shards is not null) return _shards.TryTakeLocal(amount, out used);
        long word = Volatile.Read(ref _word);
        // A retired word is negative, which makes limit - word overflow: so it is tested first.
        while (word >= 0 && amount <= Volatile.Read(ref _limit) - word)
        {
            long taken = word + amount;
            long seen = Interlocked.CompareExchange(ref _word, taken, word);
            if (seen == word)
            {
                if (taken > Volatile.Read(ref _peak)) RaisePeak(taken);
                used = taken;
                return true;
            }

            word = seen;
        }

        used = word;
        return false;
    }

    /// <summary>The whole release where there is no parent and this account's cell, or this processor's shard, holds that much. Whatever is not is left to the caller to sort out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryGiveFast(long amount)
    {
        if (Parent is not null || amount <= 0) return false;
        if (_shards is not null) return _shards.TryGiveLocal(amount);
        long word = Volatile.Read(ref _word);
        // A retired word is negative, and less than any amount.
        while (amount <= word)
        {
            long seen = Interlocked.CompareExchange(ref _word, word - amount, word);
            if (seen == word) return true;
            word = seen;
        }

        return false;
    }

    private void RaisePeak(long used)
    {
        long peak = Volatile.Read(ref _peak);
        while (used > peak)
        {
            long seen = Interlocked.CompareExchange(ref _peak, used, peak);
            if (seen == peak) return;
            peak = seen;
        }
    }

    private long ReadShards(CreditShards shards)
    {
        long used = shards.Used;
        RaisePeak(used);
        return used;
    }
}
