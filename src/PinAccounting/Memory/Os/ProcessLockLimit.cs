using System;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PinAccounting.Annotations;

namespace PinAccounting.Memory.Os;

/// <summary>How much this process may lock, and has locked, by the operating system's own account.</summary>
internal static partial class ProcessLockLimit
{
    /// <summary>The soft limit in bytes; <see cref="long.MaxValue"/> when there is none.</summary>
    public static long Bytes()
    {
        if (OperatingSystem.IsWindows())
            return WorkingSetBytes();
        // The name of the limit differs, and 32-bit C libraries differ in the width of its value; there /proc says the same in text.
        if (PageSystem.IsLinuxKernel && !Environment.Is64BitProcess)
            return FromProc("/proc/self/limits", "Max locked memory", unit: 1, otherwise: long.MaxValue);
        return getrlimit(PageSystem.IsLinuxKernel ? 8 : 6, out ResourceLimit limit) == 0 && limit.Soft <= long.MaxValue ? (long)limit.Soft : long.MaxValue;
    }

    /// <summary>What is locked now, in bytes, by mlock and its like (VmLck); 0 on systems that do not tell.</summary>
    public static long LockedBytes()
        => PageSystem.IsLinuxKernel ? FromProc("/proc/self/status", "VmLck:", unit: 1024, otherwise: 0) : 0;

    /// <summary>Whether locking <paramref name="length"/> more bytes is more than the limit allows to a process that is not privileged.</summary>
    public static bool WouldExceed(nuint length)
    {
        long limit = Bytes();
        return limit != long.MaxValue && !OsCapabilities.HasIpcLock() && (length > (ulong)limit || LockedBytes() > limit - (long)length);
    }

    /// <summary>The first number after the name of a line, times the unit.</summary>
    internal static long Parse(string text, string name, long unit, long otherwise)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal))
                continue;
            ReadOnlySpan<char> value = line[name.Length..].TrimStart();
            int end = value.IndexOfAny(' ', '\t');
            if (end >= 0)
                value = value[..end];
            return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= long.MaxValue / unit
                ? number * unit
                : otherwise; // "unlimited"
        }
        return otherwise;
    }

    private static long FromProc(string path, string name, long unit, long otherwise)
    {
        try
        {
            return Parse(File.ReadAllText(path), name, unit, otherwise);
        }
        catch (IOException)
        {
            return otherwise; // no /proc here
        }
        catch (UnauthorizedAccessException)
        {
            return otherwise;
        }
    }

    [SupportedOSPlatform("windows")]
    private static long WorkingSetBytes()
        // Windows keeps a few pages of the minimum working set for itself ("minus a small overhead", as VirtualLock documents).
        => GetProcessWorkingSetSizeEx(GetCurrentProcess(), out nuint minimum, out _, out _)
            ? Math.Max(0, (long)minimum - 8L * Environment.SystemPageSize)
            : long.MaxValue;

    [LibraryImport("libc", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial int getrlimit(int resource, out ResourceLimit limit);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetProcessWorkingSetSizeEx(nint process, out nuint minimum, out nuint maximum, out uint flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
