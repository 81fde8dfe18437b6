using System;
using System.Globalization;
using System.IO;
using System.Linq;
using PinAccounting;

namespace DmaMap;

/// <summary>What the kernel says, and whether it lets us.</summary>
internal static class Machine
{
    /// <summary>Pages this process has locked, by the kernel's own count.</summary>
    public static long LockedPages()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmLck:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("VmLck:".Length).Trim().TrimEnd(" kB"), NumberStyles.None, CultureInfo.InvariantCulture) * 1024 / PageRange.PageSize;
    }

    /// <summary>Why the scenarios cannot run here, or null.</summary>
    public static string? WhyNot(int pages)
    {
        if (!OperatingSystem.IsLinux()) return "mlock and VmLck need Linux";
        PinAccount process = PinAccount.ForProcess();
        if (pages > process.Limit - process.Used && !OsCapabilities.HasIpcLock())
            return string.Create(CultureInfo.InvariantCulture, $"the memlock limit is {process.Limit} pages, {pages} are needed (ulimit -l)");
        return null;
    }
}
