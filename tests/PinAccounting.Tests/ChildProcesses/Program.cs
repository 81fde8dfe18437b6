using System;
using System.Collections.Generic;

namespace PinAccounting.Tests.ChildProcesses;

/// <summary>What this assembly does when a test starts it as a process of its own. The test host never calls it.</summary>
internal static class Program
{
    /// <summary>One entry a verb: gets the other arguments, returns the exit code.</summary>
    private static readonly Dictionary<string, Func<string[], int>> s_verbs = new(StringComparer.Ordinal)
    {
        ["has-ipc-lock"] = static _ => Print(OsCapabilities.HasIpcLock()),
        ["charge-over-limit"] = static _ => Print(ChargeOverLimit()),
        ["kernel-lock"] = Memory.KernelLockChild.Run,
        ["ring-peer"] = SharedMemory.RingPeer.Run,
        ["unmappable-file"] = SharedMemory.UnmappableFile.Run,
    };

    private static int Main(string[] args)
    {
        if (args.Length > 0 && s_verbs.TryGetValue(args[0], out Func<string[], int>? verb)) return verb(args[1..]);
        Console.Error.WriteLine("This is a test assembly; run it with 'dotnet test'.");
        return 64;
    }

    private static ChargeStatus ChargeOverLimit()
    {
        using var account = new PinAccount(new PinAccountOptions
        {
            Limit = 1,
            BypassPolicy = BypassPolicy.LimitOnly,
            CapabilityProbe = OsCapabilities.IpcLock,
        });
        account.TryCharge(2, out PinCharge? charge, out ChargeResult result);
        charge?.Dispose();
        return result.Status;
    }

    private static int Print(object value)
    {
        Console.Out.WriteLine(value);
        return 0;
    }
}
