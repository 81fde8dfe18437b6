using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PinnedCopy;

/// <summary>Copies a file through one locked buffer, so that its content is never written to swap.</summary>
internal static unsafe class FileCopier
{
    public static Outcome Copy(string source, string target, CopySettings settings)
    {
        long length = new FileInfo(source).Length;
        long pages = CopySettings.PagesFor(length);
        if (!settings.Run.TryCharge(pages)) return Outcome.OverQuota;
        if (!settings.File.TryCharge(pages)) return Outcome.OverQuota; // the run keeps paying for a file it never read
        try
        {
            return CopyCharged(source, target, length, settings);
        }
        finally
        {
            settings.File.Uncharge(pages);
            settings.Run.Uncharge(pages);
        }
    }

    private static Outcome CopyCharged(string source, string target, long length, CopySettings settings)
    {
        if (!Announce(source, settings)) return Outcome.Declined;

        nuint size = (nuint)CopySettings.PagesFor(length) * CopySettings.PageSize;
        byte* buffer = (byte*)NativeMemory.AlignedAlloc(size, CopySettings.PageSize);
        Pressure.Add((long)size);
        if (Libc.Lock(buffer, size) != 0)
        {
            Pressure.Remove((long)size);
            NativeMemory.AlignedFree(buffer);
            return Outcome.Failed;
        }

        using SafeFileHandle input = File.OpenHandle(source);
        nint got = Libc.ReadFully(input, buffer, (nint)length);
        if (!settings.Seen.Add(Checksum.Of(buffer, got))) return Outcome.Duplicate; // locked, allocated and reported, for ever

        bool written = Write(target, buffer, got);
        Libc.Unlock(buffer, size);
        Pressure.Remove((long)size);
        NativeMemory.AlignedFree(buffer);
        return written ? Outcome.Copied : Outcome.Failed;
    }

    /// <summary>Asks the caller, who may throw. One page is set aside for what the caller keeps about the file.</summary>
    private static bool Announce(string source, CopySettings settings)
    {
        if (!settings.Run.TryCharge(1)) return false;
        settings.BeforeCopy(source);
        settings.Run.Uncharge(1);
        return true;
    }

    private static bool Write(string target, byte* buffer, nint count)
    {
        using SafeFileHandle output = File.OpenHandle(target, FileMode.Create, FileAccess.Write);
        return Libc.WriteFully(output, buffer, count);
    }
}
