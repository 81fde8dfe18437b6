using System;
using System.IO;
using PinAccounting;

namespace MemoryLock;

/// <summary>The table around a command: what this process may lock and has locked, and what its successors would lock.</summary>
internal static class Report
{
    private const int Image = 10;

    public static void Before(Options options, TextWriter output)
    {
        output.WriteLine(FormattableString.Invariant($"{"",-8} {"limit",10} {"locked",8}   policy"));
        Line("before", MemlockLimit.Read(), Kernel(), MemoryLockFlags.None, output);
        output.WriteLine($"run      {string.Join(' ', options.Command)}");
    }

    /// <summary>This process as it is again, and the command as it would be if the kernel knew the policy: forked from one that had locked its image, then executed.</summary>
    public static void After(Options options, TextWriter output)
    {
        Line("after", MemlockLimit.Read(), Kernel(), MemoryLockFlags.None, output);
        var here = AddressSpace.Create("prefix", options.LimitPages);
        here.Map(Image);
        int status = here.LockAll(options.Policy);
        Line("prefix", Bytes(options.LimitPages), here.LockedPages, here.Policy, output);
        AddressSpace? child = status < 0 ? null : here.Fork("child", options.LimitPages);
        if (child is not null)
        {
            Line("forked", Bytes(options.LimitPages), child.LockedPages, child.Policy, output);
            AddressSpace image = child.Exec("command", options.LimitPages, Image);
            Line("command", Bytes(options.LimitPages), image.LockedPages, image.Policy, output);
            image.Exit();
            child.Exit();
        }
        else
        {
            output.WriteLine(FormattableString.Invariant($"command  refused: {status}"));
        }

        here.Exit();
    }

    public static ulong Bytes(long pages) => (ulong)pages * (ulong)Environment.SystemPageSize;

    private static long Kernel() => PinAccount.ForProcess().Used;

    private static void Line(string who, ulong limit, long locked, MemoryLockFlags policy, TextWriter output)
    {
        string pages = limit == ulong.MaxValue ? "none" : FormattableString.Invariant($"{limit / (ulong)Environment.SystemPageSize}");
        output.WriteLine(FormattableString.Invariant($"{who,-8} {pages,10} {locked,8}   {policy}"));
    }
}
