using System;
using System.IO;
using Xunit;

namespace PinAccounting.Tests.SharedMemory;

/// <summary>A test with a second process that opens this one's memory file through /proc; skipped, with the reason, where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TwoProcessFactAttribute : FactAttribute
{
    public TwoProcessFactAttribute() => Skip = Reason();

    private static string? Reason()
    {
        if (!OperatingSystem.IsLinux())
            return "Memory files and their seals are Linux's.";
        return Directory.Exists("/proc/self/fd") ? null : "There is no /proc here.";
    }
}
