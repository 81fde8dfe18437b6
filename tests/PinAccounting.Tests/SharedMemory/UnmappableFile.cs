using System;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using PinAccounting.SharedMemory;

namespace PinAccounting.Tests.SharedMemory;

/// <summary>A process that runs out of address space (RLIMIT_AS) when a file that it has just made is to be mapped.</summary>
internal static partial class UnmappableFile
{
    private const int AddressSpace = 9; // RLIMIT_AS
    private const long Length = 64L << 20;

    internal static int Run(string[] arguments)
    {
        string path = arguments[0];
        // Once as it should be, so that everything needed is loaded.
        SharedRegion.CreateFile(path, 4096).Dispose();
        File.Delete(path);

        string outcome = "mapped";
        getrlimit(AddressSpace, out Limits before);
        // The runtime goes on to need some, but not as much as the file.
        setrlimit(AddressSpace, before with { Soft = (nuint)(Process.GetCurrentProcess().VirtualMemorySize64 + Length / 2) });
        try
        {
            SharedRegion.CreateFile(path, Length).Dispose();
        }
        catch (IOException)
        {
            outcome = "OutOfAddressSpace";
        }
        finally
        {
            setrlimit(AddressSpace, before);
        }
        outcome += File.Exists(path) ? ", a file" : ", no file";
        if (!File.Exists(path))
        {
            SharedRegion.CreateFile(path, Length).Dispose();
            outcome += ", then made";
        }
        Console.Out.WriteLine(outcome);
        return 0;
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Limits limits);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in Limits limits);

    private struct Limits
    {
        public nuint Soft;
        public nuint Hard;
    }
}
