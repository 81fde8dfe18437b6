using System;
using PinAccounting.Memory.Os;

namespace PinAccounting;

public sealed partial class PinAccount
{
    private static readonly object s_processGate = new();
    private static PinAccount? s_process;

    /// <summary>The account of this process, which mirrors what the operating system lets it lock.</summary>
    /// <returns>
    /// One account for the whole process, in pages; a new one when the last was retired. <see cref="Limit"/> is RLIMIT_MEMLOCK (Windows: the minimum working set less
    /// the system's own share), <see cref="long.MaxValue"/> where there is none. <see cref="Used"/> begins with what the process has locked already (VmLck of
    /// <c>/proc/self/status</c>; 0 where the system does not tell), which is never released. A thread with CAP_IPC_LOCK is charged over the limit, as by the kernel.
    /// </returns>
    /// <remarks>
    /// Thread-safe. Limit and start are read when the account is made, not afterwards: what others lock without charging it here is unknown to it, but then the
    /// lock itself fails, and is a <see cref="ChargeStatus.PolicyLimit"/> all the same.
    /// </remarks>
    public static PinAccount ForProcess()
    {
        lock (s_processGate)
        {
            if (s_process is not { IsRetired: false })
                s_process = NewProcessAccount(ProcessLockLimit.Bytes(), ProcessLockLimit.LockedBytes(), Environment.SystemPageSize);
            return s_process;
        }
    }

    internal static PinAccount NewProcessAccount(long limitBytes, long lockedBytes, int pageSize)
    {
        PinAccount account = new(new PinAccountOptions
        {
            Name = "process",
            Unit = PinUnit.Pages,
            BypassPolicy = BypassPolicy.LimitOnly,
            CapabilityProbe = OsCapabilities.IpcLock,
        });
        // Before the limit is set: a process may hold more than it may lock now, when it has dropped a privilege or lowered its limit.
        account.TakeRaw((lockedBytes + pageSize - 1) / pageSize);
        account.Limit = limitBytes == long.MaxValue ? long.MaxValue : limitBytes / pageSize;
        return account;
    }
}
