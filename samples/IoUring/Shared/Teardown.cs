using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using PinAccounting;

namespace IoUring;

/// <summary>
/// Pins buffers over the limit while it is allowed to, drops the capability, and gives them back: the account and the kernel's own count must both end where
/// they began.
/// </summary>
internal static unsafe class Teardown
{
    private const int Pages = 64;
    private const int Limit = 16;
    private const int IpcLock = 14;

    public static int Run(IoRing ring, TextWriter output)
    {
        using PinAccount account = new(new PinAccountOptions { Name = "ring", Limit = Limit, BypassPolicy = BypassPolicy.LimitOnly, CapabilityProbe = OsCapabilities.IpcLock });
        long before = PinnedKilobytes();
        Print("before", account);
        bool isPrivileged = OsCapabilities.HasIpcLock();
        try
        {
            using RegisteredBuffers buffers = new(ring, account, Pages);
            Print(buffers.ExceededLimit ? "held over the limit" : "held", account);
            Drop(IpcLock);
            output.WriteLine($"may exceed the limit: {isPrivileged} when charged, {OsCapabilities.HasIpcLock()} when given back");
        }
        catch (PinLimitExceededException)
        {
            output.WriteLine($"refused: {Pages} pages are over the limit of {Limit}");
        }

        Print("after", account);
        output.WriteLine($"over-released: {account.OverReleases}, outstanding: {account.OutstandingCharges}");
        return account.Used == 0 && account.OverReleases == 0 && PinnedKilobytes() == before ? 0 : 1;

        void Print(string when, PinAccount of) => output.WriteLine($"{when}: account {of.Used} pages, kernel {PinnedKilobytes()} kB");
    }

    /// <summary>Pages of this process that somebody holds in place, as the kernel counts them.</summary>
    private static long PinnedKilobytes() =>
        long.Parse(File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmPin:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], null);

    /// <summary>Of this thread alone: the others of the process are not asked again.</summary>
    private static void Drop(int capability)
    {
        CapabilityHeader header = new() { Version = 0x20080522 };
        CapabilitySets* sets = stackalloc CapabilitySets[2];
        if (capget(&header, sets) != 0) throw new InvalidOperationException($"capget: {Marshal.GetLastPInvokeErrorMessage()}");
        sets[0].Effective &= ~(1u << capability);
        sets[0].Permitted &= ~(1u << capability);
        if (capset(&header, sets) != 0) throw new InvalidOperationException($"capset: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int capget(CapabilityHeader* header, CapabilitySets* sets);

    [DllImport("libc", SetLastError = true)]
    private static extern int capset(CapabilityHeader* header, CapabilitySets* sets);

    [StructLayout(LayoutKind.Sequential)]
    private struct CapabilityHeader
    {
        public uint Version;
        public int Process;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CapabilitySets
    {
        public uint Effective, Permitted, Inheritable;
    }
}
