using System;
using System.IO;
using System.Linq;
using System.Threading;

namespace DmaMap;

/// <summary>Nothing staged: several containers map for one target at once, and the kernel is asked how much is locked.</summary>
internal static class Race
{
    private const int Containers = 8;
    private const int Rounds = 500;
    private const int Pages = 16;

    public static void Run(TextWriter output)
    {
        var target = new Target(limit: 64);
        long before = Machine.LockedPages(), most = 0, refused = 0;
        Thread[] threads = [.. Enumerable.Range(0, Containers).Select(_ => new Thread(() =>
        {
            using var memory = new UserMemory(Pages);
            using var container = new Container(target);
            for (int round = 0; round < Rounds; round++)
            {
                if (container.MapDma(0, memory.All) < 0)
                {
                    Interlocked.Increment(ref refused);
                    continue;
                }

                long now = Machine.LockedPages() - before;
                for (long seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
                container.UnmapDma(0);
            }

            container.Settle();
        }))];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();
        output.WriteLine(FormattableString.Invariant(
            $"race: {Containers} containers, {Containers * Rounds} mappings, {refused} refused; most pages locked at once {most} of {target.Limit}; charged at the end {target.Charged}"));
    }
}
