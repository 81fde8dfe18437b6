using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace PinAccounting;

/// <summary>The meter. All instruments are observed: an account pays nothing for being measured.</summary>
internal static class AccountMeter
{
    private static readonly Meter s_meter = new(PinDiagnostics.MeterName);

    static AccountMeter()
    {
        s_meter.CreateObservableUpDownCounter("pin.account.used", () => Observe(static account => account.Used), description: "What is charged now, in the account's unit.");
        s_meter.CreateObservableUpDownCounter("pin.account.limit", () => Observe(static account => account.Limit), description: "The most that may be charged, in the account's unit.");
        s_meter.CreateObservableGauge("pin.account.peak", () => Observe(static account => account.Peak), description: "The most that has been charged, in the account's unit.");
        s_meter.CreateObservableCounter("pin.account.denied", () => Observe(static account => account.Denied), "{charge}", "Charges that the account denied.");
        s_meter.CreateObservableCounter("pin.account.over_released", () => Observe(static account => account.OverReleases), "{release}", "Releases refused because they exceeded what is held.");
        s_meter.CreateObservableCounter("pin.account.leaked", () => Observe(static account => account.Leaked), "{charge}", "Charges lost without release.");
    }

    /// <summary>Runs the static constructor.</summary>
    internal static void EnsureStarted() => GC.KeepAlive(s_meter);

    private static IEnumerable<Measurement<long>> Observe(Func<PinAccount, long> figure)
    {
        foreach (PinAccount account in AccountRegistry.Snapshot())
        {
            if (account.IsDisposed) continue;
            yield return new Measurement<long>(figure(account), new KeyValuePair<string, object?>("account", account.Name));
        }
    }
}
