using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using PinAccounting.Memory;
using PinAccounting.Memory.Os;

namespace PinAccounting.Tests.Memory;

/// <summary>What a child process does for <see cref="KernelLockTests"/>: it is alone in its address space, so VmLck is its doing and nobody else's.</summary>
internal static unsafe partial class KernelLockChild
{
    private const long CapIpcLock = 14;
    private static readonly int s_page = Environment.SystemPageSize;

    private static readonly Dictionary<string, Action> s_stories = new(StringComparer.Ordinal)
    {
        ["at-limit"] = AtLimit,
        ["over-limit-privileged"] = OverLimitPrivileged,
        ["kernel-denies"] = KernelDenies,
        ["batch"] = BatchFailsHalfWay,
        ["limit-zero"] = LimitZero,
        ["drop-capability"] = DropCapability,
        ["churn"] = Churn,
        ["already-locked"] = AlreadyLocked,
        ["thread-capability"] = ThreadCapability,
    };

    internal static int Run(string[] arguments)
    {
        s_stories[arguments[0]]();
        Console.Out.WriteLine("done");
        return 0;
    }

    /// <summary>16 pages are allowed and nobody may exceed them.</summary>
    private static void AtLimit()
    {
        PinAccount account = PinAccount.ForProcess();
        Expect(16, account.Limit);
        List<LockedMemory> blocks = [];
        for (int i = 1; i <= 16; i++)
        {
            blocks.Add(LockedMemory.Allocate(account, s_page));
            Expect(i, account.Used);
            ExpectKernelAgrees(account);
        }
        Expect(false, LockedMemory.TryAllocate(account, 1, out _, out ChargeResult result));
        Expect(ChargeStatus.PolicyLimit, result.Status);
        Expect(16L, result.Used);
        ExpectKernelAgrees(account);
        blocks[7].Dispose();
        ExpectKernelAgrees(account);
        blocks.Add(LockedMemory.Allocate(account, s_page));
        Expect(16, account.Used);
        foreach (LockedMemory block in blocks)
        {
            block.Dispose();
            ExpectKernelAgrees(account);
        }
        Expect(0, account.Used);
    }

    private static void OverLimitPrivileged()
    {
        PinAccount account = PinAccount.ForProcess();
        Expect(16, account.Limit);
        LockedMemory within = LockedMemory.Allocate(account, 16 * s_page);
        Expect(false, within.ExceededLimit);
        Expect(true, LockedMemory.TryAllocate(account, 3 * s_page, out LockedMemory? over, out ChargeResult result));
        Expect(ChargeStatus.ChargedOverLimit, result.Status);
        Expect(true, over!.ExceededLimit);
        Expect(19, account.Used);
        ExpectKernelAgrees(account);
        within.Dispose();
        ExpectKernelAgrees(account);
        over.Dispose();
        ExpectKernelAgrees(account);
        Expect(0, account.Used);
    }

    /// <summary>The account would allow it, but the kernel does not.</summary>
    private static void KernelDenies()
    {
        FaultyPages system = new();
        PinAccount account = new("generous", 1000);
        for (int i = 0; i < 50; i++)
        {
            Expect(false, LockedMemory.TryAllocate(system, account, 17 * s_page, out _, out ChargeResult result));
            Expect(ChargeStatus.PolicyLimit, result.Status);
            ExpectKernelAgrees(account);
        }
        Expect(0, account.Used);
        Expect(50, system.Addresses.Count);
        foreach (nint address in system.Addresses)
            Expect(false, IsLockedAt(address));
        Expect(0, system.MappedRanges);
        using (LockedMemory.Allocate(account, 16 * s_page))
            ExpectKernelAgrees(account);
        ExpectKernelAgrees(account);
    }

    /// <summary>Ten blocks of four pages, where the kernel stops at the fifth.</summary>
    private static void BatchFailsHalfWay()
    {
        FaultyPages system = new();
        PinAccount account = new("generous", 1000);
        for (int i = 0; i < 20; i++)
        {
            Expect(false, LockedMemory.TryAllocateBatch(system, account, 10, 4 * s_page, out _, out ChargeResult result));
            Expect(ChargeStatus.PolicyLimit, result.Status);
            Expect(5 * (i + 1), system.Addresses.Count);
            Expect(0, account.Used);
            Expect(0, system.MappedRanges);
            ExpectKernelAgrees(account);
        }
        Expect(40, account.Peak);
        Expect(true, LockedMemory.TryAllocateBatch(system, account, 4, 4 * s_page, out LockedMemory[]? blocks, out _));
        foreach (LockedMemory block in blocks!)
        {
            ExpectKernelAgrees(account);
            block.Dispose();
        }
        ExpectKernelAgrees(account);
    }

    private static void LimitZero()
    {
        PinAccount process = PinAccount.ForProcess();
        Expect(0, process.Limit);
        Expect(false, LockedMemory.TryAllocate(process, 1, out _, out ChargeResult denied));
        Expect(ChargeStatus.PolicyLimit, denied.Status);
        PinAccount generous = new("generous", 1000);
        Expect(false, LockedMemory.TryAllocate(generous, 1, out _, out ChargeResult result));
        Expect(ChargeStatus.PolicyLimit, result.Status);
        ExpectKernelAgrees(generous);
    }

    /// <summary>Locked with a privilege over the limit, given back without it: the release asks nobody.</summary>
    private static void DropCapability()
    {
        PinAccount account = PinAccount.ForProcess();
        Expect(16, account.Limit);
        LockedMemory over = LockedMemory.Allocate(account, 20 * s_page);
        Expect(true, over.ExceededLimit);
        DropIpcLock();
        Expect(false, OsCapabilities.HasIpcLock());
        ExpectKernelAgrees(account);
        Expect(false, LockedMemory.TryAllocate(account, 1, out _, out ChargeResult result));
        Expect(ChargeStatus.PolicyLimit, result.Status);
        over.Dispose();
        Expect(0, account.Used);
        ExpectKernelAgrees(account);
        using (LockedMemory.Allocate(account, 16 * s_page))
            ExpectKernelAgrees(account);
        ExpectKernelAgrees(account);
    }

    /// <summary>Random blocks, straight and from a pool, against an account that is more generous than the kernel.</summary>
    private static void Churn()
    {
        PinAccount account = new("generous", 24);
        LockedMemoryPool pool = new(account, maxRetainedBytes: 6 * s_page);
        Random random = new(20090309);
        List<IDisposable> held = [];
        int denied = 0;
        for (int i = 0; i < 3000; i++)
        {
            switch (random.Next(5))
            {
                case 0 when LockedMemory.TryAllocate(account, random.Next(6 * s_page), out LockedMemory? memory, out _):
                    held.Add(memory);
                    break;
                case 1 when pool.TryRent(random.Next(-1, 6 * s_page), out IMemoryOwner<byte>? lease, out _):
                    held.Add(lease);
                    break;
                case 2 when LockedMemory.TryAllocateBatch(account, random.Next(4), random.Next(3 * s_page), out LockedMemory[]? blocks, out _):
                    held.AddRange(blocks);
                    break;
                case 3 or 4:
                    for (int frees = random.Next(3); frees > 0 && held.Count > 0; frees--)
                    {
                        int which = random.Next(held.Count);
                        held[which].Dispose();
                        held.RemoveAt(which);
                    }
                    break;
                default:
                    denied++;
                    break;
            }
            ExpectKernelAgrees(account);
        }
        if (denied < 20)
            throw new InvalidOperationException($"Only {denied} denials: this tests nothing.");
        foreach (IDisposable item in held)
            item.Dispose();
        pool.Dispose();
        ExpectKernelAgrees(account);
        account.AssertBalanced();
    }

    /// <summary>Three pages were locked before anybody opened an account: they count, and are nobody's to release.</summary>
    private static void AlreadyLocked()
    {
        void* before = NativeMemory.AlignedAlloc((nuint)(3 * s_page), (nuint)s_page);
        Expect(0, mlock(before, (nuint)(3 * s_page)));
        PinAccount account = PinAccount.ForProcess();
        Expect(16, account.Limit);
        Expect(3, account.Used);
        ExpectKernelAgrees(account);
        Expect(false, LockedMemory.TryAllocate(account, 14 * s_page, out _, out ChargeResult result));
        Expect(ChargeStatus.PolicyLimit, result.Status);
        Expect(3L, result.Used);
        using (LockedMemory.Allocate(account, 13 * s_page))
        {
            Expect(16, account.Used);
            ExpectKernelAgrees(account);
        }

        Expect(3, account.Used);
        ExpectKernelAgrees(account);
    }

    /// <summary>Capabilities belong to threads: one that dropped it is denied while the other goes over the limit, whatever /proc says of the process's first thread.</summary>
    private static void ThreadCapability()
    {
        PinAccount account = PinAccount.ForProcess();
        LockedMemory full = LockedMemory.Allocate(account, 16 * s_page);
        ChargeStatus onOther = default;
        bool otherHasIt = true;
        Thread other = new(() =>
        {
            DropIpcLock();
            otherHasIt = OsCapabilities.HasIpcLock();
            LockedMemory.TryAllocate(account, 1, out _, out ChargeResult denied);
            onOther = denied.Status;
        });
        other.Start();
        other.Join();
        Expect(false, otherHasIt);
        Expect(ChargeStatus.PolicyLimit, onOther);
        Expect(true, OsCapabilities.HasIpcLock());
        ExpectKernelAgrees(account);
        using (LockedMemory over = LockedMemory.Allocate(account, 1))
        {
            Expect(true, over.ExceededLimit);
            ExpectKernelAgrees(account);
        }

        full.Dispose();
        ExpectKernelAgrees(account);
        Expect(0, account.Used);
    }

    private static void ExpectKernelAgrees(PinAccount account) => Expect(account.Used * s_page, ProcessLockLimit.LockedBytes());

    /// <summary>Whether the mapping at an address, if there is one, is locked ("lo" among its flags).</summary>
    private static bool IsLockedAt(nint address)
    {
        bool inside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            if (dash > 0 && dash < space
                && ulong.TryParse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong start)
                && ulong.TryParse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong end))
                inside = start <= (ulong)address && (ulong)address < end;
            else if (inside && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                return line.Contains(" lo", StringComparison.Ordinal);
        }
        return false;
    }

    private static void Expect<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new InvalidOperationException($"Expected {expected}, and it is {actual}.");
    }

    private static void DropIpcLock()
    {
        uint* header = stackalloc uint[2] { 0x20080522, 0 };
        uint* data = stackalloc uint[6];
        if (capget(header, data) != 0)
            throw new InvalidOperationException("capget failed.");
        data[0] &= ~(1u << (int)CapIpcLock);
        data[1] &= ~(1u << (int)CapIpcLock);
        if (capset(header, data) != 0)
            throw new InvalidOperationException("capset failed.");
    }

    [LibraryImport("libc")]
    private static partial int capget(uint* header, uint* data);

    [LibraryImport("libc")]
    private static partial int mlock(void* address, nuint length);

    [LibraryImport("libc")]
    private static partial int capset(uint* header, uint* data);
}
