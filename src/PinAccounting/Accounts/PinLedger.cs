using System;
using System.Collections.Generic;
using PinAccounting.Annotations;

namespace PinAccounting;

/// <summary>Charges a resource that several holders share once: on the first acquisition, until the last release.</summary>
/// <typeparam name="TKey">What identifies the resource: a page address, a registration.</typeparam>
/// <remarks>
/// <para>Charging every holder charges one page twice; uncharging with the first holder that leaves lets the rest pin for free. Both have happened.</para>
/// <para>Thread-safe. The account is charged under the ledger's lock, so that two first holders cannot both be charged, or one be denied because of the other;
/// a <see cref="ICapabilityProbe"/> must therefore not wait for another thread that uses the same ledger.</para>
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
            if (_disposed) throw new ObjectDisposedException(nameof(PinLedger<TKey>), $"The ledger of account '{_account.Name}' was disposed.");
            if (_entries.TryGetValue(key, out Entry? entry))
            {
                if (entry.Amount != amount) return _account.Refuse(ChargeStatus.InvalidArgument, amount);
                // Nothing is charged for a further holder, but nobody new may pin for an owner who is gone.
                if (_account.NearestRetired() is { } gone) return gone.Refuse(ChargeStatus.OwnerGone, amount);
                if (entry.Holders == int.MaxValue) return _account.Refuse(ChargeStatus.Overflow, amount);
                entry.Holders++;
                return new ChargeResult(ChargeStatus.Charged, amount, _account.Used, _account.Limit, _account);
            }

            if (!_account.TryCharge(amount, out PinCharge? charge, out ChargeResult result)) return result;
            try
            {
                _entries.Add(key, new Entry(charge, amount));
            }
            catch
            {
                charge.Dispose();
                throw;
            }

            return result;
        }
    }

    /// <summary>Removes a holder; with the last one the charge is released.</summary>
    /// <param name="key">The resource.</param>
    /// <returns>False when nobody holds <paramref name="key"/>: refused, and reported as an over-release of the account.</returns>
    /// <exception cref="PinViolationException">Nobody holds <paramref name="key"/>, and strict mode is on.</exception>
    public bool Release(TKey key)
    {
        PinCharge? last = null;
        bool known, disposed;
        lock (_entries)
        {
            disposed = _disposed;
            known = _entries.TryGetValue(key, out Entry? entry);
            if (known && --entry!.Holders == 0)
            {
                _entries.Remove(key);
                last = entry.Charge;
            }
        }

        last?.Dispose();
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

    private sealed class Entry(PinCharge charge, long amount)
    {
        internal readonly PinCharge Charge = charge;
        internal readonly long Amount = amount;
        internal int Holders = 1;
    }
}
