using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace DmaMap;

/// <summary>Pages that no memory backs which could be swapped: device registers and what the kernel lends (VM_IO, VM_PFNMAP). Nothing is pinned there and nothing is paid for.</summary>
internal static class ReservedPages
{
    private static readonly List<(nint Start, nint End)> Areas = Read();

    public static bool Contains(nint page) => Areas.Exists(area => page >= area.Start && page < area.End);

    /// <summary>The first such pages of this process (the kernel's clock data), or none.</summary>
    public static PageRange? First(int pages)
    {
        int found = Areas.FindIndex(area => (area.End - area.Start) / PageRange.PageSize >= pages);
        return found < 0 ? null : new PageRange(Areas[found].Start, pages);
    }

    private static List<(nint, nint)> Read()
    {
        var areas = new List<(nint, nint)>();
        (nint Start, nint End) current = default;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "VmFlags:")
            {
                if (Array.IndexOf(words, "io") > 0 || Array.IndexOf(words, "pf") > 0) areas.Add(current);
            }
            else if (words[0].Split('-') is [var start, var end])
            {
                current = (nint.Parse(start, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), nint.Parse(end, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            }
        }

        return areas;
    }
}
