using System;
using System.Diagnostics;
using System.IO;

namespace MemoryLock;

/// <summary>Runs a command under a memlock limit, as taskset(1) runs one under an affinity.</summary>
internal static class LockPrefix
{
    public static int Run(Options options, TextWriter output)
    {
        Report.Before(options, output);
        output.Flush();
        int exitCode;
        ulong previous = MemlockLimit.Lower(Math.Min(Report.Bytes(options.LimitPages), MemlockLimit.Read()));
        try
        {
            // The child gets the limit of the moment in which it is forked.
            using Process child = Process.Start(options.Command[0], options.Command[1..]);
            child.WaitForExit();
            exitCode = child.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            output.WriteLine(failure.Message);
            exitCode = 127;
        }
        finally
        {
            MemlockLimit.Restore(previous);
        }

        Report.After(options, output);
        return exitCode;
    }
}
