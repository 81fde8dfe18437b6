using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using PinAccounting.Annotations;

namespace PinAccounting.SharedMemory;

/// <summary>Linux memory files and their seals.</summary>
[SupportedOSPlatform("linux")]
internal static partial class MemoryFile
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const uint NeverExecutable = 8; // MFD_NOEXEC_SEAL
    private const int AddSeals = 1033;
    private const int GetSeals = 1034;
    private const int SealSeal = 1;
    private const int SealShrink = 2;
    private const int SealGrow = 4;
    private const int Interrupted = 4; // EINTR
    private const int InvalidArgument = 22; // EINVAL
    private const int TooLarge = 27; // EFBIG

    public static SafeFileHandle Create(string name, long length)
    {
        if (length > nint.MaxValue)
            throw Refused(name, "posix_fallocate", TooLarge);
        // Without that flag a hardened host (vm.memfd_noexec) refuses, and others warn; kernels before 6.3 do not know it.
        int descriptor = memfd_create(name, CloseOnExec | AllowSealing | NeverExecutable);
        if (descriptor == -1 && Marshal.GetLastPInvokeError() == InvalidArgument)
            descriptor = memfd_create(name, CloseOnExec | AllowSealing);
        if (descriptor == -1)
            throw Refused(name, "memfd_create", Marshal.GetLastPInvokeError());
        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        try
        {
            // Allocates, where ftruncate would only promise: a page that cannot be had later is a SIGBUS.
            // A signal that arrives meanwhile, as the runtime sends to its threads, undoes the attempt.
            int error;
            do
                error = posix_fallocate(descriptor, 0, (nint)length);
            while (error == Interrupted);
            if (error != 0)
                throw Refused(name, "posix_fallocate", error);
            if (fcntl(descriptor, AddSeals, SealShrink | SealGrow | SealSeal) == -1)
                throw Refused(name, "fcntl(F_ADD_SEALS)", Marshal.GetLastPInvokeError());
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file is a memory file that nobody can shrink any more. Other files have no seals, and the kernel says so.</summary>
    public static bool CannotShrink(SafeFileHandle handle)
    {
        bool taken = false;
        try
        {
            handle.DangerousAddRef(ref taken);
            int seals = fcntl((int)handle.DangerousGetHandle(), GetSeals, 0);
            return seals != -1 && (seals & SealShrink) != 0;
        }
        finally
        {
            if (taken)
                handle.DangerousRelease();
        }
    }

    private static IOException Refused(string name, string call, int error)
        => new($"{call} failed for the memory file '{name}': {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).", error);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc")]
    [return: Errno(ErrnoConvention.ZeroOrErrno)]
    private static partial int posix_fallocate(int descriptor, nint offset, nint length);

    [LibraryImport("libc", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial int fcntl(int descriptor, int command, int argument);
}
