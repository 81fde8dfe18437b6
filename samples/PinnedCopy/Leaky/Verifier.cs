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
        return length < CopySettings.PageSize ? VerifySmall(source, target, settings) : VerifyLarge(source, target, length, settings);
    }

    private static bool VerifySmall(string source, string target, CopySettings settings)
    {
        if (!settings.Verify.TryCharge(1)) return false;
        try
        {
            bool same = ChecksumOf(source, CopySettings.PageSize) == ChecksumOf(target, CopySettings.PageSize);
            settings.Verify.Uncharge(1);
            return same;
        }
        finally
        {
            settings.Verify.Uncharge(1); // given back a second time
        }
    }

    private static bool VerifyLarge(string source, string target, long length, CopySettings settings)
    {
        long pages = CopySettings.PagesFor(length);
        try
        {
            if (!settings.Verify.TryCharge(pages)) return false;
            return ChecksumOf(source, length) == ChecksumOf(target, length);
        }
        finally
        {
            settings.Verify.Uncharge(pages); // also when nothing was charged
        }
    }

    private static ulong ChecksumOf(string path, long length)
    {
        nuint size = (nuint)length;
        byte* buffer = (byte*)NativeMemory.Alloc(size);
        try
        {
            Libc.Lock(buffer, size); // refused or not, nobody looks
            using SafeFileHandle file = File.OpenHandle(path);
            return Checksum.Of(buffer, Libc.ReadFully(file, buffer, (nint)size));
        }
        finally
        {
            Libc.Unlock(buffer, size);
            NativeMemory.Free(buffer);
        }
    }
}
