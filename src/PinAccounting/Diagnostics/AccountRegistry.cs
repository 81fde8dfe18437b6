using System;
using System.Collections.Generic;
using System.Threading;

namespace PinAccounting;

/// <summary>All accounts that are alive, but for those that were disposed with nothing outstanding: for the meter and for dumps. Holds them weakly.</summary>
internal static class AccountRegistry
{
    private static readonly object s_gate = new();
    private static readonly HashSet<WeakReference<PinAccount>> s_accounts = [];
    private static int s_sweepAt = 64;

    /// <returns>What to hand to <see cref="Remove"/>, which then need not search.</returns>
    internal static WeakReference<PinAccount> Add(PinAccount account)
    {
        AccountMeter.EnsureStarted();
        lock (s_gate)
        {
            if (s_accounts.Count >= s_sweepAt)
            {
                s_accounts.RemoveWhere(static reference => !reference.TryGetTarget(out _));
                s_sweepAt = Math.Max(64, s_accounts.Count * 2);
            }

            var registration = new WeakReference<PinAccount>(account);
            s_accounts.Add(registration);
            return registration;
        }
    }

    internal static void Remove(WeakReference<PinAccount> registration)
    {
        lock (s_gate) s_accounts.Remove(registration);
    }

    internal static List<PinAccount> Snapshot()
    {
        lock (s_gate)
        {
            var alive = new List<PinAccount>(s_accounts.Count);
            foreach (WeakReference<PinAccount> reference in s_accounts)
                if (reference.TryGetTarget(out PinAccount? account)) alive.Add(account);
            return alive;
        }
    }
}
