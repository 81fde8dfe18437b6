using System.IO;
using Microsoft.Win32.SafeHandles;
using PinAccounting.Memory;

namespace PinnedCopy;

/// <summary>Reads both files back and compares.</summary>
internal static unsafe class Verifier
{
    public static bool Verify(string source, string target, CopySettings settings)
    {
        int length = checked((int)new FileInfo(source).Length);
        if (!LockedMemory.TryAllocate(settings.Verify, length, out LockedMemory? buffer, out _)) return false;
        using (buffer)
            return ChecksumOf(source, buffer, length) == ChecksumOf(target, buffer, length);
    }

    private static ulong ChecksumOf(string path, LockedMemory buffer, int length)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        fixed (byte* start = buffer.GetSpan())
            return Checksum.Of(start, Libc.ReadFully(file, start, length));
    }
}
