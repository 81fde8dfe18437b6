using System;
using System.Runtime.InteropServices;

namespace IoUring;

/// <summary>Where the parts of a submission ring lie in its mapping, as the kernel says (<c>struct io_sqring_offsets</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SubmissionOffsets
{
    public uint Head, Tail, Mask, Entries, Flags, Dropped, Array, Reserved;
    public ulong UserAddress;
}

/// <summary>The same of a completion ring (<c>struct io_cqring_offsets</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CompletionOffsets
{
    public uint Head, Tail, Mask, Entries, Overflow, Cqes, Flags, Reserved;
    public ulong UserAddress;
}

/// <summary>What is asked of the kernel when a ring is set up, and what it answers (<c>struct io_uring_params</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SetupParameters
{
    public uint SubmissionEntries, CompletionEntries;
    public SetupFlags Flags;
    public uint ThreadCpu, ThreadIdle, Features, Descriptor;
    public fixed uint Reserved[3];
    public SubmissionOffsets Submission;
    public CompletionOffsets Completion;
}

[Flags]
internal enum SetupFlags : uint
{
    None = 0,
    Polled = 1 << 1,
    CompletionSize = 1 << 3,
}

[Flags]
internal enum EnterFlags : uint
{
    None = 0,
    GetEvents = 1,
    WakeUp = 2,
}

internal enum Opcode : byte
{
    Nop = 0,
    Read = 22,
    Write = 23,
}

/// <summary>An operation that is done (<c>struct io_uring_cqe</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Cqe
{
    public ulong UserData;
    public int Result;
    public uint Flags;
}

internal static class RingFlags
{
    public const uint NeedWakeUp = 1, CompletionOverflow = 2;
}

/// <summary>The system calls; the C library has no names for them.</summary>
internal static unsafe class Native
{
    public const int ReadOnly = 1, ReadWrite = 3;
    public const long SubmissionRing = 0, CompletionRing = 0x8000000, SubmissionSlots = 0x10000000;
    private const int MapShared = 1, MapPopulate = 0x8000;
    private const nint SetupNumber = 425, EnterNumber = 426, RegisterNumber = 427;

    public static int Setup(uint entries, SetupParameters* parameters) => (int)Call(SetupNumber, (nint)entries, (nint)parameters, 0, 0, 0, 0);

    public static int Enter(int ring, uint submit, uint complete, EnterFlags flags) => (int)Call(EnterNumber, ring, (nint)submit, (nint)complete, (nint)(uint)flags, 0, 0);

    public static int Register(int ring, uint what, void* values, uint count) => (int)Call(RegisterNumber, ring, (nint)what, (nint)values, (nint)count, 0, 0);

    /// <summary>Maps a part of a ring: the kernel writes there too.</summary>
    public static void* Map(int ring, nuint length, int protection, long part) => mmap(null, length, protection, MapShared | MapPopulate, ring, part);

    [DllImport("libc")]
    public static extern int munmap(void* address, nuint length);

    [DllImport("libc", SetLastError = true)]
    private static extern void* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern nint Call(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
