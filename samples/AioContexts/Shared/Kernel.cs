using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using PinAccounting.Annotations;

namespace AioContexts;

/// <summary>The kernel's asynchronous I/O, by system call: there is no wrapper in libc. Failures are negative error numbers, as libaio has them.</summary>
internal static unsafe partial class Kernel
{
    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int EAGAIN = 11;
    internal const int ENOMEM = 12;
    internal const int EFAULT = 14;
    internal const int EINVAL = 22;
    internal const int ENOSYS = 38;

    /// <summary>More than this the kernel's arithmetic refuses with EINVAL, because it doubles the number first; 2^31 even becomes 0 by that.</summary>
    internal const uint MostEvents = 8_388_608 / 2;

    private const int AddressSpace = 9; // RLIMIT_AS

    // setup, destroy, getevents, submit
    private static readonly int[] s_numbers = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => [206, 207, 208, 209],
        Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 => [0, 1, 4, 2],
        _ => [],
    };

    /// <summary>Why nothing of this can be shown here, or null.</summary>
    internal static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux()) return "io_setup(2) is Linux's.";
        if (s_numbers.Length == 0) return $"the numbers of the system calls on {RuntimeInformation.ProcessArchitecture} are not known to this sample.";
        if (Environment.SystemPageSize != 4096) return $"its tables are about pages of 4096 bytes, and here they have {Environment.SystemPageSize}.";
        if (SharedLimit().Limit >= MostEvents) return $"aio-max-nr is {SharedLimit().Limit}, so that the kernel refuses nothing by policy.";
        nint context = 0;
        int status = Setup(1, ref context);
        if (status < 0) return $"io_setup(1) answers {status}: no asynchronous I/O in this kernel, forbidden to this process, or other processes have all of aio-max-nr.";
        Destroy(context);
        return null;
    }

    [return: Errno(ErrnoConvention.NegativeErrno)]
    [FailsWith("EINVAL", When = "the context is not 0, or nr_events is 0 or too large for the kernel's arithmetic")]
    [FailsWith("EAGAIN", When = "aio-nr + nr_events would exceed aio-max-nr")]
    [FailsWith("ENOMEM", When = "memory for the ring is short")]
    internal static int Setup([ValidRange(1, 8_388_608)] uint events, [MustBeZero] ref nint context)
    {
        fixed (nint* target = &context)
            return Status(SystemCall(s_numbers[0], (nint)events, (nint)target, 0, 0, 0));
    }

    [return: Errno(ErrnoConvention.NegativeErrno)]
    [FailsWith("EINVAL", When = "there is no such context")]
    internal static int Destroy(nint context) => Status(SystemCall(s_numbers[1], context, 0, 0, 0, 0));

    /// <summary>Queues operations; may take fewer than it is given.</summary>
    /// <returns>How many it took, or a negative error number.</returns>
    [return: Errno(ErrnoConvention.NegativeErrno)]
    [FailsWith("EAGAIN", When = "the ring is full")]
    internal static int Submit(nint context, int count, ControlBlock** blocks) => Status(SystemCall(s_numbers[3], context, count, (nint)blocks, 0, 0));

    /// <summary>Waits until so many operations are done.</summary>
    [return: Errno(ErrnoConvention.NegativeErrno)]
    internal static int GetEvents(nint context, int atLeast, int atMost, Event* events) => Status(SystemCall(s_numbers[2], context, atLeast, atMost, (nint)events, 0));

    /// <summary>The rings that this process has mapped.</summary>
    internal static int RingsMapped() => File.ReadLines("/proc/self/maps").Count(static line => line.Contains("[aio]", StringComparison.Ordinal));

    /// <summary>The limit that all processes share, and what they have of it.</summary>
    internal static (long Used, long Limit) SharedLimit() => (Number("/proc/sys/fs/aio-nr"), Number("/proc/sys/fs/aio-max-nr"));

    /// <summary>Does something while this process can map only 1.5 MiB more, which is less than a ring of 32,768 events takes.</summary>
    internal static int WithoutRoom(Func<int> work)
    {
        Limit before;
        if (GetLimit(AddressSpace, &before) != 0) throw new IOException("getrlimit(RLIMIT_AS) failed.");
        long mapped = Number("/proc/self/statm") * Environment.SystemPageSize;
        Limit none = before with { Soft = (ulong)mapped + 1536 * 1024 };
        if (SetLimit(AddressSpace, &none) != 0) throw new IOException("setrlimit(RLIMIT_AS) failed.");
        try
        {
            return work();
        }
        finally
        {
            SetLimit(AddressSpace, &before);
        }
    }

    private static long Number(string file) => long.Parse(File.ReadAllText(file).Split(' ', '\n')[0], CultureInfo.InvariantCulture);

    private static int Status(nint result) => result == -1 ? -Marshal.GetLastPInvokeError() : (int)result;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial int GetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static partial int SetLimit(int resource, Limit* limit);

    private struct Limit
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}

/// <summary>struct iocb, for little-endian machines.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlBlock
{
    internal ulong Data;
    internal uint Key;
    internal int Flags;
    internal Operation Operation;
    internal short Priority;
    internal int File;
    internal nint Buffer;
    internal long Length;
    internal long Offset;
    internal ulong Reserved;
    internal uint MoreFlags;
    internal int EventFile;
}

internal enum Operation : ushort
{
    Read = 0,
    Write = 1,
}

/// <summary>struct io_event.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Event
{
    internal ulong Data;
    internal nint Block;
    internal long Result;
    internal long Result2;
}
