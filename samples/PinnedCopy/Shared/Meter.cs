using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace PinnedCopy;

/// <summary>What the process holds, as the kernel, the collector and the accounts see it.</summary>
internal readonly record struct Meter(long LockedKilobytes, long PinnedObjects, long PressureBytes, long RunPages, long VerifyPages)
{
    public static Meter Read(CopySettings settings)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return new Meter(VmLck(), GC.GetGCMemoryInfo(GCKind.FullBlocking).PinnedObjectsCount, Pressure.Reported, settings.Run.Used, settings.Verify.Used);
    }

    public void Print(string when, TextWriter output) => output.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{when,-6}  VmLck {LockedKilobytes,6} kB   pinned objects {PinnedObjects,5}   memory pressure {PressureBytes,8} B   account run {RunPages,5} pages   account verify {VerifyPages,6} pages"));

    private static long VmLck()
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmLck:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan("VmLck:".Length).Trim().TrimEnd(" kB"), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
