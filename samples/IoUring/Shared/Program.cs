using System;
using System.IO;

namespace IoUring;

internal static class Program
{
    private const string Usage = """
        --round-trip COUNT [--polled]   write and read back a file, COUNT operations in all, and compare every byte
        --overflow COUNT                COUNT operations before any completion is taken
        --hammer COUNT [--polled]       one thread submits, another completes
        --teardown                      drop CAP_IPC_LOCK while buffers are pinned, then give them back
        """;

    private static int Main(string[] arguments)
    {
        bool isPolled = Array.IndexOf(arguments, "--polled") > 0;
        int count = arguments.Length > 1 && int.TryParse(arguments[1], out int given) ? given : 10_000;
        switch (arguments.Length > 0 ? arguments[0] : "")
        {
            case "--round-trip":
                return WithRing(ring => Compare(ring, count), isPolled: isPolled);
            case "--overflow":
                return WithRing(ring => Nops.Overflow(ring, count, Console.Out), completions: 64, requests: count);
            case "--hammer":
                return WithRing(ring => Nops.Hammer(ring, count, Console.Out), completions: 4096, isPolled: isPolled);
            case "--teardown":
                return WithRing(static ring => Teardown.Run(ring, Console.Out));
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    /// <summary>Where the kernel refuses, nothing is done and the reason is printed.</summary>
    private static int WithRing(Func<IoRing, int> work, uint completions = 0, bool isPolled = false, int requests = 4096)
    {
        using IoRing? ring = IoRing.TryCreate(64, out string reason, completions, isPolled, requests);
        if (ring is not null) return work(ring);
        Console.WriteLine($"skipped: {reason}");
        return 0;
    }

    private static int Compare(IoRing ring, int operations)
    {
        string path = Path.Combine(Directory.GetCurrentDirectory(), $"ring-{Environment.ProcessId}.bin");
        try
        {
            string? difference = RoundTrip.Run(ring, path, operations);
            Console.WriteLine(difference ?? $"{operations} operations, {new FileInfo(path).Length} bytes, all the same");
            return difference is null ? 0 : 1;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
