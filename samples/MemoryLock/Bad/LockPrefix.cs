using System;
using System.Diagnostics;
using System.IO;

namespace MemoryLock;

/// <summary>Runs a command under a memlock limit, which it forgets to take off itself where the command does not exist.</summary>
internal static class LockPrefix
{
    public static int Run(Options options, TextWriter output)
    {
        Report.Before(options, output);
        output.Flush();
        int exitCode = 127;
        try
        {
            ulong previous = MemlockLimit.Lower(Math.Min(Report.Bytes(options.LimitPages), MemlockLimit.Read()));
            using Process child = Process.Start(options.Command[0], options.Command[1..]);
            child.WaitForExit();
            exitCode = child.ExitCode;
            MemlockLimit.Restore(previous);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            output.WriteLine(failure.Message);
        }

        Report.After(options, output);
        return exitCode;
    }
}
