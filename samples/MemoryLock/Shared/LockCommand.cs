using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using PinAccounting;
using PinAccounting.Annotations;
using PinAccounting.Memory;

namespace MemoryLock;

/// <summary>The lock prefix command: runs a command with a limit on locked memory, and shows what a lock policy would give it, before and after.</summary>
internal static unsafe partial class LockCommand
{
    private const int LockedMemoryLimit = 8; // RLIMIT_MEMLOCK
    private const string Usage = "usage: MemoryLock [-l KIB] [-c] [-f] [-i] [-r] [--] COMMAND [ARGUMENT ...]";

    internal static int Run(IReadOnlyList<string> args)
    {
        long? kibibytes = null;
        MemoryLockFlags flags = MemoryLockFlags.None;
        int at = 0;
        for (; at < args.Count && args[at].StartsWith('-'); at++)
        {
            if (args[at] == "--")
            {
                at++;
                break;
            }

            switch (args[at])
            {
                case "-l" when at + 1 < args.Count && long.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= long.MaxValue / 1024:
                    kibibytes = number;
                    at++;
                    break;
                case "-c": flags |= MemoryLockFlags.Current; break;
                case "-f": flags |= MemoryLockFlags.Future; break;
                case "-i": flags |= MemoryLockFlags.Inherit; break;
                case "-r": flags |= MemoryLockFlags.Recursive; break;
                default: return Fail(Usage);
            }
        }

        if (at == args.Count) return Fail(Usage);
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("skipped: the limit on locked memory is set as Linux has it.");
            return 0;
        }

        if (kibibytes is { } limit && !TryLimit(limit * 1024, out string why)) return Fail(why);
        PinAccount real = PinAccount.ForProcess();
        using var self = new Process(new PinAccount("parent", real.Limit));
        int answer = self.LockAll(flags);
        if (answer < 0) return Fail($"The policy {flags} means nothing: {answer}.");
        // A page that is really locked, so that the kernel's own answer can stand beside the model's.
        if (!LockedMemory.TryAllocate(real, 1, out LockedMemory? page, out ChargeResult denied)) return Fail(denied.ToString());
        using (page)
        {
            self.Lock(1);
            Console.WriteLine($"{"",-8} {"locked",6} {"limit",20} policy");
            Print("before", self);
            using Process child = self.Fork(new PinAccount("child", real.Limit), out _);
            Print("forked", child);
            using Process program = child.Exec(new PinAccount("program", real.Limit), out _);
            Print("running", program);
            Console.WriteLine($"The kernel says: {KernelsWord()} here; what the command has, it starts with nothing of it.");
            return Start(args, at);
        }
    }

    private static void Print(string when, Process process) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{when,-8} {process.Locked,6} {process.Limit,20} {process.Policy}"));

    private static int Start(IReadOnlyList<string> args, int at)
    {
        var start = new System.Diagnostics.ProcessStartInfo(args[at]);
        for (int i = at + 1; i < args.Count; i++) start.ArgumentList.Add(args[i]);
        try
        {
            using System.Diagnostics.Process? command = System.Diagnostics.Process.Start(start);
            if (command is null) return Fail($"'{args[at]}' did not start.");
            command.WaitForExit();
            return command.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return Fail($"'{args[at]}': {failure.Message}");
        }
    }

    private static string KernelsWord()
    {
        foreach (string line in File.ReadLines("/proc/self/status"))
            if (line.StartsWith("VmLck:", StringComparison.Ordinal)) return string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return "nothing";
    }

    /// <summary>Both limits: the command must not raise it again.</summary>
    private static bool TryLimit(long bytes, out string why)
    {
        Limit limit;
        why = "";
        if (GetLimit(LockedMemoryLimit, &limit) != 0) why = "getrlimit(RLIMIT_MEMLOCK) failed.";
        else if ((ulong)bytes > limit.Hard && !OsCapabilities.HasIpcLock()) why = $"{bytes} bytes are more than this process may allow itself: {limit.Hard}.";
        if (why.Length > 0) return false;
        limit = new Limit { Soft = (ulong)bytes, Hard = (ulong)bytes };
        if (SetLimit(LockedMemoryLimit, &limit) == 0) return true;
        why = $"setrlimit(RLIMIT_MEMLOCK) failed with error {Marshal.GetLastPInvokeError()}.";
        return false;
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(why);
        return 2;
    }

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
