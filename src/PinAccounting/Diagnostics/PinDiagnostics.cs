using System;
using System.Text;

namespace PinAccounting;

/// <summary>How misuse is reported, for all accounts of the process. Thread-safe.</summary>
/// <remarks>Figures are published by the meter <c>PinAccounting</c> (see <see cref="MeterName"/>) and events by the event source of the same name, whether or not anything here is used.</remarks>
public static class PinDiagnostics
{
    /// <summary>The name of the meter and of the event source.</summary>
    public const string MeterName = "PinAccounting";

    /// <summary>Whether this thread is in a handler: what that does wrong itself must not call it again without end.</summary>
    [ThreadStatic]
    private static bool t_reporting;

    private static volatile bool s_strictMode;
    private static volatile bool s_trackStacks = AppContext.TryGetSwitch("PinAccounting.TrackStacks", out bool on) && on;

    /// <summary>Raised for every noticed misuse, on the thread that noticed it: leaks arrive on the finalizer thread. An exception of a handler goes to the event source and no further, and so does misuse that a handler commits itself; misuse by a listener of the event source goes nowhere, but into the figures.</summary>
    public static event EventHandler<PinViolation>? Violation;

    /// <summary>Whether misuse throws <see cref="PinViolationException"/> where it is noticed. Off unless set; meant for tests.</summary>
    /// <remarks>Never throws out of <see cref="PinCharge.Dispose"/> or another member of a charge, whose amount somebody else has released, nor out of a rollback or a finalizer.</remarks>
    public static bool StrictMode
    {
        get => s_strictMode;
        set => s_strictMode = value;
    }

    /// <summary>Whether charges remember the stack that made them: costs some microseconds and a kilobyte a charge. Off unless set here or by the AppContext switch <c>PinAccounting.TrackStacks</c>.</summary>
    public static bool TrackStacks
    {
        get => s_trackStacks;
        set => s_trackStacks = value;
    }

    /// <summary>What every account of the process has outstanding, disposed ones included; accounts that hold nothing are left out. See <see cref="PinAccount.DumpOutstanding"/>.</summary>
    /// <returns>Text for people; empty when nothing is outstanding. A snapshot of each account by itself.</returns>
    public static string DumpOutstanding()
    {
        var text = new StringBuilder();
        foreach (PinAccount account in AccountRegistry.Snapshot())
            if (account.Used > 0) text.Append(account.DumpOutstanding());
        return text.ToString();
    }

    internal static void Report(PinViolation violation, bool mayThrow)
    {
        PinAccountingEventSource.Log.OnViolation(violation);
        if (!t_reporting) CallHandlers(violation);
        if (mayThrow && violation.Account.IsStrict) throw new PinViolationException(violation);
    }

    /// <summary>What an exception of foreign code says of itself; its type where even asking throws.</summary>
    internal static string Ask(Exception failure, Func<Exception, string> question)
    {
        try
        {
            return question(failure);
        }
        catch (Exception another)
        {
            return $"{failure.GetType()}, which cannot say more ({another.GetType()})";
        }
    }

    private static void CallHandlers(PinViolation violation)
    {
        t_reporting = true;
        try
        {
            foreach (Delegate handler in Violation?.GetInvocationList() ?? [])
            {
                try
                {
                    ((EventHandler<PinViolation>)handler)(null, violation);
                }
                catch (Exception failure)
                {
                    // A handler must not turn a release or the finalizer thread into a crash.
                    PinAccountingEventSource.Log.OnHandlerFailed(violation, failure);
                }
            }
        }
        finally
        {
            t_reporting = false;
        }
    }
}
