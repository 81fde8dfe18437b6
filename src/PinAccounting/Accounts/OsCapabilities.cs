using System;
using System.Diagnostics.CodeAnalysis;
using PinAccounting.Annotations;
using PinAccounting.Memory.Os;

namespace PinAccounting;

/// <summary>Capability probes that ask the operating system.</summary>
public static class OsCapabilities
{
    /// <summary>Vouches for every account while the <em>calling thread</em> may lock memory without limit; see <see cref="HasIpcLock"/>.</summary>
    /// <remarks>Right for accounts that stand for this process. For an account that stands for somebody else, write a probe that knows that somebody.</remarks>
    public static ICapabilityProbe IpcLock { get; } = new IpcLockProbe();

    /// <summary>Whether the calling thread may lock memory beyond its limit, now.</summary>
    /// <returns>
    /// Linux: effective CAP_IPC_LOCK of this very thread (capget(2); /proc/self/status would show the leader thread's). Windows: SeLockMemoryPrivilege, enabled in the
    /// thread's token, else the process's. macOS and other Unix systems: effective user 0. False where the question cannot be asked.
    /// </returns>
    /// <remarks>
    /// Thread-safe: it asks about whoever calls. One or two system calls; not cached, because a thread can drop it at any time. Inside a user namespace other than the
    /// initial one (a rootless container), Linux grants the capability over that namespace only, and mlock(2) still enforces the limit: the answer is no.
    /// </remarks>
    [CapabilityCheck]
    public static bool HasIpcLock()
    {
        if (PageSystem.IsLinuxKernel) return OsPrivileges.LinuxThreadHasIpcLock();
        if (OperatingSystem.IsWindows()) return OsPrivileges.WindowsTokenHasLockMemory();
        if (OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD()) return OsPrivileges.UnixUserIsRoot();
        return false;
    }

    private sealed class IpcLockProbe : ICapabilityProbe
    {
        public bool CanExceedLimit(PinAccount account, long amount) => HasIpcLock();
    }
}
