using System.Runtime.InteropServices;
using PinAccounting.Annotations;

namespace DmaMap;

internal static class Libc
{
    public const int ReadWrite = 1 | 2;
    public const int PrivateAnonymous = 2 | 0x20;

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    public static extern nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    public static extern int Unmap(nint address, nuint length);

    [DllImport("libc", EntryPoint = "mlock", SetLastError = true)]
    public static extern int Lock(nint address, nuint length);

    [DllImport("libc", EntryPoint = "munlock", SetLastError = true)]
    public static extern int Unlock(nint address, nuint length);
}
