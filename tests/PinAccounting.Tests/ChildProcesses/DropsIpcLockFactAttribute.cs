using System;
using Xunit;

namespace PinAccounting.Tests.ChildProcesses;

/// <summary>A test that drops CAP_IPC_LOCK in a child process; skipped, with the reason, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DropsIpcLockFactAttribute : FactAttribute
{
    public DropsIpcLockFactAttribute() => Skip = Reason();

    private static string? Reason()
    {
        if (!OperatingSystem.IsLinux()) return "CAP_IPC_LOCK is Linux's.";
        if (!ChildProcess.IsInstalled("setpriv")) return "setpriv (util-linux) is not installed.";
        return OsCapabilities.HasIpcLock() ? null : "The tests run without CAP_IPC_LOCK, so there is nothing to drop: run them as root.";
    }
}
