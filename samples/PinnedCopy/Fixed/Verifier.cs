using System;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PinnedCopy;

/// <summary>Reads both files back and compares.</summary>
internal static unsafe class Verifier
{
    public static bool Verify(string source, string target, CopySettings settings)
    {
        long length = new FileInfo(source).Length;
        long pages = CopySettings.PagesFor(length);
        if (!settings.Verify.TryCharge(pages)) return false;
        try
        {
            return ChecksumOf(source, length) == ChecksumOf(target, length);
        }
        finally
        {
            settings.Verify.Uncharge(pages);
        }
    }

    private static ulong ChecksumOf(string path, long length)
    {
        nuint size = (nuint)CopySettings.PagesFor(length) * CopySettings.PageSize;
        byte* buffer = (byte*)NativeMemory.AlignedAlloc(size, CopySettings.PageSize);
        try
        {
            if (Libc.Lock(buffer, size) != 0) throw new IOException($"{path}: the buffer could not be locked.");
            try
            {
                using SafeFileHandle file = File.OpenHandle(path);
                return Checksum.Of(buffer, Libc.ReadFully(file, buffer, (nint)length));
            }
            finally
            {
                Libc.Unlock(buffer, size);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(buffer);
        }
    }
}
