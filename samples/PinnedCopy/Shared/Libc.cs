using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PinnedCopy;

internal static unsafe class Libc
{
    [DllImport("libc", EntryPoint = "mlock", SetLastError = true)]
    public static extern int Lock(void* address, nuint length);

    [DllImport("libc", EntryPoint = "munlock", SetLastError = true)]
    public static extern int Unlock(void* address, nuint length);

    /// <summary>Reads until the file ends or <paramref name="count"/> bytes are there; negative on error.</summary>
    public static nint ReadFully(SafeFileHandle file, void* buffer, nint count)
    {
        nint done = 0;
        while (done < count)
        {
            nint got = Read(file, (byte*)buffer + done, count - done);
            if (got < 0) return got;
            if (got == 0) break;
            done += got;
        }

        return done;
    }

    public static bool WriteFully(SafeFileHandle file, void* buffer, nint count)
    {
        nint done = 0;
        while (done < count)
        {
            nint put = Write(file, (byte*)buffer + done, count - done);
            if (put <= 0) return false;
            done += put;
        }

        return true;
    }

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(SafeFileHandle file, void* buffer, nint count);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(SafeFileHandle file, void* buffer, nint count);
}
