using System;
using MemoryLock;

if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

if (options.Command is [])
{
    Console.WriteLine(Generations.Header);
    foreach (string row in Generations.Table(options.LimitPages)) Console.WriteLine(row);
    return 0;
}

if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
{
    Console.WriteLine("skipped: the command needs RLIMIT_MEMLOCK as 64-bit Linux has it");
    return 0;
}

return LockPrefix.Run(options, Console.Out);
