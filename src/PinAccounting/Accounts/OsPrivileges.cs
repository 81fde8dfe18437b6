using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PinAccounting;

/// <summary>The system calls behind <see cref="OsCapabilities"/>. Whatever cannot be asked is answered with no.</summary>
internal static unsafe partial class OsPrivileges
{
    private const uint LinuxCapabilityVersion3 = 0x20080522;
    private const int CapIpcLock = 14;

    /// <summary>PROC_USER_INIT_INO: the same number since namespaces have numbers.</summary>
    private const string InitialUserNamespace = "user:[4026531837]";

    private const int NoToken = 1008; // ERROR_NO_TOKEN
    private const uint TokenQuery = 0x0008;
    private const uint SePrivilegeEnabled = 0x00000002;
    private const uint PrivilegeSetAllNecessary = 1;
    private const string SeLockMemory = "SeLockMemoryPrivilege";

    internal static bool LinuxThreadHasIpcLock()
    {
        // Thread id 0 is the calling thread, which may have dropped what the process's first thread still has.
        var header = new CapabilityHeader { Version = LinuxCapabilityVersion3, ThreadId = 0 };
        // Two __user_cap_data_struct, for 64 capabilities: effective, permitted and inheritable, the lower 32 first.
        uint* data = stackalloc uint[2 * 3];
        try
        {
            return GetCapabilities(&header, data) == 0 && (data[0] & (1u << CapIpcLock)) != 0 && IsInInitialUserNamespace();
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Whether a capability here is one over the whole system: mlock(2) asks for that, and root of a container's own user namespace has none.</summary>
    private static bool IsInInitialUserNamespace()
    {
        try
        {
            // No link (no /proc, a kernel without user namespaces): then there is only one.
            return new FileInfo("/proc/self/ns/user").LinkTarget is not { } name || name == InitialUserNamespace;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    internal static bool UnixUserIsRoot()
    {
        try
        {
            return GetEffectiveUserId() == 0;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    [SupportedOSPlatform("windows")]
    internal static bool WindowsTokenHasLockMemory()
    {
        nint token;
        // An impersonating thread is judged by whom it impersonates, opened with the process's own rights. Only one that impersonates nobody is judged by the process:
        // a token that there is, but may not be opened (an anonymous one), must not be answered with the process's privileges.
        if (OpenThreadToken(GetCurrentThread(), TokenQuery, 1, &token) == 0
            && (Marshal.GetLastPInvokeError() != NoToken || OpenProcessToken(GetCurrentProcess(), TokenQuery, &token) == 0))
            return false;
        try
        {
            var set = new PrivilegeSet { Count = 1, Control = PrivilegeSetAllNecessary, Attributes = SePrivilegeEnabled };
            int held;
            return LookupPrivilegeValue(null, SeLockMemory, &set.Privilege) != 0 && PrivilegeCheck(token, &set, &held) != 0 && held != 0;
        }
        finally
        {
            CloseHandle(token);
        }
    }

    [LibraryImport("libc", EntryPoint = "capget")]
    private static partial int GetCapabilities(CapabilityHeader* header, uint* data);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentThread();

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    private static partial int CloseHandle(nint handle);

    [LibraryImport("advapi32", SetLastError = true)]
    private static partial int OpenThreadToken(nint thread, uint access, int openAsSelf, nint* token);

    [LibraryImport("advapi32")]
    private static partial int OpenProcessToken(nint process, uint access, nint* token);

    [LibraryImport("advapi32", EntryPoint = "LookupPrivilegeValueW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int LookupPrivilegeValue(string? system, string name, Luid* privilege);

    [LibraryImport("advapi32")]
    private static partial int PrivilegeCheck(nint token, PrivilegeSet* required, int* held);

    /// <summary>struct __user_cap_header_struct</summary>
    private struct CapabilityHeader
    {
        internal uint Version;
        internal int ThreadId;
    }

    /// <summary>LUID</summary>
    private struct Luid
    {
        internal uint Low;
        internal int High;
    }

    /// <summary>PRIVILEGE_SET with its one LUID_AND_ATTRIBUTES.</summary>
    private struct PrivilegeSet
    {
        internal uint Count;
        internal uint Control;
        internal Luid Privilege;
        internal uint Attributes;
    }
}
