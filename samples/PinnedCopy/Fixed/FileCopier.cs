using System.IO;
using Microsoft.Win32.SafeHandles;
using PinAccounting;
using PinAccounting.Memory;

namespace PinnedCopy;

/// <summary>Copies a file through one locked buffer, so that its content is never written to swap.</summary>
internal static unsafe class FileCopier
{
    public static Outcome Copy(string source, string target, CopySettings settings)
    {
        int length = checked((int)new FileInfo(source).Length);
        if (!LockedMemory.TryAllocate(settings.File, length, out LockedMemory? buffer, out ChargeResult result))
            return result.DeniedBy == settings.File ? Outcome.OverQuota : Outcome.Failed;
        using (buffer)
        {
            if (!Announce(source, settings)) return Outcome.Declined;
            long size = buffer.LockedLength;
            Pressure.Add(size);
            try
            {
                return CopyThrough(buffer, source, target, length, settings);
            }
            finally
            {
                Pressure.Remove(size);
            }
        }
    }

    private static Outcome CopyThrough(LockedMemory buffer, string source, string target, int length, CopySettings settings)
    {
        fixed (byte* start = buffer.GetSpan())
        {
            using SafeFileHandle input = File.OpenHandle(source);
            nint got = Libc.ReadFully(input, start, length);
            if (!settings.Seen.Add(Checksum.Of(start, got))) return Outcome.Duplicate;
            return Write(target, start, got) ? Outcome.Copied : Outcome.Failed;
        }
    }

    /// <summary>Asks the caller, who may throw. One page is set aside for what the caller keeps about the file.</summary>
    private static bool Announce(string source, CopySettings settings)
    {
        if (!settings.Run.TryCharge(1, out PinCharge? page, out _)) return false;
        using (page)
        {
            settings.BeforeCopy(source);
            return true;
        }
    }

    private static bool Write(string target, byte* buffer, nint count)
    {
        using SafeFileHandle output = File.OpenHandle(target, FileMode.Create, FileAccess.Write);
        return Libc.WriteFully(output, buffer, count);
    }
}
