using System;
using System.Diagnostics.Tracing;

namespace PinAccounting;

/// <summary>Denials and violations as events. Strings only: the overloads that take them need no reflection.</summary>
[EventSource(Name = PinDiagnostics.MeterName)]
internal sealed class PinAccountingEventSource : EventSource
{
    internal static readonly PinAccountingEventSource Log = new();

    [NonEvent]
    internal void OnViolation(PinViolation violation)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.All)) Violation(violation.Kind.ToString(), violation.Account.Name, violation.ToString());
    }

    [NonEvent]
    internal void OnDenied(in ChargeResult result)
    {
        if (IsEnabled(EventLevel.Verbose, EventKeywords.All)) Denied(result.Status.ToString(), result.Account?.Name ?? "", result.ToString());
    }

    [NonEvent]
    internal void OnHandlerFailed(PinViolation violation, Exception failure)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.All)) HandlerFailed(violation.Kind.ToString(), violation.Account.Name, failure.ToString());
    }

    [Event(1, Level = EventLevel.Warning)]
    private void Violation(string kind, string account, string message) => WriteEvent(1, kind, account, message);

    [Event(2, Level = EventLevel.Verbose)]
    private void Denied(string status, string account, string message) => WriteEvent(2, status, account, message);

    [Event(3, Level = EventLevel.Error)]
    private void HandlerFailed(string kind, string account, string exception) => WriteEvent(3, kind, account, exception);
}
