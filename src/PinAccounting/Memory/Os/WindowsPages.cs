using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PinAccounting.Memory.Os;

/// <summary>VirtualAlloc and VirtualLock. What may be locked is bounded by the minimum working set of the process.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsPages : IPageSystem
{
    private const uint CommitReserve = 0x1000 | 0x2000; // MEM_COMMIT | MEM_RESERVE
    private const uint Release = 0x8000; // MEM_RELEASE
    private const uint ReadWrite = 0x04; // PAGE_READWRITE

    public int PageSize { get; } = Environment.SystemPageSize;

    public OsOutcome Map(nuint length, out nint address)
    {
        address = VirtualAlloc(0, length, CommitReserve, ReadWrite);
        return Done("VirtualAlloc", address != 0);
    }

    public OsOutcome Lock(nint address, nuint length) => Done("VirtualLock", VirtualLock(address, length));

    public OsOutcome Unlock(nint address, nuint length) => Done("VirtualUnlock", VirtualUnlock(address, length));

    // With MEM_RELEASE the length has to be 0: the whole reservation goes, and its locks with it.
    public OsOutcome Unmap(nint address, nuint length) => Done("VirtualFree", VirtualFree(address, 0, Release));

    internal static ChargeStatus Means(int error) => error switch
    {
        1453 => ChargeStatus.PolicyLimit, // ERROR_WORKING_SET_QUOTA
        1314 => ChargeStatus.PolicyLimit, // ERROR_PRIVILEGE_NOT_HELD
        87 => ChargeStatus.InvalidArgument, // ERROR_INVALID_PARAMETER
        120 => ChargeStatus.NotSupported, // ERROR_CALL_NOT_IMPLEMENTED
        _ => ChargeStatus.ResourceExhausted, // ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT, ERROR_NO_SYSTEM_RESOURCES …
    };

    private static OsOutcome Done(string call, bool succeeded)
    {
        if (succeeded)
            return OsOutcome.Success(call);
        int error = Marshal.GetLastPInvokeError();
        return OsOutcome.Failure(call, error, Means(error));
    }

    [LibraryImport("kernel32", SetLastError = true)]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(nint address, nuint size, uint type);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualLock(nint address, nuint size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualUnlock(nint address, nuint size);
}
