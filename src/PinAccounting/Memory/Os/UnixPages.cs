using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PinAccounting.Annotations;

namespace PinAccounting.Memory.Os;

/// <summary>mmap and mlock, as Linux and the BSD family with macOS have them.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class UnixPages : IPageSystem
{
    private const int ReadWrite = 1 | 2; // PROT_READ | PROT_WRITE
    private const int Private = 2; // MAP_PRIVATE

    // Error numbers; the first four are the same everywhere, EAGAIN is not.
    private const int NotPermitted = 1; // EPERM
    private const int Interrupted = 4; // EINTR
    private const int NoMemory = 12; // ENOMEM
    private const int InvalidArgument = 22; // EINVAL
    private static readonly int s_tryAgain = PageSystem.IsLinuxKernel ? 11 : 35; // EAGAIN
    private static readonly int s_notImplemented = PageSystem.IsLinuxKernel ? 38 : 78; // ENOSYS
    private static readonly int s_anonymous = PageSystem.IsLinuxKernel ? 0x20 : 0x1000; // MAP_ANONYMOUS

    public int PageSize { get; } = Environment.SystemPageSize;

    public OsOutcome Map(nuint length, out nint address)
    {
        address = mmap(0, length, ReadWrite, Private | s_anonymous, -1, 0);
        if (address != -1)
            return OsOutcome.Success("mmap");
        int error = Marshal.GetLastPInvokeError();
        address = 0;
        // EAGAIN: the process locks future mappings (mlockall), and this one would go over RLIMIT_MEMLOCK.
        return OsOutcome.Failure("mmap", error, error == s_tryAgain ? ChargeStatus.PolicyLimit : Means(error));
    }

    public OsOutcome Lock(nint address, nuint length)
    {
        if (mlock(address, length) == 0)
            return OsOutcome.Success("mlock");
        int error = Marshal.GetLastPInvokeError();
        // ENOMEM is both "over RLIMIT_MEMLOCK" and "no memory for another mapping": only the numbers tell which.
        bool policy = error == NotPermitted || (error == NoMemory && ProcessLockLimit.WouldExceed(length));
        return OsOutcome.Failure("mlock", error, policy ? ChargeStatus.PolicyLimit : Means(error));
    }

    public OsOutcome Unlock(nint address, nuint length) => Done("munlock", munlock(address, length));

    public OsOutcome Unmap(nint address, nuint length) => Done("munmap", munmap(address, length));

    private static OsOutcome Done(string call, int result)
    {
        if (result == 0)
            return OsOutcome.Success(call);
        int error = Marshal.GetLastPInvokeError();
        return OsOutcome.Failure(call, error, Means(error));
    }

    internal static ChargeStatus Means(int error)
    {
        if (error == s_notImplemented)
            return ChargeStatus.NotSupported;
        return error switch
        {
            Interrupted => ChargeStatus.Interrupted,
            InvalidArgument => ChargeStatus.InvalidArgument,
            NotPermitted => ChargeStatus.PolicyLimit,
            _ => ChargeStatus.ResourceExhausted, // ENOMEM, EAGAIN, ENFILE and what else may come
        };
    }

    [LibraryImport("libc", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial int munmap(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial int mlock(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial int munlock(nint address, nuint length);
}
