using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;

namespace PinAccounting;

public sealed partial class PinAccount
{
    private readonly bool? _trackStacks;
    private readonly bool? _strict;
    private readonly WeakReference<PinAccount> _registration;
    private SentinelPool? _sentinels;
    private int _disposed;

    /// <summary>How many charges of this account, including leaked ones, hold something now. Counts by looking at each: for diagnostics and tests, not for hot paths.</summary>
    /// <remarks>Raw pairs have no charge object and do not count. Exact when no charge is made or released meanwhile.</remarks>
    public int OutstandingCharges => LiveCharges(out SentinelPool.LostCharges others).Count + others.Count;

    /// <summary>How many charges were lost: garbage-collected without having been released. What they hold stays charged.</summary>
    public long Leaked => Volatile.Read(ref _sentinels)?.Leaked ?? 0;

    internal bool TracksStacks
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _trackStacks ?? PinDiagnostics.TrackStacks;
    }

    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    internal bool IsStrict => _strict ?? PinDiagnostics.StrictMode;

    /// <summary>The owner is gone: from now on every charge fails with <see cref="ChargeStatus.OwnerGone"/>, while releases stay legal and go on to the parents.</summary>
    /// <remarks>Idempotent, thread-safe, not reversible. A charge that races it is either made before or refused.</remarks>
    public void Retire() => TryRetire();

    /// <summary>True for the one call that retires the account.</summary>
    private bool TryRetire()
    {
        bool first = Interlocked.Or(ref _word, RetiredBit) >= 0;
        _shards?.Seal();
        return first;
    }

    /// <summary>The first account of the chain that is retired, or null.</summary>
    internal PinAccount? NearestRetired()
    {
        for (PinAccount? account = this; account is not null; account = account.Parent)
            if (account.IsRetired) return account;
        return null;
    }

    /// <summary>Throws unless everything that was charged has been released and nothing was released twice. For tests.</summary>
    /// <exception cref="PinViolationException">Something is outstanding, was leaked or was over-released; the message lists it.</exception>
    public void AssertBalanced()
    {
        long used = Used;
        if (used == 0 && OverReleases == 0 && Leaked == 0 && OutstandingCharges == 0) return;
        throw new PinViolationException(new PinViolation(PinViolationKind.Unbalanced, this, used,
            string.Create(CultureInfo.InvariantCulture, $"Account '{Name}' is not balanced: {used} {UnitName} used, {OverReleases} over-release(s), {Leaked} leak(s).\n{DumpOutstanding()}")));
    }

    /// <summary>Lists what is charged now, one charge a line, each with the stack that made it when stacks are tracked (<see cref="PinAccountOptions.TrackStacks"/>).</summary>
    /// <returns>Text for people: a line for the account, one for each charge, one for raw charges and child accounts together. A snapshot; thread-safe.</returns>
    public string DumpOutstanding()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Account '{Name}': {Used} {UnitName} used of {Limit}, peak {Peak}, {OverLimitUsed} over limit");
        text.AppendLine(IsRetired ? ", retired" : "");
        long held = 0;
        IReadOnlyList<GuardedCharge> charges = LiveCharges(out SentinelPool.LostCharges others);
        foreach (GuardedCharge charge in charges)
        {
            held += charge.Amount;
            text.Append(CultureInfo.InvariantCulture, $"  charge of {charge.Amount}");
            text.Append(charge.ExceededLimit ? ", over the limit" : "").AppendLine(charge.IsLeaked ? ", leaked" : "");
            if (charge.Stack is { } stack) text.Append(stack.ToString());
        }

        if (others.Count > 0)
        {
            held += others.Amount;
            text.AppendLine(CultureInfo.InvariantCulture, $"  {others.Count} more charges of {others.Amount}, leaked");
        }

        if (Used > held) text.AppendLine(CultureInfo.InvariantCulture, $"  {Used - held} by raw charges or child accounts");
        return text.ToString();
    }

    /// <summary>Retires the account and reports what is still outstanding (<see cref="PinViolationKind.OutstandingAtDispose"/>). Outstanding charges may still be released.</summary>
    /// <remarks>
    /// Idempotent and thread-safe. Takes nothing back: what is pinned is still pinned, and the parents still pay for it. The meter does not show the account any more;
    /// <see cref="PinDiagnostics.DumpOutstanding"/> does, as long as something is outstanding.
    /// </remarks>
    /// <exception cref="PinViolationException">Something is outstanding, and strict mode is on.</exception>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Retire();
        long used = Used;
        if (used == 0)
        {
            AccountRegistry.Remove(_registration);
            return;
        }

        PinDiagnostics.Report(new PinViolation(PinViolationKind.OutstandingAtDispose, this, used,
            string.Create(CultureInfo.InvariantCulture, $"Account '{Name}' was disposed with {used} {UnitName} outstanding.\n{DumpOutstanding()}")), mayThrow: true);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: {Used}/{Limit}");

    /// <summary>The object for an amount that was taken already. When it cannot be made, the amount is given back.</summary>
    internal PinCharge NewCharge(long amount, bool exceededLimit)
    {
        try
        {
            var charge = new PinCharge(amount, exceededLimit, RentSentinel());
            if (exceededLimit) AddOverLimit(amount, stop: null);
            return charge;
        }
        catch
        {
            Give(amount, stop: null, exceededLimit: false);
            throw;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal LeakSentinel RentSentinel()
    {
        SentinelHome home = SentinelHome.Current;
        LeakSentinel? sentinel = home.Spare;
        if (sentinel is not null && sentinel.Account == this) home.Spare = null;
        else sentinel = RentPooled(home);
        if (TracksStacks) RecordStack(sentinel);
        return sentinel;
    }

    /// <summary>On release paths: allocates nothing, never throws.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void ReturnSentinel(LeakSentinel sentinel)
    {
        Volatile.Write(ref sentinel.State, PinCharge.ReleasedBit);
        sentinel.Stack = null;
        if (!sentinel.IsSpent && !sentinel.Home!.TryKeep(sentinel)) Volatile.Read(ref sentinel.Account._sentinels)?.Return(sentinel);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RecordStack(LeakSentinel sentinel) => sentinel.Stack = new StackTrace(skipFrames: 1, fNeedFileInfo: true);

    private LeakSentinel RentPooled(SentinelHome home)
    {
        // A spare of another account would be in the way here, and would keep that account alive.
        if (home.Spare is { } other)
        {
            home.Spare = null;
            Volatile.Read(ref other.Account._sentinels)?.Return(other);
        }

        SentinelPool? pool = Volatile.Read(ref _sentinels);
        if (pool is null)
        {
            pool = new SentinelPool(this);
            pool = Interlocked.CompareExchange(ref _sentinels, pool, null) ?? pool;
        }

        return pool.Rent(home);
    }

    private IReadOnlyList<GuardedCharge> LiveCharges(out SentinelPool.LostCharges others)
    {
        others = default;
        return Volatile.Read(ref _sentinels)?.Live(out others) ?? [];
    }

    /// <summary>Called on the finalizer thread: reports, and releases nothing.</summary>
    internal void OnLeaked(LeakSentinel sentinel, in GuardedCharge lost)
    {
        Volatile.Read(ref _sentinels)?.KeepLeaked(sentinel, lost.Amount);
        PinDiagnostics.Report(new PinViolation(PinViolationKind.LeakedCharge, this, lost.Amount,
            string.Create(CultureInfo.InvariantCulture, $"A charge of {lost.Amount} {UnitName} of account '{Name}' was lost without being released; it stays charged."),
            lost.Stack?.ToString()), mayThrow: false);
    }

    private void CountDenial(in ChargeResult result)
    {
        Interlocked.Increment(ref _denied);
        PinAccountingEventSource.Log.OnDenied(result);
    }

    internal void ReportForeignRelease(string message) => ReportOverRelease(0, message, mayThrow: true);

    private void ReportOverRelease(long amount, bool mayThrow) => ReportOverRelease(amount,
        string.Create(CultureInfo.InvariantCulture, $"A release of {amount} {UnitName} to account '{Name}' was refused: only {Used} held."), mayThrow);

    private void ReportOverRelease(long amount, string message, bool mayThrow)
    {
        Interlocked.Increment(ref _overReleases);
        PinDiagnostics.Report(new PinViolation(PinViolationKind.OverRelease, this, amount, message, TracksStacks ? Environment.StackTrace : null), mayThrow);
    }
}
