using System;
using System.Collections.Generic;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>Charges a resource that several holders share once: on the first acquisition, until the last release.</summary>
/// <typeparam name="TKey">What identifies the resource: a page address, a registration.</typeparam>
/// <remarks>
/// <para>Charging every holder charges one page twice; uncharging with the first holder that leaves lets the rest pin for free. Both have happened.</para>
/// <para>Thread-safe. The account is charged and released under the ledger's lock, so that two first holders cannot both be charged, or a first one be denied because of
/// the last one who leaves; a <see cref="ICapabilityProbe"/> or a handler of <see cref="PinDiagnostics.Violation"/> must therefore not wait for another thread that uses the same ledger.</para>
/// </remarks>
public sealed class PinLedger<TKey> : IDisposable where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> _entries;
    private readonly PinAccount _account;
    private bool _disposed;

    /// <summary>Creates an empty ledger.</summary>
    /// <param name="account">Who pays for resources that are charged here.</param>
    /// <param name="comparer">When two keys are the same resource; null for the default.</param>
    /// <exception cref="ArgumentNullException"><paramref name="account"/> is null.</exception>
    public PinLedger(PinAccount account, IEqualityComparer<TKey>? comparer = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        _account = account;
        _entries = new Dictionary<TKey, Entry>(comparer);
    }

    /// <summary>Who pays.</summary>
    public PinAccount Account => _account;

    /// <summary>How many resources are held.</summary>
    public int Count
    {
        get
        {
            lock (_entries) return _entries.Count;
        }
    }

    /// <summary>How many holders <paramref name="key"/> has; 0 for what nobody holds.</summary>
    /// <param name="key">The resource.</param>
    /// <returns>How many acquisitions have not been released.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public int HoldersOf(TKey key)
    {
        lock (_entries) return _entries.TryGetValue(key, out Entry? entry) ? entry.Holders : 0;
    }

    /// <summary>Adds a holder; the first one is charged. Reversed by <see cref="Release"/>.</summary>
    /// <param name="key">The resource.</param>
    /// <param name="amount">What it costs, in the account's <see cref="PinAccount.Unit"/>; the same for every holder.</param>
    /// <returns>
    /// The result of the charge; for a further holder <see cref="ChargeStatus.Charged"/> with nothing new charged. On failure there is no new holder:
    /// a limit, a retired account, or <see cref="ChargeStatus.InvalidArgument"/> when <paramref name="amount"/> differs from what the first holder stated.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The ledger was disposed; nothing is charged.</exception>
    [Effect("PinLedger.HoldersOf", ReversedBy = nameof(Release))]
    public ChargeResult TryAcquire(TKey key, long amount)
    {
        lock (_entries)
        {
            if (TryJoin(key, amount, out ChargeResult result)) return result;
            if (!_account.TryCharge(amount, out PinCharge? charge, out result)) return result;
            bool added = false;
            try
            {
                // Once more: the capability probe may have used this ledger itself, and the lock does not keep out its own thread.
                if (TryJoin(key, amount, out ChargeResult joined)) return joined;
                _entries.Add(key, new Entry(charge, amount));
                added = true;
                return result;
            }
            finally
            {
                if (!added) charge.Dispose();
            }
        }
    }

    /// <summary>Removes a holder; with the last one the charge is released.</summary>
    /// <param name="key">The resource.</param>
    /// <returns>False when nobody holds <paramref name="key"/>: refused, and reported as an over-release of the account, unless the ledger was disposed, which has released everything.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="PinViolationException">Nobody holds <paramref name="key"/>, and strict mode is on.</exception>
    public bool Release(TKey key)
    {
        bool known, disposed;
        lock (_entries)
        {
            disposed = _disposed;
            known = _entries.TryGetValue(key, out Entry? entry);
            if (known)
            {
                if (entry!.Holders == 1)
                {
                    // May call a comparer that throws: then the holder is still one.
                    _entries.Remove(key);
                    // Under the lock: whoever comes next as the first holder finds what this one has held.
                    entry.Charge.Dispose();
                }

                entry.Holders--;
            }
        }

        if (!known && !disposed) _account.ReportForeignRelease($"A release of '{key}' was refused: nobody holds it in the ledger of account '{_account.Name}'.");
        return known;
    }

    /// <summary>Releases every resource whatever its number of holders, and refuses new ones. Idempotent.</summary>
    public void Dispose()
    {
        Entry[] entries;
        lock (_entries)
        {
            _disposed = true;
            entries = new Entry[_entries.Count];
            _entries.Values.CopyTo(entries, 0);
            _entries.Clear();
        }

        foreach (Entry entry in entries) entry.Charge.Dispose();
    }

    /// <summary>Adds a holder to a resource that has one, or says why not. Under the lock.</summary>
    /// <returns>False when nobody holds it yet; then <paramref name="result"/> means nothing.</returns>
    private bool TryJoin(TKey key, long amount, out ChargeResult result)
    {
        if (_disposed) throw new ObjectDisposedException(nameof(PinLedger<TKey>), $"The ledger of account '{_account.Name}' was disposed.");
        result = default;
        if (!_entries.TryGetValue(key, out Entry? entry)) return false;
        if (entry.Amount != amount) result = _account.Refuse(ChargeStatus.InvalidArgument, amount);
        // Nothing is charged for a further holder, but nobody new may pin for an owner who is gone.
        else if (_account.NearestRetired() is { } gone) result = gone.Refuse(ChargeStatus.OwnerGone, amount);
        else if (entry.Holders == int.MaxValue) result = _account.Refuse(ChargeStatus.Overflow, amount);
        else
        {
            entry.Holders++;
            result = new ChargeResult(ChargeStatus.Charged, amount, _account.Used, _account.Limit, _account);
        }

        return true;
    }

    private sealed class Entry(PinCharge charge, long amount)
    {
        internal readonly PinCharge Charge = charge;
        internal readonly long Amount = amount;
        internal int Holders = 1;
    }
}
