using System.ComponentModel;
using System.Runtime.InteropServices;
using PinAccounting.Annotations;

namespace MemoryLock;

/// <summary>RLIMIT_MEMLOCK of this process, which children get on fork and keep on exec. Linux on 64 bits.</summary>
internal static class MemlockLimit
{
    private const int Resource = 8;

    /// <summary>The soft limit in bytes; <see cref="ulong.MaxValue"/> when there is none.</summary>
    public static ulong Read()
    {
        if (GetLimit(Resource, out Limit limit) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        return limit.Soft;
    }

    /// <summary>Lowers the soft limit, to be put back by <see cref="Restore"/>.</summary>
    /// <returns>The limit it had.</returns>
    [Charge("memlock limit", ReleasedBy = nameof(Restore))]
    public static ulong Lower(ulong bytes)
    {
        ulong previous = Read();
        Write(bytes);
        return previous;
    }

    [Release("memlock limit")]
    public static void Restore(ulong bytes) => Write(bytes);

    private static void Write(ulong bytes)
    {
        if (GetLimit(Resource, out Limit limit) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        limit.Soft = bytes;
        if (SetLimit(Resource, limit) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [return: Errno(ErrnoConvention.MinusOneErrno)]
    private static extern int SetLimit(int resource, in Limit limit);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
