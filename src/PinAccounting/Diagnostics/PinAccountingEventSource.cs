using System;
using System.Diagnostics.Tracing;

namespace PinAccounting;

/// <summary>Denials and violations as events. Strings only: the overloads that take them need no reflection.</summary>
[EventSource(Name = PinDiagnostics.MeterName)]
internal sealed class PinAccountingEventSource : EventSource
{
    internal static readonly PinAccountingEventSource Log = new();

    /// <summary>Whether this thread is in a listener: what that does wrong itself must not call it again without end.</summary>
    [ThreadStatic]
    private static bool t_writing;

    [NonEvent]
    internal void OnViolation(PinViolation violation)
    {
        if (IsEnabled(EventLevel.Warning, EventKeywords.All)) Write(Violation, violation.Kind.ToString(), violation.Account.Name, violation.ToString());
    }

    [NonEvent]
    internal void OnDenied(in ChargeResult result)
    {
        if (IsEnabled(EventLevel.Verbose, EventKeywords.All)) Write(Denied, result.Status.ToString(), result.Account?.Name ?? "", result.ToString());
    }

    [NonEvent]
    internal void OnHandlerFailed(PinViolation violation, Exception failure)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.All)) Write(HandlerFailed, violation.Kind.ToString(), violation.Account.Name, PinDiagnostics.Ask(failure, static failure => failure.ToString()));
    }

    [NonEvent]
    private static void Write(Action<string, string, string> written, string what, string account, string text)
    {
        if (t_writing) return;
        t_writing = true;
        try
        {
            written(what, account, text);
        }
        finally
        {
            t_writing = false;
        }
    }

    [Event(1, Level = EventLevel.Warning)]
    private void Violation(string kind, string account, string message) => WriteEvent(1, kind, account, message);

    [Event(2, Level = EventLevel.Verbose)]
    private void Denied(string status, string account, string message) => WriteEvent(2, status, account, message);

    [Event(3, Level = EventLevel.Error)]
    private void HandlerFailed(string kind, string account, string exception) => WriteEvent(3, kind, account, exception);
}
