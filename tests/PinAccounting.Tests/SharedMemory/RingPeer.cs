using System;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using PinAccounting.SharedMemory;

namespace PinAccounting.Tests.SharedMemory;

/// <summary>The other process of the ring tests, honest or not.</summary>
internal static unsafe class RingPeer
{
    internal static int Run(string[] arguments) => arguments[0] switch
    {
        "echo" => Echo(arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture)),
        "scribble" => Scribble(arguments[1], double.Parse(arguments[2], CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"No such peer: {arguments[0]}."),
    };

    /// <summary>Sends everything back that comes.</summary>
    private static int Echo(string requests, string answers, int count)
    {
        using SharedRegion from = SharedRegion.OpenFile(requests, requireSealed: true);
        using SharedRegion to = SharedRegion.OpenFile(answers, requireSealed: true);
        using SpscRing<Job> reader = SpscRing<Job>.Attach(from);
        using SpscRing<Job> writer = SpscRing<Job>.Attach(to);
        Patience patience = new();
        for (int i = 0; i < count; i++)
        {
            Job job;
            while (!reader.TryRead(out job))
                patience.Wait();
            while (!writer.TryWrite(job))
                patience.Wait();
        }
        Console.Out.WriteLine(reader.Refusals + writer.Refusals);
        return 0;
    }

    /// <summary>Writes anything anywhere, with a liking for what looks nearly right.</summary>
    private static int Scribble(string path, double seconds)
    {
        using SharedRegion region = SharedRegion.OpenFile(path, requireSealed: true);
        using SharedRegion.Hold hold = region.Use();
        byte* start = region.AddressOf(0, region.Length);
        uint* tail = (uint*)(start + RingLayout.TailOffset);
        uint* head = (uint*)(start + RingLayout.HeadOffset);
        Random random = new();
        long writes = 0;
        Console.Out.WriteLine("scribbling");
        for (long began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began).TotalSeconds < seconds;)
        {
            // Storms with lulls between them: without a lull nothing of what the other side does would ever be believed, and that would be too easy.
            for (int storm = random.Next(2000); storm > 0; storm--, writes++)
            {
                switch (random.Next(9))
                {
                    case 0: *tail = (uint)random.NextInt64(); break;
                    case 1: *head = (uint)random.NextInt64(); break;
                    case 2: *tail += (uint)random.Next(-3, 20); break;
                    case 3: *head += (uint)random.Next(-3, 20); break;
                    case 4: *tail = *head + (uint)random.Next(-1, 70); break;
                    case 5: ((uint*)start)[random.Next(4)] = (uint)random.NextInt64(); break;
                    case 6: ((uint*)start)[random.Next((int)(region.Length / 4))] = (uint)random.NextInt64(); break;
                    case 7: start[random.NextInt64(region.Length)] = (byte)random.Next(); break;
                    default:
                        int at = random.Next((int)region.Length);
                        random.NextBytes(new Span<byte>(start + at, Math.Min(64, (int)region.Length - at)));
                        break;
                }
            }
            for (int lull = random.Next(4000); lull > 0; lull--)
            {
                start[RingLayout.EntriesOffset + random.NextInt64(region.Length - RingLayout.EntriesOffset)] = (byte)random.Next();
                writes++;
            }
        }
        Console.Out.WriteLine(writes);
        return 0;
    }
}

/// <summary>An entry of the tests: large enough to be torn.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Job
{
    public long Number;
    public long Twice;
    public int Length;

    public static Job Of(long number) => new() { Number = number, Twice = 2 * number, Length = (int)number };

    public readonly bool IsWhole => Twice == 2 * Number && Length == (int)Number;
}

/// <summary>Spins, then yields, and gives up with an exception where a test would hang.</summary>
internal sealed class Patience
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private System.Threading.SpinWait _wait;

    public void Wait()
    {
        if (_wait.NextSpinWillYield && Stopwatch.GetElapsedTime(_began).TotalSeconds > 120)
            throw new TimeoutException("The other side did not come.");
        _wait.SpinOnce();
    }
}
