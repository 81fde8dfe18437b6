using System;
using System.Collections.Generic;
using System.Threading;

namespace PinAccounting;

/// <summary>All accounts that are alive, for the meter and for dumps. Holds them weakly.</summary>
internal static class AccountRegistry
{
    private static readonly object s_gate = new();
    private static readonly List<WeakReference<PinAccount>> s_accounts = [];
    private static int s_sweepAt = 64;

    internal static void Add(PinAccount account)
    {
        AccountMeter.EnsureStarted();
        lock (s_gate)
        {
            if (s_accounts.Count >= s_sweepAt)
            {
                s_accounts.RemoveAll(static reference => !reference.TryGetTarget(out _));
                s_sweepAt = Math.Max(64, s_accounts.Count * 2);
            }

            s_accounts.Add(new WeakReference<PinAccount>(account));
        }
    }

    internal static void Remove(PinAccount account)
    {
        lock (s_gate)
        {
            s_accounts.RemoveAll(reference => !reference.TryGetTarget(out PinAccount? other) || other == account);
        }
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
